import TurnoutCore

/// Reads `agent:` blocks.
struct AgentReader {
  let steps: StepReader

  private static let keys = [
    "model", "instructions", "prompt", "tools", "output", "opens_with", "temperature", "seed", "max_tokens", "stop",
    "thinking", "images",
    "turns", "reasks",
  ]

  func read(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(Self.keys, of: "the agent \"\(name)\"") else { return nil }
    guard let instructions = members["instructions"] else {
      node.complain("the agent \"\(name)\" has no instructions")
      return nil
    }
    var agent = AgentDefinition(
      instructions: steps.template(instructions, "instructions", scope) ?? Template(literal: ""),
      prompt: members["prompt"].flatMap { steps.template($0, "prompt", scope) } ?? Self.input)
    agent.model = members["model"].flatMap { model($0, scope) }
    agent.tools = (members["tools"]?.list("tools") ?? []).compactMap { steps.knownTool($0)?.name }
    agent.images = (members["images"]?.list("images") ?? []).compactMap { steps.template($0, "an image", scope) }
    agent.output = members["output"].map { .object(name: "Output", properties: SchemaReader().properties($0)) }
    agent.opening = members["opens_with"]?.text("opens_with")
    if agent.opening != nil, agent.output != nil {
      members["opens_with"]?.complain("opens_with is for text answers, and this agent has an output shape")
    }
    agent.settings = ModelSettings(
      temperature: members["temperature"]?.number("temperature", 0...2),
      seed: members["seed"]?.int("seed", 0...Int(Int32.max)),
      maxOutputTokens: members["max_tokens"]?.int("max_tokens", 1...1_000_000),
      stop: (members["stop"]?.list("stop") ?? []).compactMap { $0.text("a stop text", allowingSpace: true) },
      thinking: members["thinking"].flatMap(thinking))
    agent.limits = AgentLimits(
      turns: members["turns"]?.int("turns", 1...100) ?? 10, reasks: members["reasks"]?.int("reasks", 0...10) ?? 2)
    return .agent(agent)
  }

  private func thinking(_ node: NodeReader) -> Thinking? {
    if node.rawInt != nil { return node.int("thinking", 1...1_000_000).map { .tokens($0) } }
    return node.choice("thinking", ["low": .low, "medium": .medium, "high": .high])
  }

  private static let input: Template = (try? Template.parse("{{input}}").get()) ?? Template(literal: "")

  /// A name of `models:`, a `provider:model`, or a template that gives one.
  private func model(_ node: NodeReader, _ scope: TemplateScope) -> Template? {
    guard let template = steps.template(node, "model", scope) else { return nil }
    if template.names.isEmpty, let text = node.rawText, let problem = steps.modelProblem(text) {
      node.complain(problem)
    }
    return template
  }
}

extension StepReader {
  /// What is wrong with a model's name, if anything.
  func modelProblem(_ name: String) -> String? {
    if name == "embeddings" { return "embeddings is the model that makes vectors, not one that answers" }
    if names.models.contains(name) { return nil }
    if name.contains(":") || ProviderNames.alone.contains(name) {
      return ProviderNames.problem(name, known: Array(names.providers))
    }
    let known = names.models.sorted()
    let hint = name.hint(among: known, as: "models")
    return "there is no model \"\(name)\"; \(hint)"
  }
}
