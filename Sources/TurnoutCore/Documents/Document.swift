/// A document and the blocks it is made of; together they are the document, byte for byte.
struct Document {
  let bytes: [UInt8]
  let blocks: [DocumentBlock]

  /// - Parameter place: where the text stands, when it is a part of another document.
  init(_ text: String, at place: BlockPlace = BlockPlace()) {
    let bytes = Array(text.utf8)
    var reader = BlockReader(bytes: bytes, at: place)
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == ASCII.newline || $0 == ASCII.return } ?? bytes.count
      var next = min(end + 1, bytes.count)
      if end < bytes.count, bytes[end] == ASCII.return, next < bytes.count, bytes[next] == ASCII.newline { next += 1 }
      reader.add(DocumentLine(start: start, end: end, next: next))
      start = next
    }
    var blocks = reader.blocks
    // Blank lines at the beginning belong to the first block.
    if !blocks.isEmpty { blocks[0].start = 0 }
    self.bytes = bytes
    self.blocks = blocks
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

/// Where a line begins, where its text ends, and where the next line begins.
struct DocumentLine {
  let start: Int
  let end: Int
  let next: Int
}

/// Bytes that mean something in Markdown.
enum ASCII {
  static let tab = UInt8(ascii: "\t"), newline = UInt8(ascii: "\n"), `return` = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " "), hash = UInt8(ascii: "#"), pipe = UInt8(ascii: "|")
  static let backslash = UInt8(ascii: "\\"), backtick = UInt8(ascii: "`"), tilde = UInt8(ascii: "~")
  static let dash = UInt8(ascii: "-"), plus = UInt8(ascii: "+"), star = UInt8(ascii: "*")
  static let underscore = UInt8(ascii: "_"), equals = UInt8(ascii: "="), colon = UInt8(ascii: ":")
  static let greater = UInt8(ascii: ">"), dot = UInt8(ascii: "."), parenthesis = UInt8(ascii: ")")

  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
