/// A model plans subtasks, workers do them, and a step makes the answer of what they found: *orchestrator-workers*.
///
/// ```swift
/// func worker(_ name: String, _ instructions: String) -> Agent<Subtask<String, String>, String> {
///   Agent(name, model: small, output: .text, instructions: { _, _ in instructions }, prompt: { task, _ in task.text })
/// }
/// let research = Orchestrator("research", by: large, workers: [
///   Worker("search", "Finds facts", worker("search", "Find what is asked.")),
///   Worker("analyst", "Compares and calculates", worker("analyst", "Work out what is asked.")),
/// ], combiningBy: Agent("writer", model: large, output: .text, instructions: { _, _ in "Answer the request." },
///   prompt: { (report: WorkReport<String, String>, _) in report.text }))
/// let answer = try await research.run("Which of these bicycles is the best buy?")
/// ```
/// A subtask starts as soon as those that it needs have succeeded, and waits for no other. A plan that cannot be carried
/// out (more subtasks than the limit, a worker that does not exist, two with one id, a circle) goes back to the planner
/// with the exact complaint, once; then the whole fails before any worker starts. A worker can be another orchestrator.
///
/// Throws ``FanOutError``, which keeps every subtask's outcome, when the failure policy is not satisfied, when no subtask
/// succeeded, or when the last step fails.
public struct Orchestrator<Request: Sendable, Answer: Sendable, Output: Sendable>: Step {
  private let name: String
  private let planner: any Step<Request, WorkPlan>
  private let workers: [Worker<Request, Answer>]
  private let combine: any Step<WorkReport<Request, Answer>, Output>
  private let limits: PlanLimits
  private let fanOut: FanOut

  /// An orchestrator whose planner is a step.
  /// - Parameters:
  ///   - planner: makes the plan. An agent is asked once more when its plan cannot be carried out.
  ///   - combine: makes the answer of the request and what came out of the subtasks.
  ///   - limits: how many subtasks, and how many of them in a row.
  ///   - bound: the most subtasks at once.
  ///   - policy: what happens when one fails. Those that need its result do not start, and count as failed.
  ///   - timeout: how long one attempt at a subtask may take; more than zero.
  ///   - retry: how often a subtask is tried.
  public init(
    _ name: String = "orchestrator", plannedBy planner: any Step<Request, WorkPlan>,
    workers: [Worker<Request, Answer>], combiningBy combine: any Step<WorkReport<Request, Answer>, Output>,
    limits: PlanLimits = .init(), atMost bound: Int = 8, onFailure policy: FailurePolicy = .failFast,
    timeout: Duration? = nil, retry: Retry = .never
  ) {
    self.name = name
    self.planner = planner
    self.workers = workers
    self.combine = combine
    self.limits = limits
    fanOut = FanOut(bound: bound, policy: policy, effort: BranchEffort(timeout: timeout, retry: retry))
  }

  public var identity: StepIdentity { StepIdentity(.orchestrate, name) }
  public var outline: StepOutline {
    let tasks = StepOutline(
      StepIdentity(.parallel, "subtasks"), children: workers.map { $0.step.outline.repeated(.choice) })
    let times = limits.tasks.multipliedClamped(by: fanOut.effort.retry.attempts)
    return StepOutline(
      identity, output: combine.outline.output,
      children: [
        planner.outline, tasks.repeated(.times(max(0, times))).gathering(itself: true), combine.outline.gathering(),
      ])
  }

  public func run(_ request: Request, in run: Run) async throws -> Output {
    try validate()
    let plan = try await Branch("plan", planner).run(request, in: run)
    if let problem = plan.problem(workers: workers.map(\.name), limit: limits.tasks, depth: limits.depth) {
      throw TurnoutError.invalidOutput(problem, attempts: 1)
    }
    await run.emit(.planned(plan.tasks))
    let report = WorkReport(request: request, plan: plan, outcomes: try await work(on: plan, request, in: run))
    func failure(_ error: any Error) -> any Error {
      error is CancellationError || Task.isCancelled
        ? error : FanOutError(failure: RunFailure(error), outcomes: report.outcomes)
    }
    guard report.outcomes.contains(where: { $0.output != nil }) else {
      let cause = report.outcomes.lazy.compactMap(\.failure).first.map { "; the first failure: \($0.message)" } ?? ""
      throw failure(TurnoutError.unsettled("\(name): no subtask has a result\(cause)"))
    }
    do { return try await Branch("combine", combine).run(report, in: run) } catch { throw failure(error) }
  }

  private func validate() throws {
    var names: Set<String> = []
    if workers.isEmpty { throw TurnoutError.invalidInput("\(name): it needs at least one worker") }
    if let twice = workers.first(where: { !names.insert($0.name).inserted }) {
      throw TurnoutError.invalidInput("\(name): two workers are called \"\(twice.name)\"")
    }
    if limits.tasks < 1 || limits.depth < 1 {
      throw TurnoutError.invalidInput("\(name): its limits must allow at least one subtask")
    }
    try fanOut.effort.validate()
  }

  private func work(on plan: WorkPlan, _ request: Request, in run: Run) async throws -> [Outcome<Answer>] {
    let (tasks, effort, bound) = (plan.tasks, fanOut.effort, fanOut.bound)
    let steps = Dictionary(workers.map { ($0.name, $0.step) }, uniquingKeysWith: { first, _ in first })
    let board = ResultBoard<Answer>(count: tasks.count)
    var graph = TaskGraph(tasks)
    var settlement = Settlement(fanOut.policy, count: tasks.count)
    let needs = graph.needs
    @Sendable func subtask(_ index: Int) -> Subtask<Request, Answer> {
      Subtask(
        request: request, planned: tasks[index],
        results: needs[index].compactMap { need in board[need].map { (tasks[need].id, $0) } })
    }
    let outcomes: [Outcome<Answer>] = try await run.admitting(
      tasks.count, deadline: fanOut.policy.deadline, name: { tasks[$0].id },
      needs: { index, prices in
        let worst = steps[tasks[index].worker]?.worstCase(for: subtask(index), prices: prices)
        return worst.map { effort.worstCase(of: $0) } ?? .none
      },
      admit: { arrival in
        guard let arrival else { return fanOut.policy == .quorum(0) ? nil : graph.starts(bound: bound) }
        board[arrival.index] = arrival.outcome.output
        var verdict = settlement.record(success: arrival.outcome.failure == nil)
        for _ in graph.end(arrival.index, succeeded: arrival.outcome.failure == nil) where verdict == .goOn {
          verdict = settlement.record(success: false)
        }
        return verdict == .goOn ? graph.starts(bound: bound) : nil
      }
    ) { index, run in
      guard let step = steps[tasks[index].worker] else { throw TurnoutError.invalidInput("there is no such worker") }
      return try await Branch(tasks[index].id, step).run(subtask(index), in: run, effort)
    }
    return try settled(outcomes, graph, tasks)
  }

  /// Says of those that never started what they waited for.
  /// - Throws: ``FanOutError`` when the policy is not satisfied.
  private func settled(
    _ outcomes: [Outcome<Answer>], _ graph: TaskGraph, _ tasks: [PlannedTask]
  ) throws -> [Outcome<Answer>] {
    let told = outcomes.enumerated().map { index, outcome -> Outcome<Answer> in
      guard let cause = graph.blockedBy[index] else { return outcome }
      let failure = RunFailure(label: "unsettled", message: "it needs \"\(tasks[cause].id)\", which has no result")
      return Outcome(.failure(failure), name: tasks[index].id)
    }
    let required = fanOut.policy.required(of: tasks.count)
    let succeeded = told.count { $0.output != nil }
    guard succeeded < required else { return told }
    let first = outcomes.lazy.compactMap(\.failure).first { !$0.isCancellation }
    let cause = first.map { "; the first failure: \($0.message)" } ?? ""
    let failure =
      fanOut.policy == .failFast && first != nil
      ? first
      : RunFailure(TurnoutError.unsettled("\(succeeded) subtasks succeeded and \(required) were required\(cause)"))
    throw FanOutError(failure: failure ?? RunFailure(TurnoutError.unsettled(name)), outcomes: told)
  }
}

/// How large a plan may be.
public struct PlanLimits: Sendable, Hashable {
  /// The most subtasks.
  public var tasks: Int
  /// The most subtasks of which each waits for the one before.
  public var depth: Int

  /// Limits.
  public init(tasks: Int = 16, depth: Int = 8) {
    self.tasks = tasks
    self.depth = depth
  }
}
