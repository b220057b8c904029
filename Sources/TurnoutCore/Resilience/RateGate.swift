import Synchronization

/// Keeps the calls of one provider's key within its limits, for all branches and all runs of a process that share it.
///
/// ```swift
/// let gate = RateGate()
/// let models = ["gpt-4o", "gpt-4o-mini"].map { OpenAIChatModel($0, at: endpoint).gated(by: gate) }
/// ```
/// What the limits are it learns from what the provider says with each response, and from refusals where it says nothing.
/// Calls that must wait queue: those of runs that somebody waits for first (``CallPriority``), and the runs in turn.
public final class RateGate: Sendable {
  private enum Wake: Sendable {
    /// The call may be made.
    case go
    /// Something is different: look again how long there is to wait.
    case look
  }

  private struct State {
    var gate: GateState
    var parked: [GateState.Ticket: CheckedContinuation<Wake, any Error>] = [:]
    /// Those who may go and have not come to know it.
    var granted: Set<GateState.Ticket> = []
    /// The one who waits for the time to pass, for all others too, and until when.
    var keeper: GateState.Ticket?
    var keepsUntil = Duration.zero
  }

  private let clock: RunClock
  private let state: Mutex<State>

  /// A gate that nobody has passed yet.
  /// - Parameter clock: the time by which it waits; it is its own, since runs share it.
  public init(_ settings: GateSettings = GateSettings(), clock: RunClock = RunClock()) {
    self.clock = clock
    state = Mutex(State(gate: GateState(settings, at: clock.now)))
  }

  /// Whether tokens are limited, as far as is known.
  var countsTokens: Bool { state.withLock { $0.gate.countsTokens } }

  /// How many calls are on their way and how many wait.
  var counts: (inFlight: Int, waiting: Int) { state.withLock { ($0.gate.inFlight, $0.gate.waitingCount) } }

  /// Waits until a call may be made; every ticket must be handed to ``end(_:_:)``.
  /// - Throws: `CancellationError`.
  func enter(run: String, tokens: Int, isInteractive: Bool) async throws -> GateState.Ticket {
    let ticket = changing { $0.enter(run: run, tokens: tokens, isInteractive: isInteractive) }
    do {
      while !state.withLock({ $0.granted.remove(ticket) != nil }) {
        try Task.checkCancellation()
        if try await next(ticket) == .go { break }
      }
    } catch {
      leave(ticket)
      throw error
    }
    return ticket
  }

  /// Takes note of how a call ended, which may let others go.
  func end(_ ticket: GateState.Ticket, _ ending: GateState.Ending) {
    let now = clock.now
    changing { $0.end(ticket, ending, at: now) }
  }

  /// Waits for news, or for the time to pass where nobody else does.
  private func next(_ ticket: GateState.Ticket) async throws -> Wake {
    let now = clock.now
    let wait = state.withLock { state -> Duration? in
      guard state.keeper == nil || state.keeper == ticket, let wait = state.gate.wait(now) else { return nil }
      state.keeper = ticket
      state.keepsUntil = now + wait
      return wait
    }
    guard let wait else { return try await park(ticket) }
    return try await withThrowingTaskGroup(of: Wake.self) { group in
      group.addTask { try await self.park(ticket, isEndedByTime: true) }
      group.addTask { [clock] in
        try? await clock.sleep(for: wait)
        return .look
      }
      let first = try await group.next() ?? .look
      group.cancelAll()
      var wake = first
      while let other = try await group.next() { if other == .go { wake = .go } }
      release(ticket)
      return wake
    }
  }

  /// Waits for news alone.
  /// - Parameter isEndedByTime: whether being cancelled only means to look again.
  private func park(_ ticket: GateState.Ticket, isEndedByTime: Bool = false) async throws -> Wake {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let wake = state.withLock { state -> Wake? in
          if state.granted.remove(ticket) != nil { return .go }
          // Asked under the lock: cancellation before this is seen here, any later one finds the continuation.
          if Task.isCancelled { return .look }
          state.parked[ticket] = continuation
          return nil
        }
        if let wake { continuation.resume(returning: wake) }
      }
    } onCancel: {
      let continuation = state.withLock { $0.parked.removeValue(forKey: ticket) }
      if isEndedByTime {
        continuation?.resume(returning: .look)
      } else {
        continuation?.resume(throwing: CancellationError())
      }
    }
  }

  /// Who waited for the time no longer does: lets go whoever may, and someone else take over.
  private func release(_ ticket: GateState.Ticket) {
    changing { _ in
    } before: {
      if $0.keeper == ticket { $0.keeper = nil }
    }
  }

  /// Gives up, whether it waits or was just let go.
  private func leave(_ ticket: GateState.Ticket) {
    changing { gate in
      gate.leave(ticket)
    } before: { state in
      if state.keeper == ticket { state.keeper = nil }
      if state.granted.remove(ticket) != nil { state.gate.end(ticket, .other, at: .zero) }
    }
  }

  /// Changes the gate, lets go whoever may go now, and sees to it that somebody waits for the time.
  @discardableResult
  private func changing<Result>(
    _ change: (inout GateState) -> Result, before: (inout State) -> Void = { _ in }
  ) -> Result {
    let now = clock.now
    let (result, woken) = state.withLock { state in
      before(&state)
      let result = change(&state.gate)
      var woken: [(CheckedContinuation<Wake, any Error>, Wake)] = []
      for ticket in state.gate.admit(now) {
        if state.keeper == ticket { state.keeper = nil }
        if let continuation = state.parked.removeValue(forKey: ticket) {
          woken.append((continuation, .go))
        } else {
          state.granted.insert(ticket)
        }
      }
      if let wait = state.gate.wait(now), state.keeper == nil || now + wait < state.keepsUntil {
        // Whoever waits for the time looks again; without one, anybody who waits takes over.
        let keeper = state.keeper ?? state.parked.keys.first
        if let keeper, let continuation = state.parked.removeValue(forKey: keeper) {
          woken.append((continuation, .look))
          state.keeper = keeper
          state.keepsUntil = now + wait
        }
      }
      return (result, woken)
    }
    for (continuation, wake) in woken { continuation.resume(returning: wake) }
    return result
  }
}
