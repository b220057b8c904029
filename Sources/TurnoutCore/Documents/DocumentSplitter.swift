/// Cuts a document into sections at natural borders, so that putting them together gives the document again.
///
/// Sections are as long as the limit and the borders allow. A cut is never made inside a code block, fenced or indented,
/// a row of a table, a heading, an HTML comment, code in a line, a link or a word. What is longer than the limit is cut
/// at the best borders it has: a list between its items, a table between its rows, a paragraph between its sentences
/// (see ``Sentences``), a sentence between its words. What has none stays whole or is an error, see ``oversized``.
///
/// ```swift
/// let sections = try await DocumentSplitter(limit: .tokens(500)).sections(of: manual)
/// sections.map { $0.text + $0.separator }.joined() == manual   // true
/// ```
public struct DocumentSplitter: Sendable {
  /// Where sections may end.
  public enum Border: Sendable, Hashable, CaseIterable {
    /// Between blocks, and each heading begins a section.
    case headings
    /// Between blocks: paragraphs, lists, tables, code, headings.
    case paragraphs
    /// Between sentences as well, so that sections are longer.
    case sentences
    /// Between words as well, so that sections are as long as they may be.
    case tokens
  }

  /// Blocks that can be kept as they are.
  public enum KeptBlock: String, Sendable, Hashable, CaseIterable {
    /// Headings.
    case headings
    /// Code blocks, fenced and indented.
    case code
    /// Tables.
    case tables
  }

  /// What becomes of a section that cannot be cut below the limit.
  public enum Oversized: Sendable, Hashable {
    /// It stays whole.
    case staysWhole
    /// It is an error that says which it is.
    case fails
  }

  /// Where sections may end.
  public let border: Border
  /// How long a section may be. A section is as long as the pieces that it is put together from, each counted by itself.
  public let limit: TextLimit
  /// How much of what comes before is given to each section as its context, in the limit's unit: the last whole blocks
  /// and sentences that fit, and where not even a sentence does, the last words. The sections are the same with it and
  /// without it. With a counter of your own it is counted by ``TokenEstimate``.
  public let overlap: Int
  /// Blocks that are no part of what a step is given: each run of them is a section of its own, which is kept.
  public let keeping: Set<KeptBlock>
  /// What becomes of a section that cannot be cut below the limit.
  public let oversized: Oversized

  /// A splitter.
  public init(
    by border: Border = .headings, limit: TextLimit = .characters(2_000), overlap: Int = 0,
    keeping: Set<KeptBlock> = [], oversized: Oversized = .staysWhole
  ) {
    self.border = border
    self.limit = limit
    self.overlap = max(0, overlap)
    self.keeping = keeping
    self.oversized = oversized
  }

  /// The sections of a document, in order: none for an empty one, and one without text for white space alone.
  /// - Parameter run: the run that a ``TokenCounter`` is asked in.
  /// - Throws: ``TurnoutError`` for a section that is too long when that is to be an error; what a counter throws.
  public func sections(of document: String, in run: Run = Run()) async throws -> [Section] {
    var cut = SectionCut(Document(document), self)
    while true {
      let wanted = cut.unknown()
      if wanted.isEmpty { break }
      for text in wanted { cut.learn(text, size: try await limit.size(text, in: run)) }
    }
    return try cut.sections()
  }

  /// The sections of a document without asking anybody; nil when a counter has to be asked.
  func ownSections(of document: String) throws -> [Section]? {
    var cut = SectionCut(Document(document), self)
    while true {
      let wanted = cut.unknown()
      if wanted.isEmpty { break }
      for text in wanted {
        guard let size = limit.ownSize(text) else { return nil }
        cut.learn(text, size: size)
      }
    }
    return try cut.sections()
  }
}
