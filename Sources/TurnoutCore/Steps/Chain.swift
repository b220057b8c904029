/// Steps one after another: each gets what the one before produced.
///
/// ```swift
/// let answer = lookUp.then(writer)
/// ```
public struct Chain<First: Step, Second: Step>: Step where First.Output == Second.Input {
  private let name: String
  private let first: First
  private let second: Second

  /// Two steps; chains of chains make longer ones.
  public init(_ name: String? = nil, _ first: First, _ second: Second) {
    self.name = name ?? "\(first.identity.name), \(second.identity.name)"
    self.first = first
    self.second = second
  }

  public var identity: StepIdentity { StepIdentity(.chain, name) }
  public var outline: StepOutline {
    StepOutline(identity, output: second.outline.output, children: [first.outline, second.outline])
  }

  public func run(_ input: First.Input, in run: Run) async throws -> Second.Output {
    try await run.perform(second, try await run.perform(first, input))
  }
}

extension Step {
  /// This step, then another that gets its output.
  public func then<Next: Step>(_ next: Next) -> Chain<Self, Next> where Next.Input == Output {
    Chain(nil, self, next)
  }
}
