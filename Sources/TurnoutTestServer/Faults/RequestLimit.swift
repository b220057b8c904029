import TurnoutCore

/// A limit as a bucket: so many requests at once, and so many more every second. Every response tells how it stands,
/// and a request beyond it is refused with 429 and how long to wait.
public struct RequestLimit: Sendable, Hashable {
  /// How many requests a full bucket holds.
  public let bucket: Int
  /// How many requests flow into it each second.
  public let perSecond: Double

  /// A limit; the bucket is full at first.
  public init(bucket: Int, perSecond: Double) {
    self.bucket = max(1, bucket)
    self.perSecond = max(0.001, perSecond)
  }
}

/// A bucket at a moment, as a value.
struct TokenBucket: Sendable {
  /// How a bucket stands after a request.
  struct Standing: Sendable, Hashable {
    let isAdmitted: Bool
    /// Whole requests that are left.
    let remaining: Int
    /// Until there is one.
    let untilNext: Duration
    /// Until it is full.
    let untilFull: Duration
  }

  let limit: RequestLimit
  private var level: Double
  private var time: Duration

  init(_ limit: RequestLimit, at time: Duration) {
    self.limit = limit
    level = Double(limit.bucket)
    self.time = time
  }

  /// Takes one request out, if there is one.
  mutating func take(at now: Duration) -> Standing {
    let elapsed = max(0, (now - time) / .seconds(1))
    level = min(Double(limit.bucket), level + elapsed * limit.perSecond)
    time = max(time, now)
    // A hair below a whole request is one: what flows in is a sum of fractions.
    let isAdmitted = level >= 1 - 1e-9
    if isAdmitted { level = max(0, level - 1) }
    return Standing(
      isAdmitted: isAdmitted, remaining: Int(level + 1e-9),
      untilNext: .seconds(max(0, 1 - level) / limit.perSecond),
      untilFull: .seconds((Double(limit.bucket) - level) / limit.perSecond))
  }
}
