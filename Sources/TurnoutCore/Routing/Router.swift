/// A route of a router: what it is for, and the step that answers.
public struct Route<Input: Sendable, Output: Sendable>: Sendable {
  /// What selectors know of it.
  public let description: RouteDescription
  /// The step that answers.
  public let step: any Step<Input, Output>

  /// A route with the step that answers.
  public init(
    _ name: String, _ purpose: String = "", examples: [String] = [], _ step: () -> any Step<Input, Output>
  ) {
    self.init(RouteDescription(name, purpose, examples: examples), step())
  }

  /// A route from its description.
  public init(_ description: RouteDescription, _ step: any Step<Input, Output>) {
    self.description = description
    self.step = step
  }
}

/// A choice between branches: a selector picks a route for each request, and the route's step answers it.
///
/// ```swift
/// let support = Router(by: .cascade(.examples(embeddings), .model(chooser))) {
///   Route("consult", "Questions before buying", examples: ["What does it cost?"]) { consult }
///   Route("service", "Trouble with a product the customer owns", examples: ["It does not start."]) { service }
/// } otherwise: {
///   human
/// }
/// let reply = try await support("When does the new phone come out?")
/// print(reply.decision.routes, reply.output)
/// ```
/// When the selector says *none*, or gives no usable answer, `otherwise` answers.
public struct Router<Input: Sendable, Output: Sendable>: Step {
  private let name: String
  private let selector: any RouteSelector
  private let routes: [Route<Input, Output>]
  private let table: Result<RouteTable, TurnoutError>
  private let otherwise: any Step<Input, Output>
  private let text: @Sendable (Input) -> String

  /// A router over inputs of any type.
  /// - Parameter text: what of an input the selector reads.
  public init(
    _ name: String = "route", by selector: some RouteSelector, text: @escaping @Sendable (Input) -> String,
    @RouteBuilder<Input, Output> routes: () -> [Route<Input, Output>], otherwise: () -> any Step<Input, Output>
  ) {
    self.name = name
    self.selector = selector
    self.routes = routes()
    self.otherwise = otherwise()
    self.text = text
    do { table = .success(try RouteTable(self.routes.map(\.description))) } catch {
      table = .failure(error as? TurnoutError ?? .invalidInput("\(error)"))
    }
  }

  public var identity: StepIdentity { StepIdentity(.route, name) }

  public var outline: StepOutline {
    StepOutline(identity, children: routes.map(\.step.outline) + [otherwise.outline])
  }

  /// Answers a request and says who answered it.
  /// - Throws: ``TurnoutError`` when two routes have one name; what the selector or the branch throws.
  public func callAsFunction(_ input: Input, in run: Run = Run()) async throws -> Routed<Output> {
    try await run.scope(.route, name) { try await answer(input, in: $0) }
  }

  public func run(_ input: Input, in run: Run) async throws -> Output { try await answer(input, in: run).output }

  /// Makes ready what every decision needs, so that the first one is as quick as the others.
  public func prepare(in run: Run = Run()) async throws { try await selector.prepare(try table.get(), in: run) }

  /// Only decides; no branch runs.
  public func decide(_ input: Input, in run: Run = Run()) async throws -> RouteDecision {
    let decision = try await selector.select(text(input), among: try table.get(), in: run)
    for name in decision.routes where !routes.contains(where: { $0.description.name == name }) {
      throw TurnoutError.invalidInput("the selector \(decision.decidedBy) chose \"\(name)\", which is no route")
    }
    return decision
  }

  private func answer(_ input: Input, in run: Run) async throws -> Routed<Output> {
    let decision = try await decide(input, in: run)
    await run.emit(.decided(decision))
    guard let name = decision.routes.first, let route = routes.first(where: { $0.description.name == name }) else {
      return Routed(decision: decision, output: try await run.perform(otherwise, input, as: "otherwise"))
    }
    return Routed(decision: decision, output: try await run.perform(route.step, input, as: name))
  }
}

extension Router where Input == String {
  /// A router over texts.
  public init(
    _ name: String = "route", by selector: some RouteSelector,
    @RouteBuilder<Input, Output> routes: () -> [Route<Input, Output>], otherwise: () -> any Step<Input, Output>
  ) {
    self.init(name, by: selector, text: { $0 }, routes: routes, otherwise: otherwise)
  }
}

/// An answer with the decision that led to it.
public struct Routed<Output: Sendable>: Sendable {
  /// Who was chosen, and why.
  public let decision: RouteDecision
  /// What the branch answered.
  public let output: Output
}

extension Routed: ValueConvertible {
  public var value: Value { (output as? any ValueConvertible)?.value ?? .null }
}

/// Lists routes, with `if` and `for` where they are needed.
@resultBuilder
public enum RouteBuilder<Input: Sendable, Output: Sendable> {
  /// One route.
  public static func buildExpression(_ route: Route<Input, Output>) -> [Route<Input, Output>] { [route] }
  /// Several routes.
  public static func buildExpression(_ routes: [Route<Input, Output>]) -> [Route<Input, Output>] { routes }
  /// All routes in order.
  public static func buildBlock(_ parts: [Route<Input, Output>]...) -> [Route<Input, Output>] { parts.flatMap { $0 } }
  /// Routes under a condition.
  public static func buildOptional(_ part: [Route<Input, Output>]?) -> [Route<Input, Output>] { part ?? [] }
  /// Routes of the first alternative.
  public static func buildEither(first part: [Route<Input, Output>]) -> [Route<Input, Output>] { part }
  /// Routes of the second alternative.
  public static func buildEither(second part: [Route<Input, Output>]) -> [Route<Input, Output>] { part }
  /// Routes of a loop.
  public static func buildArray(_ parts: [[Route<Input, Output>]]) -> [Route<Input, Output>] { parts.flatMap { $0 } }
}
