import Testing
import TurnoutCore

/// Random shapes against the rules of OpenAI's strict mode, which answers 400 to whatever breaks one of them.
@Suite struct StrictSchemaTests {
  @Test func randomShapesKeepTheRules() {
    var random = SplitMix64(seed: 21)
    for _ in 0..<1_000 {
      let schema = Schema.random(using: &random, depth: 3)
      #expect(StrictRules().complaints(about: schema.strictJSONSchema) == [], "\(schema)")
    }
  }

  /// The same form goes to Anthropic (structured outputs: no bounds of numbers and texts, closed objects, no recursion) and
  /// to Google (`responseJsonSchema`), whose subsets have more in them.
  @Test(arguments: [
    StrictRules(keywords: [
      "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "allOf", "$ref",
      "$defs",
      "default", "format", "minItems", "description", "title",
    ]),
    StrictRules(keywords: [
      "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems",
      "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required",
    ]),
  ])
  fileprivate func randomShapesKeepTheRulesOfOthersToo(rules: StrictRules) {
    var random = SplitMix64(seed: 23)
    for _ in 0..<500 {
      let schema = Schema.random(using: &random, depth: 3)
      #expect(rules.complaints(about: schema.strictJSONSchema) == [], "\(schema)")
    }
  }

  @Test func randomValuesComeOutOfTheWrapping() throws {
    var random = SplitMix64(seed: 22)
    for _ in 0..<1_000 {
      let schema = Schema.random(using: &random, depth: 3)
      let value = schema.randomValue(using: &random)
      try schema.check(value)
      let answer: Value = schema.needsStrictWrapping ? ["value": value] : value
      #expect(schema.unwrapStrict(answer) == value, "\(schema)")
    }
  }

  /// The rules must be able to fail, else the property above says nothing.
  @Test(
    arguments: [
      (["type": "integer"], "the root is no object"),
      (["anyOf": [["type": "object"]]], "the root is a choice"),
      (
        ["type": "object", "properties": ["a": ["type": "integer"]], "required": [], "additionalProperties": false],
        "a is not required"
      ),
      (["type": "object", "properties": [:], "required": []], "additional properties are not closed"),
      (
        [
          "type": "object", "properties": ["a": ["type": "integer", "minimum": 0]], "required": ["a"],
          "additionalProperties": false,
        ],
        "the keyword minimum"
      ),
      (
        [
          "type": "object", "properties": ["a": ["type": [["integer", "null"], "null"]]], "required": ["a"],
          "additionalProperties": false,
        ],
        "an invalid type"
      ),
    ] as [(Value, String)])
  func theRulesCanFail(schema: Value, complaint: String) {
    #expect(StrictRules().complaints(about: schema).contains(complaint))
  }
}

/// What OpenAI documents about strict schemas, as far as a schema breaks it.
fileprivate struct StrictRules {
  var keywords: Set<String> = [
    "type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "description",
  ]
  private let types: Set<String> = ["object", "array", "string", "integer", "number", "boolean", "null"]

  func complaints(about schema: Value) -> [String] {
    var found: [String] = []
    if schema["anyOf"] != nil { found.append("the root is a choice") }
    if schema["type"] != "object" { found.append("the root is no object") }
    var properties = 0
    check(schema, depth: 0, &found, &properties)
    if properties > 5_000 { found.append("too many properties") }
    return found
  }

  private func check(_ schema: Value, depth: Int, _ found: inout [String], _ properties: inout Int) {
    guard let object = schema.object else { return found.append("a schema is no object") }
    if depth > 10 { found.append("nested too deeply") }
    for key in object.keys where !keywords.contains(key) { found.append("the keyword \(key)") }
    let names = schema["type"]?.array ?? schema["type"].map { [$0] } ?? []
    if schema["anyOf"] == nil, names.isEmpty { found.append("no type") }
    if !names.allSatisfy({ types.contains($0.string ?? "") }) || Set(names).count != names.count {
      found.append("an invalid type")
    }
    if let choices = schema["enum"]?.array,
      choices.isEmpty || choices.count > 1_000 || Set(choices).count != choices.count
    {
      found.append("an invalid enum")
    }
    if names.contains("object") {
      let members = schema["properties"]?.object ?? [:]
      properties += members.count
      if schema["additionalProperties"] != false { found.append("additional properties are not closed") }
      let required = schema["required"]?.array?.compactMap(\.string) ?? []
      for key in members.keys where !required.contains(key) { found.append("\(key) is not required") }
      if required.count != members.count { found.append("something else is required") }
      for (_, member) in members { check(member, depth: depth + 1, &found, &properties) }
    }
    if names.contains("array") {
      if let items = schema["items"] {
        check(items, depth: depth + 1, &found, &properties)
      } else {
        found.append("no items")
      }
    }
    for alternative in schema["anyOf"]?.array ?? [] { check(alternative, depth: depth, &found, &properties) }
  }
}

extension Schema {
  /// A random shape; `any` is left out, since strict mode has no word for it.
  static func random(using random: inout SplitMix64, depth: Int) -> Schema {
    switch random.int(0...(depth > 0 ? 10 : 5)) {
    case 0: return .boolean
    case 1: return random.chance(50) ? .integer() : .integer(0...random.int(0...9))
    case 2: return random.chance(50) ? .number() : .number(-1...1)
    case 3: return random.chance(50) ? .string() : .string(minimumLength: 1, maximumLength: 9)
    case 4: return .choice(["a", "b", "c"])
    case 5: return random.chance(20) ? .null : .string()
    case 6: return .array(.random(using: &random, depth: depth - 1), count: 0...random.int(1...4))
    case 7: return .optional(.random(using: &random, depth: depth - 1))
    case 8: return .described("words", .random(using: &random, depth: depth - 1))
    case 9: return .anyOf([.random(using: &random, depth: depth - 1), .random(using: &random, depth: depth - 1)])
    default:
      var properties: [Property] = []
      for name in ["value", "a", "b", "c"].prefix(random.int(0...4)) {
        properties.append(.init(name, .random(using: &random, depth: depth - 1), random.chance(50) ? "why" : nil))
      }
      return .object("Random", properties)
    }
  }

  /// A random value of the shape.
  func randomValue(using random: inout SplitMix64) -> Value {
    switch self {
    case .any, .null: return .null
    case .boolean: return .bool(random.chance(50))
    case .integer(let minimum, let maximum): return .int(random.int((minimum ?? -5)...(maximum ?? 5)))
    case .number: return .double(Double(random.int(-4...4)) / 4)
    case .string: return .string(random.pick(["a", "中文", "four"]))
    case .choice(let names): return .string(random.pick(names))
    case .array(let element, let minimum, let maximum):
      var elements: [Value] = []
      for _ in 0..<random.int((minimum ?? 0)...(maximum ?? 3)) { elements.append(element.randomValue(using: &random)) }
      return .array(elements)
    case .object(_, let properties):
      var object = ValueObject()
      for property in properties { object[property.name] = property.schema.randomValue(using: &random) }
      return .object(object)
    case .anyOf(let shapes): return random.pick(shapes).randomValue(using: &random)
    case .optional(let schema): return random.chance(30) ? .null : schema.randomValue(using: &random)
    case .described(_, let schema): return schema.randomValue(using: &random)
    }
  }
}
