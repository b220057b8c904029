/// Reads the few fields the floor needs, by a scanner that knows the wire and checks no more than it must; quicker than
/// `JSONDecoder` by far, so that the comparison flatters nobody.
struct FloorJSON {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0

  private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// `choices[0].message.content` of an answer.
  static func content(_ bytes: UnsafeRawBufferPointer) throws -> String {
    var scanner = FloorJSON(bytes)
    guard try scanner.enter("choices"), try scanner.element(), try scanner.enter("message"),
      try scanner.enter("content")
    else { throw FloorError.json }
    return try scanner.string()
  }

  /// `choices[0].delta.content` of a chunk, or nothing.
  static func piece(_ bytes: UnsafeRawBufferPointer) throws -> String {
    var scanner = FloorJSON(bytes)
    guard try scanner.enter("choices"), try scanner.element(), try scanner.enter("delta"), try scanner.enter("content")
    else { return "" }
    return try scanner.string()
  }

  /// The `route` of a decision.
  static func route(_ text: String) throws -> String {
    var text = text
    return try text.withUTF8 {
      var scanner = FloorJSON(UnsafeRawBufferPointer($0))
      guard try scanner.enter("route") else { throw FloorError.json }
      return try scanner.string()
    }
  }

  private func byte() throws -> UInt8 {
    guard at < bytes.count else { throw FloorError.json }
    return bytes[at]
  }

  private mutating func space() { while at < bytes.count, bytes[at] <= 0x20 { at += 1 } }

  private mutating func take(_ expected: UInt8) throws -> Bool {
    space()
    guard try byte() == expected else { return false }
    at += 1
    return true
  }

  /// Goes to the value of a member of the object that begins here; false when it has no such member.
  private mutating func enter(_ key: StaticString) throws -> Bool {
    guard try take(0x7B) else { throw FloorError.json }
    if try take(0x7D) { return false }
    repeat {
      space()
      let start = at + 1
      try skipString()
      let found = UnsafeRawBufferPointer(rebasing: bytes[start..<at - 1])
      guard try take(0x3A) else { throw FloorError.json }
      if found.count == key.utf8CodeUnitCount,
        found.elementsEqual(UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
      {
        return true
      }
      try skip()
    } while try take(0x2C)
    return false
  }

  /// Goes to the first element of the array that begins here; false when it is empty.
  private mutating func element() throws -> Bool {
    guard try take(0x5B) else { throw FloorError.json }
    space()
    return try byte() != 0x5D
  }

  private mutating func skip() throws {
    space()
    var depth = 0
    repeat {
      switch try byte() {
      case 0x22: try skipString()
      case 0x7B, 0x5B:
        depth += 1
        at += 1
      case 0x7D, 0x5D:
        if depth == 0 { return }
        depth -= 1
        at += 1
      case 0x2C:
        if depth == 0 { return }
        at += 1
      default: at += 1
      }
    } while at < bytes.count
  }

  private mutating func skipString() throws {
    guard try byte() == 0x22 else { throw FloorError.json }
    at += 1
    while try byte() != 0x22 { at += bytes[at] == 0x5C ? 2 : 1 }
    at += 1
  }

  private mutating func string() throws -> String {
    space()
    guard try byte() == 0x22 else { return "" }
    let start = at + 1
    try skipString()
    let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<at - 1])
    if !raw.contains(0x5C) { return String(decoding: raw, as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(raw.count)
    var position = 0
    while position < raw.count {
      if raw[position] == 0x5C, position + 1 < raw.count {
        position += 1
        switch raw[position] {
        case 0x6E: text.append(0x0A)
        case 0x74: text.append(0x09)
        case 0x72: text.append(0x0D)
        case 0x75: throw FloorError.json
        case let other: text.append(other)
        }
      } else {
        text.append(raw[position])
      }
      position += 1
    }
    return String(decoding: text, as: UTF8.self)
  }
}
