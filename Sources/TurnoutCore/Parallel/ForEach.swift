/// One step over many inputs, several at once, outcomes in input order.
///
/// ```swift
/// let impacts = try await ForEach(analyst, atMost: 8, onFailure: .settle).run(groups)   // [Outcome<Impact>]
/// ```
/// Throws ``FanOutError``, which keeps every finished outcome, when the policy is not satisfied.
public struct ForEach<S: Step>: Step {
  let name: String
  let step: S
  let fanOut: FanOut
  let label: (@Sendable (Int, S.Input) -> String)?

  /// A step over many inputs.
  /// - Parameters:
  ///   - bound: the most inputs worked on at once, at least 1.
  ///   - policy: what happens when one fails.
  ///   - timeout: how long one attempt at an input may take; more than zero.
  ///   - retry: how often an input is tried.
  ///   - label: what an input is called in paths and outcomes; in paths its index unless this says otherwise.
  public init(
    _ step: S, name: String? = nil, atMost bound: Int = 8, onFailure policy: FailurePolicy = .failFast,
    timeout: Duration? = nil, retry: Retry = .never,
    label: (@Sendable (Int, S.Input) -> String)? = nil
  ) {
    self.name = name ?? "each \(step.identity.name)"
    self.step = step
    fanOut = FanOut(bound: bound, policy: policy, effort: BranchEffort(timeout: timeout, retry: retry))
    self.label = label
  }

  public var identity: StepIdentity { StepIdentity(.each, name) }
  public var outline: StepOutline {
    let inside = step.outline.repeated(StepRepetition.perElement.attempted(fanOut.effort.retry.attempts))
    return StepOutline(identity, children: [inside])
  }

  public func run(_ inputs: [S.Input], in run: Run) async throws -> [Outcome<S.Output>] {
    try await outcomes(of: inputs, in: run, nil)
  }

  /// Runs the step and gives every input's outcome as it arrives, whatever is slower.
  ///
  /// ```swift
  /// var done = 0
  /// let all = try await each.run(groups, in: run) { index, outcome in
  ///   done += 1
  ///   print("\(done) of \(groups.count): \(index)", outcome.output ?? "failed")
  /// }
  /// ```
  /// - Parameter onOutcome: gets an input's index and outcome, one at a time; what it throws cancels the rest and is
  ///   thrown. No further input starts while it works.
  /// - Returns: all outcomes in input order.
  public func run(
    _ inputs: [S.Input], in run: Run, onOutcome: (Int, Outcome<S.Output>) async throws -> Void
  ) async throws -> [Outcome<S.Output>] {
    try await withoutActuallyEscaping(onOutcome) { onOutcome in
      try await run.scope(identity.kind, name) { try await outcomes(of: inputs, in: $0, onOutcome) }
    }
  }

  private func outcomes(
    of inputs: [S.Input], in run: Run, _ onOutcome: ((Int, Outcome<S.Output>) async throws -> Void)?
  ) async throws -> [Outcome<S.Output>] {
    let (step, label, effort) = (step, label, fanOut.effort)
    let name: @Sendable (Int) -> String? = { label?($0, inputs[$0]) }
    let needs: @Sendable (Int, PriceTable) -> WorstCase = { step.worstCase(for: inputs[$0], prices: $1) }
    return try await fanOut.run(count: inputs.count, in: run, name: name, needs: needs, onOutcome: onOutcome) {
      index, run in
      try await effort.perform(step, inputs[index], as: name(index) ?? String(index), in: run)
    }
  }
}
