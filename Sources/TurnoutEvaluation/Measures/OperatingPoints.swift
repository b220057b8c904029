public import TurnoutCore

/// What becomes of requests when those from a *none* score on are refused.
public struct OperatingPoint: Sendable, Hashable, ValueConvertible {
  /// A request is refused when its *none* score is at least this; nil refuses nothing.
  public let threshold: Double?
  /// Requests in scope that are not refused, of all in scope.
  public let kept: Proportion
  /// Requests out of scope that are refused, of all out of scope.
  public let caught: Proportion
  /// Requests in scope that are not refused and go to the right route, of all in scope.
  public let accuracy: Proportion

  /// `threshold`, `kept`, `caught` and `accuracy`.
  public var value: Value {
    ["threshold": threshold.roundedValue, "kept": kept.value, "caught": caught.value, "accuracy": accuracy.value]
  }
}

/// The points at which a selector could be run: every threshold of the *none* score, what it costs and what it brings.
///
/// ```swift
/// let points = OperatingPoints(rows)
/// points.keeping(0.95)?.caught.share      // what is caught while 95 % of the requests in scope are kept
/// points.catching(0.9)?.accuracy.share    // how many in scope still go right when 90 % are caught
/// ```
public struct OperatingPoints: Sendable, Hashable {
  /// One request.
  public struct Row: Sendable, Hashable {
    /// How much speaks for none; higher is more.
    public let noneScore: Double
    /// Whether it belongs to a route.
    public let isInScope: Bool
    /// Whether its best route is the right one, refused or not.
    public let isRight: Bool

    /// A row.
    public init(noneScore: Double, isInScope: Bool, isRight: Bool) {
      self.noneScore = noneScore
      self.isInScope = isInScope
      self.isRight = isRight
    }
  }

  /// From refusing nothing to refusing everything: one point for each score that occurs, after that of refusing nothing.
  public let points: [OperatingPoint]

  /// Points of rows; a row whose score is no number is left out.
  public init(_ rows: [Row]) {
    let rows = rows.filter { !$0.noneScore.isNaN }.sorted { $0.noneScore > $1.noneScore }
    let inScope = rows.count { $0.isInScope }
    var (kept, caught, right) = (inScope, 0, rows.count { $0.isInScope && $0.isRight })
    func point(_ threshold: Double?) -> OperatingPoint {
      OperatingPoint(
        threshold: threshold, kept: Proportion(kept, of: inScope), caught: Proportion(caught, of: rows.count - inScope),
        accuracy: Proportion(right, of: inScope))
    }
    var points = [point(nil)]
    for (place, row) in rows.enumerated() {
      if row.isInScope { kept -= 1 } else { caught += 1 }
      if row.isInScope && row.isRight { right -= 1 }
      // Rows of one score are refused together.
      if place + 1 == rows.count || rows[place + 1].noneScore < row.noneScore { points.append(point(row.noneScore)) }
    }
    self.points = points
  }

  /// The point that catches the most while at least a share of the requests in scope is kept.
  /// - Returns: nil when there are no requests of one of the two kinds, or none is good enough.
  public func keeping(_ share: Double) -> OperatingPoint? {
    points.last { point in point.caught.total > 0 && point.kept.share.map { $0 >= share } == true }
  }

  /// The point that keeps the most while at least a share of the requests out of scope is caught.
  /// - Returns: nil when there are no requests of one of the two kinds, or none is good enough.
  public func catching(_ share: Double) -> OperatingPoint? {
    points.first { point in point.kept.total > 0 && point.caught.share.map { $0 >= share } == true }
  }
}
