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
/// When the selector says *none*, or gives no usable answer, `otherwise` answers. A router with a `merge` step lets a
/// request take several routes: their steps run at once, and the step makes one answer of theirs.
public struct Router<Input: Sendable, Output: Sendable>: Step {
  private let name: String
  private let selector: any RouteSelector
  private let routes: [Route<Input, Output>]
  private let table: Result<RouteTable, TurnoutError>
  private let otherwise: any Step<Input, Output>
  private let merge: (any Step<[RouteAnswer<Output>], Output>)?
  private let request: @Sendable (Input) -> RouteRequest

  /// How many routes a request may take at once, when their answers can be merged.
  private static var mostRoutes: Int { 3 }

  /// A router over inputs of any type.
  /// - Parameters:
  ///   - request: what of an input the selector reads.
  ///   - merge: makes one answer of those of several routes; without it, a request takes one route.
  public init(
    _ name: String = "route", by selector: some RouteSelector, request: @escaping @Sendable (Input) -> RouteRequest,
    @RouteBuilder<Input, Output> routes: () -> [Route<Input, Output>], otherwise: () -> any Step<Input, Output>,
    merge: () -> (any Step<[RouteAnswer<Output>], Output>)? = { nil }
  ) {
    self.name = name
    self.selector = selector
    self.routes = routes()
    self.otherwise = otherwise()
    self.merge = merge()
    self.request = request
    do { table = .success(try RouteTable(self.routes.map(\.description))) } catch {
      table = .failure(error as? TurnoutError ?? .invalidInput("\(error)"))
    }
  }

  public var identity: StepIdentity { StepIdentity(.route, name) }

  public var outline: StepOutline {
    let branches = (routes.map(\.step.outline) + [otherwise.outline]).map { $0.repeated(.choice) }
    let selectors = (try? table.get()).map(selector.outlines) ?? []
    let merging = merge.map { [$0.outline.gathering()] } ?? []
    return StepOutline(
      identity, children: selectors + branches + merging, choices: merge == nil ? 1 : Self.mostRoutes)
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
    let table = try table.get()
    var request = request(input)
    request.mostRoutes = merge == nil ? 1 : Self.mostRoutes
    let metered = run.metered()
    let start = run.clock.now
    defer { run.record(metered.usage) }
    var decision = try await selector.select(request, among: table, in: metered)
    decision.duration = run.clock.now - start
    decision.usage = metered.usage
    for name in decision.routes where table.index(of: name) == nil {
      throw TurnoutError.invalidInput("the selector \(decision.decidedBy) chose \"\(name)\", which is no route")
    }
    if decision.routes.count > request.mostRoutes {
      decision.notes.append("takes \(request.mostRoutes) of \(decision.routes.count) routes")
      decision.routes.removeLast(decision.routes.count - request.mostRoutes)
      if decision.routes.count == 1 { decision.kind = .route }
    }
    return decision
  }

  private func answer(_ input: Input, in run: Run) async throws -> Routed<Output> {
    let decided = try await decided(input, in: run)
    if let merge, decided.decision.routes.count > 1 {
      let output = try await merged(decided.decision.routes, input, by: merge, in: run)
      return Routed(decision: decided.decision, output: output)
    }
    let chosen = decided.decision.routes.first.flatMap(route)
    let step: any Step<Input, Output> = chosen?.step ?? otherwise
    let inner = chosen == nil ? decided.known(in: run) : run
    let output = try await inner.perform(step, input, as: chosen?.description.name ?? "otherwise")
    return Routed(decision: decided.decision, output: output)
  }

  /// A decision in an object: it is large, and the memory of a task holds it while the branch runs.
  private final class Decided: Sendable {
    let decision: RouteDecision
    init(_ decision: RouteDecision) { self.decision = decision }

    @inline(never)
    func known(in run: Run) -> Run {
      var run = run
      run.values[RouteDecision.Key.self] = decision
      return run
    }
  }

  @inline(never)
  private func decided(_ input: Input, in run: Run) async throws -> Decided {
    let decision = try await decide(input, in: run)
    await run.emit(.decided(decision))
    return Decided(decision)
  }

  /// Not inlined: most requests take one route.
  @inline(never)
  private func merged(
    _ names: [String], _ input: Input, by merge: any Step<[RouteAnswer<Output>], Output>, in run: Run
  ) async throws -> Output {
    let chosen = names.compactMap(route)
    let outcomes = try await FanOut(bound: chosen.count, policy: .failFast, isAnnounced: false).run(
      count: chosen.count, in: run, name: { chosen[$0].description.name },
      needs: { chosen[$0].step.worstCase(for: input, prices: $1) }
    ) { index, run in try await run.perform(chosen[index].step, input, as: chosen[index].description.name) }
    let answers = try zip(chosen, outcomes).map { RouteAnswer(route: $0.description, output: try $1.get()) }
    return try await run.perform(merge, answers, as: "merge")
  }

  private func route(_ name: String) -> Route<Input, Output>? {
    guard case .success(let table) = table, let place = table.index(of: name) else { return nil }
    return routes[place]
  }
}

extension Router where Input == String {
  /// A router over texts.
  public init(
    _ name: String = "route", by selector: some RouteSelector,
    @RouteBuilder<Input, Output> routes: () -> [Route<Input, Output>], otherwise: () -> any Step<Input, Output>,
    merge: () -> (any Step<[RouteAnswer<Output>], Output>)? = { nil }
  ) {
    self.init(name, by: selector, request: { RouteRequest($0) }, routes: routes, otherwise: otherwise, merge: merge)
  }
}

extension RouteDecision {
  /// The decision of the innermost router, for the step that answers when none of its routes fits.
  public enum Key: RunKey { public static let defaultValue: RouteDecision? = nil }
}

/// What one of several routes answered.
public struct RouteAnswer<Output: Sendable>: Sendable {
  /// The route.
  public let route: RouteDescription
  /// Its answer.
  public let output: Output
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
