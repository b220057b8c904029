/// A piece of a document and the white space that separates it from the next.
public struct Section: Sendable, Hashable {
  /// The text, without white space at its end.
  public let text: String
  /// The white space between this and the next section, exactly as it was.
  public let separator: String
}

/// Cuts a document into sections at natural borders, so that putting them together gives the document again.
///
/// A new section begins at each heading, and wherever the next block would make the current one longer than the limit.
/// Blocks are never cut: a fenced code block, a table whose rows begin with `|`, a list without blank lines or a
/// paragraph stays whole, except for a single paragraph that is longer than the limit, which is cut between sentences
/// (Chinese punctuation included).
///
/// ```swift
/// let sections = DocumentSplitter(limit: 2_000).sections(of: manual)
/// sections.map { $0.text + $0.separator }.joined() == manual   // true
/// ```
public struct DocumentSplitter: Sendable, Hashable {
  /// The most characters in a section, as far as borders allow.
  public let limit: Int
  /// Whether each heading begins a section.
  public let breaksAtHeadings: Bool

  /// A splitter.
  public init(limit: Int = 2_000, breaksAtHeadings: Bool = true) {
    self.limit = max(1, limit)
    self.breaksAtHeadings = breaksAtHeadings
  }

  /// The sections of a document, in order; none for an empty one.
  public func sections(of document: String) -> [Section] {
    var pieces: [String] = []
    var current = ""
    var length = 0
    for block in DocumentBlock.blocks(of: document).flatMap(cut) {
      let blockLength = block.text.count
      let breaks = (block.kind == .heading && breaksAtHeadings) || length + blockLength > limit
      // A section that is only headings goes on: a heading belongs to what follows it.
      if breaks, !current.isEmpty, !isOnlyHeadings(current) || length + blockLength > limit {
        pieces.append(current)
        (current, length) = ("", 0)
      }
      current += block.text
      length += blockLength
    }
    if !current.isEmpty { pieces.append(current) }
    return pieces.map(Self.section)
  }

  private func isOnlyHeadings(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).allSatisfy { DocumentBlock.isHeading($0) || $0.allSatisfy(\.isWhitespace) }
  }

  private func cut(_ block: DocumentBlock) -> [DocumentBlock] {
    guard block.kind == .paragraph, block.text.count > limit else { return [block] }
    var parts: [DocumentBlock] = []
    var current = ""
    var length = 0
    for sentence in Self.sentences(block.text) {
      let sentenceLength = sentence.count
      if length + sentenceLength > limit, !current.isEmpty {
        parts.append(DocumentBlock(kind: .paragraph, text: current))
        (current, length) = ("", 0)
      }
      current += sentence
      length += sentenceLength
    }
    if !current.isEmpty { parts.append(DocumentBlock(kind: .paragraph, text: current)) }
    return parts
  }

  static func sentences(_ text: String) -> [Substring] {
    let closers = "”’」』）\")"
    var sentences: [Substring] = []
    var start = text.startIndex
    var index = start
    while index < text.endIndex {
      let character = text[index]
      index = text.index(after: index)
      let endsAlone = "。！？；".contains(character)
      let closed = text[index...].firstIndex { !closers.contains($0) } ?? text.endIndex
      let endsBeforeSpace = ".!?".contains(character) && (closed == text.endIndex || text[closed].isWhitespace)
      guard endsAlone || endsBeforeSpace else { continue }
      while index < text.endIndex, closers.contains(text[index]) || text[index].isWhitespace {
        index = text.index(after: index)
      }
      sentences.append(text[start..<index])
      start = index
    }
    if start < text.endIndex { sentences.append(text[start...]) }
    return sentences
  }

  private static func section(_ text: String) -> Section {
    let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
    return Section(text: String(text[..<end]), separator: String(text[end...]))
  }
}
