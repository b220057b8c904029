/// Writes, evaluates against stated criteria, and revises until an attempt passes or a limit is reached: the pattern
/// *evaluator-optimizer*. The best attempt so far is what a limit returns.
///
/// ```swift
/// let poet = Agent("poet", model: model, output: .text, instructions: { _, _ in "Write a short poem." },
///   prompt: { (draft: Draft<String, String>, _) in draft.text })
/// let refiner = Refiner(poet, criteria: ["It has four lines.", "It rhymes."], model: judge, limit: 3)
/// let result = try await refiner.run("The sea")
/// print(result.output, result.passed, result.number)
/// ```
/// A revision starts from the best attempt and what was said of it. An evaluation that fails, or whose score is no finite
/// number, counts as one attempt that has not passed. When a later attempt fails, or the budget is used up, the best one
/// so far is returned and ``Refined/failure`` says why it went no further; a first attempt that fails is thrown.
public struct Refiner<Input: Sendable, Output: Sendable>: Step {
  private let name: String
  private let writer: any Step<Draft<Input, Output>, Output>
  private let evaluator: any Step<Attempt<Input, Output>, Evaluation>
  private let limit: Int

  /// A loop of two steps.
  /// - Parameter limit: the most attempts, at least one.
  public init(
    _ writer: any Step<Draft<Input, Output>, Output>, name: String? = nil,
    evaluator: any Step<Attempt<Input, Output>, Evaluation>, limit: Int = 3
  ) {
    self.name = name ?? "refine \(writer.identity.name)"
    self.writer = writer
    self.evaluator = evaluator
    self.limit = limit
  }

  /// A loop whose evaluator is code.
  public init(
    _ writer: any Step<Draft<Input, Output>, Output>, name: String? = nil, limit: Int = 3,
    evaluate: @escaping @Sendable (Output) async throws -> Evaluation
  ) {
    self.init(
      writer, name: name,
      evaluator: FunctionStep("evaluator", hasSideEffects: false) { (attempt: Attempt<Input, Output>) in
        try await evaluate(attempt.output)
      }, limit: limit)
  }

  public var identity: StepIdentity { StepIdentity(.refine, name) }
  public var outline: StepOutline {
    // What a revision reads was written and said before it, so that it is a child of its own after both.
    let again = StepRepetition.times(max(0, limit - 1))
    return StepOutline(
      identity, output: writer.outline.output,
      children: [
        writer.outline, evaluator.outline.gathering(), writer.outline.repeated(again).gathering(),
        evaluator.outline.repeated(again).gathering(),
      ])
  }

  public func run(_ input: Input, in run: Run) async throws -> Refined<Output> {
    if limit < 1 { throw TurnoutError.invalidInput("\(name): it needs at least one attempt") }
    var state = RefinementState<Output>(limit: limit)
    var failure: RunFailure?
    while state.goesOn, failure == nil {
      let draft = Draft(input, previous: state.best?.output, feedback: state.best?.evaluation?.feedback ?? "")
      do {
        let number = state.evaluations.count + 1
        let (output, evaluation) = try await run.scope(.refine, "\(number)") { run in
          let output = try await Branch("write", writer).run(draft, in: run)
          return (output, try await self.evaluation(of: Attempt(input: input, output: output), in: run))
        }
        state.record(output, evaluation)
        await run.emit(
          .evaluated(.init(attempt: number, passed: evaluation?.passed ?? false, score: evaluation?.score)))
      } catch {
        if state.best == nil || error is CancellationError || Task.isCancelled { throw error }
        failure = RunFailure(error)
      }
    }
    guard let best = state.best else { throw TurnoutError.unsettled("\(name): there is no attempt") }
    return Refined(
      output: best.output, passed: best.evaluation?.passed ?? false, score: best.evaluation?.score,
      number: best.number, evaluations: state.evaluations, failure: failure)
  }

  /// Nil when the attempt could not be evaluated.
  private func evaluation(of attempt: Attempt<Input, Output>, in run: Run) async throws -> Evaluation? {
    do {
      let evaluation = try await Branch("evaluate", evaluator).run(attempt, in: run)
      return evaluation.score?.isFinite == false ? nil : evaluation
    } catch {
      if error is CancellationError || Task.isCancelled { throw error }
      return nil
    }
  }
}

/// What came out of writing and revising.
public struct Refined<Output: Sendable>: Sendable {
  /// The best attempt.
  public let output: Output
  /// Whether it passed.
  public let passed: Bool
  /// Its score, where there is one.
  public let score: Double?
  /// Which attempt it was, from 1.
  public let number: Int
  /// What was said of every attempt, in order; nil for those that could not be evaluated.
  public let evaluations: [Evaluation?]
  /// Why there were not more attempts, when one of them failed.
  public let failure: RunFailure?
}

extension Refined: ValueConvertible {
  /// `output`, `passed`, `score`, `number`, `evaluations`, and `error` when a later attempt failed.
  public var value: Value {
    var object: ValueObject = [
      "output": (output as? any ValueConvertible)?.value ?? .null, "passed": .bool(passed),
      "score": score.map { .double($0) } ?? .null, "number": .int(number),
      "evaluations": .array(evaluations.map { $0?.value ?? .null }),
    ]
    object["error"] = failure?.value
    return .object(object)
  }
}
