/// Parts of a text that are not to be cut: code in backticks, links with their texts and targets, comments.
struct InlineSpans {
  /// In order, without overlaps.
  private(set) var ranges: [Range<String.Index>] = []

  /// How far an end is looked for, so that a text of nothing but beginnings takes no longer than any other.
  private static let reach = 2_000

  init(_ text: Substring) {
    let bytes = text.utf8
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let end: String.Index? =
        switch bytes[index] {
        case ASCII.backtick: Self.endOfCode(index, bytes)
        case UInt8(ascii: "["): Self.endOfLink(index, bytes)
        case UInt8(ascii: "<"): Self.endOfComment(index, bytes)
        default: nil
        }
      if let end {
        ranges.append(index..<end)
        index = end
        continue
      }
      // Backticks without an end are no beginning one by one either, and what a backslash is before means nothing.
      let passed =
        switch bytes[index] {
        case ASCII.backtick: bytes[index...].prefix { $0 == ASCII.backtick }.count
        case ASCII.backslash: 2
        default: 1
        }
      index = bytes.index(index, offsetBy: passed, limitedBy: bytes.endIndex) ?? bytes.endIndex
    }
  }

  private static func window(_ index: String.Index, _ bytes: Substring.UTF8View) -> Substring.UTF8View.SubSequence {
    bytes[index...].prefix(reach)
  }

  private static func endOfCode(_ index: String.Index, _ bytes: Substring.UTF8View) -> String.Index? {
    let text = window(index, bytes)
    let length = text.prefix { $0 == ASCII.backtick }.count
    var rest = text.dropFirst(length)
    while let start = rest.firstIndex(of: ASCII.backtick) {
      let marks = rest[start...].prefix { $0 == ASCII.backtick }
      if marks.count == length { return marks.endIndex }
      rest = rest[marks.endIndex...]
    }
    return nil
  }

  private static func endOfLink(_ index: String.Index, _ bytes: Substring.UTF8View) -> String.Index? {
    let text = window(index, bytes)
    guard let closed = endOfPair(UInt8(ascii: "["), UInt8(ascii: "]"), text[...]), closed < text.endIndex,
      text[closed] == UInt8(ascii: "(")
    else { return nil }
    return endOfPair(UInt8(ascii: "("), ASCII.parenthesis, text[closed...])
  }

  private static func endOfPair(_ open: UInt8, _ close: UInt8, _ text: Substring.UTF8View) -> String.Index? {
    var depth = 0
    var isEscaped = false
    for index in text.indices {
      let byte = text[index]
      if !isEscaped { depth += byte == open ? 1 : byte == close ? -1 : 0 }
      isEscaped = byte == ASCII.backslash && !isEscaped
      if depth == 0 { return text.index(after: index) }
    }
    return nil
  }

  private static func endOfComment(_ index: String.Index, _ bytes: Substring.UTF8View) -> String.Index? {
    let text = window(index, bytes)
    guard text.starts(with: "<!--".utf8) else { return nil }
    var rest = text.dropFirst(4)
    while let dash = rest.firstIndex(of: ASCII.dash) {
      if rest[dash...].starts(with: "-->".utf8) { return text.index(dash, offsetBy: 3) }
      rest = rest[dash...].dropFirst()
    }
    return nil
  }
}
