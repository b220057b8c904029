import TurnoutCore

/// An evaluation beside an earlier one: what got worse, what got better, and whether it is too much.
///
/// ```swift
/// let comparison = try BaselineComparison(evaluation, baseline: RouteEvaluation(contentsOf: "baseline.json"))
/// if comparison.hasFailed { comparison.lines.forEach { print($0) } }
/// ```
/// Requests are the same when their texts and their labels are; only these are compared, so that a request that was
/// added does not look like progress.
public struct BaselineComparison: Sendable, Hashable {
  /// A request that both evaluations have and one of them has right.
  public struct Change: Sendable, Hashable {
    /// The request as the baseline has it.
    public let before: EvaluatedRequest
    /// The request as the evaluation has it.
    public let after: EvaluatedRequest
  }

  /// A share in the baseline and now, over the shared requests.
  public struct Pair: Sendable, Hashable {
    /// In the baseline.
    public let before: Proportion
    /// Now.
    public let after: Proportion

    /// How much it fell; negative when it rose, nil without requests.
    public var drop: Double? { before.share.flatMap { before in after.share.map { before - $0 } } }
  }

  /// How far a share may fall.
  public let maxDrop: Double
  /// How many requests both have.
  public let shared: Int
  /// The accuracy in scope.
  public let accuracy: Pair
  /// The share of requests out of scope that are decided for none.
  public let outOfScopeRecall: Pair
  /// Requests that only the baseline has right.
  public let worse: [Change]
  /// Requests that only the evaluation has right.
  public let better: [Change]
  /// Requests that only the evaluation has.
  public let onlyNow: [EvaluatedRequest]
  /// Requests that only the baseline has.
  public let onlyInBaseline: [EvaluatedRequest]
  /// Whether the difference is more than chance, over all shared requests.
  public let comparison: PairedComparison

  private struct Key: Hashable {
    let input: String
    let expected: String?

    init(_ row: EvaluatedRequest) { (input, expected) = (row.input, row.expected) }
  }

  /// Compares.
  /// - Parameter maxDrop: how far the accuracy in scope or the recall out of scope may fall, as a share.
  /// - Throws: ``EvaluationError`` when the two have no request in common.
  public init(_ evaluation: RouteEvaluation, baseline: RouteEvaluation, maxDrop: Double = 0.01) throws {
    let before = Dictionary(baseline.requests.map { (Key($0), $0) }) { first, _ in first }
    let now = Set(evaluation.requests.map(Key.init))
    let pairs = evaluation.requests.compactMap { row in before[Key(row)].map { Change(before: $0, after: row) } }
    guard !pairs.isEmpty else {
      throw EvaluationError.otherRequests(
        "the baseline has none of the \(evaluation.requests.count) requests: it is of other requests or labels; "
          + "compare with a report over the same file")
    }
    func pair(_ rows: [Change]) -> Pair {
      Pair(
        before: Proportion(rows.count { $0.before.isRight }, of: rows.count),
        after: Proportion(rows.count { $0.after.isRight }, of: rows.count))
    }
    self.maxDrop = maxDrop
    shared = pairs.count
    accuracy = pair(pairs.filter { $0.after.expected != nil })
    outOfScopeRecall = pair(pairs.filter { $0.after.expected == nil })
    worse = pairs.filter { $0.before.isRight && !$0.after.isRight }
    better = pairs.filter { !$0.before.isRight && $0.after.isRight }
    onlyNow = evaluation.requests.filter { before[Key($0)] == nil }
    onlyInBaseline = baseline.requests.filter { !now.contains(Key($0)) }
    comparison = PairedComparison(pairs.map { ($0.before.isRight, $0.after.isRight) })
  }

  /// Whether the accuracy in scope or the recall out of scope fell by more than it may.
  public var hasFailed: Bool {
    // What rounding leaves of a drop of exactly the limit is no drop.
    [accuracy, outOfScopeRecall].contains { ($0.drop ?? 0) > maxDrop + 1e-9 }
  }
}
