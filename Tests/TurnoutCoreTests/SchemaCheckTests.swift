import Testing
import TurnoutCore

@Suite struct SchemaCheckTests {
  static let person = Schema.object(
    "Person",
    [
      .init("name", .string()), .init("age", .optional(.integer(0...150))), .init("tags", .array(.choice(["a", "b"]))),
    ])

  @Test(
    arguments: [
      (.any, nil), (.any, [1, "a"]), (.null, nil), (.boolean, false), (.integer(), -3), (.integer(), .double(3)),
      (.integer(0...10), 0), (.integer(0...10), 10), (.number(), 3), (.number(), 3.5), (.number(0...1), 1),
      (.string(), ""), (.string(minimumLength: 2, maximumLength: 2), "中文"), (.choice(["a", "b"]), "b"),
      (.array(.integer()), []), (.array(.integer(), count: 1...2), [1, 2]), (.optional(.integer()), nil),
      (.optional(.integer()), 1), (.anyOf([.integer(), .string()]), "a"), (.described("words", .boolean), true),
    ] as [(Schema, Value)])
  func fits(schema: Schema, value: Value) {
    #expect(throws: Never.self) { try schema.check(value) }
  }

  @Test(
    arguments: [
      ["name": "Li", "tags": []], ["name": "Li", "age": nil, "tags": ["a"]], ["name": "Li", "tags": ["b"], "more": 1],
    ] as [Value])
  func objectsFit(value: Value) {
    #expect(throws: Never.self) { try Self.person.check(value) }
  }

  @Test(
    arguments: [
      (.null, 0, "null was expected, found an integer"), (.boolean, 1, "a boolean was expected, found an integer"),
      (.boolean, "true", "a boolean was expected, found a string"),
      (.integer(), "5", "an integer was expected, found a string"),
      (.integer(), true, "an integer was expected, found a boolean"),
      (.integer(), 5.5, "an integer was expected, found a number"),
      (.integer(), nil, "an integer was expected, found null"),
      (.integer(0...10), 11, "at most 10 was expected, found 11"),
      (.integer(0...10), -1, "at least 0 was expected, found -1"),
      (.number(), "5", "a number was expected, found a string"),
      (.number(0...1), 1.5, "at most 1.0 was expected, found 1.5"),
      (.string(), 5, "a string was expected, found an integer"),
      (.string(minimumLength: 2), "a", "at least 2 characters was expected, found 1"),
      (.string(maximumLength: 2), "abc", "at most 2 characters was expected, found 3"),
      (.choice(["a", "b"]), "c", #"one of "a", "b" was expected"#),
      (.choice(["a", "b"]), 1, #"one of "a", "b" was expected, found an integer"#),
      (.array(.any), [:], "an array was expected, found an object"),
      (.array(.any, count: 1...2), [], "at least 1 elements was expected, found 0"),
      (.array(.any, count: 1...2), [1, 2, 3], "at most 2 elements was expected, found 3"),
      (.object("A", []), [], "an object was expected, found an array"), (.anyOf([]), 1, "no shape is allowed here"),
      (.optional(.string()), 1, "a string was expected, found an integer"),
      (.described("words", .boolean), nil, "a boolean was expected, found null"),
    ] as [(Schema, Value, String)])
  func says(schema: Schema, value: Value, message: String) {
    let violation = #expect(throws: SchemaViolation.self) { try schema.check(value) }
    #expect(violation?.description == message)
    #expect(violation?.path == .root)
  }

  @Test(
    arguments: [
      ([:], "name: is missing"), (["name": "Li"], "tags: is missing"),
      (["name": nil, "tags": []], "name: a string was expected, found null"),
      (["name": "Li", "age": 200, "tags": []], "age: at most 150 was expected, found 200"),
      (["name": "Li", "tags": ["a", "c"]], #"tags[1]: one of "a", "b" was expected"#),
    ] as [(Value, String)])
  func saysWhere(value: Value, message: String) {
    let violation = #expect(throws: SchemaViolation.self) { try Self.person.check(value) }
    #expect(violation?.description == message)
  }

  @Test func pathsLeadThroughObjectsAndArrays() {
    let schema = Schema.object("Report", [.init("groups", .array(Self.person))])
    let value: Value = ["groups": [["name": "a", "tags": []], ["name": "b", "tags": ["a", 5]]]]
    let violation = #expect(throws: SchemaViolation.self) { try schema.check(value) }
    #expect(violation?.path.description == "groups[1].tags[1]")
    #expect(ValuePath.root.appending(2).appending("a").appending(0).description == "[2].a[0]")
  }

  @Test func severalShapesComplainAboutTheOneThatWasMeant() {
    let schema = Schema.anyOf([
      .object("Circle", [.init("radius", .number())]), .object("Named", [.init("shape", Self.person)]),
    ])
    let violation = #expect(throws: SchemaViolation.self) { try schema.check(["shape": ["name": "Li", "tags": [1]]]) }
    #expect(violation?.path.description == "shape.tags[0]")
  }

  @Test func longChoicesAreCutInMessages() {
    let schema = Schema.choice((1...30).map { "n\($0)" })
    let violation = #expect(throws: SchemaViolation.self) { try schema.check("x") }
    #expect(violation?.message.hasSuffix(#""n20", … was expected"#) == true)
  }

  @Test func neverQuotesTheText() {
    for schema in [Schema.integer(), .choice(["a"]), .string(maximumLength: 3), .array(.any), .object("A", [])] {
      let violation = #expect(throws: SchemaViolation.self) { try schema.check("hunter2") }
      #expect(violation?.description.contains("hunter2") == false)
    }
  }
}
