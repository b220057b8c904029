extension String {
  /// The candidate that differs least from this name, if it is near enough to have been meant.
  package func nearest(of candidates: some Sequence<String>) -> String? {
    // A name of one letter is as far from every other as from the right one.
    let limit = Swift.min(Swift.max(1, count / 3), count - 1)
    return candidates.map { ($0, distance(to: $0)) }.filter { $0.1 <= limit }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// The number of letters to insert, delete, replace or swap (optimal string alignment).
  private func distance(to other: String) -> Int {
    let left = Array(lowercased().prefix(64))
    let right = Array(other.lowercased().prefix(64))
    guard !left.isEmpty, !right.isEmpty else { return Swift.max(left.count, right.count) }
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var best = Swift.min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = Swift.min(best, before[j - 1] + 1) }
        row.append(best)
      }
      before = last
      last = row
    }
    return last[right.count]
  }
}
