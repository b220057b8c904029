import TurnoutCore

/// Reads `refine:` and `orchestrate:` blocks, and the gates of a chain.
struct PatternReader {
  let steps: StepReader

  /// More attempts than this are a mistake.
  private static let mostAttempts = 100
  private static let settingKeys = ["model", "temperature", "max_tokens"]

  func refine(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let extra = ["criteria", "evaluator", "bar", "limit", "reasks", "detail"] + Self.settingKeys
    guard let members = node.members(StepReader.keys + extra, of: "the refine step \"\(name)\"") else { return nil }
    let request = scope.input
    // What is written is not known before the step is read, which can name what it wrote before.
    let draft = Schema.object(
      name: "draft",
      properties: [
        .init("request", request), .init("previous", .any), .init("feedback", .string()), .init("text", .string()),
      ])
    guard let step = steps.step(node, members, name: name, scope: scope.with(input: draft)) else { return nil }
    guard let evaluator = evaluator(node, members, name, scope, request, step.output) else { return nil }
    return .refine(
      RefineDefinition(
        step: step, evaluator: evaluator, bar: members["bar"]?.number("bar", -1e9...1e9),
        limit: members["limit"]?.int("limit", 1...Self.mostAttempts) ?? 3,
        isDetailed: members["detail"]?.flag("detail") ?? false))
  }

  private static let verdict = Schema.object(
    name: "verdict", properties: [.init("passed", .optional(.boolean)), .init("score", .optional(.number()))])

  private func evaluator(
    _ node: NodeReader, _ members: [String: NodeReader], _ name: String, _ scope: TemplateScope, _ request: Schema,
    _ written: Schema
  ) -> RefineDefinition.Evaluator? {
    if let block = members["evaluator"] {
      if let other = (["criteria", "reasks"] + Self.settingKeys).first(where: { members[$0] != nil }) {
        members[other]?.complain("the refine step \"\(name)\" has an evaluator, so \(other) has no place")
      }
      let given = Schema.object(name: "attempt", properties: [.init("input", request), .init("output", written)])
      guard let step = steps.step(block, name: "evaluator", scope: scope.with(input: given)) else { return nil }
      if !step.isProgram, ![.boolean, .number(), Self.verdict].contains(where: { step.output.mayFit($0) }) {
        block.complain(
          "the evaluator gives \(step.output.kindDescription), and not true or false, a number, or an object with "
            + "passed, score and feedback")
      }
      if members["bar"] == nil, !step.output.mayFit(.boolean), step.output.mayFit(.number()) {
        node.complain("the evaluator gives a number, so \"bar\" must say which one is good enough")
      }
      return .step(step)
    }
    guard let criteria = members["criteria"]?.list("criteria"), !criteria.isEmpty else {
      (members["criteria"] ?? node).complain(
        "the refine step \"\(name)\" needs criteria, what makes an answer good, or an evaluator, a step")
      return nil
    }
    return .criteria(
      criteria.compactMap { $0.text("a criterion") }, asked(members),
      reasks: members["reasks"]?.int("reasks", 0...10) ?? 1)
  }

  private func asked(_ members: [String: NodeReader]) -> AskedModelDefinition {
    var asked = AskedModelDefinition()
    if let node = members["model"], let name = node.text("model") {
      if let problem = steps.modelProblem(name) { node.complain(problem) }
      asked.model = name
    }
    asked.settings = ModelSettings(
      temperature: members["temperature"]?.number("temperature", 0...2),
      maxOutputTokens: members["max_tokens"]?.int("max_tokens", 1...1_000_000))
    return asked
  }

  func orchestrate(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let keys = ["planner", "workers", "combine", "tasks", "depth"] + FanOutReader.policyKeys
    guard let members = node.members(keys, of: "the orchestrator \"\(name)\"") else { return nil }
    guard let block = members["workers"], let combine = members["combine"] else {
      node.complain("the orchestrator \"\(name)\" needs workers, each a step with a description, and combine, a step")
      return nil
    }
    let entries = block.named("workers") ?? []
    if entries.isEmpty { block.complain("the orchestrator \"\(name)\" has no workers") }
    let subtask = Schema.object(
      name: "subtask",
      properties: [
        .init("request", scope.input), .init("id", .string()), .init("task", .string()), .init("results", .any),
        .init("text", .string()),
      ])
    let workers = entries.compactMap { name, _, value in worker(name, value, scope.with(input: subtask)) }
    let report = Schema.object(
      name: "report",
      properties: [.init("request", scope.input), .init("tasks", .array(.any)), .init("text", .string())])
    guard let last = steps.step(combine, name: "combine", scope: scope.with(input: report)) else { return nil }
    var orchestrate = OrchestrateDefinition(workers: workers, combine: last)
    if let planner = members["planner"]?.members(Self.settingKeys + ["instructions"], of: "the planner") {
      orchestrate.planner = asked(planner)
      orchestrate.guidance = planner["instructions"]?.text("instructions") ?? ""
    }
    orchestrate.limits = PlanLimits(
      tasks: members["tasks"]?.int("tasks", 1...1_000) ?? 16, depth: members["depth"]?.int("depth", 1...1_000) ?? 8)
    orchestrate.fanOut = FanOutReader(steps: steps).fanOut(members, count: nil)
    return .orchestrate(orchestrate)
  }

  private func worker(_ name: String, _ node: NodeReader, _ scope: TemplateScope) -> (String, StepDefinition)? {
    guard let members = node.members(StepReader.keys + ["description"], of: "the worker \"\(name)\"") else {
      return nil
    }
    guard let description = members["description"]?.text("description") else {
      node.complain("the worker \"\(name)\" has no description: what the planner can give it to do")
      return nil
    }
    return steps.step(node, members, name: name, scope: scope).map { (description, $0) }
  }

  func gate(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> GateDefinition? {
    guard let members = node.members(["when", "check", "reason", "otherwise"], of: "the gate \"\(name)\"") else {
      return nil
    }
    var gate = GateDefinition(passes: scope.input)
    if let when = members["when"] {
      guard let conditions = RuleReader.conditions(when, of: RuleReader.textConditions) else { return nil }
      gate.conditions = conditions
    }
    if let check = members["check"] {
      guard let step = steps.step(check, name: "check", scope: scope) else { return nil }
      let verdict = Schema.object(name: "verdict", properties: [.init("passed", .boolean)])
      if !step.isProgram, ![.boolean, verdict].contains(where: { step.output.mayFit($0) }) {
        check.complain(
          "the check gives \(step.output.kindDescription), and not true or false, or an object with passed and reason")
      }
      gate.check = step
    }
    if gate.conditions.isEmpty, gate.check == nil {
      node.complain(
        "the gate \"\(name)\" needs when, conditions that must hold, or check, a step that says true or false")
    }
    gate.reason = members["reason"]?.text("reason")
    if let otherwise = members["otherwise"] {
      let stop = Schema.object(
        name: "stop", properties: [.init("value", scope.input), .init("gate", .string()), .init("reason", .string())])
      guard let step = steps.step(otherwise, name: "otherwise", scope: scope.with(input: stop)) else { return nil }
      gate.otherwise = step
    }
    return gate
  }
}

extension StepDefinition {
  /// Whether it runs a program, whose text may be a number or a truth value.
  var isProgram: Bool { if case .tool = kind { true } else { false } }
}
