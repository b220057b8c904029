/// A block of a Markdown or plain document with the blank lines after it.
struct DocumentBlock: Hashable {
  enum Kind { case heading, code, paragraph, rows }

  var kind: Kind
  var text: String

  /// The blocks of a document; together they are the document, byte for byte.
  static func blocks(of document: String) -> [DocumentBlock] {
    var reader = BlockReader()
    for line in lines(of: document) { reader.add(line) }
    return reader.finish()
  }

  /// The lines with their line ends.
  private static func lines(of document: String) -> [Substring] {
    var lines: [Substring] = []
    var start = document.startIndex
    while start < document.endIndex {
      let end = document[start...].firstIndex(where: \.isNewline).map { document.index(after: $0) } ?? document.endIndex
      lines.append(document[start..<end])
      start = end
    }
    return lines
  }

  static func isHeading(_ line: some StringProtocol) -> Bool {
    let marks = line.prefix { $0 == "#" }.count
    guard (1...6).contains(marks) else { return false }
    return line.dropFirst(marks).first?.isWhitespace ?? true
  }
}

/// Puts lines together to blocks, one line at a time.
private struct BlockReader {
  private var blocks: [DocumentBlock] = []
  private var fence: (mark: Character, length: Int)?
  private var isOpen = false

  mutating func add(_ line: Substring) {
    if let fence {
      append(line)
      if let mark = Self.fence(line), mark.mark == fence.mark, mark.length >= fence.length, mark.isBare {
        self.fence = nil
        isOpen = false
      }
      return
    }
    if line.allSatisfy(\.isWhitespace) {
      if blocks.isEmpty { blocks.append(DocumentBlock(kind: .paragraph, text: "")) }
      append(line)
      isOpen = false
    } else if let mark = Self.fence(line) {
      begin(.code, line)
      fence = (mark.mark, mark.length)
    } else if DocumentBlock.isHeading(line) {
      begin(.heading, line)
      isOpen = false
    } else {
      let kind: DocumentBlock.Kind = Self.isRow(line) ? .rows : .paragraph
      // The continuation of a list item or a table row stays with it.
      if isOpen, blocks.last?.kind == kind || blocks.last?.kind == .rows { append(line) } else { begin(kind, line) }
    }
  }

  consuming func finish() -> [DocumentBlock] { blocks.filter { !$0.text.isEmpty } }

  private mutating func begin(_ kind: DocumentBlock.Kind, _ line: Substring) {
    blocks.append(DocumentBlock(kind: kind, text: String(line)))
    isOpen = true
  }

  private mutating func append(_ line: Substring) { blocks[blocks.count - 1].text += line }

  private static func fence(_ line: Substring) -> (mark: Character, length: Int, isBare: Bool)? {
    let body = line.drop { $0 == " " }
    guard let mark = body.first, mark == "`" || mark == "~" else { return nil }
    let length = body.prefix { $0 == mark }.count
    let rest = body.dropFirst(length)
    // Three backticks that close again in their line are code inside a paragraph.
    guard length >= 3, mark == "~" || !rest.contains("`") else { return nil }
    return (mark, length, rest.allSatisfy(\.isWhitespace))
  }

  private static func isRow(_ line: Substring) -> Bool {
    let body = line.drop { $0 == " " || $0 == "\t" }
    if body.hasPrefix("|") || body.hasPrefix("- ") || body.hasPrefix("* ") || body.hasPrefix("+ ") { return true }
    let digits = body.prefix(while: \.isNumber)
    return !digits.isEmpty && digits.count <= 9
      && (body.dropFirst(digits.count).hasPrefix(". ") || body.dropFirst(digits.count).hasPrefix(") "))
  }
}
