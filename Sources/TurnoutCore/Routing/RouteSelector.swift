/// Chooses a route for a request. A selector never answers with a name that is not in the table.
///
/// ```swift
/// struct FirstWord: RouteSelector {
///   let name = "rules"
///   func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
///     let word = request.text.prefix(while: \.isLetter).lowercased()
///     guard let route = table.routes.first(where: { $0.name == word }) else {
///       return RouteDecision(.none, by: name, isSure: false)
///     }
///     return RouteDecision(.route, routes: [route.name], by: name, confidence: 1)
///   }
/// }
/// ```
public protocol RouteSelector: Sendable {
  /// The word for it in decisions.
  var name: String { get }

  /// Makes ready what every decision over the table needs, such as the examples' vectors; deciding does so when needed.
  func prepare(_ table: RouteTable, in run: Run) async throws

  /// The models it may ask about a request, for plans and worst cases.
  func outlines(among table: RouteTable) -> [StepOutline]

  /// Decides.
  func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision
}

extension RouteSelector {
  public func prepare(_ table: RouteTable, in run: Run) async throws {}

  public func outlines(among table: RouteTable) -> [StepOutline] { [] }

  /// Decides about a bare text.
  public func select(_ text: String, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    try await select(RouteRequest(text), among: table, in: run)
  }
}
