/// Puts pieces together to sections, one after another.
struct SectionPacker {
  let limit: Int
  let breaksAtHeadings: Bool
  let document: Document
  let size: (String) -> Int
  let place: (SectionCut.Piece) -> BlockPlace

  /// Pieces that are a section.
  struct Group {
    var blocks: Range<Int>
    var range: Range<Int>
    var isKept: Bool
    var length: Int
    var place: BlockPlace
  }

  private var groups: [Group] = []
  private var current: [SectionCut.Piece] = []
  /// The length of the current pieces with the white space after the last one.
  private var length = 0
  private var hasText = false

  init(
    limit: Int, breaksAtHeadings: Bool, document: Document, size: @escaping (String) -> Int,
    place: @escaping (SectionCut.Piece) -> BlockPlace
  ) {
    self.limit = limit
    self.breaksAtHeadings = breaksAtHeadings
    self.document = document
    self.size = size
    self.place = place
  }

  mutating func add(_ piece: SectionCut.Piece) {
    if let last = current.last {
      if last.isKept || piece.isKept {
        if last.isKept != piece.isKept { close() }
      } else if breaksAtHeadings, piece.border == .heading, hasText {
        close()
      } else if length + size(piece.text) > limit {
        // A heading belongs to what follows it.
        let headings = Array(current.reversed().prefix(while: isHeading).reversed())
        let carried = headings.reduce(0) { $0 + total($1) }
        if hasText, !headings.isEmpty, carried + size(piece.text) <= limit {
          current.removeLast(headings.count)
          close()
          for heading in headings { append(heading) }
        } else {
          close()
        }
      }
    }
    append(piece)
  }

  consuming func finish() -> [Group] {
    close()
    return groups
  }

  private func isHeading(_ piece: SectionCut.Piece) -> Bool {
    piece.blocks.count == 1 && document.blocks[piece.blocks.lowerBound].isHeading
  }

  private func total(_ piece: SectionCut.Piece) -> Int { size(piece.text) + size(piece.gap) }

  private mutating func append(_ piece: SectionCut.Piece) {
    current.append(piece)
    if !piece.isKept { length += total(piece) }
    if !isHeading(piece) { hasText = true }
  }

  private mutating func close() {
    if let first = current.first, let last = current.last {
      groups.append(
        Group(
          blocks: first.blocks.lowerBound..<last.blocks.upperBound,
          range: first.range.lowerBound..<last.range.upperBound, isKept: first.isKept,
          length: length - size(last.gap), place: place(first)))
    }
    current = []
    length = 0
    hasText = false
  }
}
