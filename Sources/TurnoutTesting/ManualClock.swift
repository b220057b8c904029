import Synchronization

/// A clock that stands still until it is moved, so that tests of time take none.
///
/// ```swift
/// let clock = ManualClock()
/// let run = Run(clock: RunClock(clock))
/// async let outcome = run.perform(step, input)
/// await clock.sleepers(1)          // the step now waits
/// clock.advance(by: .seconds(30))
/// ```
public final class ManualClock: Clock {
  /// A point of this clock's time.
  public struct Instant: InstantProtocol {
    let offset: Duration
    public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    public func duration(to other: Instant) -> Duration { other.offset - offset }
    public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant(offset: .zero)
    var nextID = 0
    var sleeping: [Int: (deadline: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func satisfiedWatchers() -> [CheckedContinuation<Void, Never>] {
      let count = sleeping.count
      let satisfied = watchers.filter { $0.count <= count }
      watchers.removeAll { $0.count <= count }
      return satisfied.map(\.continuation)
    }
  }

  private let state = Mutex(State())

  /// A clock at zero.
  public init() {}

  public var now: Instant { state.withLock { $0.now } }
  public var minimumResolution: Duration { .zero }

  /// Moves the time forward and wakes everyone whose time has come, the earliest first.
  public func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleeping.filter { $0.value.deadline <= state.now }.sorted {
        ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key)
      }
      for (id, _) in due { state.sleeping[id] = nil }
      return due.map(\.value.continuation)
    }
    for continuation in due { continuation.resume() }
  }

  /// Returns once at least so many tasks sleep.
  public func sleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isSatisfied = state.withLock { state in
        if state.sleeping.count >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isSatisfied { continuation.resume() }
    }
  }

  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let (sleeps, isCancelled, watchers) = state.withLock { state in
          // Asked under the lock: cancellation before this is seen here, any later one finds the sleeper.
          let isCancelled = Task.isCancelled
          guard !isCancelled, deadline > state.now else {
            return (false, isCancelled, [CheckedContinuation<Void, Never>]())
          }
          state.sleeping[id] = (deadline, continuation)
          return (true, false, state.satisfiedWatchers())
        }
        for watcher in watchers { watcher.resume() }
        if sleeps { return }
        if isCancelled { continuation.resume(throwing: CancellationError()) } else { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.sleeping.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
    }
  }
}
