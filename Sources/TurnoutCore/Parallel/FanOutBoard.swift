import Synchronization

/// What the workers of a fan-out share: which branch is next, what became of those that ran, and whether to go on.
final class FanOutBoard<Output: Sendable>: Sendable {
  private struct State {
    var next = 0
    var isClosed: Bool
    var arrivals: [Outcome<Output>?]
    var settlement: Settlement
    var firstFailure: RunFailure?

    var hasNext: Bool { !isClosed && next < arrivals.count }
  }

  private let state: Mutex<State>

  init(_ policy: FailurePolicy, count: Int) {
    // Of no successes the first ones are there before anything runs.
    state = Mutex(
      State(
        isClosed: policy == .quorum(0), arrivals: [Outcome<Output>?](repeating: nil, count: count),
        settlement: Settlement(policy, count: count)))
  }

  /// Takes the next branch; none when all are taken or the fan-out has what it wanted.
  func next() -> Int? {
    state.withLock { state in
      guard state.hasNext else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  /// Whether a branch is left to start.
  var hasNext: Bool { state.withLock { $0.hasNext } }

  /// No further branch starts; what still runs is not needed.
  func close() { state.withLock { $0.isClosed = true } }

  /// Whether what still runs is not needed.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func record(_ outcome: Outcome<Output>, of index: Int) {
    state.withLock { state in
      state.arrivals[index] = outcome
      if state.isClosed {
        // A failure may be the cancellation of what was not needed any more.
        if outcome.failure == nil { _ = state.settlement.record(success: true) }
        return
      }
      if let failure = outcome.failure, state.firstFailure == nil { state.firstFailure = failure }
      if state.settlement.record(success: outcome.failure == nil) != .goOn { state.isClosed = true }
    }
  }

  /// The outcomes of the branches that ran, how they settled, and why the first of them failed.
  var results: (arrivals: [Outcome<Output>?], settlement: Settlement, firstFailure: RunFailure?) {
    state.withLock { ($0.arrivals, $0.settlement, $0.firstFailure) }
  }
}
