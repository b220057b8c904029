import TurnoutCore

/// Reads `race:` and `hedge:` blocks.
struct RaceReader {
  let steps: StepReader

  func race(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(["branches"] + EffortReader.keys, of: "the race \"\(name)\"") else { return nil }
    guard let block = members["branches"] else {
      node.complain("the race \"\(name)\" has no branches")
      return nil
    }
    guard let entries = block.named("branches") else { return nil }
    if entries.isEmpty { block.complain("the race \"\(name)\" has no branches") }
    var fanOut = FanOutDefinition()
    EffortReader().read(members, into: &fanOut)
    return .race(entries.compactMap { steps.step($0.value, name: $0.name, scope: scope) }, fanOut)
  }

  func hedge(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let extra = ["after", "learn", "extra"]
    guard let members = node.members(StepReader.keys + extra, of: "the hedge \"\(name)\"") else { return nil }
    guard let after = members["after"] else {
      node.complain("the hedge \"\(name)\" does not say after which time a second attempt begins")
      return nil
    }
    let delay = after.duration("after")
    let learns = members["learn"]?.flag("learn") ?? false
    let share = members["extra"]?.number("extra", 0...1) ?? 0.05
    guard let step = steps.step(node, members, name: name, scope: scope), let delay else { return nil }
    if let tool = step.toolWithSideEffects(steps.names.tools) {
      node.complain(
        "a second attempt would call the tool \"\(tool)\" twice; write read_only: true there if it only reads")
    }
    return .hedge(HedgeDefinition(delay: learns ? .p95(until: delay) : .after(delay), share: share), step)
  }
}

extension StepDefinition {
  /// The first tool in the step, or inside it, that may change something.
  func toolWithSideEffects(_ tools: [String: ToolDefinition]) -> String? {
    switch kind {
    case .agent(let agent): agent.tools.first { tools[$0]?.isReadOnly == false }
    case .tool(let tool, _): tools[tool]?.isReadOnly == false ? tool : nil
    case .text: nil
    case .use(let workflow): workflow.root.toolWithSideEffects(workflow.tools)
    default: children.lazy.compactMap { $0.toolWithSideEffects(tools) }.first
    }
  }
}
