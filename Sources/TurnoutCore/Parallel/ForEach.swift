/// One step over many inputs, several at once, outcomes in input order.
///
/// ```swift
/// let impacts = try await ForEach(analyst, atMost: 8, onFailure: .settle).run(groups)   // [Outcome<Impact>]
/// ```
/// Throws ``FanOutError``, which keeps every finished outcome, when the policy is not satisfied.
public struct ForEach<S: Step>: Step {
  private let name: String
  private let step: S
  private let fanOut: FanOut
  private let label: (@Sendable (Int, S.Input) -> String)?

  /// A step over many inputs.
  /// - Parameters:
  ///   - bound: the most inputs worked on at once, at least 1.
  ///   - policy: what happens when one fails.
  ///   - label: what an input is called in paths and outcomes; in paths its index unless this says otherwise.
  public init(
    _ step: S, name: String? = nil, atMost bound: Int = 8, onFailure policy: FailurePolicy = .failFast,
    label: (@Sendable (Int, S.Input) -> String)? = nil
  ) {
    self.name = name ?? "each \(step.identity.name)"
    self.step = step
    fanOut = FanOut(bound: bound, policy: policy)
    self.label = label
  }

  public var identity: StepIdentity { StepIdentity(.each, name) }
  public var outline: StepOutline { StepOutline(identity, children: [step.outline.repeated(.perElement)]) }

  public func run(_ inputs: [S.Input], in run: Run) async throws -> [Outcome<S.Output>] {
    let step = step
    let label = label
    let name: @Sendable (Int) -> String? = { label?($0, inputs[$0]) }
    let needs: @Sendable (Int, PriceTable) -> WorstCase = { step.worstCase(for: inputs[$0], prices: $1) }
    return try await fanOut.run(count: inputs.count, in: run, name: name, needs: needs) { index, run in
      try await run.perform(step, inputs[index], as: name(index) ?? String(index))
    }
  }
}
