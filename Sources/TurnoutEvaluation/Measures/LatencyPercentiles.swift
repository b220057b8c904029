public import TurnoutCore

/// How long deciding took, by nearest rank: the percentile `p` of `n` times is the `⌈p/100 · n⌉`th smallest, a time that
/// was really measured.
public struct LatencyPercentiles: Sendable, Hashable, ValueConvertible {
  /// How many times there are.
  public let count: Int
  /// Half of the times are not longer.
  public let p50: Duration
  /// Nine in ten are not longer.
  public let p90: Duration
  /// 99 in a hundred are not longer.
  public let p99: Duration

  /// Percentiles of times; zero without any.
  public init(_ times: [Duration]) {
    let sorted = times.sorted()
    func percentile(_ p: Int) -> Duration {
      // Whole numbers, since 0.9 · n would round some ranks up.
      let rank = (p * sorted.count + 99) / 100
      return rank == 0 ? .zero : sorted[rank - 1]
    }
    count = sorted.count
    p50 = percentile(50)
    p90 = percentile(90)
    p99 = percentile(99)
  }

  /// `count`, `p50_ms`, `p90_ms` and `p99_ms`.
  public var value: Value { ["count": .int(count), "p50_ms": p50.value, "p90_ms": p90.value, "p99_ms": p99.value] }
}
