/// What of a document has to be the same in another version of it, such as a translation: how many headings there are
/// and of which levels, the code blocks as they are, and the size of every table.
///
/// ```swift
/// let shape = DocumentShape(of: section)
/// let keepsShape = OutputValidator<String> { shape.complaint(about: $0) }
/// ```
public struct DocumentShape: Sendable, Hashable {
  /// The levels of the headings, in order.
  public private(set) var headings: [Int] = []
  /// The code blocks with their fences, in order, without white space at their end; line ends are line feeds.
  public private(set) var code: [String] = []
  /// The tables, in order.
  public private(set) var tables: [Table] = []

  /// The size of a table.
  public struct Table: Sendable, Hashable {
    /// The columns of its first row.
    public let columns: Int
    /// The rows, the head counted and the line under it not.
    public fileprivate(set) var rows: Int
  }

  /// The shape of a document.
  public init(of document: String) { self.init(of: document, at: BlockPlace()) }

  /// The shape of a part of a document.
  init(of part: String, at place: BlockPlace) {
    let lines = part.split(separator: "\r\n", omittingEmptySubsequences: false)
    let document = Document(lines.joined(separator: "\n"), at: place)
    // Rows whose table began before the part are a table of their own.
    var isTable = false
    for block in document.blocks {
      defer { isTable = block.kind == .table || block.kind == .row }
      switch block.kind {
      case .heading(let level): headings.append(level)
      case .code: code.append(String(document.text(block.start..<block.end).trimmedAtEnd))
      case .table: tables.append(Table(columns: block.columns, rows: block.rows))
      case .row:
        if isTable, let last = tables.indices.last {
          tables[last].rows += block.rows
        } else {
          tables.append(Table(columns: block.columns, rows: block.rows))
        }
      case .html, .rule, .paragraph: break
      }
    }
  }

  /// What another version of the document has changed, in words for its author; nil when it has this shape.
  public func complaint(about text: String) -> String? { complaint(about: DocumentShape(of: text)) }

  func complaint(about other: DocumentShape) -> String? {
    var complaints: [String] = []
    if headings != other.headings {
      complaints.append(
        "it must have \(Self.list(headings)), and it has "
          + Self.list(other.headings))
    }
    if code.count != other.code.count {
      complaints.append("it must have \(code.count) code blocks, and it has \(other.code.count)")
    } else if let index = zip(code, other.code).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      complaints.append("code block \(index + 1) is not the same: repeat it exactly as it is, with its fences")
    }
    if tables.count != other.tables.count {
      complaints.append("it must have \(tables.count) tables, and it has \(other.tables.count)")
    } else if let index = zip(tables, other.tables).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      complaints.append(
        "table \(index + 1) must have \(tables[index].size), and it has \(other.tables[index].size)")
    }
    return complaints.isEmpty ? nil : complaints.joined(separator: "; ")
  }

  private static func list(_ levels: [Int]) -> String {
    guard !levels.isEmpty else { return "no headings" }
    let marks = levels.prefix(40).map { String(repeating: "#", count: $0) }.joined(separator: " ")
    return "\(levels.count) \(levels.count == 1 ? "heading" : "headings") (\(marks)\(levels.count > 40 ? " …" : ""))"
  }
}

extension DocumentShape.Table {
  fileprivate var size: String { "\(columns) columns and \(rows) rows" }
}
