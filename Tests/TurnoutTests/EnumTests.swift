import Testing
import Turnout

@Suite("@Generable enums")
struct EnumTests {
  private func violation<T: Generable>(_ type: T.Type, _ value: Value) -> String? {
    do { _ = try T(value) } catch { return "\(error)" }
    return nil
  }

  /// The error of the reading itself, without the check of the whole schema before it.
  private func unchecked<T: Generable>(_ type: T.Type, _ value: Value) -> String? {
    do { _ = try T(from: ValueField(value)) } catch { return "\(error)" }
    return nil
  }

  @Test("a choice is read by name, or by a raw value that is a string")
  func names() throws {
    #expect(try Direction("default") == .default)
    #expect(try Level("WORST") == .worst)
    #expect(violation(Level.self, "worst") == #"one of "low", "high", "WORST" was expected"#)
    #expect(violation(Direction.self, "up") == #"one of "left", "right", "default" was expected"#)
    #expect(violation(Direction.self, 3) == #"one of "left", "right", "default" was expected, found an integer"#)
  }

  @Test("reading alone is as strict as the schema", arguments: ["up", 3, nil, [:]] as [Value])
  func unchecked(value: Value) {
    #expect(unchecked(Direction.self, value) == violation(Direction.self, value))
    #expect(unchecked(Direction.self, value) != nil)
  }

  @Test("values stand under their labels, or under value, value1, value2")
  func payloads() throws {
    #expect(try Action(["case": "search", "query": "q", "limit": 3]) == .search(query: "q", limit: 3))
    #expect(try Action(["case": "search", "query": "q"]) == .search(query: "q", limit: nil))
    #expect(try Action(["case": "answer", "value": "a"]) == .answer("a"))
    #expect(try Action(["case": "move", "value1": ["left"], "value2": 1.5]) == .move([.left], 1.5))
    #expect(try Action(["case": "stop"]) == .stop)
  }

  @Test func payloadsAreWritten() {
    #expect(Action.search(query: "q", limit: nil).value == ["case": "search", "query": "q", "limit": nil])
    #expect(Action.move([.right], 2).value == ["case": "move", "value1": ["right"], "value2": 2.0])
    #expect(Action.stop.value == ["case": "stop"])
  }

  @Test("what is wrong in a case is named with its place")
  func violations() {
    let names = #""search", "answer", "move", "stop""#
    #expect(unchecked(Action.self, ["case": "search"]) == "query: is missing")
    #expect(unchecked(Action.self, ["case": "answer", "value": 3]) == "value: a string was expected, found an integer")
    #expect(unchecked(Action.self, ["case": "run"]) == "case: one of \(names) was expected")
    #expect(unchecked(Action.self, ["query": "q"]) == "case: is missing")
    #expect(unchecked(Action.self, "stop") == "an object was expected, found a string")
    #expect(
      unchecked(Action.self, ["case": "move", "value1": ["left", "up"], "value2": 1])
        == #"value1[1]: one of "left", "right", "default" was expected"#)
  }

  @Test("the schema refuses what reading refuses")
  func checked() {
    for value: Value in [["case": "search"], ["case": "run"], ["query": "q"], "stop", ["case": "answer", "value": 3]] {
      #expect(violation(Action.self, value) != nil)
    }
  }
}
