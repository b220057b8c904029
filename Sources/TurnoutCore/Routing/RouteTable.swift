/// What a selector knows of a route: its name, what it is for, and requests that belong to it.
public struct RouteDescription: Sendable, Hashable {
  /// The name, unique in its table.
  public let name: String
  /// What people call it, where that differs from the name.
  public let title: String?
  /// What it is for, in a sentence.
  public let purpose: String
  /// Requests that belong to it.
  public let examples: [String]

  /// A description.
  public init(_ name: String, _ purpose: String = "", title: String? = nil, examples: [String] = []) {
    self.name = name
    self.title = title
    self.purpose = purpose
    self.examples = examples
  }
}

/// The closed set of routes a selector chooses from; checked when it is made, and never changed.
public struct RouteTable: Sendable, Hashable {
  /// The routes, in the order of their declaration.
  public let routes: [RouteDescription]

  /// What tells this table from every other without looking at its texts.
  let token = Token()

  final class Token: Sendable {}

  /// The name that a selector answers when no route fits; no route may have it.
  public static let none = "none"

  /// A table of routes.
  /// - Throws: ``TurnoutError`` when there are none, or when two have the same name, or one has none or ``none``.
  public init(_ routes: [RouteDescription]) throws {
    guard !routes.isEmpty else { throw TurnoutError.invalidInput("a router needs at least one route") }
    var names: Set<String> = []
    for route in routes {
      guard !route.name.isEmpty else { throw TurnoutError.invalidInput("a route has no name") }
      guard route.name != Self.none else {
        throw TurnoutError.invalidInput("a route cannot be called \"none\"; that is what no route is called")
      }
      guard names.insert(route.name).inserted else {
        throw TurnoutError.invalidInput("two routes are called \"\(route.name)\"")
      }
    }
    self.routes = routes
  }

  /// Two tables are equal when their routes are.
  public static func == (left: RouteTable, right: RouteTable) -> Bool { left.routes == right.routes }

  public func hash(into hasher: inout Hasher) { hasher.combine(routes) }
}

/// Chooses a route for a request. A selector never answers with a name that is not in the table.
///
/// ```swift
/// struct FirstWord: RouteSelector {
///   let name = "rules"
///   func select(_ request: String, among table: RouteTable, in run: Run) async throws -> RouteDecision {
///     let word = request.prefix(while: \.isLetter).lowercased()
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

  /// Decides.
  func select(_ request: String, among table: RouteTable, in run: Run) async throws -> RouteDecision
}

extension RouteSelector {
  public func prepare(_ table: RouteTable, in run: Run) async throws {}
}

/// Several selectors one after another: the next decides only when the one before is unsure; the last decides anyway.
public struct CascadeSelector: RouteSelector {
  public let name = "cascade"
  private let stages: [any RouteSelector]

  /// A cascade of stages.
  public init(_ stages: [any RouteSelector]) { self.stages = stages }

  public func prepare(_ table: RouteTable, in run: Run) async throws {
    for stage in stages { try await stage.prepare(table, in: run) }
  }

  public func select(_ request: String, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    var last = RouteDecision(.none, by: "otherwise", isSure: false)
    for stage in stages {
      var decision = try await stage.select(request, among: table, in: run)
      decision.notes = last.notes + decision.notes.filter { !last.notes.contains($0) }
      // What an earlier stage saw stays visible when a later one, which has no scores, decides.
      if decision.scores.isEmpty { decision.scores = last.scores }
      if decision.evidence.isEmpty { decision.evidence = last.evidence }
      last = decision
      if decision.isSure { break }
    }
    return last
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
