/// Reads a request that says little by itself together with what the person said before.
///
/// The wrapped selector decides about the bare text first. When it is unsure or says *none*, the person has said
/// something before, and the text is short or begins like a follow-up, it decides again about the person's last message
/// and the text together. A text that is *none* beyond doubt, such as a goodbye, is no follow-up: see ``clearNone``. The
/// second decision is taken when it is sure, or when neither is and it has the higher
/// confidence. What the assistant said is never read: it would lead back to whatever was answered last.
///
/// ```swift
/// let selector = FollowUpSelector(ExamplesSelector(embeddings))
/// let request = RouteRequest("and the blue one?", history: [.user("What does the phone cost?"), .assistant("499.")])
/// ```
public struct FollowUpSelector: RouteSelector {
  /// A text is short up to so many words; two letters of a script without spaces count as one.
  public static let shortText = 8

  /// The confidence of *none* from which on a text is read by itself, whatever was said before: it changes the subject.
  /// In tries with the local encoder, changes of subject lay above it and short follow-ups below.
  public static let clearNone = 0.95

  public let name = "follow-up"
  private let selector: any RouteSelector

  /// A selector that reads follow-ups together with the message before.
  public init(_ selector: some RouteSelector) { self.selector = selector }

  public func prepare(_ table: RouteTable, in run: Run) async throws { try await selector.prepare(table, in: run) }

  public func outlines(among table: RouteTable) -> [StepOutline] {
    selector.outlines(among: table).map { $0.repeated(.times(2)) }
  }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    let first = try await selector.select(request, among: table, in: run)
    let isClear = first.kind == .none && first.confidence ?? 0 >= Self.clearNone
    guard !first.isSure || first.kind == .none, !isClear, let before = Self.messageBefore(request),
      Self.looksLikeFollowUp(request.text)
    else { return first }
    var joined = request
    joined.text = before + "\n" + request.text
    var second = try await selector.select(joined, among: table, in: run)
    guard Self.isBetter(second, than: first) else { return first }
    second.notes.append("read together with the message before")
    return second
  }

  private static func messageBefore(_ request: RouteRequest) -> String? {
    for message in request.history.reversed() {
      if case .user(let text) = message, !text.allSatisfy(\.isWhitespace) { return text }
    }
    return nil
  }

  private static func isBetter(_ second: RouteDecision, than first: RouteDecision) -> Bool {
    if second.isSure { return !(first.isSure && second.kind == .none) }
    guard !first.isSure, second.kind != .none, let confidence = second.confidence else { return false }
    return confidence > first.confidence ?? 0
  }

  private static func looksLikeFollowUp(_ text: String) -> Bool {
    guard text.contains(where: { !$0.isWhitespace }) else { return false }
    let size = TextSize(text)
    return 2 * size.words + size.letters <= 2 * shortText || openings.first(in: FoldedText(text.prefix(40))) != nil
  }

  private static let openings = WordList(
    [
      "and", "but", "so", "also", "then", "or", "why", "what about", "how about", "what if", "it", "that", "this",
      "those", "these", "they", "the other one", "the same", "instead", "那", "那么", "这", "它", "他们", "还有", "另外",
      "为什么", "如果", "但是", "可是", "所以", "然后", "刚才", "一样", "換", "换", "這", "還有", "為什麼",
    ], atStart: true)
}

extension RouteSelector where Self == FollowUpSelector {
  /// Reads follow-ups together with the message before.
  public static func followUp(_ selector: some RouteSelector) -> FollowUpSelector { FollowUpSelector(selector) }
}
