/// How often a branch is tried, and how long is waited in between.
///
/// ```swift
/// let each = ForEach(agent, onFailure: .settle, retry: Retry(attempts: 3, delay: .seconds(1)))
/// ```
/// Only failures that time may mend are tried again, cancellation never. Before attempt n + 1 the wait is drawn evenly
/// from nothing up to `delay` × `backoff`ⁿ⁻¹, at most `limit` ("full jitter", Brooker, *Exponential Backoff And Jitter*,
/// 2015), so that branches that failed together do not come back together. The draw follows from the run's id, the path
/// and the attempt: a run with the same id waits the same. A server that says how long to wait is waited for at least so
/// long; one that asks for more than `limit` is not asked again. Attempts that a model has made by itself count among
/// the branch's, so that retries of both add up instead of multiplying; see ``RetryPolicy``.
public struct Retry: Sendable, Hashable {
  /// The most attempts, the first included; at least 1.
  public let attempts: Int
  /// The most that is waited before the second attempt.
  public let delay: Duration
  /// What the wait is multiplied by for each further attempt; at least 1.
  public let backoff: Double
  /// The most that is ever waited.
  public let limit: Duration
  /// The labels of the failures that are tried again.
  public let labels: Set<String>

  /// One attempt.
  public static let never = Retry(attempts: 1)

  /// The labels of failures that time may mend.
  public static let transient: Set<String> = [
    "rate_limited", "overloaded", "server", "connection", "timeout", "timed_out", "unavailable",
  ]

  /// Attempts; what is out of its range is taken as the nearest that is not.
  /// - Parameter labels: the labels of the failures that are tried again, see ``RunFailure/label``.
  public init(
    attempts: Int, delay: Duration = .milliseconds(500), backoff: Double = 2, limit: Duration = .seconds(30),
    on labels: Set<String> = Retry.transient
  ) {
    self.attempts = max(1, attempts)
    self.delay = max(.zero, delay)
    self.backoff = backoff >= 1 ? backoff : 1
    self.limit = max(.zero, limit)
    self.labels = labels.subtracting(["cancelled"])
  }

  /// The most that is waited after a number of attempts.
  public func longestWait(after attempts: Int) -> Duration {
    var seconds = delay.inSeconds
    let most = limit.inSeconds
    // So few attempts that a power is not worth the C library's; stops where it cannot change any more.
    var attempt = 1
    while attempt < attempts, seconds < most, backoff > 1, seconds > 0 {
      seconds *= backoff
      attempt += 1
    }
    return seconds >= most ? limit : .seconds(seconds)
  }

  /// How long to wait after an attempt that failed; nil when there is no other.
  func wait(after attempt: Int, _ error: any Error, using random: inout some RandomNumberGenerator) -> Duration? {
    guard attempt < attempts, !(error is CancellationError), labels.contains(RunFailure(error).label) else {
      return nil
    }
    let wait = longestWait(after: attempt) * Double.random(in: 0...1, using: &random)
    guard let asked = (error as? ModelError)?.retryAfter else { return wait }
    return asked > limit ? nil : max(asked, wait)
  }
}
