import TurnoutCore
import Yams

/// Turns the text of a YAML file into a tree of nodes with positions, within limits.
enum YAMLSource {
  static let sizeLimit = 4 << 20
  static let nodeLimit = 200_000

  /// The text of a file's bytes.
  /// - Throws: ``WorkflowError`` when they are too many, or with the place of what is not UTF-8.
  static func text(_ bytes: some Collection<UInt8>, file: String) throws -> String {
    guard bytes.count <= sizeLimit else { throw WorkflowError(file: file, "the file is larger than 4 MiB") }
    if let text = String(validating: bytes, as: UTF8.self) {
      // The parser takes a byte order mark for content.
      return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }
    let place = TextPlace(ofInvalidUTF8In: bytes) ?? TextPlace(line: 1, column: 1)
    throw WorkflowError([
      Diagnostic(file: file, line: place.line, column: place.column, message: "the file is not valid UTF-8")
    ])
  }

  /// - Throws: ``WorkflowError`` with the place of what is not YAML.
  static func compose(_ text: String, file: String) throws -> Node {
    if let place = AliasKeys.first(in: text) {
      let message = "a key must be a text, neither an alias nor a collection"
      throw WorkflowError([Diagnostic(file: file, line: place.line, column: place.column, message: message)])
    }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch let error as YamlError { throw failure(error, file) }
    guard let node else {
      throw WorkflowError(file: file, "the file is empty; `turnout init` writes one to start from")
    }
    var count = 0
    if let place = excess(node, &count, depth: 100) {
      let message = "the file has more than \(nodeLimit) nodes, aliases included, or is nested too deeply"
      throw WorkflowError([Diagnostic(file: file, line: place.line, column: place.column, message: message)])
    }
    return node
  }

  /// The place of the first node that is one too many or too deep. Aliases are already followed, so that a small text
  /// could stand for a tree without end.
  private static func excess(_ node: Node, _ count: inout Int, depth: Int) -> TextPlace? {
    count += 1
    guard count <= nodeLimit, depth > 0 else {
      return TextPlace(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
    let inner: [Node] =
      switch node {
      case .sequence(let sequence): Array(sequence)
      case .mapping(let mapping): mapping.flatMap { [$0.key, $0.value] }
      case .scalar, .alias: []
      }
    for node in inner {
      if let place = excess(node, &count, depth: depth - 1) { return place }
    }
    return nil
  }

  private static func failure(_ error: YamlError, _ file: String) -> WorkflowError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let isDeep = problem.hasPrefix("Maximum nesting level")
      let message = "not valid YAML: \(isDeep ? "it is nested too deeply" : problem)"
      return WorkflowError([Diagnostic(file: file, line: mark.line, column: mark.column, message: message)])
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
      let place = repetition(of: duplicates.min() ?? "", after: context.mark, in: context.text)
      return WorkflowError([
        Diagnostic(file: file, line: place.line, column: place.column, message: "the key \(names) stands here twice")
      ])
    case .reader(let problem, let offset, _, let text):
      let place = TextPlace(of: offset ?? 0, in: text.utf8)
      return WorkflowError([
        Diagnostic(file: file, line: place.line, column: place.column, message: "not valid YAML: \(problem)")
      ])
    default: return WorkflowError(file: file, "not valid YAML")
    }
  }

  /// Where a key stands again. The parser tells where it stands first; in a block the next one begins in the same
  /// column. In braces the first place has to do.
  private static func repetition(of key: String, after mark: Mark, in text: String) -> TextPlace {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for line in mark.line..<max(mark.line, lines.count) {
      let rest = lines[line].dropFirst(mark.column - 1)
      let isIndented = lines[line].prefix(mark.column - 1).allSatisfy { $0 == " " }
      for written in [key, "\"\(key)\"", "'\(key)'"] where isIndented && rest.starts(with: written.unicodeScalars) {
        if rest.dropFirst(written.unicodeScalars.count).drop(while: { $0 == " " }).first == ":" {
          return TextPlace(line: line + 1, column: mark.column)
        }
      }
    }
    return TextPlace(line: mark.line, column: mark.column)
  }
}
