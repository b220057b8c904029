/// A line and a column of a text, both from 1, the column counted in Unicode scalars.
struct TextPlace: Hashable {
  let line: Int
  let column: Int

  init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of a byte.
  init(of offset: Int, in bytes: some Collection<UInt8>) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.init(line: line, column: column)
  }

  /// The place of the first byte that is not UTF-8; nil when all are.
  init?(ofInvalidUTF8In bytes: some Collection<UInt8>) {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded): offset += encoded.count
      case .emptyInput: return nil
      case .error:
        self.init(of: offset, in: bytes)
        return
      }
    }
  }
}

/// Finds mapping keys that are aliases or collections. No workflow file needs them, and comparing such keys, which the
/// parser does, can take for ever when aliases stand for aliases.
enum AliasKeys {
  /// The place of the first; only looked for in texts that have anchors.
  static func first(in text: String) -> TextPlace? {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "&")), bytes.contains(UInt8(ascii: "*")) else { return nil }
    var hasAnchor = false
    for index in bytes.indices where index == 0 || " \n\r\t[]{},:".utf8.contains(bytes[index - 1]) {
      switch bytes[index] {
      case UInt8(ascii: "&"): hasAnchor = hasAnchor || isName(bytes[(index + 1)...].prefix(1))
      case UInt8(ascii: "*") where hasAnchor:
        let after = bytes[(index + 1)...].drop { isName([$0]) }.drop {
          $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
        }
        if after.startIndex > index + 1, after.first == UInt8(ascii: ":"), isSpace(after.dropFirst().first) {
          return TextPlace(of: index, in: bytes)
        }
      case UInt8(ascii: "?") where hasAnchor && isSpace(bytes[(index + 1)...].first):
        let before = bytes[..<index].last { $0 != UInt8(ascii: " ") }
        if before.map("\n\r{,-:".utf8.contains) ?? true { return TextPlace(of: index, in: bytes) }
      default: break
      }
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8?) -> Bool { byte.map(" \n\r\t".utf8.contains) ?? true }

  private static func isName(_ bytes: some Collection<UInt8>) -> Bool {
    guard let byte = bytes.first else { return false }
    return [0x5F, 0x2D].contains(byte) || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
  }
}
