import TurnoutCore

extension WorkflowBuilder {
  func refine(_ refine: RefineDefinition, _ name: String) throws -> any Step<Value, Value> {
    let writer = GivenStep<Draft<Value, Value>>(step: AnyValueStep(try build(refine.step)))
    let evaluator: any Step<Attempt<Value, Value>, Evaluation> =
      switch refine.evaluator {
      case .step(let step): EvaluatorStep(step: AnyValueStep(try build(step)), bar: refine.bar)
      case .criteria(let criteria, let asked, let reasks):
        BarredEvaluator(
          evaluator: CriteriaEvaluator(
            criteria, model: try languageModel(asked.model), reasks: reasks, settings: asked.settings), bar: refine.bar)
      }
    let step = Refiner(writer, name: name, evaluator: evaluator, limit: refine.limit)
    return ValueStep(step, input: { $0 }, output: { refine.isDetailed ? $0.value : $0.output })
  }

  func orchestrate(_ orchestrate: OrchestrateDefinition, _ name: String) throws -> any Step<Value, Value> {
    let (planner, fanOut) = (orchestrate.planner, orchestrate.fanOut)
    return Orchestrator<Value, Value, Value>(
      name, by: try languageModel(planner.model), guidance: orchestrate.guidance,
      workers: try orchestrate.workers.map {
        Worker($0.step.name, $0.description, GivenStep(step: AnyValueStep(try build($0.step))))
      }, combiningBy: GivenStep<WorkReport<Value, Value>>(step: AnyValueStep(try build(orchestrate.combine))),
      limits: orchestrate.limits, settings: planner.settings, atMost: fanOut.bound, onFailure: fanOut.policy,
      timeout: fanOut.timeout, retry: fanOut.retry)
  }

  func gate(_ gate: GateDefinition, _ name: String) throws -> Gate<Value> {
    Gate(
      name,
      by: GateCheck(
        conditions: gate.conditions, step: try gate.check.map { AnyValueStep(try build($0)) }, reason: gate.reason))
  }
}

/// A step of a file whose input is written out of a typed one.
struct GivenStep<Given: ValueConvertible>: Step {
  let step: AnyValueStep
  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }

  func run(_ given: Given, in run: Run) async throws -> Value { try await step.run(given.value, in: run) }
}

/// A step that is given an attempt as `input.input` and `input.output`, and gives true or false, a number, or an object
/// with `passed`, `score` and `feedback`.
private struct EvaluatorStep: Step {
  let step: AnyValueStep
  let bar: Double?
  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }

  func run(_ attempt: Attempt<Value, Value>, in run: Run) async throws -> Evaluation {
    let answer = try await step.run(["input": attempt.input, "output": attempt.output], in: run)
    let said = answer["passed"] ?? answer
    let number = answer["score"] ?? answer
    let score = number.double ?? number.string.flatMap(Double.init)
    let passed = said.bool ?? ["true": true, "false": false][said.text]
    guard let passed = passed ?? bar.flatMap({ bar in score.map { $0 >= bar } }) else {
      throw TurnoutError.invalidInput(
        "\(identity.name): true or false, or a score and a bar, were expected, not \(answer.kindDescription)")
    }
    return Evaluation(
      passed: passed && bar.map { (score ?? .infinity) >= $0 } ?? true, score: score,
      feedback: answer["feedback"]?.text ?? "")
  }
}

/// An evaluator whose score must reach a bar too.
private struct BarredEvaluator: Step {
  let evaluator: CriteriaEvaluator<Value, Value>
  let bar: Double?
  var identity: StepIdentity { evaluator.identity }
  var outline: StepOutline { evaluator.outline }

  func run(_ attempt: Attempt<Value, Value>, in run: Run) async throws -> Evaluation {
    let evaluation = try await evaluator.run(attempt, in: run)
    guard let bar else { return evaluation }
    let isHigh = (evaluation.score ?? -.infinity) >= bar
    return Evaluation(
      passed: evaluation.passed && isHigh, score: evaluation.score, feedback: evaluation.feedback)
  }
}

/// What a gate of a file asks: conditions of the text, then a step that gives true or false, or an object with `passed`
/// and `reason`.
private struct GateCheck: Step {
  let conditions: [RuleCondition]
  let step: AnyValueStep?
  let reason: String?
  var identity: StepIdentity { step?.identity ?? StepIdentity(.function, "check") }
  var outline: StepOutline { step?.outline ?? StepOutline(identity, hasSideEffects: false) }

  func run(_ input: Value, in run: Run) async throws -> GateVerdict {
    guard conditions.allHold(for: input.text) else { return .stop(reason ?? "its conditions do not hold") }
    guard let step else { return .pass }
    let answer = try await step.run(input, in: run)
    let said = answer["passed"] ?? answer
    guard let passed = said.bool ?? ["true": true, "false": false][said.text] else {
      throw TurnoutError.invalidInput("\(identity.name): true or false was expected, not \(said.kindDescription)")
    }
    return GateVerdict(passed: passed, reason: answer["reason"]?.text ?? (passed ? "" : reason ?? ""))
  }
}
