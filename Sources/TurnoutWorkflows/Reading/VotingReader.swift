import TurnoutCore

/// Reads `vote:`, `judge:`, `medoid:`, `best_of:` and `mixture:` blocks.
struct VotingReader {
  let steps: StepReader

  /// More answers to compare than this are a mistake.
  private static let most = 1_000

  func vote(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let extra = ["votes", "voters", "weights", "by", "wave", "stop", "tie", "minimum", "on_failure", "detail"]
    guard let members = node.members(StepReader.keys + extra, of: "the vote \"\(name)\""),
      let panel = panel(node, members, "vote", several: "voters", times: "votes", name, scope)
    else { return nil }
    var vote = VoteDefinition(panel: panel)
    vote.weights = weights(members["weights"], panel)
    vote.part = members["by"].flatMap { part($0, of: panel.output) } ?? []
    vote.wave = members["wave"].flatMap { wave($0) } ?? .needed
    vote.stop = members["stop"].flatMap { stop($0) } ?? .decided
    vote.minimum = members["minimum"]?.int("minimum", 1...max(1, panel.count)) ?? 1
    if let node = members["on_failure"] {
      vote.failures = node.choice("on_failure", ["abstain": VoteFailures.abstain, "fail": .fail]) ?? .abstain
    }
    vote.isDetailed = members["detail"]?.flag("detail") ?? false
    if let node = members["tie"] {
      if node.isScalar {
        vote.tie = node.choice("tie", ["first": VoteDefinition.Tie.first, "none": VoteDefinition.Tie.none]) ?? .first
      } else if let step = steps.step(node, name: "tie", scope: scope.with(input: Self.candidates(panel.output))) {
        vote.tie = .step(step)
      }
    }
    return .vote(vote)
  }

  func judge(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let extra = ["times", "branches", "criteria", "model", "method", "reasks", "temperature", "max_tokens", "detail"]
    guard let members = node.members(StepReader.keys + extra, of: "the judge \"\(name)\""),
      let panel = panel(node, members, "judge", several: "branches", times: "times", name, scope)
    else { return nil }
    guard let criteria = members["criteria"]?.list("criteria"), !criteria.isEmpty else {
      (members["criteria"] ?? node).complain("the judge \"\(name)\" has no criteria: what makes an answer good")
      return nil
    }
    var judge = JudgeDefinition(panel: panel, criteria: criteria.compactMap { $0.text("a criterion") })
    if let model = members["model"], let name = model.text("model") {
      if let problem = steps.modelProblem(name) { model.complain(problem) }
      judge.model = name
    }
    if let node = members["method"] {
      let methods: [String: JudgeMethod] = ["round_robin": .roundRobin, "knockout": .knockout, "scores": .scores]
      judge.method = node.choice("method", methods) ?? .roundRobin
    }
    judge.reasks = members["reasks"]?.int("reasks", 0...10) ?? 1
    judge.settings = ModelSettings(
      temperature: members["temperature"]?.number("temperature", 0...2),
      maxOutputTokens: members["max_tokens"]?.int("max_tokens", 1...1_000_000))
    judge.isDetailed = members["detail"]?.flag("detail") ?? false
    return .judge(judge)
  }

  func medoid(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(StepReader.keys + ["times", "branches", "detail"], of: "the medoid \"\(name)\""),
      let panel = panel(node, members, "medoid", several: "branches", times: "times", name, scope)
    else { return nil }
    return .medoid(MedoidDefinition(panel: panel, isDetailed: members["detail"]?.flag("detail") ?? false))
  }

  func bestOf(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let extra = ["times", "at_once", "bar", "verifier", "detail"]
    guard let members = node.members(StepReader.keys + extra, of: "the best_of step \"\(name)\"") else { return nil }
    guard let times = members["times"], let block = members["verifier"] else {
      node.complain("the best_of step \"\(name)\" needs times and a verifier, a step that gives a score")
      return nil
    }
    guard let count = times.int("times", 1...Self.most), let step = steps.step(node, members, name: name, scope: scope)
    else { return nil }
    let given = Schema.object(
      name: "attempt", properties: [.init("input", scope.input), .init("output", step.output)])
    guard let verifier = steps.step(block, name: "verifier", scope: scope.with(input: given)) else { return nil }
    if !verifier.isProgram, !verifier.output.mayFit(.number()), !verifier.output.mayFit(Self.scored) {
      block.complain(
        "the verifier gives \(verifier.output.kindDescription), and not a number or an object with a score")
    }
    return .bestOf(
      BestOfDefinition(
        step: step, times: count, atOnce: members["at_once"]?.int("at_once", 1...Self.most) ?? 1,
        bar: members["bar"]?.number("bar", -1e9...1e9), verifier: verifier,
        isDetailed: members["detail"]?.flag("detail") ?? false))
  }

  private static let scored = Schema.object(name: "score", properties: [.init("score", .number())])

  func mixture(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(["layers", "combine", "at_most"], of: "the mixture \"\(name)\"") else {
      return nil
    }
    guard let layers = members["layers"]?.list("layers"), !layers.isEmpty, let combine = members["combine"] else {
      node.complain("the mixture \"\(name)\" needs layers, a list of mappings of steps, and combine, a step")
      return nil
    }
    let given = scope.with(input: Self.candidates(.any))
    let read = layers.map { layer -> [StepDefinition] in
      let entries = layer.named("a layer") ?? []
      if entries.isEmpty { layer.complain("a layer has at least one step") }
      return entries.compactMap { steps.step($0.value, name: $0.name, scope: given) }
    }
    var fanOut = FanOutDefinition()
    fanOut.bound = members["at_most"]?.int("at_most", 1...100_000) ?? 8
    fanOut.policy = .settle
    return steps.step(combine, name: "combine", scope: given).map {
      .mixture(MixtureDefinition(layers: read, combine: $0, fanOut: fanOut))
    }
  }

  /// What a step is given that goes on from several answers.
  private static func candidates(_ answer: Schema) -> Schema {
    .object(
      name: "candidates",
      properties: [.init("request", .any), .init("text", .string()), .init("answers", .array(answer))])
  }

  /// Several steps under names, or one step and how often.
  private func panel(
    _ node: NodeReader, _ members: [String: NodeReader], _ what: String, several: String, times: String, _ name: String,
    _ scope: TemplateScope
  ) -> PanelDefinition? {
    if let block = members[several] {
      if let other = (StepReader.kinds + [times]).first(where: { members[$0] != nil }) {
        members[other]?.complain("the \(what) \"\(name)\" has \(several), so \(other) has no place")
      }
      guard let entries = block.named(several) else { return nil }
      if entries.isEmpty { block.complain("the \(what) \"\(name)\" has no \(several)") }
      return PanelDefinition(branches: entries.compactMap { steps.step($0.value, name: $0.name, scope: scope) })
    }
    guard let count = members[times] else {
      node.complain("the \(what) \"\(name)\" needs \(several), or one step and \(times)")
      return nil
    }
    guard let count = count.int(times, 1...Self.most), let step = steps.step(node, members, name: name, scope: scope)
    else { return nil }
    return PanelDefinition(branches: [step], times: count)
  }

  private func weights(_ node: NodeReader?, _ panel: PanelDefinition) -> [String: Double] {
    var weights: [String: Double] = [:]
    let names = panel.times == nil ? panel.branches.map(\.name) : []
    for (name, key, value) in node?.named("weights") ?? [] {
      if !names.contains(name) {
        let hint =
          name.hint(among: names, as: "voters")
        key.complain("there is no voter \"\(name)\"; \(hint)")
      }
      weights[name] = value.number("a weight", 0.000001...1_000_000)
    }
    return weights
  }

  /// Names of members such as `answer` or `verdict.city`, which the answers must have.
  private func part(_ node: NodeReader, of output: Schema) -> [String]? {
    guard let text = node.text("by") else { return nil }
    let names = text.split(separator: ".").map(String.init)
    let scope = TemplateScope(input: output)
    if case .failure(let problem) = scope.shape(of: ["input"] + names) {
      node.complain("by: " + problem.message.replacing("{{input.", with: "{{"))
    }
    return names
  }

  private func wave(_ node: NodeReader) -> VoteWave? {
    if node.rawInt != nil { return node.int("wave", 1...Self.most).map { .size($0) } }
    return node.choice("wave", ["needed": .needed, "all": .all])
  }

  private func stop(_ node: NodeReader) -> VoteStop? {
    if node.isMapping {
      guard let members = node.members(["adaptive", "either"], of: "stop"), members.count == 1 else { return nil }
      if let level = members["adaptive"]?.number("adaptive", 0.5...0.999999) { return .adaptive(confidence: level) }
      return members["either"]?.number("either", 0.5...0.999999).map { .either(confidence: $0) }
    }
    return node.choice("stop", ["never": .never, "decided": .decided, "adaptive": .adaptive(), "either": .either()])
  }
}

extension TemplateScope {
  /// The same scope with another input.
  func with(input: Schema) -> TemplateScope {
    var scope = self
    scope.input = input
    return scope
  }
}

extension NodeReader {
  /// One of several words.
  func choice<Choice>(_ what: String, _ choices: [String: Choice]) -> Choice? {
    guard let word = text(what) else { return nil }
    if let choice = choices[word] { return choice }
    let names = choices.keys.sorted()
    let hint = word.hint(among: names)
    complain("\(what) cannot be \"\(word)\"; \(hint)")
    return nil
  }
}
