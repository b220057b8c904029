public import TurnoutCore

/// The mean of a few numbers, such as one accuracy for each seed, with the range in which the true mean lies.
///
/// The range is Student's at 95 % (*The probable error of a mean*, 1908): `mean ± t · s / √n` with `n − 1` degrees of
/// freedom and `s` the standard deviation over `n − 1`.
public struct MeanInterval: Sendable, Hashable, ValueConvertible {
  /// How many numbers there are.
  public let count: Int
  /// Their mean; nil without any.
  public let mean: Double?
  /// Their standard deviation over `n − 1`; nil for fewer than two.
  public let deviation: Double?

  /// The mean of numbers.
  public init(_ numbers: [Double]) {
    count = numbers.count
    let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = numbers.isEmpty ? nil : mean
    deviation = numbers.count < 2 ? nil : (squares / Double(numbers.count - 1)).squareRoot()
  }

  /// The interval at 95 %; nil for fewer than two numbers, or when one is not finite.
  public var interval: ClosedRange<Double>? {
    guard let mean, let deviation, (mean + deviation).isFinite else { return nil }
    let spread = Self.quantile(count - 1) * deviation / Double(count).squareRoot()
    return mean - spread...mean + spread
  }

  /// `count`, `mean`, `deviation`, `low` and `high`.
  public var value: Value {
    [
      "count": .int(count), "mean": mean.roundedValue, "deviation": deviation.roundedValue,
      "low": (interval?.lowerBound).roundedValue, "high": (interval?.upperBound).roundedValue,
    ]
  }

  private static let quantiles = [
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
    2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
    2.0452, 2.0423,
  ]

  /// The quantile of Student's distribution at 0.975: by table, and beyond it by the first terms of its expansion.
  private static func quantile(_ freedom: Int) -> Double {
    if freedom <= quantiles.count { return quantiles[max(1, freedom) - 1] }
    let z = 1.959_963_984_540_054
    let v = Double(freedom)
    let (z3, z5) = (z * z * z, z * z * z * z * z)
    return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v)
  }
}
