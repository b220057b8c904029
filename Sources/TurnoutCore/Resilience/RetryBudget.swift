import Synchronization

/// The retries that one request has made, shared by everything that retries it: what is stacked does not multiply.
///
/// The outermost that retries makes one and hands it down with the run. Whoever wants a retry takes it from here, as long
/// as fewer were taken than it may make itself.
final class RetryBudget: Sendable {
  private let ceiling: Int
  private let taken = Mutex(0)

  init(ceiling: Int = .max) { self.ceiling = ceiling }

  /// Takes a retry for someone who may make so many.
  func take(ofAtMost retries: Int) -> Bool {
    taken.withLock { taken in
      guard taken < min(ceiling, retries) else { return false }
      taken += 1
      return true
    }
  }

  enum Key: RunKey { static let defaultValue: RetryBudget? = nil }
}

extension Run {
  /// The same run with a shared count of retries, if it has none yet.
  func sharingRetries(ceiling: Int = .max) -> Run {
    guard values[RetryBudget.Key.self] == nil else { return self }
    var run = self
    run.values[RetryBudget.Key.self] = RetryBudget(ceiling: ceiling)
    return run
  }

  /// A seed that follows from the run's id, from where this is and from some words, and from nothing that happens at the
  /// same time.
  func seed(for words: [String]) -> UInt64 {
    var hash = StableHash(id.utf8)
    for part in path.components + words {
      hash.addBorder()
      hash.add(part.utf8)
    }
    return hash.value
  }
}
