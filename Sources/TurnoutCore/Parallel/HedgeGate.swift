/// When a second attempt begins.
public struct HedgeDelay: Sendable, Hashable {
  /// The delay until enough is known.
  let first: Duration
  /// Whether it is learned from then on.
  let learns: Bool

  /// After a fixed time.
  public static func after(_ delay: Duration) -> HedgeDelay { HedgeDelay(first: delay, learns: false) }

  /// Once an attempt takes longer than 95 % of the last ones did; after the given time until 20 have ended.
  public static func p95(until delay: Duration) -> HedgeDelay { HedgeDelay(first: delay, learns: true) }
}

/// Decides when a second attempt may begin. A value, so that it can be tested by itself.
///
/// Every call earns a share of an extra one, and an extra one takes a whole: of n calls at most 1 + share × n have one,
/// at any time. No more than ``burst`` are saved up, so that a long calm does not pay for doubling everything once a
/// server is slow.
struct HedgeGate: Sendable {
  /// How many durations are remembered.
  static let memory = 128
  /// How many durations are needed to learn from them.
  static let enough = 20
  /// The most extra calls that are saved up.
  static let burst = 10.0

  private let rule: HedgeDelay
  private let share: Double
  private var saved = 1.0
  private var durations: [Duration] = []
  private var oldest = 0
  private var learned: Duration?

  init(_ rule: HedgeDelay, share: Double) {
    self.rule = rule
    self.share = share
  }

  /// Counts a call, and says how long to wait before a second attempt.
  mutating func begin() -> Duration {
    saved = min(Self.burst, saved + share)
    return learned ?? rule.first
  }

  /// Whether a second attempt may be made now, which is counted.
  mutating func takeExtra() -> Bool {
    // Shares such as 0.05 add up to a little less than a whole.
    guard saved >= 1 - 1e-9 else { return false }
    saved -= 1
    return true
  }

  /// Learns from a first attempt: how long it took, or how long it had been at work when it was given up.
  mutating func ended(after duration: Duration) {
    guard rule.learns else { return }
    if durations.count < Self.memory {
      durations.append(duration)
    } else {
      durations[oldest] = duration
      oldest = (oldest + 1) % Self.memory
    }
    guard durations.count >= Self.enough else { return }
    let sorted = durations.sorted()
    // The nearest rank: the smallest that at least 95 % do not exceed.
    learned = sorted[(sorted.count * 95 + 99) / 100 - 1]
  }
}
