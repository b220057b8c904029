public import TurnoutCore

/// Whether confidence means what it says: of the rows decided at 0.8, four in five should be right.
///
/// Rows are sorted by confidence and cut into bins of equal mass, whose sizes differ by at most one. The expected
/// calibration error is `Σ (rows of the bin / rows) · |mean confidence − share right|` (Naeini, Cooper and Hauskrecht,
/// AAAI 2015; bins of equal mass after Nguyen and O'Connor, EMNLP 2015). Rows of one confidence share their mean
/// rightness, so that their order changes nothing.
public struct Calibration: Sendable, Hashable, ValueConvertible {
  /// Rows of like confidence.
  public struct Bin: Sendable, Hashable, ValueConvertible {
    /// How many rows.
    public let rows: Int
    /// The mean of their confidences.
    public let confidence: Double
    /// The share of them that is right.
    public let accuracy: Double

    /// `rows`, `confidence` and `accuracy`.
    public var value: Value {
      ["rows": .int(rows), "confidence": confidence.roundedValue, "accuracy": accuracy.roundedValue]
    }
  }

  /// The bins from the lowest confidence to the highest; none of them is empty.
  public let bins: [Bin]

  /// Calibration of rows.
  /// - Parameters:
  ///   - rows: each row's confidence and whether it is right; a confidence that is not finite is left out.
  ///   - bins: how many bins; one for each row when there are fewer rows.
  public init(_ rows: [(confidence: Double, isRight: Bool)], bins: Int = 15) {
    let sorted = rows.filter(\.confidence.isFinite).sorted { $0.confidence < $1.confidence }
    let rightness = Self.sharedRightness(sorted)
    let count = min(max(1, bins), sorted.count)
    var start = 0
    self.bins = (0..<count).map { bin in
      // The first few bins take one row more when the rows do not divide.
      let end = start + sorted.count / count + (bin < sorted.count % count ? 1 : 0)
      defer { start = end }
      let size = Double(end - start)
      return Bin(
        rows: end - start, confidence: sorted[start..<end].reduce(0) { $0 + $1.confidence } / size,
        accuracy: rightness[start..<end].reduce(0, +) / size)
    }
  }

  /// The expected calibration error, from 0 to 1; nil without rows.
  public var expectedError: Double? {
    let rows = bins.reduce(0) { $0 + $1.rows }
    guard rows > 0 else { return nil }
    return bins.reduce(0) { $0 + Double($1.rows) / Double(rows) * abs($1.confidence - $1.accuracy) }
  }

  /// `expected_error` and `bins`.
  public var value: Value { ["expected_error": expectedError.roundedValue, "bins": bins.value] }

  private static func sharedRightness(_ sorted: [(confidence: Double, isRight: Bool)]) -> [Double] {
    var shared: [Double] = []
    shared.reserveCapacity(sorted.count)
    while shared.count < sorted.count {
      let start = shared.count
      var end = start
      while end < sorted.count, sorted[end].confidence == sorted[start].confidence { end += 1 }
      let right = sorted[start..<end].count { $0.isRight }
      shared.append(contentsOf: repeatElement(Double(right) / Double(end - start), count: end - start))
    }
    return shared
  }
}
