extension StepDefinition {
  /// Whether any template in the step, or inside it, names what is outside of its own input.
  var looksOutside: Bool {
    switch kind {
    case .agent(let agent): [agent.instructions, agent.prompt].contains { $0.looksOutside }
    case .route(let route): route.steps.contains { $0.looksOutside }
    case .parallel(let branches, _): branches.contains { $0.looksOutside }
    case .each(let over, _, let step, _): over.looksOutside || step.looksOutside
    case .split(_, let step, _): step.looksOutside
    case .race(let branches, _): branches.contains { $0.looksOutside }
    case .hedge(_, let step): step.looksOutside
    case .chain(let steps): steps.contains { $0.looksOutside }
    case .tool: false
    case .text(let template): template.looksOutside
    case .use: false
    case .fallback(let step, let other): step.looksOutside || other.looksOutside
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
