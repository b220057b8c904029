/// Several steps over one input, at once: the first success is the output, and the others are cancelled.
///
/// ```swift
/// let quickest = Race("quickest", [Branch("small", first), Branch("large", second)])
/// let answer = try await quickest.run("What does it cost?")
/// ```
/// What the others used is counted, and told by ``RunEvent/Kind/wasted(_:)``. Every step may have begun before the first
/// one answers: whatever has side effects has them. Throws ``FanOutError`` when every step fails.
public struct Race<Input: Sendable, Output: Sendable>: Step {
  private let name: String
  private let branches: [Branch<Input, Output>]
  private let fanOut: FanOut

  /// Steps that race.
  /// - Parameters:
  ///   - timeout: how long one attempt at a step may take; more than zero.
  ///   - retry: how often a step is tried.
  public init(
    _ name: String = "race", _ branches: [Branch<Input, Output>], timeout: Duration? = nil, retry: Retry = .never
  ) {
    self.name = name
    self.branches = branches
    fanOut = FanOut(
      bound: branches.count, policy: .quorum(1), effort: BranchEffort(timeout: timeout, retry: retry),
      tellsWaste: false)
  }

  public var identity: StepIdentity { StepIdentity(.race, name) }
  public var outline: StepOutline {
    StepOutline(
      identity, output: branches.first?.step.outline.output, children: branches.map { $0.outline(fanOut.effort) })
  }

  public func run(_ input: Input, in run: Run) async throws -> Output {
    if branches.isEmpty { throw TurnoutError.invalidInput("the race \(name) has no steps") }
    var first: Int?
    let outcomes = try await fanOut.run(branches, over: input, in: run) { index, outcome in
      if first == nil, outcome.failure == nil { first = index }
    }
    guard let first else { throw CancellationError() }
    let wasted = outcomes.indices.reduce(into: Usage.none) { if $1 != first { $0 += outcomes[$1].usage } }
    await run.tell(dropped: 0, wasted: wasted)
    return try outcomes[first].get()
  }
}
