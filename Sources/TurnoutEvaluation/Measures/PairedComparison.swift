public import TurnoutCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Two runs over the same requests: whether one of them is right more often than chance would have it.
///
/// Only requests count on which the runs differ. The probability is that of McNemar's exact test (Q. McNemar, 1947),
/// which is the two-sided sign test: `min(1, 2 · P(X ≤ min(gained, lost)))` for `X` binomial with `gained + lost` draws
/// and chance ½. The interval of the difference at 95 % is Wald's with half a request added to each of the four
/// outcomes (Agresti and Min, *Statistics in Medicine* 24, 2005).
public struct PairedComparison: Sendable, Hashable, ValueConvertible {
  /// Requests that both runs were asked.
  public let total: Int
  /// Requests that only the second run has right.
  public let gained: Int
  /// Requests that only the first run has right.
  public let lost: Int

  /// A comparison from pairs: whether the first and whether the second run is right.
  public init(_ pairs: [(first: Bool, second: Bool)]) {
    total = pairs.count
    gained = pairs.count { $0.second && !$0.first }
    lost = pairs.count { $0.first && !$0.second }
  }

  /// The second run's share right minus the first's; nil without requests.
  public var difference: Double? { total == 0 ? nil : Double(gained - lost) / Double(total) }

  /// The interval of the difference at 95 %; nil without requests.
  public var interval: ClosedRange<Double>? {
    guard total > 0 else { return nil }
    let n = Double(total) + 2
    let change = Double(gained - lost)
    let error = max(0, Double(gained + lost) + 1 - change * change / n).squareRoot() / n
    let spread = 1.959_963_984_540_054 * error
    return max(-1, change / n - spread)...min(1, change / n + spread)
  }

  /// How likely a difference like this or larger is when the runs are equally good.
  public var probability: Double {
    let draws = gained + lost
    guard draws > 0 else { return 1 }
    // By logarithms, since ½ to the power of the draws vanishes for many of them.
    var term = Double(draws) * log(0.5)
    var sum = exp(term)
    for k in 0..<min(gained, lost) {
      term += log(Double(draws - k) / Double(k + 1))
      sum += exp(term)
    }
    return min(1, 2 * sum)
  }

  /// `total`, `gained`, `lost`, `difference`, its `low` and `high`, and `probability`.
  public var value: Value {
    [
      "total": .int(total), "gained": .int(gained), "lost": .int(lost), "difference": difference.roundedValue,
      "low": (interval?.lowerBound).roundedValue, "high": (interval?.upperBound).roundedValue,
      "probability": probability.roundedValue,
    ]
  }
}
