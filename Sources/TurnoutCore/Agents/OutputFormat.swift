/// How an agent's answer is asked for and read: as text, as a Swift type, or as a value of a declared shape.
public struct OutputFormat<Output: Sendable>: Sendable {
  /// The shape the model is asked for; nil for text.
  public let schema: Schema?
  let read: @Sendable (String) throws -> Output

  /// A format with a shape and a way to read the model's text.
  init(schema: Schema?, read: @escaping @Sendable (String) throws -> Output) {
    self.schema = schema
    self.read = read
  }

  /// Reads JSON out of an answer: models that are only asked for it in words like to put a fence around it.
  static func json(in text: String, _ schema: Schema) throws -> Value {
    // A whole answer that is JSON is taken as it is: a fence may stand inside one of its texts.
    if let value = try? Value(json: text) { return schema.unwrapStrict(value) }
    var body = text[...]
    if let open = body.firstRange(of: "```"), let close = body[open.upperBound...].firstRange(of: "```") {
      body = body[open.upperBound..<close.lowerBound]
      if body.hasPrefix("json") { body = body.dropFirst(4) }
    }
    return schema.unwrapStrict(try Value(json: String(body)))
  }
}

extension OutputFormat where Output == String {
  /// The text as the model wrote it.
  public static var text: OutputFormat { OutputFormat(schema: nil) { $0 } }
}

extension OutputFormat where Output: Generable {
  /// A Swift type.
  public static func typed(_ type: Output.Type = Output.self) -> OutputFormat {
    OutputFormat(schema: type.schema) { try Output(json(in: $0, type.schema)) }
  }
}

extension OutputFormat where Output == Value {
  /// A value of a shape that is only known at run time.
  public static func shaped(_ schema: Schema) -> OutputFormat {
    OutputFormat(schema: schema) {
      let value = try json(in: $0, schema)
      try schema.check(value)
      return value
    }
  }

  /// A text, as a value.
  public static var textValue: OutputFormat { OutputFormat(schema: nil) { .string($0) } }
}
