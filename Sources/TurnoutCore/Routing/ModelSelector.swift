/// A language model that reads the routes and the request, gives its reasons and answers with a name.
///
/// The answer is one of the routes' names or `none`, by the model's schema and checked again; an answer that is not is
/// sent back once, and then the selector is unsure, so that the router's `otherwise` decides. A request that may take
/// several routes gets several only where it asks for more than one thing. The routes are shown by name and their
/// examples as declared, so that the order of the routes changes nothing. Of the conversation the model sees the last
/// few things the person said, marked as earlier.
///
/// ```swift
/// let selector = ModelSelector(model, bar: 0.7)
/// let decision = try await selector.select("my phone keeps restarting", among: table, in: run)
/// decision.confidence   // 0.97
/// ```
/// With a bar, the model is asked how likely its tokens were, and the confidence is the probability of the name where it
/// parts from the other names; see ``BranchingConfidence``. A model that does not say leaves the confidence out.
public struct ModelSelector: RouteSelector {
  public let name = "model"
  private let model: any LanguageModel
  private let examples: Int
  private let tokens: Int
  private let bar: Double?
  private let memory = TokenWitness.Memory()
  private let questions = TableCache<RouteQuestion>()
  private let severalQuestions = TableCache<RouteQuestion>()

  /// A selector that asks a model.
  /// - Parameters:
  ///   - examples: how many examples of each route the model is shown.
  ///   - tokens: how much of a long request it is shown, in estimated tokens.
  ///   - bar: the confidence, from 0 to 1, below which it is unsure; without one it is always sure, and probabilities
  ///     are not asked for. Where there is no confidence it is sure too.
  public init(_ model: any LanguageModel, examples: Int = 3, tokens: Int = 2_000, bar: Double? = nil) {
    self.model = model
    self.examples = max(0, examples)
    self.tokens = max(1, tokens)
    self.bar = bar
  }

  public func prepare(_ table: RouteTable, in run: Run) async throws { try await model.prepare(in: run) }

  public func outlines(among table: RouteTable) -> [StepOutline] {
    [RouteQuestion(table.routes, examples: examples, severally: true, model: model).agent.outline]
  }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    let question = question(request, table)
    let cut = TokenEstimate.cut(request.text, to: tokens)
    let notes = cut == nil ? [] : ["the model read the first \(tokens) tokens of the request"]
    let prompt = RouteRequest.prompt(cut ?? request.text, earlier: request.earlier(tokens: tokens))
    do {
      guard let bar, model.capabilities.logProbabilities, !memory.hasRefused else {
        let choice = try await run.perform(question.agent, prompt)
        return decision(choice, request, notes)
      }
      return try await decisionWithConfidence(question, prompt, request, notes, bar: bar, in: run)
    } catch let error as TurnoutError where error.label == "invalid_output" || error.label == "turn_limit" {
      return RouteDecision(
        .none, by: "otherwise", notes: notes + ["the model gave no usable answer: \(error.description)"], isSure: false)
    }
  }

  /// Not inlined: most selectors ask for no probabilities.
  @inline(never)
  private func decisionWithConfidence(
    _ question: RouteQuestion, _ prompt: String, _ request: RouteRequest, _ notes: [String], bar: Double, in run: Run
  ) async throws -> RouteDecision {
    let witness = TokenWitness(model, memory)
    let choice = try await run.perform(question.agent(asking: witness), prompt)
    var decision = decision(choice, request, notes)
    decision.confidence = witness.confidence(
      in: decision.routes.first ?? RouteTable.none, among: question.names, member: "route")
    decision.isSure = decision.confidence.map { $0 >= bar } ?? true
    return decision
  }

  private func question(_ request: RouteRequest, _ table: RouteTable) -> RouteQuestion {
    let severally = request.mostRoutes > 1
    func make(_ routes: [RouteDescription]) -> RouteQuestion {
      RouteQuestion(routes, examples: examples, severally: severally, model: model)
    }
    if let candidates = request.candidates(of: table) { return make(candidates) }
    // Sorted by name, so that the order in which routes are declared never changes what the model is asked.
    return (severally ? severalQuestions : questions).value(for: table) {
      make(table.routes.sorted { $0.name < $1.name })
    }
  }

  private func decision(_ choice: Value, _ request: RouteRequest, _ notes: [String]) -> RouteDecision {
    let reasoning = choice["reasoning"]?.string
    guard let route = choice["route"]?.string, route != RouteTable.none else {
      return RouteDecision(.none, by: name, reasoning: reasoning, notes: notes)
    }
    var routes = [route]
    if request.mostRoutes > 1 {
      for also in choice["also"]?.array ?? [] {
        guard routes.count < request.mostRoutes, let also = also.string, !routes.contains(also) else { continue }
        routes.append(also)
      }
    }
    return RouteDecision(
      routes.count > 1 ? .several : .route, routes: routes, by: name, reasoning: reasoning, notes: notes)
  }
}

extension RouteSelector where Self == ModelSelector {
  /// A language model that chooses.
  public static func model(_ model: any LanguageModel) -> ModelSelector { ModelSelector(model) }
}
