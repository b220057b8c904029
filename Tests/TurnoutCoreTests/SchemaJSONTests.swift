import Testing
import TurnoutCore

@Suite struct SchemaJSONTests {
  @Test(
    arguments: [
      (.any, "{}", "{}"), (.null, #"{"type":"null"}"#, #"{"type":"null"}"#),
      (.boolean, #"{"type":"boolean"}"#, #"{"type":"boolean"}"#),
      (
        .integer(0...10), #"{"type":"integer","minimum":0,"maximum":10}"#,
        #"{"type":"integer","description":"at least 0, at most 10"}"#
      ),
      (.number(minimum: 0.5), #"{"type":"number","minimum":0.5}"#, #"{"type":"number","description":"at least 0.5"}"#),
      (
        .string(minimumLength: 1, maximumLength: 20), #"{"type":"string","minLength":1,"maxLength":20}"#,
        #"{"type":"string","description":"at least 1, at most 20 characters"}"#
      ),
      (.choice(["a", "b"]), #"{"type":"string","enum":["a","b"]}"#, #"{"type":"string","enum":["a","b"]}"#),
      (
        .array(.boolean, count: 1...5), #"{"type":"array","minItems":1,"maxItems":5,"items":{"type":"boolean"}}"#,
        #"{"type":"array","description":"at least 1, at most 5 elements","items":{"type":"boolean"}}"#
      ),
      (.optional(.integer()), #"{"type":["integer","null"]}"#, #"{"type":["integer","null"]}"#),
      (
        .optional(.choice(["a"])), #"{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}"#,
        #"{"anyOf":[{"type":"string","enum":["a"]},{"type":"null"}]}"#
      ),
      (.optional(.optional(.integer())), #"{"type":["integer","null"]}"#, #"{"type":["integer","null"]}"#),
      (.optional(.null), #"{"type":"null"}"#, #"{"type":"null"}"#), (.optional(.any), "{}", "{}"),
      (
        .anyOf([.integer(), .string()]), #"{"anyOf":[{"type":"integer"},{"type":"string"}]}"#,
        #"{"anyOf":[{"type":"integer"},{"type":"string"}]}"#
      ),
      (
        .described("How bad", .integer(0...10)),
        #"{"type":"integer","minimum":0,"maximum":10,"description":"How bad"}"#,
        #"{"type":"integer","description":"How bad (at least 0, at most 10)"}"#
      ),
    ] as [(Schema, String, String)])
  func writesShapes(schema: Schema, plain: String, strict: String) {
    // As a property, since the root of the strict form is always an object.
    let object = Schema.object("O", [.init("p", schema)])
    func wrapped(_ text: String) -> String {
      #"{"type":"object","properties":{"p":\#(text)},"required":["p"],"additionalProperties":false}"#
    }
    #expect(schema.jsonSchema.json() == plain)
    #expect(object.jsonSchema.json() == wrapped(plain))
    #expect(object.strictJSONSchema.json() == wrapped(strict))
  }

  @Test func propertiesCarryTheirDescriptions() {
    let schema = Schema.object(
      "Impact", [.init("severity", .integer(0...10), "How bad"), .init("note", .optional(.string()))])
    #expect(
      schema.jsonSchema.json(pretty: true) == """
        {
          "type": "object",
          "properties": {
            "severity": {
              "type": "integer",
              "minimum": 0,
              "maximum": 10,
              "description": "How bad"
            },
            "note": {
              "type": [
                "string",
                "null"
              ]
            }
          },
          "required": [
            "severity",
            "note"
          ],
          "additionalProperties": false
        }
        """)
  }

  @Test(
    arguments: [.integer(), .anyOf([.object("A", []), .object("B", [])]), .optional(.object("A", [])), .array(.any)]
      as [Schema])
  func otherRootsAreWrapped(schema: Schema) throws {
    #expect(schema.needsStrictWrapping)
    let strict = schema.strictJSONSchema
    #expect(strict["type"] == "object")
    #expect(strict["required"] == ["value"])
    #expect(strict["properties"]?["value"] != nil)
  }

  @Test func anObjectIsNotWrapped() {
    let schema = Schema.described("words", .object("A", [.init("value", .integer())]))
    #expect(!schema.needsStrictWrapping)
    #expect(schema.strictJSONSchema["description"] == "words")
    #expect(schema.unwrapStrict(["value": 1]) == ["value": 1])
  }

  @Test func unwrapsOnlyItsOwnWrapping() {
    let schema = Schema.array(.integer())
    #expect(schema.unwrapStrict(["value": [1, 2]]) == [1, 2])
    #expect(schema.unwrapStrict([1, 2]) == [1, 2])
    #expect(schema.unwrapStrict(["value": [1], "other": 1]) == ["value": [1], "other": 1])
    #expect(schema.unwrapStrict(["other": [1]]) == ["other": [1]])
    #expect(Schema.optional(.integer()).unwrapStrict(["value": nil]) == .null)
    // What does not fit either way is unwrapped too, so that the complaint is about the value itself.
    #expect(schema.unwrapStrict(["value": ["a"]]) == ["a"])
  }

  /// A model whose wire needs no wrapping answers with the shape itself, which may look like a wrapping.
  @Test func aShapeThatLooksLikeAWrappingIsKept() {
    let schema = Schema.anyOf([
      .object("Found", [.init("value", .integer())]), .object("Missing", [.init("why", .string())]),
    ])
    #expect(schema.unwrapStrict(["value": 3]) == ["value": 3])
    #expect(schema.unwrapStrict(["value": ["value": 3]]) == ["value": 3])
    #expect(schema.unwrapStrict(["value": ["why": "no"]]) == ["why": "no"])
  }

  @Test func wrappingForOtherWiresKeepsTheBounds() {
    #expect(
      Schema.integer(0...10).wrappedJSONSchema.json()
        == #"{"type":"object","properties":{"value":{"type":"integer","minimum":0,"maximum":10}},"#
        + #""required":["value"],"additionalProperties":false}"#)
    let object = Schema.object("A", [.init("n", .integer(0...10))])
    #expect(object.wrappedJSONSchema == object.jsonSchema)
  }

  @Test func aShapeIsClosedWhenNothingInItIsAny() {
    let closed: [Schema] = [
      .integer(), .null, .choice(["a"]), .object("A", [.init("a", .array(.optional(.string())))]), .anyOf([.boolean]),
    ]
    #expect(closed.allSatisfy { $0.isClosed })
    let open: [Schema] = [
      .any, .array(.any), .optional(.any), .described("words", .any), .anyOf([.integer(), .any]),
      .object("A", [.init("a", .integer()), .init("b", .array(.any), "words")]),
    ]
    #expect(open.allSatisfy { !$0.isClosed })
  }

  @Test func namesAreTheObjects() {
    #expect(Schema.object("Impact", []).name == "Impact")
    #expect(Schema.described("a", .optional(.object("Impact", []))).name == "Impact")
    #expect(Schema.integer().name == "output")
    #expect(Schema.described("a", .described("b", .integer())).undescribed == .integer())
    #expect(Schema.described("a", .integer()).description == "a")
    #expect(Schema.described("a", .optional(.integer())).isOptional)
  }
}
