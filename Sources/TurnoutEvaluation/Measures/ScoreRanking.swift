/// How well a score tells two kinds of rows apart.
public enum ScoreRanking {
  /// The area under the ROC curve: the chance that a row of the first kind has the higher score than one of the second,
  /// ties counted half. 0.5 is no better than drawing lots.
  ///
  /// By ranks (Mann and Whitney, 1947; Hanley and McNeil, 1982): with `R` the sum of the positives' ranks among all
  /// scores, where equal scores share their mean rank, it is `(R − p(p+1)/2) / (p·n)`; time O(n log n).
  /// - Returns: nil when there is no row of one of the kinds, or a score is no number.
  public static func areaUnderCurve(positives: [Double], negatives: [Double]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let rows = positives.map { (score: $0, isPositive: true) } + negatives.map { (score: $0, isPositive: false) }
    guard !rows.contains(where: { $0.score.isNaN }) else { return nil }
    let ranked = rows.sorted { $0.score < $1.score }
    var sum = 0.0
    var start = 0
    while start < ranked.count {
      var end = start
      while end < ranked.count, ranked[end].score == ranked[start].score { end += 1 }
      // Ranks start + 1 to end share their mean.
      let rank = Double(start + 1 + end) / 2
      sum += rank * Double(ranked[start..<end].count { $0.isPositive })
      start = end
    }
    let (p, n) = (Double(positives.count), Double(negatives.count))
    return (sum - p * (p + 1) / 2) / (p * n)
  }
}
