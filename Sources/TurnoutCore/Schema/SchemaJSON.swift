extension Schema {
  /// The shape as JSON Schema (draft 2020-12), in the subset that every vendor's typed output understands: objects are
  /// closed and all their properties required, what is optional may be null, and bounds stand as keywords.
  ///
  /// ```swift
  /// Schema.integer(0...10).jsonSchema.json()
  /// // {"type":"integer","minimum":0,"maximum":10}
  /// ```
  public var jsonSchema: Value { .object(jsonObject(bounds: true)) }

  /// The shape in the subset of OpenAI's strict mode: no keyword for bounds, which stand in the description instead and
  /// stay enforced by ``check(_:at:)``. A root that is no object, or is a choice between several, is wrapped in an
  /// object with the one property `value`; ``unwrapStrict(_:)`` takes it out again.
  public var strictJSONSchema: Value {
    let schema = needsStrictWrapping ? Schema.object("Output", [.init("value", self)]) : self
    return .object(schema.jsonObject(bounds: false))
  }

  /// Whether the strict form is wrapped.
  public var needsStrictWrapping: Bool {
    if case .object = undescribed { false } else { true }
  }

  /// Takes a value out of the object that ``strictJSONSchema`` put around it, if it is there.
  public func unwrapStrict(_ value: Value) -> Value {
    guard needsStrictWrapping, let object = value.object, object.count == 1, let inner = object["value"] else {
      return value
    }
    // One of several shapes may itself be an object whose one property is called so.
    return (try? check(inner)) == nil && (try? check(value)) != nil ? value : inner
  }

  private func jsonObject(bounds: Bool) -> ValueObject {
    switch self {
    case .any: return ValueObject()
    case .null: return ["type": "null"]
    case .boolean: return ["type": "boolean"]
    case .integer(let minimum, let maximum):
      return Self.bounded("integer", "minimum", "maximum", minimum.map { .int($0) }, maximum.map { .int($0) }, bounds)
    case .number(let minimum, let maximum):
      return Self.bounded(
        "number", "minimum", "maximum", minimum.map { .double($0) }, maximum.map { .double($0) }, bounds)
    case .string(let minimum, let maximum):
      return Self.bounded(
        "string", "minLength", "maxLength", minimum.map { .int($0) }, maximum.map { .int($0) }, bounds)
    case .choice(let names): return ["type": "string", "enum": .array(names.map { .string($0) })]
    case .array(let element, let minimum, let maximum):
      var object = Self.bounded(
        "array", "minItems", "maxItems", minimum.map { .int($0) }, maximum.map { .int($0) }, bounds)
      object["items"] = .object(element.jsonObject(bounds: bounds))
      return object
    case .object(_, let properties):
      return [
        "type": "object",
        "properties": .object(
          ValueObject(properties.map { ($0.name, .object($0.schema.jsonObject(bounds: bounds))) })),
        "required": .array(properties.map { .string($0.name) }),
        "additionalProperties": false,
      ]
    case .anyOf(let shapes): return ["anyOf": .array(shapes.map { .object($0.jsonObject(bounds: bounds)) })]
    case .optional(let schema): return Self.nullable(schema.jsonObject(bounds: bounds))
    case .described(let text, let schema):
      var object = schema.jsonObject(bounds: bounds)
      object["description"] = .string(object["description"]?.string.map { "\(text) (\($0))" } ?? text)
      return object
    }
  }

  private static func nullable(_ object: ValueObject) -> ValueObject {
    var object = object
    guard let type = object["type"], object["enum"] == nil else {
      return object.isEmpty ? object : ["anyOf": [.object(object), ["type": "null"]]]
    }
    // What may be null already, such as an optional of an optional, names null once.
    if type != "null", type.array == nil { object["type"] = [type, "null"] }
    return object
  }

  private static func bounded(
    _ type: String, _ minimumKey: String, _ maximumKey: String, _ minimum: Value?, _ maximum: Value?, _ bounds: Bool
  ) -> ValueObject {
    var object: ValueObject = ["type": .string(type)]
    if bounds {
      object[minimumKey] = minimum
      object[maximumKey] = maximum
      return object
    }
    let unit = type == "array" ? " elements" : type == "string" ? " characters" : ""
    let words = [minimum.map { "at least \($0.json())" }, maximum.map { "at most \($0.json())" }].compactMap { $0 }
    if !words.isEmpty { object["description"] = .string(words.joined(separator: ", ") + unit) }
    return object
  }
}

extension ValueObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}

extension Schema {
  /// The shape as JSON Schema with an object as its root, which all servers accept; see ``unwrapStrict(_:)``.
  public var wrappedJSONSchema: Value {
    needsStrictWrapping ? Schema.object("Output", [.init("value", self)]).jsonSchema : jsonSchema
  }

  /// Whether every part of the shape is declared, as strict modes want it.
  public var isClosed: Bool {
    switch self {
    case .any: false
    case .array(let schema, _, _), .optional(let schema), .described(_, let schema): schema.isClosed
    case .object(_, let properties): properties.allSatisfy(\.schema.isClosed)
    case .anyOf(let shapes): shapes.allSatisfy(\.isClosed)
    default: true
    }
  }
}
