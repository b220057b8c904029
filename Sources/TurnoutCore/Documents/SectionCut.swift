/// The cutting of one document: says which texts it has to know the sizes of until it knows enough. A value, so that
/// those who count may take their time.
struct SectionCut {
  private let document: Document
  private let splitter: DocumentSplitter
  private var pieces: [Piece] = []
  private var sizes: [ExactText: Int] = [:]

  /// A part of the document that a section is put together from.
  struct Piece {
    var blocks: Range<Int>
    var range: Range<Int>
    var border: DocumentBorder
    var isKept = false
    /// What a paragraph was cut to; nil while it is whole.
    var grain: DocumentBorder?
    var isWhole = false
    /// Without the white space after it.
    var text = ""
    var gap = ""
  }

  init(_ document: Document, _ splitter: DocumentSplitter) {
    self.document = document
    self.splitter = splitter
    let finest: DocumentBorder = [.headings, .paragraphs].contains(splitter.border) ? .block : .inner
    var last: Piece?
    for (index, block) in document.blocks.enumerated() {
      let isKept = keeps(block)
      if var piece = last, piece.isKept == isKept, block.border < finest || isKept {
        piece.blocks = piece.blocks.lowerBound..<index + 1
        piece.range = piece.range.lowerBound..<block.end
        last = piece
      } else {
        if let last { pieces.append(last) }
        last = Piece(blocks: index..<index + 1, range: block.start..<block.end, border: block.border, isKept: isKept)
      }
    }
    if let last { pieces.append(last) }
    if [.sentences, .tokens].contains(splitter.border) { pieces = pieces.flatMap { $0.isKept ? [$0] : sentences($0) } }
    if splitter.border == .tokens { pieces = pieces.flatMap { $0.isKept ? [$0] : words($0) } }
    for index in pieces.indices { read(&pieces[index]) }
  }

  private func keeps(_ block: DocumentBlock) -> Bool {
    switch block.kind {
    case .heading: splitter.keeping.contains(.headings)
    case .code: splitter.keeping.contains(.code)
    case .table, .row: splitter.keeping.contains(.tables)
    case .html, .rule, .paragraph: false
    }
  }

  private func read(_ piece: inout Piece) {
    let text = document.text(piece.range)
    let body = text.trimmedAtEnd
    (piece.text, piece.gap) = (String(body), String(text[body.endIndex...]))
  }

  /// The texts whose sizes are wanted next; none when everything is cut.
  mutating func unknown() -> [String] {
    while true {
      var wanted: Set<ExactText> = []
      var texts: [String] = []
      for piece in pieces where !piece.isKept {
        for text in [piece.text, piece.gap] where !text.isEmpty {
          let exact = ExactText(text: text)
          if sizes[exact] == nil, wanted.insert(exact).inserted { texts.append(text) }
        }
      }
      if !texts.isEmpty || !refine() { return texts }
    }
  }

  mutating func learn(_ text: String, size: Int) { sizes[ExactText(text: text)] = max(0, size) }

  private func size(_ text: String) -> Int { text.isEmpty ? 0 : sizes[ExactText(text: text)] ?? 0 }

  /// Cuts what is too long once more; false when nothing is left that can be cut.
  private mutating func refine() -> Bool {
    var hasCut = false
    var refined: [Piece] = []
    for var piece in pieces {
      guard !piece.isKept, !piece.isWhole, size(piece.text) > splitter.limit.count else {
        refined.append(piece)
        continue
      }
      var parts = parts(of: piece)
      if parts.count < 2 {
        piece.isWhole = true
        refined.append(piece)
      } else {
        hasCut = true
        for index in parts.indices { read(&parts[index]) }
        refined += parts
      }
    }
    pieces = refined
    return hasCut
  }

  private func parts(of piece: Piece) -> [Piece] {
    guard piece.blocks.count > 1 else {
      let sentences = piece.grain == nil ? sentences(piece) : [piece]
      return sentences.count > 1 ? sentences : words(piece)
    }
    let inner = piece.blocks.dropFirst()
    let best = inner.map { document.blocks[$0].border }.max() ?? .inner
    var parts: [Piece] = []
    var first = piece.blocks.lowerBound
    for index in inner where document.blocks[index].border == best {
      parts.append(part(first..<index))
      first = index
    }
    parts.append(part(first..<piece.blocks.upperBound))
    parts[0].border = piece.border
    return parts
  }

  private func part(_ blocks: Range<Int>) -> Piece {
    let (first, last) = (document.blocks[blocks.lowerBound], document.blocks[blocks.upperBound - 1])
    return Piece(blocks: blocks, range: first.start..<last.end, border: first.border)
  }

  private func sentences(_ piece: Piece) -> [Piece] { cut(piece, .sentence) { Sentences.of($0) } }
  private func words(_ piece: Piece) -> [Piece] { piece.grain == .word ? [piece] : cut(piece, .word) { Words.of($0) } }

  private func cut(_ piece: Piece, _ grain: DocumentBorder, _ cut: (Substring) -> [Substring]) -> [Piece] {
    guard piece.blocks.count == 1, document.blocks[piece.blocks.lowerBound].kind == .paragraph else { return [piece] }
    let text = document.text(piece.range)
    var parts: [Piece] = []
    var start = piece.range.lowerBound
    var end = start
    for part in cut(text[...]) {
      // What would be read as another block if a section began with it stays with what is before it.
      let isFirstInLine = end > start && [ASCII.newline, ASCII.return].contains(document.bytes[end - 1])
      let isMark = end - start < 24 && BlockMarks.isOnlyMarks(document.bytes[start..<end])
      let isSafe = isMark ? false : isFirstInLine ? part.utf8.first != ASCII.pipe : !TextScripts.beginsBlock(part)
      if end > start, isSafe {
        parts.append(Piece(blocks: piece.blocks, range: start..<end, border: grain, grain: grain))
        start = end
      }
      end += part.utf8.count
    }
    parts.append(Piece(blocks: piece.blocks, range: start..<piece.range.upperBound, border: grain, grain: grain))
    parts[0].border = piece.border
    return parts
  }

  /// Where a piece stands.
  private func place(_ piece: Piece) -> BlockPlace {
    let block = document.blocks[piece.blocks.lowerBound]
    guard piece.range.lowerBound > block.start else { return block.place }
    return BlockPlace(containers: block.containers, leaf: .paragraph)
  }

  /// The sections, now that all sizes are known.
  func sections() throws -> [Section] {
    var packer = SectionPacker(
      limit: splitter.limit.count, breaksAtHeadings: splitter.border == .headings, document: document, size: size,
      place: place)
    for piece in pieces { packer.add(piece) }
    let groups = packer.finish()
    if groups.isEmpty, !document.bytes.isEmpty {
      // White space alone.
      return [Section(text: "", separator: document.text(0..<document.bytes.count))]
    }
    var line = (number: 1, offset: 0)
    return try groups.map { group in
      let range = group.range
      line = (line.number + document.lines(in: line.offset..<range.lowerBound), range.lowerBound)
      let text = document.text(range)
      let body = text.trimmedAtEnd
      let section = Section(
        text: String(body), separator: String(text[body.endIndex...]), isKept: group.isKept,
        context: group.isKept
          ? "" : document.tail(before: range.lowerBound, splitter.overlap, splitter.limit.cautiousSize),
        line: line.number, place: group.place, beginsWithCode: document.blocks[group.blocks.lowerBound].kind == .code)
      if splitter.oversized == .fails, section.isSent, group.length > splitter.limit.count {
        throw TurnoutError.invalidInput(
          "the section from line \(section.line), \(what(group)) of \(group.length) \(splitter.limit.unitName), cannot be "
            + "cut, and the limit is \(splitter.limit.count): raise the limit, keep such blocks, or let it stay whole")
      }
      return section
    }
  }

  private func what(_ group: SectionPacker.Group) -> String {
    switch document.blocks[group.blocks.lowerBound].kind {
    case .heading: "a heading"
    case .code: "a code block"
    case .table, .row: "a table row"
    case .html: "HTML"
    case .rule: "a line"
    case .paragraph: "a word"
    }
  }
}

/// A text by its bytes: those that look the same need not have the same size.
private struct ExactText: Hashable {
  let text: String

  static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
  func hash(into hasher: inout Hasher) {
    // Equal texts have equal lengths; the rest is told apart by comparing.
    hasher.combine(text)
    hasher.combine(text.utf8.count)
  }
}
