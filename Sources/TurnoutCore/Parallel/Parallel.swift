/// A named step that is one of several over the same input.
public struct Branch<Input: Sendable, Output: Sendable>: Sendable {
  /// The name in paths.
  public let name: String
  /// The work.
  public let step: any Step<Input, Output>

  /// A branch.
  public init(_ name: String, _ step: any Step<Input, Output>) {
    self.name = name
    self.step = step
  }

  func run(_ input: Input, in run: Run, _ effort: BranchEffort = BranchEffort()) async throws -> Output {
    try await effort.perform(step, input, as: name, in: run)
  }

  func outline(_ effort: BranchEffort) -> StepOutline {
    step.outline.repeated(StepRepetition.times(1).attempted(effort.retry.attempts))
  }
}

/// Named branches over one input, at once, with outputs of different types.
///
/// ```swift
/// let review = Parallel("review", Branch("facts", checker), Branch("tone", critic), onFailure: .settle)
/// let (facts, tone) = try await review.run(draft)   // Outcome<Facts>, Outcome<String>
/// ```
public struct Parallel<Input: Sendable, each Result: Sendable>: Step {
  /// Every branch's outcome, in the order of the branches.
  public typealias Output = (repeat Outcome<each Result>)

  private let name: String
  private let branches: (repeat Branch<Input, each Result>)
  private let fanOut: FanOut

  /// Branches over one input.
  /// - Parameters:
  ///   - timeout: how long one attempt at a branch may take; more than zero.
  ///   - retry: how often a branch is tried.
  public init(
    _ name: String = "parallel", _ branches: repeat Branch<Input, each Result>, atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .failFast, timeout: Duration? = nil, retry: Retry = .never
  ) {
    self.name = name
    self.branches = (repeat each branches)
    fanOut = FanOut(bound: bound, policy: policy, effort: BranchEffort(timeout: timeout, retry: retry))
  }

  public var identity: StepIdentity { StepIdentity(.parallel, name) }

  public var outline: StepOutline {
    var children: [StepOutline] = []
    for branch in repeat each branches { children.append(branch.outline(fanOut.effort)) }
    return StepOutline(identity, children: children)
  }

  public func run(_ input: Input, in run: Run) async throws -> Output {
    typealias Job = (
      name: String, run: @Sendable (Run) async throws -> any Sendable, needs: @Sendable (PriceTable) -> WorstCase
    )
    let effort = fanOut.effort
    var work: [Job] = []
    for branch in repeat each branches {
      work.append(
        (
          branch.name, { try await branch.run(input, in: $0, effort) },
          { branch.step.worstCase(for: input, prices: $0) }
        ))
    }
    let jobs = work
    let outcomes = try await fanOut.run(
      count: jobs.count, in: run, name: { jobs[$0].name }, needs: { jobs[$0].needs($1) }
    ) { index, run in try await jobs[index].run(run) }
    var index = 0
    func typed<Typed: Sendable>(_ branch: Branch<Input, Typed>) -> Outcome<Typed> {
      let outcome = outcomes[index]
      index += 1
      let result = outcome.result.flatMap { output -> Swift.Result<Typed, RunFailure> in
        guard let output = output as? Typed else {
          return .failure(RunFailure(label: "error", message: "a branch returned another type than it declares"))
        }
        return .success(output)
      }
      return Outcome(result, duration: outcome.duration, usage: outcome.usage, name: outcome.name)
    }
    return (repeat typed(each branches))
  }
}

/// Named branches over one input, at once, with outputs of one type: as many as there are at run time.
///
/// ```swift
/// let panel = ParallelBranches("panel", [Branch("small", first), Branch("large", second)])
/// ```
public struct ParallelBranches<Input: Sendable, Output: Sendable>: Step {
  private let name: String
  private let branches: [Branch<Input, Output>]
  private let fanOut: FanOut

  /// Branches over one input.
  /// - Parameters:
  ///   - timeout: how long one attempt at a branch may take; more than zero.
  ///   - retry: how often a branch is tried.
  public init(
    _ name: String = "parallel", _ branches: [Branch<Input, Output>], atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .failFast, timeout: Duration? = nil, retry: Retry = .never
  ) {
    self.name = name
    self.branches = branches
    fanOut = FanOut(bound: bound, policy: policy, effort: BranchEffort(timeout: timeout, retry: retry))
  }

  public var identity: StepIdentity { StepIdentity(.parallel, name) }
  public var outline: StepOutline { StepOutline(identity, children: branches.map { $0.outline(fanOut.effort) }) }

  public func run(_ input: Input, in run: Run) async throws -> [Outcome<Output>] {
    try await fanOut.run(branches, over: input, in: run)
  }

  /// Runs the step and gives every branch's outcome as it arrives, whatever is slower.
  /// - Parameter onOutcome: gets a branch's index and outcome, one at a time; what it throws cancels the rest and is
  ///   thrown. No further branch starts while it works.
  /// - Returns: all outcomes in the order of the branches.
  public func run(
    _ input: Input, in run: Run, onOutcome: (Int, Outcome<Output>) async throws -> Void
  ) async throws -> [Outcome<Output>] {
    try await withoutActuallyEscaping(onOutcome) { onOutcome in
      try await run.scope(identity.kind, name) {
        try await fanOut.run(branches, over: input, in: $0, onOutcome: onOutcome)
      }
    }
  }
}

extension FanOut {
  /// Branches over one input.
  func run<Input: Sendable, Output: Sendable>(
    _ branches: [Branch<Input, Output>], over input: Input, in run: Run,
    onOutcome: ((Int, Outcome<Output>) async throws -> Void)? = nil
  ) async throws -> [Outcome<Output>] {
    let effort = effort
    return try await self.run(
      count: branches.count, in: run, name: { branches[$0].name },
      needs: { branches[$0].step.worstCase(for: input, prices: $1) }, onOutcome: onOutcome
    ) { try await branches[$0].run(input, in: $1, effort) }
  }
}
