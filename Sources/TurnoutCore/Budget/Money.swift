/// An amount of US dollars, kept as whole millionths of a millionth, so that sums are exact.
///
/// ```swift
/// Money(usd: 0.25) + Money(usd: 0.05) == Money(usd: 0.30)   // true
/// ```
public struct Money: Sendable, Hashable, Comparable, ValueConvertible, CustomStringConvertible {
  /// Picodollars: 10⁻¹² US dollars. One token at $0.15 for a million costs 150,000.
  public var picodollars: Int

  /// An amount in picodollars.
  public init(picodollars: Int) { self.picodollars = picodollars }

  /// An amount in US dollars, rounded to the nearest picodollar; what is too large becomes the largest amount.
  public init(usd: Double) {
    let scaled = (usd * 1e12).rounded()
    picodollars = scaled.isNaN ? 0 : Int(exactly: scaled) ?? (scaled > 0 ? .max : .min)
  }

  /// Nothing.
  public static let zero = Money(picodollars: 0)

  /// The amount in US dollars.
  public var usd: Double { Double(picodollars) / 1e12 }

  public static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }

  /// Adds; a sum that does not fit stays at the largest amount.
  public static func + (left: Money, right: Money) -> Money {
    Money(picodollars: left.picodollars.addingClamped(right.picodollars))
  }

  /// Subtracts; never below the smallest amount.
  public static func - (left: Money, right: Money) -> Money {
    Money(picodollars: left.picodollars.subtractingClamped(right.picodollars))
  }

  /// The amount so many times.
  public static func * (money: Money, count: Int) -> Money {
    Money(picodollars: money.picodollars.multipliedClamped(by: count))
  }

  /// US dollars with as many digits as a small amount needs: `$12.50`, `$0.0042`, `$0.0000009`. What is left out counts
  /// up, so that no amount looks smaller than it is.
  public var description: String {
    let sign = picodollars < 0 ? "-$" : "$"
    let magnitude = picodollars.magnitude
    // Two digits after the point, or as many as it takes to show two that say something.
    var (kept, smallest, unit): (Int, UInt, UInt) = (2, 100_000_000_000, 10_000_000_000)
    while magnitude > 0, magnitude < smallest {
      (kept, smallest, unit) = (kept + 1, smallest / 10, max(1, unit / 10))
    }
    let missing = (unit - magnitude % unit) % unit
    let (sum, isTooLarge) = magnitude.addingReportingOverflow(missing)
    let digits = String(isTooLarge ? magnitude : sum)
    let padded = String(repeating: "0", count: max(0, 13 - digits.count)) + digits
    let whole = padded.dropLast(12)
    var fraction = padded.suffix(12).prefix(min(12, kept))
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    return "\(sign)\(whole).\(fraction)"
  }

  /// The amount in US dollars, as a number.
  public var value: Value { .double(usd) }
}
