/// Several selectors one after another: the next decides only when the one before is unsure; the last decides anyway.
///
/// A later stage is asked only about the best few routes of the one before, when that one has scores for all of them.
///
/// ```swift
/// let selector = CascadeSelector([rules, ExamplesSelector(embeddings, bar: 0.8), ModelSelector(model)], candidates: 3)
/// ```
public struct CascadeSelector: RouteSelector {
  public let name = "cascade"
  private let stages: [any RouteSelector]
  private let candidates: Int

  /// A cascade of stages.
  /// - Parameter candidates: how many routes a stage with scores leaves to the next one, at least 2.
  public init(_ stages: [any RouteSelector], candidates: Int = 5) {
    self.stages = stages
    self.candidates = max(2, candidates)
  }

  public func prepare(_ table: RouteTable, in run: Run) async throws {
    for stage in stages { try await stage.prepare(table, in: run) }
  }

  public func outlines(among table: RouteTable) -> [StepOutline] { stages.flatMap { $0.outlines(among: table) } }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    var request = request
    var last = RouteDecision(.none, by: "otherwise", isSure: false)
    for stage in stages {
      var decision = try await stage.select(request, among: table, in: run)
      decision.notes = last.notes + decision.notes.filter { !last.notes.contains($0) }
      // What an earlier stage saw stays visible when a later one, which has no scores, decides.
      if decision.scores.isEmpty { decision.scores = last.scores }
      if decision.evidence.isEmpty { decision.evidence = last.evidence }
      last = decision
      if decision.isSure { break }
      request.candidates = best(of: decision, among: table) ?? request.candidates
    }
    return last
  }

  private func best(of decision: RouteDecision, among table: RouteTable) -> [String]? {
    guard decision.scores.count == table.routes.count, table.routes.count > candidates else { return nil }
    // Ties go by name, so that the order in which routes are declared changes nothing.
    let ranked = decision.scores.sorted { ($1.score, $0.route) < ($0.score, $1.route) }
    return ranked.prefix(candidates).map(\.route)
  }
}

extension RouteSelector where Self == CascadeSelector {
  /// Two stages: the second decides when the first is unsure.
  public static func cascade(_ first: some RouteSelector, _ second: some RouteSelector) -> CascadeSelector {
    CascadeSelector([first, second])
  }

  /// Three stages.
  public static func cascade(
    _ first: some RouteSelector, _ second: some RouteSelector, _ third: some RouteSelector
  ) -> CascadeSelector {
    CascadeSelector([first, second, third])
  }
}
