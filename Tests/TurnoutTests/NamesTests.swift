import Testing
public import Turnout

// This file has types of its own under the names that generated code needs; none of them may be meant by it.
private struct Schema {}
private struct Value {}
private struct ValueField {}
private struct ValueObject {}
private struct TypedGuide {}
private protocol Generable {}

@Turnout.Generable("Beside another Generable")
struct Named {
  @Turnout.Guide("Words", .range(0...3)) var number: Int
}

@Turnout.Generable
enum NamedChoice { case one, two }

/// A place for nested types.
public enum Outer {}

extension Outer {
  /// A public type, whose conformance must be public too.
  @Turnout.Generable
  public struct Inner: Hashable {
    /// A type inside the type.
    public var kind: Kind
    private var secret: Int

    /// One case carries a value.
    @Turnout.Generable
    public enum Kind: Hashable { case plain, numbered(Int) }
  }

  @Turnout.Generable
  fileprivate struct Hidden { var a: Int }
}

@Suite("@Generable among other names")
struct NamesTests {
  @Test func ownNames() throws {
    let named = try Named(from: Turnout.ValueField(["number": 2]))
    #expect(named.value == ["number": 2])
    #expect(Named.schema.description == "Beside another Generable")
    #expect(NamedChoice.schema == .choice(["one", "two"]))
  }

  @Test("nested, private and public types, and private properties")
  func access() throws {
    let value: Turnout.Value = ["kind": ["case": "numbered", "value": 2], "secret": 7]
    let inner = try Outer.Inner(value)
    #expect(inner.kind == .numbered(2))
    #expect(inner.value == value)
    #expect(try Outer.Hidden(["a": 1]).a == 1)
  }
}
