/// How often a call of a model is made again after it failed, and how long is waited in between.
///
/// ```swift
/// let patient = model.retrying(RetryPolicy(retries: 5))
/// ```
/// Before retry n the wait is min(`delay` × 2ⁿ⁻¹, `limit`) × U(0.75, 1), which are the numbers of OpenAI's and
/// Anthropic's own clients. A provider that says how long to wait is waited for at least so long; when it asks for more
/// than `hintLimit`, the failure goes on at once, so that another model can answer. What time does not mend is never
/// asked again: a used-up quota, a refused key, a model that is not there, a request that is too long, an answer that was
/// held back. The provider's own word counts where it gives one, but for those.
public struct RetryPolicy: Sendable, Hashable {
  /// The most retries, at least 0.
  public let retries: Int
  /// The most that the provider may ask to wait.
  public let hintLimit: Duration
  /// Where the draws of the waits begin; nil draws them from the run's id, the path and the attempt.
  public let seed: UInt64?
  private let schedule: Retry

  /// Two retries, after about half a second and a second.
  public static let standard = RetryPolicy()
  /// No retries.
  public static let never = RetryPolicy(retries: 0)

  /// Retries; what is out of its range is taken as the nearest that is not.
  /// - Parameters:
  ///   - retries: the most retries of one request.
  ///   - delay: the most that is waited before the first one.
  ///   - limit: the most that is waited before any, unless the provider asks for more.
  ///   - hintLimit: the most that the provider may ask to wait.
  ///   - seed: where the draws of the waits begin.
  public init(
    retries: Int = 2, delay: Duration = .milliseconds(500), limit: Duration = .seconds(8),
    hintLimit: Duration = .seconds(120), seed: UInt64? = nil
  ) {
    self.retries = min(max(0, retries), 1_000)
    self.hintLimit = max(.zero, hintLimit)
    self.seed = seed
    schedule = Retry(attempts: self.retries + 1, delay: delay, backoff: 2, limit: limit)
  }

  /// Whether time may mend a failure, as far as its kind and the provider say.
  func mayRetry(_ failure: ModelError) -> Bool {
    switch failure.code {
    case .missingKey, .authentication, .notFound, .quotaExhausted, .contextWindow, .contentFiltered, .notInstalled,
      .unavailable:
      false
    case .rateLimited, .overloaded, .server, .connection, .timeout: failure.shouldRetry ?? true
    case .malformed, .refused: failure.shouldRetry ?? false
    }
  }

  /// How long to wait before a retry, counted from 1; nil when the failure is not to be asked again.
  func wait(before retry: Int, _ failure: ModelError, using random: inout some RandomNumberGenerator) -> Duration? {
    guard mayRetry(failure) else { return nil }
    let hint = max(.zero, failure.retryAfter ?? .zero)
    guard hint <= hintLimit else { return nil }
    return max(hint, schedule.longestWait(after: retry) * Double.random(in: 0.75...1, using: &random))
  }
}
