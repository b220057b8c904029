/// A step, and another that answers instead when the first fails.
///
/// ```swift
/// let answer = agent.fallback(to: lookUp)
/// ```
/// Every error but cancellation leads to the second step; the first one's failure stays in the events.
public struct Fallback<First: Step, Second: Step>: Step
where First.Input == Second.Input, First.Output == Second.Output {
  private let name: String
  let first: First
  let second: Second

  /// A step and what answers when it fails.
  public init(_ name: String? = nil, _ first: First, otherwise second: Second) {
    self.name = name ?? first.identity.name
    self.first = first
    self.second = second
  }

  public var identity: StepIdentity { StepIdentity(.fallback, name) }
  public var outline: StepOutline {
    StepOutline(identity, output: first.outline.output, children: [first.outline, second.outline])
  }

  public func run(_ input: First.Input, in run: Run) async throws -> First.Output {
    do { return try await run.perform(first, input, as: first.identity.kind.name) } catch {
      if error is CancellationError || Task.isCancelled { throw error }
      return try await run.perform(second, input, as: "fallback")
    }
  }
}

extension Step {
  /// This step, and another that answers instead when this one fails.
  public func fallback<Other: Step>(to other: Other) -> Fallback<Self, Other>
  where Other.Input == Input, Other.Output == Output {
    Fallback(nil, self, otherwise: other)
  }
}
