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

  /// Their names, in the same order; by themselves, since decisions name every route and need nothing else of it.
  let names: [String]
  private let places: [String: Int]

  /// What tells this table from every other without looking at its texts.
  let token = Token()

  final class Token: Sendable {}

  /// The name that a selector answers when no route fits; no route may have it.
  public static let none = "none"

  /// A table of routes.
  /// - Throws: ``TurnoutError`` when there are none, or when two have the same name, or one has none or ``none``.
  public init(_ routes: [RouteDescription]) throws {
    guard !routes.isEmpty else { throw TurnoutError.invalidInput("a router needs at least one route") }
    var places: [String: Int] = [:]
    for (place, route) in routes.enumerated() {
      guard !route.name.isEmpty else { throw TurnoutError.invalidInput("a route has no name") }
      guard route.name != Self.none else {
        throw TurnoutError.invalidInput("a route cannot be called \"none\"; that is what no route is called")
      }
      guard places.updateValue(place, forKey: route.name) == nil else {
        throw TurnoutError.invalidInput("two routes are called \"\(route.name)\"")
      }
    }
    self.routes = routes
    self.places = places
    names = routes.map(\.name)
  }

  /// The place of a route in the table.
  func index(of name: String) -> Int? { places[name] }

  /// Two tables are equal when their routes are.
  public static func == (left: RouteTable, right: RouteTable) -> Bool { left.routes == right.routes }

  public func hash(into hasher: inout Hasher) { hasher.combine(routes) }
}
