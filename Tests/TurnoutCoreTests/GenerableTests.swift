import Testing
import TurnoutCore

/// What the macro writes, written by hand.
private struct Impact: Generable, Equatable {
  var effects: [String]
  var severity: Int
  var note: String?

  static var schema: Schema {
    .object(
      "Impact",
      [
        .init("effects", .array(.string(), count: 1...3)), .init("severity", .integer(0...10)),
        .init("note", .optional(.string())),
      ])
  }

  var value: Value { ["effects": effects.value, "severity": severity.value, "note": note.value] }

  init(effects: [String], severity: Int, note: String? = nil) {
    self.effects = effects
    self.severity = severity
    self.note = note
  }

  init(from field: ValueField) throws {
    effects = try field.decode("effects")
    severity = try field.decode("severity")
    note = try field.decode("note")
  }
}

@Suite struct GenerableTests {
  private func read<T: Generable>(_ type: T.Type, _ value: Value) throws -> T { try T(from: ValueField(value)) }

  @Test func readsBuiltIns() throws {
    #expect(try read(String.self, "a") == "a")
    #expect(try read(Bool.self, true) == true)
    #expect(try read(Int.self, .double(3)) == 3)
    #expect(try read(Double.self, 3) == 3)
    #expect(try read([Int?].self, [1, nil]) == [1, nil])
    #expect(try read(Int?.self, nil) == nil)
    #expect(try read(Value.self, ["a": 1]) == ["a": 1])
  }

  @Test func convertsNothing() {
    func message<T: Generable>(_ type: T.Type, _ value: Value) -> String? {
      #expect(throws: SchemaViolation.self) { try read(type, value) }?.description
    }
    #expect(message(Int.self, "5") == "an integer was expected, found a string")
    #expect(message(Int.self, true) == "an integer was expected, found a boolean")
    #expect(message(Int.self, 5.5) == "an integer was expected, found a number")
    #expect(message(Int.self, .double(1e300)) == "an integer was expected, found a number")
    #expect(message(Bool.self, 1) == "a boolean was expected, found an integer")
    #expect(message(Bool.self, "true") == "a boolean was expected, found a string")
    #expect(message(String.self, 5) == "a string was expected, found an integer")
    #expect(message(String.self, nil) == "a string was expected, found null")
    #expect(message(Double.self, "5") == "a number was expected, found a string")
    #expect(message([Int].self, [1, "2"]) == "[1]: an integer was expected, found a string")
    #expect(message([Int].self, 1) == "an array was expected, found an integer")
  }

  @Test func typesComeBack() throws {
    let impact = Impact(effects: ["prices"], severity: 7, note: "soon")
    #expect(try Impact(impact.value) == impact)
    #expect(try Impact(["effects": ["a"], "severity": 0]) == Impact(effects: ["a"], severity: 0))
    #expect(try Impact(["effects": ["a"], "severity": 0, "note": nil, "extra": 1]).note == nil)
  }

  @Test(
    arguments: [
      (["severity": 1], "effects: is missing"), (["effects": ["a"]], "severity: is missing"),
      (["effects": [], "severity": 1], "effects: at least 1 elements was expected, found 0"),
      (["effects": ["a", 2], "severity": 1], "effects[1]: a string was expected, found an integer"),
      (["effects": ["a"], "severity": 11], "severity: at most 10 was expected, found 11"),
      (["effects": ["a"], "severity": "1"], "severity: an integer was expected, found a string"),
      (["effects": ["a"], "severity": 1, "note": 1], "note: a string was expected, found an integer"),
      ([], "an object was expected, found an array"),
    ] as [(Value, String)])
  func fillsNothingIn(value: Value, message: String) {
    #expect(#expect(throws: SchemaViolation.self) { try Impact(value) }?.description == message)
  }

  @Test func membersAreReadWithTheirPlace() {
    let field = ValueField(["groups": [["effects": ["a"], "severity": true]]], at: .root)
    let violation = #expect(throws: SchemaViolation.self) { try field.decode("groups", as: [Impact].self) }
    #expect(violation?.description == "groups[0].severity: an integer was expected, found a boolean")
    #expect(throws: SchemaViolation.self) { try ValueField(1).decode("a", as: Int?.self) }
  }

  @Test func schemasOfBuiltIns() {
    #expect([String?].schema == .array(.optional(.string())))
    #expect(Value.schema == .any)
    #expect(Double.schema == .number())
  }
}
