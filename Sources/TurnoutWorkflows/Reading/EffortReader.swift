import TurnoutCore

/// Reads how long a branch may take and how often it is tried: `timeout:` and `retry:`.
struct EffortReader {
  static let keys = ["timeout", "retry"]

  /// Puts what a step says into its fan-out.
  func read(_ members: [String: NodeReader], into fanOut: inout FanOutDefinition) {
    fanOut.timeout = members["timeout"].flatMap { $0.duration("timeout") }
    if let retry = members["retry"].flatMap(retry) { fanOut.retry = retry }
  }

  private func retry(_ node: NodeReader) -> Retry? {
    if !node.isMapping { return attempts(node).map { Retry(attempts: $0) } }
    guard let members = node.members(["attempts", "delay", "backoff", "limit"], of: "retry") else { return nil }
    guard let attempts = members["attempts"] else {
      node.complain("retry does not say how many attempts there are")
      return nil
    }
    guard let attempts = self.attempts(attempts) else { return nil }
    let standard = Retry(attempts: attempts)
    return Retry(
      attempts: attempts, delay: members["delay"].flatMap { $0.duration("delay") } ?? standard.delay,
      backoff: members["backoff"].flatMap { $0.number("backoff", 1...10) } ?? standard.backoff,
      limit: members["limit"].flatMap { $0.duration("limit") } ?? standard.limit)
  }

  private func attempts(_ node: NodeReader) -> Int? { node.int("the number of attempts", 1...20) }
}
