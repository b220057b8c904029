/// How much of a limit is left, as far as can be told between two responses: it fills at a rate and each call takes from
/// it. What the provider says about a call is held against what was expected of that call, so that calls that are still
/// on their way, and answers that come late or out of order, are neither forgotten nor counted twice.
struct LimitBucket: Sendable, Hashable {
  /// The most there can be.
  private(set) var capacity: Double
  /// How much comes back in a second.
  private(set) var rate: Double
  /// How much there is now; less than nothing when more was taken than there was.
  private(set) var level: Double
  private var time: Duration
  /// The sum of all corrections so far.
  private var corrected = 0.0

  /// What was expected when a call took its part.
  struct Expectation: Sendable, Hashable {
    fileprivate let level: Double
    fileprivate let corrected: Double
  }

  init(capacity: Double, rate: Double, level: Double? = nil, at time: Duration) {
    self.capacity = max(1, capacity)
    self.rate = max(0, rate)
    self.level = level ?? self.capacity
    self.time = time
  }

  /// The most in any minute, where that is known from the start: a tenth of it at once, the rest evenly.
  init(perMinute limit: Int, at time: Duration) {
    let limit = Double(max(1, limit))
    let burst = max(1, (limit / 10).rounded(.down))
    self.init(capacity: burst, rate: (burst > 1 ? limit - burst : limit) / 60, at: time)
  }

  mutating func refill(_ now: Duration) {
    guard now > time else { return }
    level = min(capacity, level + rate * (now - time).inSeconds)
    time = now
  }

  /// Whether an amount may be taken; one that is larger than the bucket may when it is full.
  // A rounding error must not keep whoever waited exactly long enough.
  func has(_ amount: Double) -> Bool { level >= min(amount, capacity) - 1e-6 }

  /// How long until an amount is there; nil when it never will be.
  func wait(for amount: Double) -> Duration? {
    let missing = min(amount, capacity) - level
    if missing <= 1e-6 { return .zero }
    return rate > 0 ? .seconds(min(missing / rate, 86_400)) : nil
  }

  /// Takes an amount, whether or not it is there.
  mutating func take(_ amount: Double) -> Expectation {
    level -= amount
    return Expectation(level: level, corrected: corrected)
  }

  /// Gives back what was taken and not used.
  mutating func giveBack(_ amount: Double) { level = min(capacity, level + amount) }

  /// Learns from what the provider says about a call.
  mutating func learn(_ window: RateLimits.Window, _ expectation: Expectation) {
    if let limit = window.limit, limit > 0 { capacity = Double(limit) }
    guard let remaining = window.remaining else { return }
    let missing = capacity - Double(remaining)
    if let reset = window.reset?.inSeconds, reset > 0, missing >= 1 {
      let told = min(missing / reset, capacity)
      // Times are rounded, which matters most when little is missing.
      rate = missing >= capacity / 5 ? told : max(rate, told)
    }
    let error = Double(remaining) - (expectation.level + corrected - expectation.corrected)
    // What others take from the same key shows at once; that they took less than it seemed is believed slowly, since
    // answers overtake each other.
    let correction = error < 0 ? error : error / 4
    corrected += correction
    level = min(capacity, level + correction)
  }

  /// Learns that there was nothing left.
  mutating func empty() { level = min(level, 0) }
}

extension LimitBucket {
  /// A bucket by the first thing that is said about it; nil when that is not enough to tell.
  /// - Parameter later: what was taken by the calls after the one it was said about.
  init?(_ window: RateLimits.Window, later: Double, sent: Duration, at now: Duration) {
    guard let limit = window.limit, limit > 0, let remaining = window.remaining else { return nil }
    // Providers count by the minute unless they say otherwise.
    var rate = Double(limit) / 60
    if let reset = window.reset?.inSeconds, reset > 0, remaining < limit {
      rate = min(Double(limit - remaining) / reset, Double(limit))
    }
    self.init(capacity: Double(limit), rate: rate, level: min(Double(remaining), Double(limit)), at: sent)
    refill(now)
    level -= later
  }
}
