/// What a selector reads: the person's request, and what is known around it.
///
/// ```swift
/// let request = RouteRequest("and the blue one?", history: [.user("What does the phone cost?"), .assistant("499.")])
/// ```
public struct RouteRequest: Sendable, Hashable {
  /// What the person asks now.
  public var text: String
  /// What was said before, oldest first: only what the person and the assistant said.
  public private(set) var history: [Message]
  /// What a program knows of the request, such as the language of the site or the customer's plan.
  public var metadata: [String: String]
  /// The route that the conversation is on.
  public var session: String?
  /// The routes still in question, best first, when an earlier stage of a cascade has left only these; nil for all.
  public var candidates: [String]?
  /// How many routes a decision may name at once; a router that can merge answers allows more than one.
  public var mostRoutes = 1

  /// A request.
  /// - Parameter history: what was said before; system texts and results of tools are left out.
  public init(
    _ text: String, history: [Message] = [], metadata: [String: String] = [:], session: String? = nil,
    candidates: [String]? = nil
  ) {
    self.text = text
    self.history = history.compactMap(\.spoken)
    self.metadata = metadata
    self.session = session
    self.candidates = candidates
  }

  /// The request of a conversation: the person's last message, with what was said before it.
  public init(conversation: [Message], metadata: [String: String] = [:], session: String? = nil) {
    let spoken = conversation.compactMap(\.spoken)
    let last = spoken.lastIndex { if case .user = $0 { true } else { false } }
    var text = ""
    if let last, case .user(let asked) = spoken[last] { text = asked }
    self.init(text, history: last.map { Array(spoken[..<$0]) } ?? [], metadata: metadata, session: session)
  }
}

extension RouteRequest: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}

extension Message {
  /// The message when the person or the assistant said it, without calls of tools; else nothing.
  fileprivate var spoken: Message? {
    switch self {
    case .user: self
    case .userParts(let parts): parts.texts.isEmpty ? nil : .user(parts.texts.joined(separator: "\n"))
    case .assistant(let text, _, _): text.isEmpty ? nil : .assistant(text)
    case .system, .toolResult: nil
    }
  }
}
