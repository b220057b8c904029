/// Numbers and strings.
extension JSONScanner {
  mutating func number() throws -> Value {
    let (text, isWhole) = try numberText()
    let digits = String(decoding: text, as: UTF8.self)
    if isWhole, let number = Int(digits) { return .int(number) }
    guard let number = Double(digits), number.isFinite else { throw error("a number is out of range") }
    return .double(number)
  }

  mutating func numberText() throws -> (UnsafeRawBufferPointer.SubSequence, isWhole: Bool) {
    let start = position
    var isWhole = true
    _ = take(UInt8(ascii: "-"))
    if take(UInt8(ascii: "0")) {} else { try digits() }
    if take(UInt8(ascii: ".")) {
      isWhole = false
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return (bytes[start..<position], isWhole)
  }

  mutating func digits() throws {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    if start == position { throw error("a digit was expected") }
  }

  mutating func skipString() throws {
    position += 1
    skipPlain()
    while let byte = current {
      if byte < 0x20 { throw error("a control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\"), current != nil { position += 1 }
    }
    throw error("a string does not end")
  }

  mutating func skipPlain() { position = JSONText.plainEnd(bytes, from: position) }

  mutating func quoted() throws -> String {
    position += 1
    let start = position
    skipPlain()
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        defer { position += 1 }
        guard let text = JSONText.string(UnsafeRawBufferPointer(rebasing: bytes[start..<position])) else {
          throw error("invalid UTF-8")
        }
        return text
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw error("a control character in a string")
      default: position += 1
      }
    }
    throw error("a string does not end")
  }

  mutating func escapedString(from start: Int) throws -> String {
    var text: [UInt8] = []
    text.reserveCapacity(position - start + 128)
    text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
    while let byte = current {
      if byte < 0x20 { throw error("a control character in a string") }
      if byte == UInt8(ascii: "\"") {
        guard let string = text.withUnsafeBytes({ JSONText.string($0) }) else { throw error("invalid UTF-8") }
        position += 1
        return string
      }
      position += 1
      if byte == UInt8(ascii: "\\") {
        let scalar = try escape()
        if scalar.isASCII { text.append(UInt8(scalar.value)) } else { text.append(contentsOf: String(scalar).utf8) }
        let plain = position
        skipPlain()
        text.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[plain..<position]))
      } else {
        text.append(byte)
      }
    }
    throw error("a string does not end")
  }

  mutating func escape() throws -> Unicode.Scalar {
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

  mutating func unicodeEscape() throws -> Unicode.Scalar {
    let first = try hexUnit()
    guard (0xD800..<0xDC00).contains(first) else {
      // A lone low surrogate stands for nothing; the replacement character keeps the rest readable.
      return Unicode.Scalar(first) ?? "\u{FFFD}"
    }
    let mark = position
    guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), case let second = try hexUnit(),
      (0xDC00..<0xE000).contains(second)
    else {
      position = mark
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00)) ?? "\u{FFFD}"
  }

  mutating func hexUnit() throws -> UInt16 {
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
