/// Cuts a text between words, and between the characters of scripts that have no spaces.
enum Words {
  /// The words with the white space after them; together they are the text.
  static func of(_ text: Substring) -> [Substring] {
    let scalars = text.unicodeScalars
    var spans = InlineSpans(text).ranges[...]
    var words: [Substring] = []
    var start = text.startIndex
    var index = start
    while index < scalars.endIndex {
      let scalar = scalars[index]
      let place = index
      scalars.formIndex(after: &index)
      while let span = spans.first, span.upperBound <= place { spans.removeFirst() }
      if let span = spans.first, span.lowerBound <= place {
        index = span.upperBound
        continue
      }
      guard index < scalars.endIndex else { break }
      let next = scalars[index]
      let isBorder =
        scalar.properties.isWhitespace
        ? !next.properties.isWhitespace
        : TextScripts.isUnspaced(scalar) && TextScripts.isUnspaced(next) && !opening.contains(scalar)
          && !closing.contains(next)
      guard isBorder else { continue }
      words.append(text[start..<index])
      start = index
    }
    if start < text.endIndex { words.append(text[start...]) }
    return words
  }

  private static let opening = Set("“‘「『（【《〈〔［｛".unicodeScalars)
  private static let closing = Set("”’」』）】》〉〕］｝，。、；：？！…—～·％ーゝ々".unicodeScalars)
}

/// What a text may be cut before.
enum TextScripts {
  /// Whether a character belongs to a script whose words have no spaces between them and can be cut anywhere: Chinese
  /// and Japanese with their signs.
  static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF01...0xFF60, 0x20000...0x3FFFF:
      scalar.properties.canonicalCombiningClass == .notReordered
    default: false
    }
  }

  /// Whether a text would be read as the beginning of another block if it came first in a document.
  static func beginsBlock(_ text: Substring) -> Bool {
    let line = Array(text.utf8.prefix { $0 != ASCII.newline && $0 != ASCII.return }.prefix(64))[...]
    guard let first = line.first else { return false }
    return first == ASCII.pipe || first == ASCII.greater || BlockMarks.fence(line) != nil
      || BlockMarks.heading(line) != nil || BlockMarks.item(line) != nil || BlockMarks.html(line) != nil
      || BlockMarks.isRule(line)
  }
}
