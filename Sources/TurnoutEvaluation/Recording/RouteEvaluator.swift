public import TurnoutCore

/// How far an evaluation is.
public struct EvaluationProgress: Sendable, Hashable {
  /// Requests that are done, failed ones included.
  public let done: Int
  /// All requests.
  public let total: Int
  /// Requests that were decided rightly.
  public let right: Int
  /// Requests whose deciding failed.
  public let failed: Int
}

/// Asks for a decision about every labelled request, so many at once.
///
/// ```swift
/// let log = try DecisionLog(path: "decisions.jsonl", fingerprint: "support.yaml with gpt-5")
/// let evaluator = RouteEvaluator(concurrency: 16, log: log) { print($0.done, "of", $0.total) }
/// let judged = try await evaluator.evaluate(labelled.requests) { try await router.decide($0.input) }
/// ```
/// What the log knows is not asked again. A request that fails is kept as failed, and is asked again by the next run
/// over the same log.
public struct RouteEvaluator: Sendable {
  private let concurrency: Int
  private let log: DecisionLog?
  private let clock: RunClock
  private let progress: @Sendable (EvaluationProgress) async -> Void

  /// An evaluator.
  /// - Parameters:
  ///   - concurrency: how many requests are decided at once, at least 1.
  ///   - log: what was decided before, and where decisions are kept.
  ///   - clock: measures decisions that say nothing of their time.
  ///   - progress: is told after every request, one call at a time; the evaluation waits for it.
  public init(
    concurrency: Int = 8, log: DecisionLog? = nil, clock: RunClock = RunClock(),
    progress: @escaping @Sendable (EvaluationProgress) async -> Void = { _ in }
  ) {
    self.concurrency = max(1, concurrency)
    self.log = log
    self.clock = clock
    self.progress = progress
  }

  private enum Arrival: Sendable {
    case judged(JudgedDecision)
    case failed(JudgedDecision, any Error)
    case unrecorded(any Error)
  }

  /// Decides about every request; the answers are in the order of the requests.
  /// - Throws: `CancellationError` when the task is cancelled; ``EvaluationError`` when the log cannot be written; the
  ///   first request's error when every request fails.
  public func evaluate(
    _ requests: [LabelledRequest], decide: @escaping @Sendable (LabelledRequest) async throws -> RouteDecision
  ) async throws -> [JudgedDecision] {
    var judged = [JudgedDecision?](repeating: nil, count: requests.count)
    var errors: [Int: any Error] = [:]
    var right = 0
    try await withThrowingTaskGroup(of: (Int, Arrival).self) { group in
      var next = 0
      func start() {
        guard next < requests.count else { return }
        let index = next
        next += 1
        group.addTask { (index, await answer(requests[index], decide)) }
      }
      for _ in 0..<min(concurrency, requests.count) { start() }
      var done = 0
      while let (index, arrival) = try await group.next() {
        // Tasks that were cancelled have failed for that reason alone.
        try Task.checkCancellation()
        switch arrival {
        case .judged(let decision): judged[index] = decision
        case .failed(let decision, let error): (judged[index], errors[index]) = (decision, error)
        case .unrecorded(let error): throw error
        }
        done += 1
        if judged[index]?.isRight == true { right += 1 }
        await progress(
          EvaluationProgress(done: done, total: requests.count, right: right, failed: errors.count))
        start()
      }
    }
    try Task.checkCancellation()
    if !requests.isEmpty, errors.count == requests.count, let first = errors[0] { throw first }
    return judged.compactMap { $0 }
  }

  private func answer(
    _ request: LabelledRequest, _ decide: @Sendable (LabelledRequest) async throws -> RouteDecision
  ) async -> Arrival {
    if let known = log?.decision(for: request.input) { return .judged(JudgedDecision(request, known)) }
    let start = clock.now
    var decision: RouteDecision
    do { decision = try await decide(request) } catch {
      return .failed(JudgedDecision(request, failure: RunFailure(error)), error)
    }
    if decision.duration == .zero { decision.duration = clock.now - start }
    do { try log?.append(decision, for: request.input) } catch { return .unrecorded(error) }
    return .judged(JudgedDecision(request, decision))
  }
}
