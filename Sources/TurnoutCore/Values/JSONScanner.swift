/// Reads JSON piece by piece: whole values where they are wanted, and past everything else without building it.
///
/// Wire formats are read with it, since a streamed answer is hundreds of small texts of which one field matters:
///
/// ```swift
/// try JSONScanner.scan(bytes) { scanner in
///   try scanner.members { scanner, key in
///     if key == "text" { text = try scanner.string() } else { try scanner.skip() }
///   }
/// }
/// ```
/// Every index is compared with the end before it is used; nesting is limited.
public struct JSONScanner {
  /// A member's key, to be compared without making a `String` of it.
  public struct Key {
    fileprivate let bytes: UnsafeRawBufferPointer

    /// Whether the key is this text. Keys written with escapes are equal to nothing.
    @inline(__always)
    public static func == (key: Key, text: StaticString) -> Bool {
      let count = text.utf8CodeUnitCount
      guard key.bytes.count == count else { return false }
      for offset in 0..<count where key.bytes[offset] != text.utf8Start[offset] { return false }
      return true
    }
  }

  let bytes: UnsafeRawBufferPointer
  var position = 0
  private var depth: Int

  static func read(_ bytes: UnsafeRawBufferPointer, depth: Int) throws -> Value {
    try scan(bytes, depth: depth) { try $0.value() }
  }

  /// Scans one JSON text, which the closure must read to its end.
  /// - Throws: ``JSONError`` with the byte where reading stopped.
  public static func scan<Result>(
    _ bytes: UnsafeRawBufferPointer, depth: Int = 128, _ body: (inout JSONScanner) throws -> Result
  ) throws -> Result {
    var scanner = JSONScanner(bytes: bytes, depth: depth)
    let result = try body(&scanner)
    scanner.skipSpace()
    if scanner.position < bytes.count { throw scanner.error("text after the end") }
    return result
  }

  private init(bytes: UnsafeRawBufferPointer, depth: Int) {
    self.bytes = bytes
    self.depth = depth
  }

  func error(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  /// The first byte of the next value: what kind it is.
  private mutating func peek() throws -> UInt8 {
    skipSpace()
    guard let byte = current else { throw error("the text ends too early") }
    return byte
  }

  /// Reads an object: the closure gets each key and must read or skip its value. For null, does nothing.
  public mutating func members(_ visit: (inout JSONScanner, Key) throws -> Void) throws {
    if try takeNull() { return }
    try list(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), "',' or '}' was expected") { scanner in
      let key = try scanner.rawKey()
      try visit(&scanner, key)
    }
  }

  /// Reads an array: the closure must read or skip each element. For null, does nothing.
  public mutating func elements(_ visit: (inout JSONScanner) throws -> Void) throws {
    if try takeNull() { return }
    try list(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), "',' or ']' was expected", visit)
  }

  private mutating func list(
    open: UInt8, close: UInt8, _ complaint: String, _ visit: (inout JSONScanner) throws -> Void
  ) throws {
    guard try peek() == open else { throw error("a value was expected") }
    guard depth > 0 else { throw error("nested too deeply") }
    depth -= 1
    position += 1
    skipSpace()
    if !take(close) {
      while true {
        try visit(&self)
        skipSpace()
        if take(close) { break }
        guard take(UInt8(ascii: ",")) else { throw error(complaint) }
      }
    }
    depth += 1
  }

  private mutating func rawKey() throws -> Key {
    guard try peek() == UInt8(ascii: "\"") else { throw error("a key in quotes was expected") }
    let start = position + 1
    try skipString()
    let key = Key(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<position - 1]))
    try colon()
    return key
  }

  private mutating func colon() throws {
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw error("':' was expected") }
  }

  private mutating func takeNull() throws -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    _ = try literal("null", .null)
    return true
  }

  /// Whether the next value is an array.
  public mutating func isAtArray() throws -> Bool { try peek() == UInt8(ascii: "[") }

  /// Reads a string; null is nil, and so is any other value, which is skipped.
  public mutating func string() throws -> String? {
    guard try peek() == UInt8(ascii: "\"") else {
      try skip()
      return nil
    }
    return try quoted()
  }

  /// Reads a whole number; null is nil, and so is any other value, which is skipped.
  public mutating func int() throws -> Int? {
    switch try peek() {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try smallNumber() ?? number().int
    default:
      try skip()
      return nil
    }
  }

  /// Reads a few digits, as counts have them, without making a text of them; nothing for a number of another form.
  private mutating func smallNumber() -> Int? {
    var (number, end) = (0, position)
    while end < bytes.count, case let digit = bytes[end] &- UInt8(ascii: "0"), digit < 10, end - position < 10 {
      number = number * 10 + Int(digit)
      end += 1
    }
    guard end > position, end - position < 10, bytes[position] != UInt8(ascii: "0") || end - position == 1 else {
      return nil
    }
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") || bytes[end] | 0x20 == UInt8(ascii: "e") { return nil }
    position = end
    return number
  }

  /// Reads past a value of any kind.
  public mutating func skip() throws {
    switch try peek() {
    case UInt8(ascii: "{"): try members { scanner, _ in try scanner.skip() }
    case UInt8(ascii: "["): try elements { try $0.skip() }
    case UInt8(ascii: "\""): try skipString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try numberText()
    default: _ = try value()
    }
  }

  /// Reads a value of any kind.
  public mutating func value() throws -> Value {
    switch try peek() {
    case UInt8(ascii: "{"):
      var object = ValueObject()
      try list(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), "',' or '}' was expected") { scanner in
        guard try scanner.peek() == UInt8(ascii: "\"") else { throw scanner.error("a key in quotes was expected") }
        let key = try scanner.quoted()
        guard object[key] == nil else { throw scanner.error("a key occurs twice") }
        try scanner.colon()
        object[key] = try scanner.value()
      }
      return .object(object)
    case UInt8(ascii: "["):
      var elements: [Value] = []
      try self.elements { elements.append(try $0.value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try quoted())
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
}
