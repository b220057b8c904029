extension StepDefinition {
  /// Whether any template in the step, or inside it, names what is outside of its own input.
  var looksOutside: Bool {
    switch kind {
    case .agent(let agent): [agent.instructions, agent.prompt].contains { $0.looksOutside }
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
