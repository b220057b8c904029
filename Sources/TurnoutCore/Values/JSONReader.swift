/// What was wrong with a JSON text, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was expected or found, in words; never the text itself.
  public let message: String
  /// The byte at which reading stopped.
  public let offset: Int

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
    self = try text.withUTF8 { try JSONReader.read(UnsafeRawBufferPointer($0), depth: depth) }
  }

  /// Reads one JSON text from UTF-8 bytes.
  public init(json bytes: [UInt8], depth: Int = 128) throws {
    self = try bytes.withUnsafeBytes { try JSONReader.read($0, depth: depth) }
  }

  /// Reads one JSON text from UTF-8 bytes that are only looked at while this runs.
  public init(json bytes: UnsafeRawBufferPointer, depth: Int = 128) throws {
    self = try JSONReader.read(bytes, depth: depth)
  }
}

/// A recursive-descent reader; every index is compared with the end before it is used.
struct JSONReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  static func read(_ bytes: UnsafeRawBufferPointer, depth: Int) throws -> Value {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value(depth: depth)
    reader.skipSpace()
    if reader.position < bytes.count { throw reader.error("text after the end") }
    return value
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private func error(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws -> Value {
    skipSpace()
    guard let byte = current else { throw error("the text ends too early") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw error("a value was expected")
    }
  }

  private mutating func literal(_ text: StaticString, _ value: Value) throws -> Value {
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count, (0..<text.utf8CodeUnitCount).allSatisfy({ text.utf8Start[$0] == bytes[position + $0] })
    else { throw error("a value was expected") }
    position = end
    return value
  }

  private mutating func array(depth: Int) throws -> Value {
    guard depth > 0 else { throw error("nested too deeply") }
    position += 1
    var elements: [Value] = []
    skipSpace()
    if skip(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value(depth: depth - 1))
      skipSpace()
      if skip(UInt8(ascii: "]")) { return .array(elements) }
      guard skip(UInt8(ascii: ",")) else { throw error("',' or ']' was expected") }
    }
  }

  private mutating func object(depth: Int) throws -> Value {
    guard depth > 0 else { throw error("nested too deeply") }
    position += 1
    var object = ValueObject()
    skipSpace()
    if skip(UInt8(ascii: "}")) { return .object(object) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a key in quotes was expected") }
      let key = try string()
      guard object[key] == nil else { throw error("a key occurs twice") }
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw error("':' was expected") }
      object[key] = try value(depth: depth - 1)
      skipSpace()
      if skip(UInt8(ascii: "}")) { return .object(object) }
      guard skip(UInt8(ascii: ",")) else { throw error("',' or '}' was expected") }
    }
  }

  private mutating func number() throws -> Value {
    let start = position
    var isWhole = true
    _ = skip(UInt8(ascii: "-"))
    if skip(UInt8(ascii: "0")) {} else { try digits() }
    if skip(UInt8(ascii: ".")) {
      isWhole = false
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let number = Int(text) { return .int(number) }
    guard let number = Double(text), number.isFinite else { throw error("a number is out of range") }
    return .double(number)
  }

  private mutating func digits() throws {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if start == position { throw error("a digit was expected") }
  }

  private mutating func string() throws -> String {
    position += 1
    let start = position
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        guard let text = String(validating: bytes[start..<position], as: UTF8.self) else { throw error("invalid UTF-8") }
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw error("a control character in a string")
      default: position += 1
      }
    }
    throw error("a string does not end")
  }

  private mutating func escapedString(from start: Int) throws -> String {
    var text = Array(bytes[start..<position])
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw error("invalid UTF-8") }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20: throw error("a control character in a string")
      default: text.append(byte)
      }
    }
    throw error("a string does not end")
  }

  private mutating func escape() throws -> Unicode.Scalar {
    guard let byte = current else { throw error("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw error("an unknown escape")
    }
  }

  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let first = try hexUnit()
    guard (0xD800..<0xDC00).contains(first) else {
      // A lone low surrogate stands for nothing; the replacement character keeps the rest readable.
      return Unicode.Scalar(first) ?? "\u{FFFD}"
    }
    let mark = position
    guard skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")), case let second = try hexUnit(),
      (0xDC00..<0xE000).contains(second)
    else {
      position = mark
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hexUnit() throws -> UInt16 {
    guard position + 4 <= bytes.count else { throw error("four hexadecimal digits were expected") }
    var unit: UInt16 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw error("four hexadecimal digits were expected")
      }
      unit = unit << 4 | UInt16(digit)
    }
    position += 4
    return unit
  }
}
