import Synchronization

/// A value that is made when it is first asked for, once, however many ask at the same time.
///
/// When making it fails, everyone who waits gets the error and the next to ask tries again; when whoever makes it is
/// cancelled, one of those who wait makes it instead.
///
/// ```swift
/// let index = AsyncOnce<Index>()
/// let ready = try await index.get { try await Index(embedding: examples) }
/// ```
public final class AsyncOnce<Value: Sendable>: Sendable {
  private typealias Waiter = CheckedContinuation<Value?, any Error>

  private struct State {
    var value: Value?
    var isMaking = false
    var waiters: [Int: Waiter] = [:]
    var nextWaiter = 0

    mutating func end() -> [Waiter] {
      isMaking = false
      defer { waiters.removeAll() }
      return Array(waiters.values)
    }
  }

  private let state = Mutex(State())

  /// Nothing made yet.
  public init() {}

  /// The value if it has been made.
  public var current: Value? { state.withLock { $0.value } }

  /// Forgets the value, so that it is made anew.
  public func reset() { state.withLock { $0.value = nil } }

  /// The value, made now if nobody has made it.
  /// - Throws: what making it throws; `CancellationError` when the caller is cancelled while waiting.
  public func get(_ make: () async throws -> Value) async throws -> Value {
    while true {
      let (value, isMaker) = state.withLock { state in
        let isMaker = state.value == nil && !state.isMaking
        if isMaker { state.isMaking = true }
        return (state.value, isMaker)
      }
      if let value { return value }
      if isMaker { return try await makeNow(make) }
      if let value = try await wait() { return value }
    }
  }

  private func makeNow(_ make: () async throws -> Value) async throws -> Value {
    do {
      let value = try await make()
      let waiters = state.withLock { state in
        state.value = value
        return state.end()
      }
      for waiter in waiters { waiter.resume(returning: value) }
      return value
    } catch {
      let waiters = state.withLock { $0.end() }
      for waiter in waiters {
        if error is CancellationError { waiter.resume(returning: nil) } else { waiter.resume(throwing: error) }
      }
      throw error
    }
  }

  private func wait() async throws -> Value? {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (waiter: Waiter) in
        let (waits, isCancelled, value) = state.withLock { state in
          // Asked under the lock: cancellation before this is seen here, any later one finds the waiter.
          let isCancelled = Task.isCancelled
          guard state.isMaking, !isCancelled else { return (false, isCancelled, state.value) }
          state.waiters[id] = waiter
          return (true, false, nil)
        }
        if waits { return }
        if isCancelled { waiter.resume(throwing: CancellationError()) } else { waiter.resume(returning: value) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
    }
  }
}
