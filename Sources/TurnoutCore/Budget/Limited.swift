/// A step that may use no more than a budget, within whatever the run may use.
///
/// ```swift
/// let panel = Vote(analyst, votes: 5).limited(to: Budget(calls: 4))
/// ```
/// Throws ``BudgetError`` when a call inside would exceed it.
public struct Limited<Inner: Step>: Step {
  private let step: Inner
  private let budget: Budget

  init(_ step: Inner, to budget: Budget) {
    self.step = step
    self.budget = budget
  }

  public var identity: StepIdentity { step.identity }
  public var outline: StepOutline { step.outline.limited(to: budget) }

  public func run(_ input: Inner.Input, in run: Run) async throws -> Inner.Output {
    try await run.limited(to: budget) { try await step.run(input, in: $0) }
  }
}

extension Step {
  /// This step, with a budget of its own.
  public func limited(to budget: Budget) -> Limited<Self> { Limited(self, to: budget) }
}
