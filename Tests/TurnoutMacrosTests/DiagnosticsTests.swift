import Testing

@Suite("@Generable: what it refuses")
struct DiagnosticsTests {
  @Test func classesAndActors() {
    #expect(
      errors(in: "@Generable class A {}") == [
        "1:1 @Generable needs a struct or an enum: what a model answers is a value, and a class is not"
      ])
    #expect(
      errors(in: "@Generable actor A {}") == [
        "1:1 @Generable needs a struct or an enum: what a model answers is a value, and an actor is not"
      ])
  }

  @Test func privateTypesInsideTypes() {
    #expect(
      errors(in: "struct A { @Generable private struct B { var c: Int } }") == [
        "1:12 an extension cannot see a private type inside another type; make the type fileprivate"
      ])
    #expect(errors(in: "@Generable private struct B { var c: Int }") == [])
  }

  @Test("a type must be written out, and a literal tells which")
  func missingTypes() {
    #expect(
      errors(in: "@Generable struct A { var a = 1, b = 2.5, c = true, d = \"\", e = f() }") == [
        "1:27 'a' needs its type written out, for a macro sees only what is written -> write the type: 'a: Int'",
        "1:34 'b' needs its type written out, for a macro sees only what is written -> write the type: 'b: Double'",
        "1:43 'c' needs its type written out, for a macro sees only what is written -> write the type: 'c: Bool'",
        "1:53 'd' needs its type written out, for a macro sees only what is written -> write the type: 'd: String'",
        "1:61 'e' needs its type written out, for a macro sees only what is written -> write the type: 'e: <#Type#>'",
      ])
  }

  @Test func constants() {
    #expect(
      errors(in: "@Generable struct A { let a: Int = 1 }") == [
        "1:27 'a' is a constant, so no answer can set it; use 'var' or make it static"
      ])
    #expect(errors(in: "@Generable struct A { static let a = 1; var b: Int = 1 }") == [])
  }

  @Test func patterns() {
    #expect(
      errors(in: "@Generable struct A { let (a, b): (Int, Int) }") == [
        "1:27 @Generable needs one name for each property"
      ])
  }

  @Test("names that the generated members take")
  func takenNames() {
    #expect(
      errors(in: "@Generable struct A { var value: Int; var schema: Int }") == [
        "1:27 a property cannot be called 'value': Generable has a member of that name"
      ])
    #expect(
      errors(in: "@Generable enum A { case schema, value }") == [
        "1:26 a case cannot be called 'schema': Generable has a static member of that name"
      ])
    #expect(errors(in: "@Generable enum A { case schema(Int) }") == [])
  }

  @Test("a type that contains itself has no finite schema")
  func recursion() {
    #expect(
      errors(
        in: """
          @Generable struct Node {
            var next: Node?
            var all: [Self]
            var page: Page<[Node]>
            var other: Other.Node
          }
          """) == [
          "2:13 'Node' would contain itself, and its schema would never end",
          "3:13 'Node' would contain itself, and its schema would never end",
          "4:19 'Node' would contain itself, and its schema would never end",
        ])
    #expect(
      errors(in: "@Generable indirect enum Tree { case leaf, branch([Tree], named: String) }") == [
        "1:52 'Tree' would contain itself, and its schema would never end"
      ])
  }

  @Test("types that no schema can say")
  func impossibleTypes() {
    #expect(
      errors(
        in: """
          @Generable struct A {
            var a: [String: Int]
            var b: [(Int, Int)]
            var c: Int!
            var d: (() -> Void)?
            var e: any Error
            var f: Int??
            var g: (Int)
          }
          """) == [
          "2:10 a dictionary has no schema; use an array of @Generable structs, or Value",
          "3:10 a tuple has no schema; use a @Generable struct",
          "4:10 an implicitly unwrapped optional traps on null; use '?'",
          "5:10 a function has no schema",
          "6:10 an existential or opaque type has no schema; use a concrete type",
          "7:10 an optional of an optional: null would mean two things",
        ])
  }

  @Test("members inside #if would be in the schema or not, and a macro cannot tell")
  func conditionals() {
    #expect(
      errors(
        in: """
          @Generable struct A {
          #if DEBUG
            var a: Int
            func b() {}
          #endif
          }
          """) == ["3:3 what a schema is made of cannot stand inside #if"])
    #expect(
      errors(
        in: """
          @Generable enum A {
            case a
          #if DEBUG
            case b
          #endif
          }
          """) == ["4:3 what a schema is made of cannot stand inside #if"])
  }

  @Test func typeParameters() {
    #expect(
      errors(in: "@Generable struct Page<Item, Kind> { var items: [Item] }") == [
        "1:24 'Item' must be generable too: write 'Item: Generable'"
      ])
    #expect(errors(in: "@Generable struct Page<Item> where Item: Generable { var items: [Item] }") == [])
    #expect(
      errors(in: "@Generable enum Found<Item> { case one(Item), none }") == [
        "1:23 'Item' must be generable too: write 'Item: Generable'"
      ])
  }

  @Test func enums() {
    #expect(errors(in: "@Generable enum A {}") == ["1:17 an enum without cases has no values to ask for"])
    #expect(
      errors(in: "@Generable enum A { case a(case: Int) }") == [
        "1:28 a value cannot be labelled 'case': the case's own name stands there"
      ])
    #expect(
      errors(in: "@Generable enum A { case a(Int, value1: Int, Int), b(Int, value: Int) }") == [
        "1:33 two values of one case would both stand under 'value1'; label them",
        "1:59 two values of one case would both stand under 'value'; label them",
      ])
    #expect(
      errors(in: "@Generable enum A { case a([String: Int]) }") == [
        "1:28 a dictionary has no schema; use an array of @Generable structs, or Value"
      ])
  }

  @Test("everything that is wrong is said at once")
  func all() {
    #expect(
      errors(
        in: """
          @Generable struct A {
            @Guide(.count(3)) var a: Int
            var b = 1
          }
          """) == [
          "2:11 '.count' does not fit 'Int'; what fits is .range, .minimum, .maximum",
          "3:7 'b' needs its type written out, for a macro sees only what is written -> write the type: 'b: Int'",
        ])
  }
}
