/// A request and what several answered to it: what judges, medoids and syntheses work on.
///
/// ```swift
/// let given = Candidates("Which is larger, 9.9 or 9.11?", answers: ["9.9", "9.11"])
/// given.text   // "Answer 1:\n9.9\n\nAnswer 2:\n9.11"
/// ```
public struct Candidates<Request: Sendable, Answer: Sendable>: Sendable {
  /// What was asked.
  public let request: Request
  /// What became of each, in order; those that failed are kept.
  public let outcomes: [Outcome<Answer>]

  /// Outcomes of a fan-out.
  public init(_ request: Request, outcomes: [Outcome<Answer>]) {
    self.request = request
    self.outcomes = outcomes
  }

  /// Answers that are there already.
  public init(_ request: Request, answers: [Answer]) {
    self.init(request, outcomes: answers.map { Outcome(.success($0)) })
  }

  /// The answers of those that succeeded.
  public var answers: [Answer] { outcomes.compactMap(\.output) }

  /// What those that succeeded are called: by their own name, else by their number from 1.
  var names: [String] {
    outcomes.enumerated().compactMap { $1.output == nil ? nil : $1.name ?? "\($0 + 1)" }
  }

  /// The error of whoever can make nothing of them; the outcomes are kept in it.
  func failure(_ error: any Error) -> any Error {
    error is CancellationError || Task.isCancelled ? error : FanOutError(failure: RunFailure(error), outcomes: outcomes)
  }

  /// - Throws: ``FanOutError`` with all outcomes when nothing succeeded.
  func requireAnswers(for name: String) throws {
    if outcomes.contains(where: { $0.output != nil }) { return }
    let cause = outcomes.lazy.compactMap(\.failure).first.map { "; the first failure: \($0.message)" } ?? ""
    throw failure(TurnoutError.unsettled("\(name): there are no candidates\(cause)"))
  }
}

extension Candidates where Answer: ValueConvertible {
  /// The answers under numbers, without the names of who gave them.
  public var text: String {
    answers.enumerated().map { "Answer \($0 + 1):\n\($1.value.text)" }.joined(separator: "\n\n")
  }
}

extension Candidates: ValueConvertible where Request: ValueConvertible, Answer: ValueConvertible {
  /// The request and the answers under numbers: a prompt for whoever combines them.
  public var prompt: String { answers.isEmpty ? request.value.text : "Request:\n\(request.value.text)\n\n\(text)" }

  /// `request`, `text` (the answers under numbers) and `answers`.
  public var value: Value {
    ["request": request.value, "text": .string(text), "answers": .array(answers.map(\.value))]
  }
}

/// Several steps over one input, at once, whose answers stay together with it: what a judge, a medoid or a synthesis
/// goes on from.
///
/// ```swift
/// let best = Panel("drafts", [Branch("small", first), Branch("large", second)]).then(judge)
/// ```
/// Unless a policy says otherwise, a branch that fails is one candidate fewer.
public struct Panel<Input: Sendable, Output: Sendable>: Step {
  private let branches: ParallelBranches<Input, Output>
  private let repeated: (step: any Step<Input, Output>, times: Int)?

  /// Several steps.
  public init(
    _ name: String = "panel", _ branches: [Branch<Input, Output>], atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .settle
  ) {
    self.branches = ParallelBranches(name, branches, atMost: bound, onFailure: policy)
    repeated = nil
  }

  /// One step several times.
  public init(
    _ name: String = "panel", _ step: any Step<Input, Output>, times: Int, atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .settle
  ) {
    branches = ParallelBranches(name, .times(times, step), atMost: bound, onFailure: policy)
    repeated = (step, max(0, times))
  }

  public var identity: StepIdentity { branches.identity }
  public var outline: StepOutline {
    guard let repeated else { return branches.outline }
    return StepOutline(identity, children: [repeated.step.outline.repeated(.times(repeated.times))])
  }

  public func run(_ input: Input, in run: Run) async throws -> Candidates<Input, Output> {
    Candidates(input, outcomes: try await branches.run(input, in: run))
  }
}

extension Array {
  /// One step several times, the branches called by their numbers from 1.
  static func times<Input, Output>(_ count: Int, _ step: any Step<Input, Output>) -> [Branch<Input, Output>]
  where Element == Branch<Input, Output> {
    (0..<Swift.max(0, count)).map { Branch("\($0 + 1)", step) }
  }
}
