import TurnoutCore
import TurnoutProviders

extension WorkflowBuilder {
  func router(_ route: RouteDefinition, _ name: String, isRoot: Bool) throws -> Router<Value, Value> {
    let routes = try route.routes.map { Route($0.description, try build($0.step)) }
    let titles = route.routes.map { ($0.description.name, $0.description.title ?? $0.description.name) }
    let otherwise: any Step<Value, Value>
    switch route.otherwise {
    case .step(let step): otherwise = DecidedStep(step: AnyValueStep(try build(step)), routes: titles)
    case .route(let name):
      guard let route = routes.first(where: { $0.description.name == name }) else {
        throw TurnoutError.invalidInput("there is no route \(name)")
      }
      otherwise = route.step
    }
    let merge: (any Step<[RouteAnswer<Value>], Value>)?
    switch route.merge {
    case nil: merge = nil
    case .join: merge = MergeStep(step: nil)
    case .step(let step): merge = MergeStep(step: AnyValueStep(try build(step)))
    }
    return Router(
      name, by: AnySelector(selector: try selector(of: route, isRoot: isRoot)), request: RouteRequest.init(value:),
      routes: { routes }, otherwise: { otherwise }, merge: { merge })
  }

  private func selector(of route: RouteDefinition, isRoot: Bool) throws -> any RouteSelector {
    let stages = try route.by.map { stage -> any RouteSelector in
      switch stage {
      case .rules: return RulesSelector(route.rules)
      case .examples:
        let embeddings = try models.embeddingModel(workflow.embeddings, in: workflow)
        let fit = try fit(of: route, isRoot: isRoot, encoder: embeddings.name)
        return ExamplesSelector(embeddings, bar: route.bars[.examples], fit: fit)
      case .model: return ModelSelector(try chooser(route.model), bar: route.bars[.model])
      case .decision:
        let name = route.decision ?? ""
        let model = try models.decisionModel(workflow.models[name] ?? name, in: workflow)
        return DecisionSelector(model, bar: route.bars[.decision] ?? 0.6)
      }
    }
    var selector: any RouteSelector = stages[0]
    if stages.count > 1 {
      selector = route.candidates.map { CascadeSelector(stages, candidates: $0) } ?? CascadeSelector(stages)
    }
    if route.merge != nil { selector = CompoundSelector(AnySelector(selector: selector)) }
    if route.followsUp { selector = FollowUpSelector(AnySelector(selector: selector)) }
    if route.isSticky { selector = SessionSelector(AnySelector(selector: selector)) }
    return selector
  }

  /// The language model that chooses. What a server keeps to that the file declares is found out before it is asked.
  private func chooser(_ name: String?) throws -> any LanguageModel {
    let model = try languageModel(name)
    let reference = workflow.models[name ?? "default"] ?? name ?? ""
    let provider = String(reference.prefix { $0 != ":" })
    return workflow.providers[provider] == nil ? model : ProbedModel(model)
  }

  /// What `turnout fit` left for the router: the file it names, or for the outermost one the file beside the workflow.
  private func fit(of route: RouteDefinition, isRoot: Bool, encoder: String) throws -> RouteFit? {
    guard let path = try fitFile(of: route, isRoot: isRoot) else { return nil }
    let fit = try RouteFit(contentsOf: path)
    // The selector checks this too, when it is first asked, and does not know the file.
    do { try fit.check(try RouteTable(route.routes.map(\.description)), encoder: encoder) } catch {
      throw TurnoutError.invalidInput("\(FolderPath.name(path)): \(RunFailure(error).message)")
    }
    return fit
  }

  private func fitFile(of route: RouteDefinition, isRoot: Bool) throws -> String? {
    guard let file = route.fit else {
      return isRoot && FolderPath.isReadableFile(workflow.fitFile) ? workflow.fitFile : nil
    }
    let path = FolderPath.join(workflow.folder, file)
    guard FolderPath.isReadableFile(path) else {
      throw TurnoutError.invalidInput("there is no fitted routing \"\(file)\"; make it with turnout fit")
    }
    return path
  }
}

/// A selector whose type is not known.
private struct AnySelector: RouteSelector {
  let selector: any RouteSelector

  var name: String { selector.name }
  func prepare(_ table: RouteTable, in run: Run) async throws { try await selector.prepare(table, in: run) }
  func outlines(among table: RouteTable) -> [StepOutline] { selector.outlines(among: table) }
  func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    try await selector.select(request, among: table, in: run)
  }
}

/// A step that can name the decision of the router it belongs to.
private struct DecidedStep: Step {
  let step: AnyValueStep
  let routes: [(name: String, title: String)]

  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }

  func run(_ input: Value, in run: Run) async throws -> Value {
    var run = run
    run.values[WorkflowScope.Key.self].decision = run.values[RouteDecision.Key.self]
    run.values[WorkflowScope.Key.self].routes = routes
    return try await step.run(input, in: run)
  }
}

/// Makes one answer of several routes' answers: one after another, or by a step that gets them as `input.text` and
/// `input.answers`.
private struct MergeStep: Step {
  let step: AnyValueStep?

  var identity: StepIdentity { step?.identity ?? StepIdentity(.function, "merge") }
  var outline: StepOutline { step?.outline ?? StepOutline(identity) }

  func run(_ answers: [RouteAnswer<Value>], in run: Run) async throws -> Value {
    let text = answers.map(\.output.text).joined(separator: "\n\n")
    guard let step else { return .string(text) }
    let list = answers.map { answer -> Value in
      [
        "route": .string(answer.route.name), "title": .string(answer.route.title ?? answer.route.name),
        "output": answer.output,
      ]
    }
    return try await step.run(["text": .string(text), "answers": .array(list)], in: run)
  }
}
