/// What was wrong with a JSON text, and where.
public struct JSONError: LabelledError, Hashable {
  /// What was expected or found, in words; never the text itself.
  public let message: String
  /// The byte at which reading stopped.
  public let offset: Int

  public var label: String { "invalid_json" }
  public var description: String { "not valid JSON: \(message) at byte \(offset)" }
}

extension Value {
  /// Reads one JSON text (RFC 8259), nested at most `depth` levels.
  ///
  /// ```swift
  /// let value = try Value(json: #"{"name": "Aurora"}"#)
  /// ```
  /// - Throws: ``JSONError`` with the byte where reading stopped. Duplicate keys and trailing text are errors.
  public init(json text: String, depth: Int = 128) throws {
    var text = text
    self = try text.withUTF8 { try JSONScanner.read(UnsafeRawBufferPointer($0), depth: depth) }
  }

  /// Reads one JSON text from UTF-8 bytes.
  public init(json bytes: [UInt8], depth: Int = 128) throws {
    self = try bytes.withUnsafeBytes { try JSONScanner.read($0, depth: depth) }
  }

  /// Reads one JSON text from UTF-8 bytes that are only looked at while this runs.
  public init(json bytes: UnsafeRawBufferPointer, depth: Int = 128) throws {
    self = try JSONScanner.read(bytes, depth: depth)
  }
}
