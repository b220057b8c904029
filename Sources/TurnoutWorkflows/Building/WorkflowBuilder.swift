public import TurnoutCore

extension Workflow {
  /// The step tree of the workflow, the same that Swift code would build.
  /// - Parameter models: finds the models that the file names.
  /// - Throws: ``ModelError`` for a missing key or a provider that cannot be used.
  public func step(models: any ModelResolver) throws -> some Step<Value, Value> {
    RootStep(step: try WorkflowBuilder(workflow: self, models: models).build(root, isRoot: true))
  }

  /// The outermost router, when the workflow is one; to decide without answering.
  /// - Throws: ``ModelError`` for a missing key or a provider that cannot be used; ``TurnoutError`` for a fitted routing
  ///   that cannot be read.
  public func router(models: any ModelResolver) throws -> Router<Value, Value>? {
    guard case .route(let route) = root.kind else { return nil }
    return try WorkflowBuilder(workflow: self, models: models).router(route, root.name, isRoot: true)
  }
}

/// Makes steps from definitions. Everything has been checked when the file was read, so that what is thrown here is
/// about models only.
struct WorkflowBuilder {
  let workflow: Workflow
  let models: any ModelResolver
  /// Before the models that have one, by their names in the file; shared by all steps.
  private let caches: [String: ResponseCache]

  init(workflow: Workflow, models: any ModelResolver) {
    self.workflow = workflow
    self.models = models
    caches = workflow.modelOptions.compactMapValues { $0.cache.map(ResponseCache.init(limit:)) }
  }

  func build(_ definition: StepDefinition, isRoot: Bool = false) throws -> any Step<Value, Value> {
    let step = try unlimited(definition, isRoot: isRoot)
    return definition.budget.map { AnyValueStep(step).limited(to: $0) } ?? step
  }

  private func unlimited(_ definition: StepDefinition, isRoot: Bool) throws -> any Step<Value, Value> {
    let name = definition.name
    switch definition.kind {
    case .agent(let agent): return try self.agent(agent, name)
    case .route(let route): return try router(route, name, isRoot: isRoot)
    case .parallel(let branches, let fanOut):
      let branches = try branches.map { Branch($0.name, try build($0)) }
      let parallel = ParallelBranches(
        name, branches, atMost: fanOut.bound, onFailure: fanOut.policy, timeout: fanOut.timeout, retry: fanOut.retry)
      return ValueStep(parallel) {
        $0
      } output: {
        $0.value
      }
    case .each(let over, let label, let step, let fanOut):
      return EachStep(
        name: name, over: over, label: label, step: AnyValueStep(try build(step)), fanOut: fanOut,
        looksOutside: step.looksOutside)
    case .split(let split, let step, let fanOut):
      let inner = TextStep(step: AnyValueStep(try build(step)))
      let splitting = Split(
        inner, name: name, by: split.splitter, preservesShape: split.preservesShape, window: split.window,
        atMost: fanOut.bound, onFailure: fanOut.policy, timeout: fanOut.timeout, retry: fanOut.retry)
      return ValueStep(splitting) {
        $0.text
      } output: {
        split.joins ? .string($0.text) : $0.value
      }
    case .race(let branches, let fanOut):
      return Race(
        name, try branches.map { Branch($0.name, try build($0)) }, timeout: fanOut.timeout, retry: fanOut.retry)
    case .hedge(let hedge, let step):
      return try Hedge(AnyValueStep(try build(step)), name: name, after: hedge.delay, extra: hedge.share)
    case .vote(let vote): return try self.vote(vote, name)
    case .judge(let judge): return try self.judge(judge, name)
    case .medoid(let medoid): return try self.medoid(medoid, name)
    case .bestOf(let best): return try bestOf(best, name)
    case .mixture(let mixture): return try self.mixture(mixture, name)
    case .refine(let refine): return try self.refine(refine, name)
    case .orchestrate(let orchestrate): return try self.orchestrate(orchestrate, name)
    case .gate(let gate): return try self.gate(gate, name)
    case .chain(let steps):
      // Only steps without a name of their own are called by a number.
      let named = steps.map(\.name).filter { !StepDefinition.isNumber($0) }
      let links = try steps.map { step in
        var otherwise: AnyValueStep?
        if case .gate(let gate) = step.kind { otherwise = try gate.otherwise.map { AnyValueStep(try build($0)) } }
        return ChainStep.Link(name: step.name, step: AnyValueStep(try build(step)), otherwise: otherwise)
      }
      return ChainStep(name: name, links: links, named: Set(named))
    case .tool(let tool, let arguments):
      guard let definition = workflow.tools[tool] else { throw TurnoutError.invalidInput("there is no tool \(tool)") }
      return ToolStep(name: name, tool: CommandTool(definition, folder: workflow.folder).tool, arguments: arguments)
    case .text(let template): return TextTemplateStep(name: name, template: template)
    case .fallback(let step, let other):
      return Fallback(name, AnyValueStep(try build(step)), otherwise: AnyValueStep(try build(other)))
    case .use(let other):
      // A file that is used is given its input as if it were run by itself.
      let step = AnyValueStep(try other.step(models: models))
      return other.budget.map { step.limited(to: $0) } ?? step
    }
  }

  private func agent(_ agent: AgentDefinition, _ name: String) throws -> any Step<Value, Value> {
    guard let template = agent.model, !template.names.isEmpty else {
      let fixed = try agent.model?.text { _ in nil }
      return self.agent(agent, name, model: try languageModel(fixed))
    }
    // The model's name comes with the input: one agent for each model that the file names.
    var agents: [String: Agent<Value, Value>] = [:]
    for alias in workflow.models.keys where alias != "embeddings" {
      agents[alias] = self.agent(agent, name, model: try languageModel(alias))
    }
    return ModelChoiceStep(
      choice: template, agents: agents, fallback: self.agent(agent, name, model: try languageModel(nil)))
  }

  private func agent(_ agent: AgentDefinition, _ name: String, model: any LanguageModel) -> Agent<Value, Value> {
    let tools = agent.tools.compactMap { workflow.tools[$0] }.map { CommandTool($0, folder: workflow.folder).tool }
    let images = agent.images.isEmpty ? nil : AgentImages(agent.images, folder: workflow.folder)
    return Agent(
      name, model: model, output: agent.output.map { .shaped($0) } ?? .textValue,
      instructions: { try agent.instructions.text($0, in: $1) }, tools: tools, opening: agent.opening,
      settings: agent.settings, limits: agent.limits,
      promptBound: agent.instructions.bound + agent.prompt.bound + AgentImages.bound(agent.images.count),
      images: images.map { images in { @Sendable in try images.load(for: $0, in: $1) } },
      prompt: { try agent.prompt.text($0, in: $1) })
  }

  /// A model by its name in the file, or by a reference, with those that answer when it fails.
  func languageModel(_ name: String?) throws -> any LanguageModel {
    var model = try plainModel(name)
    let others = workflow.modelOptions[name ?? "default"]?.fallback ?? []
    // What answers in the place of another has no others of its own: nobody goes around in a circle.
    if !others.isEmpty { model = model.falling(back: try others.map { try plainModel($0) }) }
    return caches[name ?? "default"].map { model.cached(in: $0) } ?? model
  }

  private func plainModel(_ name: String?) throws -> any LanguageModel {
    let name = name ?? "default"
    let reference = workflow.models[name] ?? (name == "default" ? "local" : name)
    let care = workflow.modelOptions[name]?.care ?? ModelCare()
    return try models.languageModel(reference, with: care, in: workflow)
  }
}
