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
    if case .route(let route) = kind { counts["routes", default: 0] += route.routes.count }
    counts[word, default: 0] += 1
    for child in children { child.count(into: &counts) }
  }

  private var word: String {
    switch kind {
    case .agent: "agents"
    case .route: "routers"
    case .parallel: "parallel steps"
    case .each: "each steps"
    case .split: "split steps"
    case .race: "races"
    case .hedge: "hedges"
    case .vote: "votes"
    case .judge: "judges"
    case .medoid: "medoids"
    case .bestOf: "best_of steps"
    case .mixture: "mixtures"
    case .chain: "chains"
    case .tool: "tool steps"
    case .text: "texts"
    case .fallback: "fallbacks"
    case .use: "used files"
    }
  }

  /// The steps inside, in the order of the file.
  var children: [StepDefinition] {
    switch kind {
    case .agent, .tool, .text: []
    case .route(let route): route.steps
    case .parallel(let steps, _), .race(let steps, _), .chain(let steps): steps
    case .each(_, _, let step, _), .split(_, let step, _), .hedge(_, let step): [step]
    case .vote(let vote):
      if case .step(let step) = vote.tie { vote.panel.branches + [step] } else { vote.panel.branches }
    case .judge(let judge): judge.panel.branches
    case .medoid(let medoid): medoid.panel.branches
    case .bestOf(let best): [best.step, best.verifier]
    case .mixture(let mixture): mixture.layers.flatMap(\.self) + [mixture.combine]
    case .fallback(let step, let other): [step, other]
    case .use(let workflow): [workflow.root]
    }
  }
}
