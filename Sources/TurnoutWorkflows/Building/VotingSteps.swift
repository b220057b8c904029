import TurnoutCore

extension WorkflowBuilder {
  func vote(_ vote: VoteDefinition, _ name: String) throws -> any Step<Value, Value> {
    let tie: VoteTie<Value, Value> =
      switch vote.tie {
      case .first: .first
      case .none: .none
      case .step(let step): .by(GivenStep<Candidates<Value, Value>>(step: AnyValueStep(try build(step))))
      }
    let part = vote.part
    let counted: @Sendable (Value) -> Value? = { answer in part.reduce(Value?.some(answer)) { $0?[$1] } }
    let branches = try branches(vote.panel)
    let step =
      vote.panel.times.map { times in
        Vote(
          branches[0].step, name: name, votes: times, wave: vote.wave, stop: vote.stop, tie: tie,
          minimum: vote.minimum, failures: vote.failures, by: counted)
      }
      ?? Vote(
        name, branches, weights: vote.weights, wave: vote.wave, stop: vote.stop, tie: tie, minimum: vote.minimum,
        failures: vote.failures, by: counted)
    return ValueStep(step, input: { $0 }, output: { vote.isDetailed ? $0.value : $0.winner })
  }

  func judge(_ judge: JudgeDefinition, _ name: String) throws -> any Step<Value, Value> {
    let judging = Judge<Value, Value>(
      by: judge.criteria, model: try languageModel(judge.model), method: judge.method, limit: judge.panel.count,
      reasks: judge.reasks, settings: judge.settings)
    let step = Chain(name, panel(judge.panel, "candidates", try branches(judge.panel)), judging)
    return ValueStep(step, input: { $0 }, output: { judge.isDetailed ? $0.value : $0.winner })
  }

  func medoid(_ medoid: MedoidDefinition, _ name: String) throws -> any Step<Value, Value> {
    let embeddings = try models.embeddingModel(workflow.embeddings, in: workflow)
    let step = Chain(
      name, panel(medoid.panel, "candidates", try branches(medoid.panel)), Medoid<Value, Value>(by: embeddings))
    return ValueStep(step, input: { $0 }, output: { medoid.isDetailed ? $0.value : $0.winner })
  }

  func bestOf(_ best: BestOfDefinition, _ name: String) throws -> any Step<Value, Value> {
    let verifier = VerifierStep(step: AnyValueStep(try build(best.verifier)))
    let step = BestOf(
      AnyValueStep(try build(best.step)), name: name, times: best.times, atOnce: best.atOnce, bar: best.bar,
      verifier: verifier)
    return ValueStep(step, input: { $0 }, output: { best.isDetailed ? $0.value : $0.winner })
  }

  func mixture(_ mixture: MixtureDefinition, _ name: String) throws -> any Step<Value, Value> {
    Mixture(
      name,
      layers: try mixture.layers.map { layer in
        try layer.map { Branch($0.name, GivenStep<Candidates<Value, Value>>(step: AnyValueStep(try build($0)))) }
      }, combiningBy: GivenStep<Candidates<Value, Value>>(step: AnyValueStep(try build(mixture.combine))),
      atMost: mixture.fanOut.bound,
      onFailure: mixture.fanOut.policy)
  }

  private func branches(_ panel: PanelDefinition) throws -> [Branch<Value, Value>] {
    try panel.branches.map { Branch($0.name, AnyValueStep(try build($0))) }
  }

  private func panel(
    _ panel: PanelDefinition, _ name: String, _ branches: [Branch<Value, Value>]
  ) -> Panel<Value, Value> {
    panel.times.map { Panel(name, branches[0].step, times: $0) } ?? Panel(name, branches)
  }
}

/// A step that is given an attempt as `input.input` and `input.output`, and gives a score: a number, or an object's
/// `score`.
private struct VerifierStep: Step {
  let step: AnyValueStep
  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }

  func run(_ attempt: Attempt<Value, Value>, in run: Run) async throws -> Double {
    let given: Value = ["input": attempt.input, "output": attempt.output]
    let answer = try await step.run(given, in: run)
    let score = answer["score"] ?? answer
    guard let number = score.double ?? score.string.flatMap(Double.init) else {
      throw TurnoutError.invalidInput("\(identity.name): a score was expected, not \(score.kindDescription)")
    }
    return number
  }
}
