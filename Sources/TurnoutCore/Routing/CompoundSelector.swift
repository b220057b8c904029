/// Finds requests that ask for several things: decides about the whole and about each of its parts.
///
/// Only when the router can merge answers (``RouteRequest/mostRoutes``) and ``RequestParts`` finds two parts or more, the
/// parts are decided about, all at once; every other request costs one decision. Several routes are taken when two parts
/// or more are surely for different routes. One request is not made into two on weak grounds: the whole's decision stands
/// when it is surely *none*, and when it is ahead by ``clearMargin`` and only one part disagrees, with a confidence below
/// ``strongPart``.
///
/// ```swift
/// let selector = CompoundSelector(ExamplesSelector(embeddings))
/// var request = RouteRequest("My screen is broken, and what does a new phone cost?")
/// request.mostRoutes = 2
/// let decision = try await selector.select(request, among: table, in: run)
/// decision.routes   // ["service", "consult"]
/// ```
public struct CompoundSelector: RouteSelector {
  /// The margin, or the confidence where there are no scores, at which a decision about the whole is clear.
  public static let clearMargin = 0.5
  /// The confidence at which one part alone stands against a clear whole; a part without a confidence does.
  public static let strongPart = 0.8

  public let name = "compound"
  private let selector: any RouteSelector

  /// A selector that lets another decide about parts.
  public init(_ selector: some RouteSelector) { self.selector = selector }

  public func prepare(_ table: RouteTable, in run: Run) async throws { try await selector.prepare(table, in: run) }

  public func outlines(among table: RouteTable) -> [StepOutline] {
    selector.outlines(among: table).map { $0.repeated(.times(1 + RequestParts.most)) }
  }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    let whole = try await selector.select(request, among: table, in: run)
    guard request.mostRoutes > 1, whole.kind != .several, !(whole.isSure && whole.kind == .none) else { return whole }
    let parts = RequestParts.of(request.text)
    guard parts.count > 1 else { return whole }
    let decisions = try await decide(parts, of: request, among: table, in: run)
    let chosen = decisions.enumerated().compactMap { number, decision in
      decision.isSure && decision.kind == .route
        ? decision.routes.first.map {
          Part(number: number + 1, route: $0, decidedBy: decision.decidedBy, confidence: decision.confidence)
        } : nil
    }
    return several(chosen, of: parts.count, whole, most: request.mostRoutes) ?? whole
  }

  private struct Part {
    let number: Int
    let route: String
    let decidedBy: String
    let confidence: Double?
  }

  private func decide(
    _ parts: [Substring], of request: RouteRequest, among table: RouteTable, in run: Run
  ) async throws -> [RouteDecision] {
    try await withThrowingTaskGroup(of: (Int, RouteDecision).self) { group in
      for (place, part) in parts.enumerated() {
        var request = request
        request.text = Self.trimmed(part)
        request.mostRoutes = 1
        group.addTask { [request] in (place, try await selector.select(request, among: table, in: run)) }
      }
      var decisions: [(place: Int, decision: RouteDecision)] = []
      for try await decision in group { decisions.append(decision) }
      return decisions.sorted { $0.place < $1.place }.map(\.decision)
    }
  }

  /// The decision for several routes; nil when the whole's stands.
  private func several(_ chosen: [Part], of count: Int, _ whole: RouteDecision, most: Int) -> RouteDecision? {
    var routes: [String] = []
    for part in chosen where !routes.contains(part.route) { routes.append(part.route) }
    guard routes.count > 1, !isClear(whole, against: chosen) else { return nil }
    routes = Array(routes.prefix(most))
    let taken = chosen.filter { routes.contains($0.route) }
    // Parts have numbers here, not texts: decisions go into events, which hold nothing of the request.
    let reasons = taken.map { "part \($0.number) is for \($0.route)" }.joined(separator: ", ")
    let deciders = Set(taken.map(\.decidedBy))
    return RouteDecision(
      .several, routes: routes, by: deciders.count == 1 ? taken[0].decidedBy : name,
      confidence: taken.compactMap(\.confidence).min(), scores: whole.scores,
      reasoning: "of \(count) parts, \(reasons)", evidence: whole.evidence, notes: whole.notes)
  }

  private func isClear(_ whole: RouteDecision, against parts: [Part]) -> Bool {
    guard whole.isSure, let route = whole.routes.first, whole.margin ?? whole.confidence ?? 0 >= Self.clearMargin
    else { return false }
    let others = parts.filter { $0.route != route }
    return others.count == 1 && others[0].confidence ?? 1 < Self.strongPart
  }

  private static func trimmed(_ part: Substring) -> String {
    let isEdge = { (character: Character) in character.isWhitespace || ",，、".contains(character) }
    var part = part.drop(while: isEdge)
    while let last = part.last, isEdge(last) { part.removeLast() }
    return String(part)
  }
}

extension RouteSelector where Self == CompoundSelector {
  /// Finds requests that ask for several things.
  public static func compound(_ selector: some RouteSelector) -> CompoundSelector { CompoundSelector(selector) }
}
