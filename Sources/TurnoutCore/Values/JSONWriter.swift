/// Writes JSON text byte by byte, without an intermediate tree.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object { $0.member("model", "small"); $0.member("stream", true) }
/// String(decoding: writer.bytes, as: UTF8.self)   // {"model":"small","stream":true}
/// ```
public struct JSONWriter: Sendable {
  /// What has been written so far, UTF-8.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// An empty writer.
  public init(reservingCapacity capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  /// Writes an object whose members the closure writes.
  public mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
    open(UInt8(ascii: "{"))
    try members(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes an array whose elements the closure writes.
  public mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
    open(UInt8(ascii: "["))
    try elements(&self)
    close(UInt8(ascii: "]"))
  }

  /// Writes a member's key; its value must follow.
  public mutating func key(_ key: String) {
    separate()
    quote(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member of an object.
  public mutating func member(_ key: String, _ value: Value) {
    self.key(key)
    self.value(value)
  }

  /// Writes a member with a text; quicker than through a ``Value``.
  public mutating func member(_ key: String, text: String) {
    self.key(key)
    self.text(text)
  }

  /// Writes a member whose value is JSON text already, which is not looked at.
  public mutating func member(_ key: String, json: [UInt8]) {
    self.key(key)
    bytes.append(contentsOf: json)
    needsComma = true
  }

  /// Writes a text.
  public mutating func text(_ text: String) {
    separate()
    quote(text)
    needsComma = true
  }

  /// Writes any value. Numbers that JSON cannot say (infinite, not a number) become `null`.
  public mutating func value(_ value: Value) {
    switch value {
    case .null: literal("null")
    case .bool(let flag): literal(flag ? "true" : "false")
    case .int(let number): literal(String(number))
    case .double(let number): literal(number.isFinite ? Self.digits(number) : "null")
    case .string(let text): self.text(text)
    case .array(let elements): array { for element in elements { $0.value(element) } }
    case .object(let object): self.object { for (key, value) in object { $0.member(key, value) } }
    }
  }

  private static func digits(_ number: Double) -> String {
    // Swift prints whole doubles as `3.0`, which readers of integers refuse; JSON makes no difference.
    Int(exactly: number).map { $0.magnitude < 1 << 53 ? String($0) : "\(number)" } ?? "\(number)"
  }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { text in
      let source = UnsafeRawBufferPointer(text)
      var copied = 0
      var position = 0
      while true {
        position = JSONText.plainEnd(source, from: position)
        guard position < source.count else { break }
        if source[position] < 0x20 || source[position] == 0x22 || source[position] == 0x5C {
          bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[copied..<position]))
          escape(source[position])
          copied = position + 1
        }
        position += 1
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[copied...]))
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
    case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
    case 0x0A: bytes.append(contentsOf: [0x5C, UInt8(ascii: "n")])
    case 0x0D: bytes.append(contentsOf: [0x5C, UInt8(ascii: "r")])
    case 0x09: bytes.append(contentsOf: [0x5C, UInt8(ascii: "t")])
    default:
      let hex = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: [0x5C, UInt8(ascii: "u"), 0x30, 0x30, hex[Int(byte >> 4)], hex[Int(byte & 15)]])
    }
  }
}

extension Value {
  /// The value as JSON text: compact, or with line breaks and two spaces a level.
  public func json(pretty: Bool = false) -> String {
    if pretty { return prettyJSON(indent: "") }
    var writer = JSONWriter()
    writer.value(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private func prettyJSON(indent: String) -> String {
    let inner = indent + "  "
    switch self {
    case .array(let elements) where !elements.isEmpty:
      return "[\n" + elements.map { inner + $0.prettyJSON(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let object) where !object.isEmpty:
      let members = object.map { inner + Value.string($0.key).json() + ": " + $0.value.prettyJSON(indent: inner) }
      return "{\n" + members.joined(separator: ",\n") + "\n\(indent)}"
    default: return json()
    }
  }
}
