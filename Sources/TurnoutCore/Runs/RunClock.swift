/// The time a run lives by: any `Clock` whose durations are `Duration`, seen as the time since the run's clock started.
///
/// Tests pass a clock that they move by hand; see `ManualClock` in TurnoutTesting.
public struct RunClock: Sendable {
  private let elapsed: @Sendable () -> Duration
  private let wait: @Sendable (Duration) async throws -> Void

  /// A run clock that starts now.
  public init<C: Clock>(_ clock: C = ContinuousClock()) where C.Duration == Duration {
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
    wait = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
  }

  /// The time since the clock started.
  public var now: Duration { elapsed() }

  /// Waits.
  /// - Throws: `CancellationError` when the task is cancelled meanwhile.
  public func sleep(for duration: Duration) async throws { try await wait(duration) }
}

extension RunClock {
  /// Runs the body and cancels it when the time is over.
  /// - Throws: ``TurnoutError/timedOut(after:)`` when the time was over first; else what the body throws.
  public func timeout<R: Sendable>(after limit: Duration, _ body: @Sendable () async throws -> R) async throws -> R {
    try await withoutActuallyEscaping(body) { body in
      try await withThrowingTaskGroup(of: R?.self) { group in
        group.addTask { try await body() }
        group.addTask {
          try await sleep(for: limit)
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else { throw TurnoutError.timedOut(after: limit) }
        return result
      }
    }
  }
}
