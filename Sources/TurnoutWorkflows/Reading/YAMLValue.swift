public import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Value {
  /// Reads a YAML file as a value.
  /// - Throws: ``WorkflowError`` with the place of what is not YAML.
  public init(yamlFile path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw WorkflowError(file: path, "there is no such file, or it cannot be read")
    }
    let log = DiagnosticLog(file: path)
    let text = try YAMLSource.text(data, file: path)
    let value = NodeReader(node: try YAMLSource.compose(text, file: path), log: log).value()
    guard let value, log.diagnostics.isEmpty else { throw WorkflowError(log.diagnostics) }
    self = value
  }
}

extension Workflow {
  /// What the workflow is made of, in a few words.
  public var summary: String {
    var counts: [String: Int] = [:]
    root.count(into: &counts)
    let parts = counts.sorted { $0.key < $1.key }.map { Self.counted($0.value, $0.key) }
    return (parts + (tools.isEmpty ? [] : [Self.counted(tools.count, "tools")])).joined(separator: ", ")
  }

  private static func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(count == 1 ? String(word.dropLast()) : word)"
  }
}

extension StepDefinition {
  fileprivate func count(into counts: inout [String: Int]) {
    let children: [StepDefinition]
    let word: String
    switch kind {
    case .agent: (word, children) = ("agents", [])
    case .route(let route):
      let otherwise: [StepDefinition] = if case .step(let step) = route.otherwise { [step] } else { [] }
      counts["routes", default: 0] += route.routes.count
      let merge: [StepDefinition] = if case .step(let step)? = route.merge { [step] } else { [] }
      (word, children) = ("routers", route.routes.map(\.step) + otherwise + merge)
    case .parallel(let branches, _): (word, children) = ("parallel steps", branches)
    case .each(_, _, let step, _): (word, children) = ("each steps", [step])
    case .split(_, let step, _): (word, children) = ("split steps", [step])
    case .chain(let steps): (word, children) = ("chains", steps)
    case .tool: (word, children) = ("tool steps", [])
    case .text: (word, children) = ("texts", [])
    case .fallback(let step, let other): (word, children) = ("fallbacks", [step, other])
    case .use(let workflow): (word, children) = ("used files", [workflow.root])
    }
    counts[word, default: 0] += 1
    for child in children { child.count(into: &counts) }
  }
}
