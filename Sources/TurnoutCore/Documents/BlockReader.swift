/// Puts lines together to blocks, one line at a time, by the rules of Markdown (CommonMark 0.31, and GitHub's tables):
/// lists and quotes hold other blocks, fences and HTML run to their end, and a paragraph goes on where it may.
///
/// Beyond them, lines that begin with `|` are rows of a table also without a head, since a part of a table has none.
struct BlockReader {
  private let bytes: [UInt8]
  private(set) var blocks: [DocumentBlock] = []
  private var containers: [BlockContainer] = []
  private var leaf = Leaf.none
  /// The containers before the line.
  private var outer: [BlockContainer] = []

  /// The block to which the next line may belong.
  private enum Leaf {
    case none
    /// With the place where its last line begins, and where that line's text does.
    case paragraph(line: Int, text: Int)
    case fence(BlockMarks.Fence)
    case html([UInt8])
    case indented
    /// Whether the next row belongs to the head.
    case table(isHead: Bool)
  }

  init(bytes: [UInt8], at place: BlockPlace = BlockPlace()) {
    self.bytes = bytes
    containers = place.containers
    leaf =
      switch place.leaf {
      case .none: .none
      case .paragraph: .paragraph(line: 0, text: 0)
      case .table: .table(isHead: false)
      }
    // The lines before the next block belong to something, too.
    if place.leaf == .paragraph { blocks = [DocumentBlock(kind: .paragraph, start: 0, end: 0, border: .block)] }
  }

  mutating func add(_ line: DocumentLine) {
    var cursor = LineCursor(bytes, line)
    outer = containers
    let matched = match(&cursor)
    let isInside = matched == containers.count
    if isInside, goesOn(cursor, line) { return }
    if cursor.isBlank { return addBlank(line, keeping: matched) }
    let fresh = opening(&cursor, mayInterrupt: isInside)
    if fresh.isEmpty, !isInside, case .paragraph = leaf, !startsBlock(cursor) {
      // A paragraph goes on although the marks of its list or quote are missing.
      leaf = .paragraph(line: line.start, text: cursor.position)
      return extend(line)
    }
    let border = border(matched, fresh)
    if !isInside || !fresh.isEmpty {
      containers = Array(containers.prefix(matched)) + fresh
      leaf = .none
    }
    addText(cursor, line, border)
  }

  /// Goes over the marks of the open lists and quotes, as far as the line has them.
  private func match(_ cursor: inout LineCursor) -> Int {
    for (index, container) in containers.enumerated() {
      switch container {
      case .quote: if !Self.skipQuote(&cursor) { return index }
      case .item(let width):
        if cursor.isBlank { continue }
        guard cursor.indent >= width else { return index }
        cursor.skip(columns: width)
      }
    }
    return containers.count
  }

  private static func skipQuote(_ cursor: inout LineCursor) -> Bool {
    guard cursor.indent < 4, cursor.rest.first == ASCII.greater else { return false }
    cursor.skip(columns: cursor.indent)
    cursor.skip(bytes: 1)
    cursor.skip(columns: 1)
    return true
  }

  /// Adds a line to a fence or to HTML that runs to its own end.
  private mutating func goesOn(_ cursor: LineCursor, _ line: DocumentLine) -> Bool {
    switch leaf {
    case .fence(let fence):
      if cursor.indent < 4, let end = BlockMarks.fence(cursor.rest), fence.isClosed(by: end) { leaf = .none }
    case .html(let end):
      if BlockMarks.contains(end, in: cursor.rest) { leaf = .none }
    default: return false
    }
    extend(line)
    return true
  }

  private mutating func addBlank(_ line: DocumentLine, keeping matched: Int) {
    if case .indented = leaf, matched == containers.count {} else { leaf = .none }
    containers.removeLast(containers.count - matched)
    extend(line)
  }

  /// The lists and quotes that begin in a line.
  private func opening(_ cursor: inout LineCursor, mayInterrupt isInside: Bool) -> [BlockContainer] {
    var fresh: [BlockContainer] = []
    while cursor.indent < 4 {
      if Self.skipQuote(&cursor) {
        fresh.append(.quote)
        continue
      }
      let rest = cursor.rest
      guard !BlockMarks.isRule(rest), let item = BlockMarks.item(rest) else { break }
      if case .paragraph = leaf, isInside, fresh.isEmpty, !item.interrupts { break }
      let indent = cursor.indent
      cursor.skip(columns: indent)
      cursor.skip(bytes: item.length)
      // Five columns and more are one, and code.
      let gap = cursor.isBlank || cursor.indent > 4 ? 1 : cursor.indent
      cursor.skip(columns: gap)
      fresh.append(.item(indent + item.length + gap))
    }
    return fresh
  }

  private func startsBlock(_ cursor: LineCursor) -> Bool {
    guard cursor.indent < 4 else { return false }
    let rest = cursor.rest
    return BlockMarks.fence(rest) != nil || BlockMarks.heading(rest) != nil || BlockMarks.html(rest) != nil
      || BlockMarks.isRule(rest)
  }

  private func border(_ matched: Int, _ fresh: [BlockContainer]) -> DocumentBorder {
    if matched > 0 { return .inner }
    return fresh.first?.isItem == true && containers.first?.isItem == true ? .item : .block
  }

  private mutating func addText(_ cursor: LineCursor, _ line: DocumentLine, _ border: DocumentBorder) {
    let rest = cursor.rest
    if rest.isEmpty {
      // An item or a quote without a text in its line.
      begin(.paragraph, line, border)
      leaf = .none
    } else if cursor.indent >= 4 {
      switch leaf {
      case .paragraph: addToParagraph(cursor, line, border)
      case .indented: extend(line)
      default:
        begin(.code, line, border)
        leaf = .indented
      }
    } else if let fence = BlockMarks.fence(rest) {
      begin(.code, line, border)
      leaf = .fence(fence)
    } else if let level = BlockMarks.heading(rest) {
      begin(.heading(level), line, border)
      leaf = .none
    } else if let end = BlockMarks.html(rest) {
      begin(.html, line, border)
      leaf = BlockMarks.contains(end, in: rest.dropFirst(2)) ? .none : .html(end)
    } else if case .paragraph = leaf, let level = BlockMarks.underline(rest), let last = blocks.indices.last {
      blocks[last].kind = .heading(level)
      if blocks[last].border == .block, containers.isEmpty { blocks[last].border = .heading }
      extend(line)
      leaf = .none
    } else if BlockMarks.isRule(rest) {
      begin(.rule, line, border)
      leaf = .none
    } else if !addToTable(rest, line, border) {
      addToParagraph(cursor, line, border)
    }
  }

  private mutating func addToTable(
    _ rest: ArraySlice<UInt8>, _ line: DocumentLine, _ border: DocumentBorder
  ) -> Bool {
    guard let cells = TableMarks.cells(rest) else { return false }
    switch leaf {
    case .table(let isHead):
      if TableMarks.isRule(rest), blocks.last?.kind == .table, blocks.last?.rows == 1 {
        extend(line)
        leaf = .table(isHead: true)
      } else if isHead, let last = blocks.indices.last {
        blocks[last].rows += 1
        extend(line)
        leaf = .table(isHead: false)
      } else {
        begin(.row, line, .inner, columns: cells)
      }
    case .paragraph(let head, let text):
      guard TableMarks.isRule(rest), let last = blocks.indices.last,
        TableMarks.cells(bytes[text..<line.start].prefix { $0 != ASCII.newline && $0 != ASCII.return }) == cells
      else { return false }
      if blocks[last].start < head {
        // The last line of the paragraph is the head of the table, the others stay.
        let border = blocks[last].border
        blocks[last].end = head
        blocks.append(DocumentBlock(kind: .table, start: head, end: head, border: border))
        blocks[last + 1].place.containers = containers
        blocks[last + 1].containers = containers
        if border == .item { blocks[last + 1].border = .inner }
      } else {
        blocks[last].kind = .table
      }
      blocks[blocks.count - 1].columns = cells
      blocks[blocks.count - 1].rows = 1
      extend(line)
      leaf = .table(isHead: true)
    default:
      guard rest.first == ASCII.pipe else { return false }
      begin(.table, line, border, columns: cells)
      leaf = .table(isHead: false)
    }
    return true
  }

  private mutating func addToParagraph(_ cursor: LineCursor, _ line: DocumentLine, _ border: DocumentBorder) {
    if case .paragraph = leaf { extend(line) } else { begin(.paragraph, line, border) }
    leaf = .paragraph(line: line.start, text: cursor.position)
  }

  private mutating func begin(
    _ kind: DocumentBlock.Kind, _ line: DocumentLine, _ border: DocumentBorder, columns: Int = 0
  ) {
    var block = DocumentBlock(kind: kind, start: line.start, end: line.next, border: border)
    if block.isHeading, border == .block, containers.isEmpty { block.border = .heading }
    block.place = BlockPlace(containers: outer, leaf: kind == .row ? .table : .none)
    block.containers = containers
    if columns > 0 { (block.columns, block.rows) = (columns, 1) }
    blocks.append(block)
  }

  private mutating func extend(_ line: DocumentLine) {
    if let last = blocks.indices.last { blocks[last].end = line.next }
  }
}
