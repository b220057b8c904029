/// A block of a Markdown or plain document: whole lines, with the blank lines after them.
struct DocumentBlock: Hashable {
  enum Kind: Hashable {
    case heading(Int)
    case code
    /// The beginning of a table: its first row, with the line under it and the row after that where it has a head.
    case table
    /// Any other row of a table.
    case row
    case html
    case rule
    case paragraph
  }

  var kind: Kind
  /// Where it begins, in bytes of the document.
  var start: Int
  /// Where the next one begins.
  var end: Int
  var border: DocumentBorder
  /// For a table or a row of one: how many columns and rows it has.
  var columns = 0
  var rows = 0
  /// Where it stands.
  var place = BlockPlace()
  /// The lists and quotes that its text is in.
  var containers: [BlockContainer] = []

  var isHeading: Bool { if case .heading = kind { true } else { false } }
}

/// How good a place to cut is, from bad to good.
enum DocumentBorder: Int, Comparable {
  /// Between two words.
  case word
  /// Between two sentences.
  case sentence
  /// Between two blocks inside a list or a quote, or two rows of a table.
  case inner
  /// Between two items of an outermost list.
  case item
  /// Between two blocks.
  case block
  /// Before a heading.
  case heading

  static func < (left: DocumentBorder, right: DocumentBorder) -> Bool { left.rawValue < right.rawValue }
}

/// A list item or a quote, which holds other blocks.
enum BlockContainer: Hashable {
  case quote
  /// An item, whose text is so many columns further in.
  case item(Int)

  var isItem: Bool { if case .item = self { true } else { false } }
}

/// What is open where a part of a document begins, so that the part can be read by itself.
struct BlockPlace: Hashable {
  enum Leaf: Hashable { case none, paragraph, table }

  var containers: [BlockContainer] = []
  var leaf = Leaf.none
}
