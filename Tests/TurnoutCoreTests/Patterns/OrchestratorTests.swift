import Synchronization
import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct OrchestratorTests {
  typealias Given = Subtask<String, String>
  typealias Report = WorkReport<String, String>

  private func planner(_ tasks: [PlannedTask]) -> some Step<String, WorkPlan> {
    FunctionStep("planner") { (_: String) in WorkPlan(tasks) }
  }
  private let report = FunctionStep("report") { (report: Report) in report.text }
  private let outputs = FunctionStep("outputs") { (report: Report) in
    report.outcomes.map { $0.output ?? "-" }.joined(separator: ",")
  }

  private func task(_ id: String, _ needs: [String] = [], by worker: String = "w") -> PlannedTask {
    PlannedTask(id, worker: worker, task: "do \(id)", needs: needs)
  }

  @Test func resultsGoToThoseThatNeedThemAndToTheLastStep() async throws {
    let recorder = EventRecorder()
    let worker = FunctionStep("worker") { (task: Given) in
      task.planned.id + (task.results.isEmpty ? "" : "(\(task.results.map(\.answer).joined(separator: "+")))")
    }
    let plan = [task("c", ["a", "b"]), task("a"), task("b", ["a"])]
    let step = Orchestrator(
      "o", plannedBy: planner(plan), workers: [Worker("w", "works", worker)], combiningBy: outputs)
    #expect(try await step.run("x", sinks: [recorder]) == "c(a+b(a)),a,b(a)")
    let planned = recorder.events.first { $0.word == "planned" }?.value
    #expect(planned?["tasks"]?.array?.map { $0["id"] } == ["c", "a", "b"])
    #expect(planned?["tasks"]?.array?.first?["needs"] == ["a", "b"])
    let order = recorder.lines.filter { $0.hasPrefix("started o/") }
    #expect(order == ["started o/plan", "started o/a", "started o/b", "started o/c", "started o/combine"])
  }

  @Test func textsForModels() {
    let subtask = Given(request: "R", planned: task("b", ["a"]), results: [("a", "found")])
    #expect(subtask.text == "Request:\nR\n\nResult of a:\nfound\n\nYour task:\ndo b")
    #expect(subtask.value["results"] == ["a": "found"])
    let report = Report(
      request: "R", plan: WorkPlan([task("a"), task("b")]),
      outcomes: [Outcome(.success("yes")), Outcome(.failure(RunFailure(Broken())))])
    #expect(report.text == "Request:\nR\n\nSubtask a: do a\nResult:\nyes\n\nSubtask b: do b\nIt has no result.")
    #expect(report.value["tasks"]?.array?.map { $0["output"] } == ["yes", nil])
  }

  @Test func noSubtaskWaitsForOneItDoesNotNeed() throws {
    let (executor, clock, ended) = (SeededExecutor(seed: 3), ManualClock(), Journal<String>())
    let seconds = ["slow": 10, "quick": 1, "next": 1, "last": 1]
    let plan = [task("slow"), task("quick"), task("next", ["quick"]), task("last", ["slow", "next"])]
    let sleeper = FunctionStep<Given, String>(
      "worker",
      in: { task, run in
        try await run.clock.sleep(for: .seconds(seconds[task.planned.id] ?? 0))
        ended.add(task.planned.id)
        return task.planned.id
      })
    let step = Orchestrator(
      plannedBy: planner(plan), workers: [Worker("w", "works", sleeper)], combiningBy: outputs, atMost: 2)
    let started = executor.start { try await Run(clock: RunClock(clock)).perform(step, "x") }
    executor.pass(2, on: clock)
    #expect(ended.entries == ["quick", "next"])
    executor.pass(9, on: clock)
    #expect(started.value == "slow,quick,next,last")
  }
  @Test(arguments: 0..<200) func whateverThePlan(seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let count = random.int(1...10)
    let plan = (0..<count).map { index in
      task("t\(index)", (0..<index).filter { _ in random.chance(25) }.map { "t\($0)" })
    }
    let failing = Set(plan.map(\.id).filter { _ in random.chance(20) })
    let bound = random.int(1...4)
    let policy: FailurePolicy = random.pick([.failFast, .settle, .quorum(random.int(0...count))])
    let gauge = Gauge()
    let worker = FunctionStep<Given, String>("worker") { task in
      gauge.enter()
      defer { gauge.leave() }
      await Task.yield()
      if failing.contains(task.planned.id) { throw Broken(task.planned.id) }
      return task.planned.id
    }
    let recorder = EventRecorder()
    let reports = Journal<Report>()
    let keep = FunctionStep<Report, Int>("keep") { report in
      reports.add(report)
      return report.outcomes.count { $0.output != nil }
    }
    let step = Orchestrator(
      plannedBy: planner(plan), workers: [Worker("w", "works", worker)], combiningBy: keep, atMost: bound,
      onFailure: policy)
    // What can succeed at all: nothing that failed is in reach.
    var good: Set<String> = []
    for task in plan where !failing.contains(task.id) && task.needs.allSatisfy(good.contains) { good.insert(task.id) }
    let outcomes: [Outcome<String>]
    do {
      let succeeded = try await Run(sinks: [recorder]).perform(step, "x")
      outcomes = try #require(reports.entries.first).outcomes
      #expect(succeeded >= max(1, policy.required(of: count)))
      if policy == .settle { #expect(Set(outcomes.compactMap(\.output)) == good) }
    } catch let error as FanOutError<String> {
      outcomes = error.outcomes
      #expect(good.isEmpty || good.count < policy.required(of: count) || policy == .quorum(0))
    }
    #expect(outcomes.map(\.name) == plan.map(\.id), "every subtask has an outcome, in the order of the plan")
    #expect(gauge.peak <= bound)
    #expect(gauge.current == 0)
    for (task, outcome) in zip(plan, outcomes) where policy == .settle && outcome.output == nil {
      #expect(
        outcome.failure?.label
          == (failing.contains(task.id) && task.needs.allSatisfy(good.contains) ? "broken" : "unsettled"))
    }
    var open: Set<Int> = []
    for event in recorder.events {
      switch event.kind {
      case .started: #expect(open.insert(event.span).inserted)
      case .finished, .failed: #expect(open.remove(event.span) != nil)
      default: break
      }
    }
    #expect(open.isEmpty)
  }

  @Test func whoNeedsWhatFailedDoesNotStart() async throws {
    let plan = [task("a"), task("b", ["a"]), task("c", ["b"]), task("d")]
    let worker = FunctionStep<Given, String>("worker") { task in
      if task.planned.id == "a" { throw Broken("no paper") }
      return task.planned.id
    }
    let step = Orchestrator(
      plannedBy: planner(plan), workers: [Worker("w", "works", worker)], combiningBy: report, onFailure: .settle)
    let text = try await step.run("x")
    #expect(text.components("It has no result.") == 3)
    let strict = Orchestrator(
      plannedBy: planner(plan), workers: [Worker("w", "works", worker)], combiningBy: report, atMost: 1)
    let error = await #expect(throws: FanOutError<String>.self) { try await strict.run("x") }
    #expect(error?.failure.message == "no paper")
    #expect(error?.outcomes[2].failure?.message == "it needs \"b\", which has no result")
    #expect(error?.outcomes[3].failure?.isCancellation == true)
  }

  @Test func aDeadlineIsKept() throws {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let worker = FunctionStep<Given, String>(
      "worker",
      in: { task, run in
        try await run.clock.sleep(for: .seconds(task.planned.id == "a" ? 1 : 100))
        return task.planned.id
      })
    let step = Orchestrator(
      plannedBy: planner([task("a"), task("b"), task("c", ["b"])]), workers: [Worker("w", "works", worker)],
      combiningBy: outputs, onFailure: .atLeast(1, by: .seconds(5)))
    let started = executor.start { try await Run(clock: RunClock(clock)).perform(step, "x") }
    executor.pass(6, on: clock)
    #expect(started.value == "a,-,-")
  }

  @Test func subtasksHaveTimeoutsAndAttempts() async throws {
    let tries = Gauge()
    let worker = FunctionStep<Given, String>("worker") { _ in
      tries.enter()
      if tries.total < 3 { throw Broken() }
      return "third"
    }
    let step = Orchestrator(
      plannedBy: planner([task("a")]), workers: [Worker("w", "works", worker)], combiningBy: outputs,
      retry: Retry(attempts: 3, delay: .zero, on: ["broken"]))
    #expect(try await step.run("x") == "third")
  }

  @Test func aPlanThatCannotBeCarriedOutIsSentBackOnce() async throws {
    func plan(_ tasks: Value) -> ScriptedReply { .value(["reasoning": "r", "tasks": tasks]) }
    let bad = plan([["id": "a", "worker": "w", "task": "t", "needs": ["b"]]])
    let good = plan([["id": "a", "worker": "w", "task": "t", "needs": []]])
    let worker = FunctionStep<Given, String>("worker") { $0.planned.id }
    func step(_ model: ScriptedModel) -> Orchestrator<String, String, String> {
      Orchestrator(by: model, workers: [Worker("w", "works hard", worker)], combiningBy: outputs)
    }
    let mended = ScriptedModel([bad, good])
    #expect(try await step(mended).run("x") == "a")
    guard case .user(let complaint)? = mended.requests[1].messages.last,
      case .system(let rules)? = mended.requests[0].messages.first
    else { return #expect(Bool(false), "two requests") }
    #expect(complaint.contains("the task \"a\" needs \"b\", which is no task of the plan"))
    #expect(rules.contains("- w: works hard"))
    let stubborn = ScriptedModel([bad, bad, good])
    let error = await #expect(throws: TurnoutError.self) { try await step(stubborn).run("x") }
    #expect(error?.label == "invalid_output")
    #expect(stubborn.requests.count == 2)
  }

  @Test func tenThousandSubtasksAreRefused() async {
    let many = (0..<10_000).map { Value.object(["id": .string("t\($0)"), "worker": "w", "task": "t", "needs": []]) }
    let model = ScriptedModel { _, _ in .value(["reasoning": "r", "tasks": .array(many)]) }
    let worked = Gauge()
    let worker = FunctionStep<Given, String>("worker") { _ in
      worked.enter()
      return ""
    }
    let step = Orchestrator(by: model, workers: [Worker("w", "works", worker)], combiningBy: outputs)
    let error = await #expect(throws: TurnoutError.self) { try await step.run("x") }
    #expect(error?.description.contains("at most 16") == true)
    #expect(error?.description.utf8.count ?? .max < 600)
    #expect(worked.total == 0)
    #expect(model.requests.count == 2)
  }

  @Test func workersCanOrchestrate() async throws {
    let leaf = FunctionStep<Subtask<Given, String>, String>("leaf") { "leaf of \($0.request.planned.id)" }
    let inner = Orchestrator(
      "inner", plannedBy: FunctionStep("plan") { (_: Given) in WorkPlan([self.task("x", by: "leaf")]) },
      workers: [Worker("leaf", "works", leaf)],
      combiningBy: FunctionStep("out") { (report: WorkReport<Given, String>) in report.outcomes[0].output ?? "" })
    let outer = Orchestrator(
      "outer", plannedBy: planner([task("a"), task("b", ["a"])]), workers: [Worker("w", "plans", inner)],
      combiningBy: outputs)
    #expect(try await outer.run("x") == "leaf of a,leaf of b")
  }

  @Test func whatMakesNoSenseIsRefused() async {
    let worker = Worker("w", "works", FunctionStep<Given, String>("w") { _ in "" })
    func refused(_ workers: [Worker<String, String>], _ limits: PlanLimits = .init()) async {
      let step = Orchestrator(plannedBy: planner([task("a")]), workers: workers, combiningBy: outputs, limits: limits)
      let error = await #expect(throws: TurnoutError.self) { try await step.run("x") }
      #expect(error?.label == "invalid_input")
    }
    await refused([])
    await refused([worker, worker])
    await refused([worker], PlanLimits(tasks: 0))
    await refused([worker], PlanLimits(depth: 0))
  }

  @Test func aLastStepThatFailsKeepsTheOutcomes() async {
    let worker = FunctionStep<Given, String>("worker") { $0.planned.id }
    let broken = FunctionStep<Report, String>("broken") { _ in throw Broken("no writer") }
    let step = Orchestrator(
      plannedBy: planner([task("a")]), workers: [Worker("w", "works", worker)], combiningBy: broken)
    let error = await #expect(throws: FanOutError<String>.self) { try await step.run("x") }
    #expect(error?.outcomes.map(\.output) == ["a"])
    #expect(error?.failure.message == "no writer")
  }

  @Test(arguments: 0..<30) func thePlanIsAnUpperBound(seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let count = random.int(1...5)
    let tasks = (0..<count).map { index -> Value in
      let needs = (0..<index).filter { _ in random.chance(40) }.map { Value.string("t\($0)") }
      return ["id": .string("t\(index)"), "worker": "w", "task": "do", "needs": .array(needs)]
    }
    let planning = ScriptedModel("p") { _, _ in .value(["reasoning": "r", "tasks": .array(tasks)]) }
    let working = ScriptedModel("w") { _, _ in .text(String(repeating: "x", count: 160)) }
    func agent<Input: ValueConvertible>(_ model: ScriptedModel, _ text: @escaping @Sendable (Input) -> String) -> Agent<
      Input, String
    > {
      Agent(
        "agent", model: model, output: .text, instructions: { _, _ in "Work." },
        settings: ModelSettings(maxOutputTokens: 20), limits: AgentLimits(reasks: 0),
        promptBound: PromptBound(bytes: 5, insertions: 1), prompt: { input, _ in text(input) })
    }
    let step = Orchestrator(
      by: planning, workers: [Worker("w", "works", agent(working) { (task: Given) in task.text })],
      combiningBy: agent(working) { (report: Report) in report.text }, limits: PlanLimits(tasks: 5),
      settings: ModelSettings(maxOutputTokens: 400))
    let worst = Plan(step.outline, input: InputBound(of: "Compare bicycles.")).worst
    let run = Run(budget: Budget(calls: worst.calls, tokens: worst.tokens))
    _ = try await run.perform(step, "Compare bicycles.")
    #expect(run.usage.calls == count + 2)
    #expect((planning.requests + working.requests).reduce(0) { $0 + $1.saidBytes } <= worst.inputTokens ?? 0)
  }
}

extension String {
  /// How often a text is in it.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
