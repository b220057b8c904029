extension Orchestrator where Request: ValueConvertible {
  /// An orchestrator whose planner is a model.
  /// - Parameters:
  ///   - model: makes the plan.
  ///   - guidance: what a good plan is like here; may be empty.
  ///   - limits: how many subtasks, and how many of them in a row.
  ///   - settings: of the planner.
  ///   - bound: the most subtasks at once.
  ///   - policy: what happens when one fails. Those that need its result do not start, and count as failed.
  ///   - timeout: how long one attempt at a subtask may take; more than zero.
  ///   - retry: how often a subtask is tried.
  public init(
    _ name: String = "orchestrator", by model: any LanguageModel, guidance: String = "",
    workers: [Worker<Request, Answer>], combiningBy combine: any Step<WorkReport<Request, Answer>, Output>,
    limits: PlanLimits = .init(), settings: ModelSettings = .init(), atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .failFast, timeout: Duration? = nil, retry: Retry = .never
  ) {
    let planner = Planner<Request>(
      model, workers: workers.map { ($0.name, $0.description) }, guidance: guidance, limits: limits, settings: settings)
    self.init(
      name, plannedBy: planner, workers: workers, combiningBy: combine, limits: limits, atMost: bound,
      onFailure: policy, timeout: timeout, retry: retry)
  }
}

/// A model that plans subtasks for workers; a plan that cannot be carried out is sent back once with the complaint.
public struct Planner<Request: ValueConvertible>: Step {
  private let agent: Agent<Request, WorkPlan>

  /// A planner.
  /// - Parameters:
  ///   - workers: their names, and what they can do.
  ///   - guidance: what a good plan is like here; may be empty.
  ///   - limits: how many subtasks, and how many of them in a row.
  public init(
    _ model: any LanguageModel, workers: [(name: String, description: String)], guidance: String = "",
    limits: PlanLimits = .init(), settings: ModelSettings = .init()
  ) {
    let names = workers.map(\.name)
    let listed = workers.map { "- \($0.name): \($0.description)" }.joined(separator: "\n")
    let instructions =
      "You plan how a request is answered by workers. Split it into subtasks that can be done on their own, at most "
      + "\(limits.tasks), and no more than it takes. Subtasks run at once unless one needs the result of another.\n"
      + "The workers:\n\(listed)" + (guidance.isEmpty ? "" : "\n\n\(guidance)")
    agent = Agent(
      "planner", model: model,
      output: OutputFormat(schema: WorkPlan.schema(workers: names, limit: limits.tasks)) {
        try WorkPlan(
          OutputFormat<WorkPlan>.json(in: $0, WorkPlan.schema(workers: names, limit: limits.tasks)), workers: names,
          limit: limits.tasks)
      }, instructions: { _, _ in instructions },
      validators: [
        OutputValidator { $0.problem(workers: names, limit: limits.tasks, depth: limits.depth) }
      ], settings: settings, limits: AgentLimits(turns: 2, reasks: 1),
      promptBound: PromptBound(bytes: instructions.utf8.count, insertions: 1),
      prompt: { request, _ in request.value.text })
  }

  public var identity: StepIdentity { agent.identity }
  public var outline: StepOutline { agent.outline }

  public func run(_ request: Request, in run: Run) async throws -> WorkPlan { try await agent.run(request, in: run) }
}
