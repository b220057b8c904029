public import TurnoutCore

/// So many of so many, with the range in which the true share lies.
///
/// The range is Wilson's score interval at 95 % (E. B. Wilson, *Probable inference*, JASA 22, 1927): with `p = count /
/// total`, `n = total` and `z = 1.959964`, its ends are
/// `(p + z²/2n ± z · √(p(1−p)/n + z²/4n²)) / (1 + z²/n)`. It stays within 0 and 1 and holds for few rows too.
public struct Proportion: Sendable, Hashable, ValueConvertible {
  /// How many.
  public let count: Int
  /// Of how many.
  public let total: Int

  /// A proportion; a count outside 0 and the total becomes the nearer of them.
  public init(_ count: Int, of total: Int) {
    self.total = max(0, total)
    self.count = min(max(0, count), self.total)
  }

  /// The share from 0 to 1; nil of nothing.
  public var share: Double? { total == 0 ? nil : Double(count) / Double(total) }

  /// Wilson's interval at 95 %; nil of nothing.
  public var interval: ClosedRange<Double>? {
    guard let share else { return nil }
    let n = Double(total)
    let z = 1.959_963_984_540_054
    let centre = share + z * z / (2 * n)
    let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    // At 0 and 1 the end is exact; rounding must not move it.
    let low = count == 0 ? 0 : max(0, (centre - spread) / scale)
    let high = count == total ? 1 : min(1, (centre + spread) / scale)
    return min(low, high)...high
  }

  /// `count`, `total`, `share`, and `low` and `high` of the interval.
  public var value: Value {
    [
      "count": .int(count), "total": .int(total), "share": share.roundedValue,
      "low": (interval?.lowerBound).roundedValue, "high": (interval?.upperBound).roundedValue,
    ]
  }
}

extension Optional<Double> {
  /// The number to 4 decimals, or null.
  var roundedValue: Value { map { .double(($0 * 1e4).rounded() / 1e4) } ?? .null }
}

extension Double {
  /// The number to 4 decimals.
  var roundedValue: Value { Optional(self).roundedValue }
}
