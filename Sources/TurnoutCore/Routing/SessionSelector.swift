/// Keeps a conversation on its route until a request clearly leaves it.
///
/// When ``RouteRequest/session`` names a route of the table and the wrapped selector is unsure, the decision is that
/// route, decided by `session`, and sure, since staying is what is wanted; what the wrapped selector saw stays visible
/// in scores and evidence. Whatever the wrapped selector is sure of stands, be it another route, several, or none.
///
/// ```swift
/// let selector = SessionSelector(.cascade(.examples(embeddings), .model(chooser)))
/// let request = RouteRequest("and the other thing?", session: "service")
/// let decision = try await selector.select(request, among: table, in: run)
/// decision.routes   // ["service"]
/// ```
public struct SessionSelector: RouteSelector {
  public let name = "session"
  private let selector: any RouteSelector

  /// A selector that stays on the conversation's route while another is unsure.
  public init(_ selector: some RouteSelector) { self.selector = selector }

  public func prepare(_ table: RouteTable, in run: Run) async throws { try await selector.prepare(table, in: run) }

  public func outlines(among table: RouteTable) -> [StepOutline] { selector.outlines(among: table) }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    var decision = try await selector.select(request, among: table, in: run)
    guard let session = request.session else { return decision }
    guard table.index(of: session) != nil else {
      decision.notes.append("the conversation's route is not one of the routes, and was ignored")
      return decision
    }
    guard !decision.isSure else { return decision }
    return RouteDecision(
      .route, routes: [session], by: name, confidence: decision.scores.first { $0.route == session }?.score,
      scores: decision.scores, reasoning: "nothing clearly leads away from the route of the conversation",
      evidence: decision.evidence, notes: decision.notes + ["stays on the route of the conversation"])
  }
}

extension RouteSelector where Self == SessionSelector {
  /// Stays on the conversation's route while a selector is unsure.
  public static func session(_ selector: some RouteSelector) -> SessionSelector { SessionSelector(selector) }
}
