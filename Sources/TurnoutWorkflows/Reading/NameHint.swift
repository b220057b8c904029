import TurnoutCore

extension String {
  /// What a complaint about this unknown name ends with: the nearest known name, else all of them.
  func hint(among known: [String], as what: String = "known") -> String {
    nearest(of: known).map { "did you mean \"\($0)\"?" } ?? "\(what): \(known.joined(separator: ", "))"
  }
}
