/// What `turnout fit` learned from labelled requests, for an ``ExamplesSelector``: a head, its bars, and what they were
/// made for. Refused when the routes, their examples or the encoder are others.
///
/// ```swift
/// let fit = try RouteFit(value: Value(json: text))
/// let selector = ExamplesSelector(embeddings, fit: fit)
/// ```
public struct RouteFit: Sendable {
  /// The name of the encoder whose vectors it reads.
  public let encoder: String
  /// The length of the vectors.
  public let dimension: Int
  /// The routes, in the order of the table.
  public let routes: [String]
  /// A fingerprint of the table's routes and examples.
  public let examples: String
  /// How much it was fitted on.
  public let size: Size
  /// What is to be expected of it on requests like those it was fitted on, measured on requests it had not seen.
  public let expectation: Expectation
  package let head: RouteHead
  package let scale: RouteScale
  /// The probability at which a decision is sure.
  public let bar: Double

  /// How many requests there were.
  public struct Size: Sendable, Hashable {
    /// Requests with a route, the table's examples included.
    public let inScope: Int
    /// Requests that belong to no route.
    public let outOfScope: Int
    /// Requests without a label.
    public let unlabelled: Int

    /// A size.
    public init(inScope: Int, outOfScope: Int, unlabelled: Int = 0) {
      self.inScope = inScope
      self.outOfScope = outOfScope
      self.unlabelled = unlabelled
    }
  }

  /// Figures from cross-validation.
  public struct Expectation: Sendable, Hashable {
    /// The share of requests in scope that are decided right.
    public let accuracy: Double
    /// The 95 % interval of the accuracy.
    public let interval: ClosedRange<Double>
    /// The share of requests out of scope that are decided none; nil where there was nothing to tell it by.
    public let caught: Double?

    /// An expectation.
    public init(accuracy: Double, interval: ClosedRange<Double>, caught: Double?) {
      self.accuracy = accuracy
      self.interval = interval
      self.caught = caught
    }
  }

  package init(
    encoder: String, dimension: Int, table: RouteTable, size: Size, expectation: Expectation, head: RouteHead,
    scale: RouteScale, bar: Double
  ) {
    self.encoder = encoder
    self.dimension = dimension
    routes = table.names
    examples = Self.fingerprint(table)
    self.size = size
    self.expectation = expectation
    self.head = head
    self.scale = scale
    self.bar = bar
  }

  init(
    encoder: String, dimension: Int, routes: [String], examples: String, size: Size, expectation: Expectation,
    head: RouteHead, scale: RouteScale, bar: Double
  ) {
    self.encoder = encoder
    self.dimension = dimension
    self.routes = routes
    self.examples = examples
    self.size = size
    self.expectation = expectation
    self.head = head
    self.scale = scale
    self.bar = bar
  }

  /// A fingerprint of the routes' names and examples, which does not depend on their order.
  public static func fingerprint(_ table: RouteTable) -> String {
    var hash = StableHash()
    func add(_ text: String) {
      hash.add(text.utf8)
      hash.addBorder()
    }
    // By bytes: texts that only differ in how accents are written are equal to `<`, and would stay in any order.
    for route in table.routes.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      add(route.name)
      for example in route.examples.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { add(example) }
      add("")
    }
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Refuses a table or an encoder that it was not made for.
  /// - Throws: ``TurnoutError`` that says what changed and what to do.
  public func check(_ table: RouteTable, encoder: String) throws {
    func refuse(_ change: String) -> TurnoutError {
      .invalidInput("the fitted routing is out of date: \(change); fit again, or remove the fitted file")
    }
    guard encoder == self.encoder else {
      throw refuse("it was made for the encoder \(self.encoder), not for \(encoder)")
    }
    let names = table.names
    guard Set(names) == Set(routes) else {
      let added = names.first { !routes.contains($0) }.map { "the route \"\($0)\" is new" }
      let gone = routes.first { !names.contains($0) }.map { "the route \"\($0)\" is gone" }
      throw refuse(added ?? gone ?? "the routes changed")
    }
    guard Self.fingerprint(table) == examples else { throw refuse("the examples changed since") }
  }
}
