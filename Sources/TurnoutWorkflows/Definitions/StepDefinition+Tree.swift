import TurnoutCore

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
    case .refine: "refine steps"
    case .orchestrate: "orchestrators"
    case .gate: "gates"
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
    case .refine(let refine):
      if case .step(let step) = refine.evaluator { [refine.step, step] } else { [refine.step] }
    case .orchestrate(let orchestrate): orchestrate.workers.map(\.step) + [orchestrate.combine]
    case .gate(let gate): [gate.check, gate.otherwise].compactMap(\.self)
    case .fallback(let step, let other): [step, other]
    case .use(let workflow): [workflow.root]
    }
  }
}

extension StepDefinition {
  /// Whether any template in the step, or inside it, names what is outside of its own input.
  var looksOutside: Bool {
    switch kind {
    case .agent(let agent): ([agent.instructions, agent.prompt] + agent.images).contains { $0.looksOutside }
    case .each(let over, _, let step, _): over.looksOutside || step.looksOutside
    case .text(let template): template.looksOutside
    case .use: false
    default: children.contains { $0.looksOutside }
    }
  }
}

extension RouteDefinition {
  /// The steps inside of a router.
  var steps: [StepDefinition] {
    var steps = routes.map(\.step)
    if case .step(let step) = otherwise { steps.append(step) }
    if case .step(let step)? = merge { steps.append(step) }
    return steps
  }
}
