/// Finds the name that somebody may have meant.
enum NearestName {
  /// The end of a message about a name that does not exist: the nearest one, else the first ten.
  static func hint(for name: String, among names: [String]) -> String {
    // A name of one letter is as far from every other as from the right one.
    let limit = min(max(1, name.count / 3), name.count - 1)
    let near = names.map { (name: $0, edits: edits(from: name, to: $0)) }.filter { $0.edits <= limit }
    if let best = near.min(by: { ($0.edits, $0.name) < ($1.edits, $1.name) }) {
      return " (did you mean \"\(best.name)\"?)"
    }
    let listed = names.prefix(10).joined(separator: ", ")
    return "; the routes are \(listed)\(names.count > 10 ? " and \(names.count - 10) more" : "")"
  }

  /// The fewest letters to insert, delete or replace (Levenshtein), over the first 64 letters without case.
  private static func edits(from name: String, to other: String) -> Int {
    let left = Array(name.lowercased().prefix(64))
    let right = Array(other.lowercased().prefix(64))
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in right.indices {
        let replaced = diagonal + (letter == right[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
