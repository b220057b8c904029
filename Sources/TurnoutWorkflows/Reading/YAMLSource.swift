import TurnoutCore
import Yams

/// Turns the text of a YAML file into a tree of nodes with positions, within limits.
enum YAMLSource {
  static let sizeLimit = 4 << 20
  static let nodeLimit = 200_000

  /// - Throws: ``WorkflowError`` with the place of what is not YAML.
  static func compose(_ text: String, file: String) throws -> Node {
    guard text.utf8.count <= sizeLimit else { throw WorkflowError(file: file, "the file is larger than 4 MiB") }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch let error as YamlError { throw failure(error, file) }
    guard let node else { throw WorkflowError(file: file, "the file is empty; `turnout init` writes one to start from") }
    var count = 0
    guard isWithinLimit(node, &count, depth: 100) else {
      throw WorkflowError(file: file, "the file has more than \(nodeLimit) nodes, aliases included, or is nested too deeply")
    }
    return node
  }

  /// Aliases are already followed, so that a small text could stand for a tree without end.
  private static func isWithinLimit(_ node: Node, _ count: inout Int, depth: Int) -> Bool {
    count += 1
    guard count <= nodeLimit, depth > 0 else { return false }
    switch node {
    case .sequence(let sequence):
      for element in sequence where !isWithinLimit(element, &count, depth: depth - 1) { return false }
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard isWithinLimit(key, &count, depth: depth - 1), isWithinLimit(value, &count, depth: depth - 1) else {
          return false
        }
      }
    case .scalar, .alias: break
    }
    return true
  }

  private static func failure(_ error: YamlError, _ file: String) -> WorkflowError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let message = "not valid YAML: \(problem)"
      return WorkflowError([Diagnostic(file: file, line: mark.line, column: mark.column, message: message)])
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
      return WorkflowError([
        Diagnostic(file: file, line: context.mark.line, column: context.mark.column, message: "the key \(names) stands here twice")
      ])
    default: return WorkflowError(file: file, "not valid YAML")
    }
  }
}
