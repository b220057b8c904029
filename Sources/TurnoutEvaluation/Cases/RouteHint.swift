import TurnoutCore

/// The end of a message about a route that does not exist: the nearest name, else the first ten.
enum RouteHint {
  static func hint(for name: String, among names: [String]) -> String {
    if let best = name.nearest(of: names) { return " (did you mean \"\(best)\"?)" }
    let listed = names.prefix(10).joined(separator: ", ")
    return "; the routes are \(listed)\(names.count > 10 ? " and \(names.count - 10) more" : "")"
  }
}
