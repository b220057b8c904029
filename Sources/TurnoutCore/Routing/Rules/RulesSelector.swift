/// Chooses by rules that a program declares: words, patterns, scripts, lengths and metadata, without any model.
///
/// Rules are tried from the highest priority down, and in the order of their declaration where it is the same; the first
/// that matches decides, and the decision says which it was and what matched. When none does, the selector is unsure, so
/// that the next stage of a cascade decides.
///
/// ```swift
/// let rules = RulesSelector([
///   Rule(route: nil, when: [.words(["lawyer", "律师"])], priority: 1, name: "people only"),
///   Rule(route: "orders", when: [try .pattern(#"\b[A-Z]{2}-\d{6}\b"#)]),
///   Rule(route: "asia", when: [.script(.han), .metadata("plan", ["pro", "team"])]),
/// ])
/// let selector = CascadeSelector([rules, ExamplesSelector(embeddings)])
/// ```
public struct RulesSelector: RouteSelector {
  /// How many characters of a request a pattern searches at most.
  public static let patternLimit = 2_000

  public let name = "rules"
  private let rules: [(number: Int, rule: Rule)]
  private let complaints = TableCache<TurnoutError?>()

  /// A selector over rules.
  public init(_ rules: [Rule]) {
    // Numbers are compared too, since sorting alone does not promise to keep the order of equals.
    self.rules = rules.enumerated().map { ($0 + 1, $1) }.sorted {
      ($1.rule.priority, $0.number) < ($0.rule.priority, $1.number)
    }
  }

  /// - Throws: ``TurnoutError`` when a rule names a route that the table does not have.
  public func prepare(_ table: RouteTable, in run: Run) async throws {
    if let complaint = complaints.value(for: table, { complaint(about: table) }) { throw complaint }
  }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    try await prepare(table, in: run)
    var input = RuleInput(request)
    for (number, rule) in rules {
      guard let reason = rule.match(&input) else { continue }
      return RouteDecision(
        rule.route == nil ? .none : .route, routes: rule.route.map { [$0] } ?? [], by: name, confidence: 1,
        reasoning: "\(Self.label(number, rule)) matches: \(reason)")
    }
    let notes = input.searched.map { ["patterns searched only the first \($0) characters of the request"] }
    return RouteDecision(.none, by: name, reasoning: "no rule holds", notes: notes ?? [], isSure: false)
  }

  private func complaint(about table: RouteTable) -> TurnoutError? {
    for (number, rule) in rules.sorted(by: { $0.number < $1.number }) {
      guard let route = rule.route, table.index(of: route) == nil else { continue }
      let known = table.names.joined(separator: ", ")
      return .invalidInput("\(Self.label(number, rule)) names \"\(route)\", which is no route; the routes are \(known)")
    }
    return nil
  }

  private static func label(_ number: Int, _ rule: Rule) -> String {
    "rule \(number)" + (rule.name.map { " \"\($0)\"" } ?? "")
  }
}

extension RouteSelector where Self == RulesSelector {
  /// Rules that a program declares.
  public static func rules(_ rules: [Rule]) -> RulesSelector { RulesSelector(rules) }

  /// Rules that a program declares, one after another.
  public static func rules(_ rules: Rule...) -> RulesSelector { RulesSelector(rules) }
}
