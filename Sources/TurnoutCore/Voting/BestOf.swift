/// Several attempts of a step and a verifier that scores each; the first that is good enough wins, else the best.
///
/// ```swift
/// let solver = BestOf(writer, times: 4, bar: 1) { draft in draft.count <= 200 ? 1 : 0 }
/// let result = try await solver.run("Describe the sea.")
/// print(result.winner, result.score, result.passed)
/// ```
/// The verifier is code, or a step such as a ``Judge``'s score or an agent with a typed answer; higher is better. Attempts
/// come one after another unless `atOnce` says otherwise; once one reaches the bar the rest is cancelled or never starts.
/// An attempt whose verification fails, or whose score is no finite number, has no score and never wins. A step that always
/// answers alike gains nothing from attempts.
///
/// Throws ``FanOutError``, which keeps every attempt, when none has a score.
public struct BestOf<Input: Sendable, Output: Sendable>: Step {
  private let name: String
  private let step: any Step<Input, Output>
  private let count: Int
  private let atOnce: Int
  private let bar: Double?
  private let verifier: any Step<Attempt<Input, Output>, Double>

  /// Attempts with a step that scores them.
  /// - Parameters:
  ///   - count: the most attempts, at least one.
  ///   - atOnce: how many run at once; more take less time and cost more.
  ///   - bar: the score that is good enough; without one every attempt is made and the best wins.
  public init(
    _ step: any Step<Input, Output>, name: String? = nil, times count: Int, atOnce: Int = 1, bar: Double? = nil,
    verifier: any Step<Attempt<Input, Output>, Double>
  ) {
    self.name = name ?? "best of \(count) \(step.identity.name)"
    self.step = step
    self.count = count
    self.atOnce = atOnce
    self.bar = bar
    self.verifier = verifier
  }

  /// Attempts with code that scores them.
  public init(
    _ step: any Step<Input, Output>, name: String? = nil, times count: Int, atOnce: Int = 1, bar: Double? = nil,
    score: @escaping @Sendable (Output) async throws -> Double
  ) {
    self.init(
      step, name: name, times: count, atOnce: atOnce, bar: bar,
      verifier: FunctionStep("verifier") { (attempt: Attempt<Input, Output>) in try await score(attempt.output) })
  }

  public var identity: StepIdentity { StepIdentity(.bestOf, name) }
  public var outline: StepOutline {
    StepOutline(
      identity,
      children: [
        step.outline.repeated(.times(max(0, count))), verifier.outline.repeated(.times(max(0, count))).gathering(),
      ])
  }

  public func run(_ input: Input, in run: Run) async throws -> BestOfResult<Output> {
    if count < 1 { throw TurnoutError.invalidInput("\(name): it needs at least one attempt") }
    if bar?.isNaN == true { throw TurnoutError.invalidInput("\(name): the bar is not a number") }
    let (branch, verifier, count, atOnce, bar) = (Branch("attempt", step), verifier, count, max(1, atOnce), bar)
    let attempt = StepOutline(identity, children: [step.outline, verifier.outline.gathering()])
    var (started, arrived) = (0, 0)
    let outcomes: [Outcome<Scored>] = try await run.admitting(
      count, name: { "\($0 + 1)" }, needs: { Plan(attempt, input: InputBound(of: input), prices: $1).worst },
      admit: { arrival in
        if arrival != nil { arrived += 1 }
        if let bar, let score = arrival?.outcome.output?.score, score >= bar { return nil }
        let first = started
        started = min(count, max(started, arrived + atOnce))
        return Array(first..<started)
      }
    ) { index, run in
      try await run.scope(.bestOf, "\(index + 1)") { run in
        let output = try await branch.run(input, in: run)
        return await Scored(Attempt(input: input, output: output), by: verifier, in: run)
      }
    }
    return try result(outcomes)
  }

  /// An output and what the verifier said of it.
  private struct Scored: Sendable {
    let output: Output
    var score: Double?
    var failure: RunFailure?

    init(_ attempt: Attempt<Input, Output>, by verifier: any Step<Attempt<Input, Output>, Double>, in run: Run) async {
      output = attempt.output
      do {
        let score = try await Branch("verify", verifier).run(attempt, in: run)
        if score.isFinite {
          self.score = score
        } else {
          failure = RunFailure(label: "invalid_output", message: "the verifier's score is no finite number")
        }
      } catch { failure = RunFailure(error) }
    }
  }

  private func result(_ outcomes: [Outcome<Scored>]) throws -> BestOfResult<Output> {
    let attempts = outcomes.map { $0.map(\.output) }
    let scores = outcomes.map { $0.output?.score }
    let winner = highest(1, of: scores.map { $0 ?? -.infinity }).first ?? 0
    guard let score = scores[winner], let output = attempts[winner].output else {
      let first = outcomes.lazy.compactMap { $0.failure ?? $0.output?.failure }.first
      let cause = first.map { "; the first failure: \($0.message)" } ?? ""
      throw FanOutError(
        failure: RunFailure(TurnoutError.unsettled("no attempt of \(count) has a score\(cause)")), outcomes: attempts)
    }
    return BestOfResult(
      winner: output, score: score, passed: bar.map { score >= $0 } ?? true, number: winner + 1, scores: scores,
      outcomes: attempts)
  }
}

/// What a verifier or an evaluator looks at.
public struct Attempt<Input: Sendable, Output: Sendable>: Sendable {
  /// What the step was given.
  public let input: Input
  /// What it produced.
  public let output: Output

  /// An attempt.
  public init(input: Input, output: Output) {
    self.input = input
    self.output = output
  }
}

/// The best of several attempts.
public struct BestOfResult<Output: Sendable>: Sendable {
  /// The attempt that won.
  public let winner: Output
  /// Its score.
  public let score: Double
  /// Whether it reached the bar; true where there is none.
  public let passed: Bool
  /// Which attempt it was, from 1.
  public let number: Int
  /// Every attempt's score, in order; nil for those that failed, were not verified or never started.
  public let scores: [Double?]
  /// What became of every attempt.
  public let outcomes: [Outcome<Output>]
}

extension BestOfResult: ValueConvertible {
  /// `winner`, `score`, `passed`, `number` and `scores`.
  public var value: Value {
    [
      "winner": (winner as? any ValueConvertible)?.value ?? .null, "score": .double(score), "passed": .bool(passed),
      "number": .int(number), "scores": .array(scores.map { $0.map { .double($0) } ?? .null }),
    ]
  }
}
