/// What selectors that ask a model make of a request: which routes they offer, and what they show of the conversation.
extension RouteRequest {
  /// How many of the person's earlier messages are shown.
  private static var earlierMessages: Int { 5 }

  /// The routes still in question, by name; nil when all are.
  func candidates(of table: RouteTable) -> [RouteDescription]? {
    guard let candidates else { return nil }
    let kept = Set(candidates.compactMap(table.index))
    guard !kept.isEmpty, kept.count < table.routes.count else { return nil }
    return kept.map { table.routes[$0] }.sorted { $0.name < $1.name }
  }

  /// The last few things the person said before, oldest first, each a line and cut to a tenth of a limit.
  func earlier(tokens: Int) -> [String] {
    let limit = max(1, tokens / 10)
    var said: [String] = []
    for message in history.reversed() where said.count < Self.earlierMessages {
      guard case .user(let text) = message else { continue }
      let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if !line.isEmpty { said.append(TokenEstimate.cut(line, to: limit).map { "\($0) …" } ?? line) }
    }
    return said.reversed()
  }

  /// A request with what the person said before, marked as such; the request alone when nothing was.
  static func prompt(_ text: String, earlier: [String]) -> String {
    guard !earlier.isEmpty else { return text }
    let lines = earlier.map { "- \($0)" }.joined(separator: "\n")
    return """
      What the person said earlier, oldest first, only to understand the request:
      \(lines)

      The request:
      \(text)
      """
  }
}
