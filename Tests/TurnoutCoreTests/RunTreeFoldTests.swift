import Testing
import TurnoutTesting

@testable import TurnoutCore

/// The tree that is made from a run's events.
@Suite struct RunTreeFoldTests {
  private func sleeper(_ name: String, _ seconds: Int, calls: Int = 0) -> FunctionStep<Int, Int> {
    FunctionStep(
      name,
      in: { input, run in
        run.record(Usage(calls: calls))
        try await run.clock.sleep(for: .seconds(seconds))
        return input
      })
  }

  /// The tree of a step that is given the number 0, after it has had a minute.
  private func tree<Output: Sendable>(_ step: some Step<Int, Output>, seed: Int = 1, width: Int = 24) -> RunTree {
    let (executor, clock, recorder) = (SeededExecutor(seed: seed), ManualClock(), EventRecorder())
    let started = executor.start { try await Run(clock: RunClock(clock), sinks: [recorder]).perform(step, 0) }
    executor.pass(60, on: clock)
    #expect(started.isDone)
    return RunTree(recorder.events, width: width)
  }

  private func path(_ tree: RunTree) -> [String] {
    tree.criticalPath.map { "\($0.path) \(Int($0.duration.inSeconds))" }
  }

  @Test func stepsOneAfterAnotherAreAllOnThePath() {
    let chain = Chain("chain", sleeper("a", 1), Chain("rest", sleeper("b", 2), sleeper("c", 3)))
    let tree = tree(chain)
    #expect(path(tree) == ["chain/a 1", "chain/rest/b 2", "chain/rest/c 3"])
    #expect(tree.outermost?.duration == .seconds(6))
  }

  @Test func ofBranchesTheSlowestDecides() {
    let panel = ParallelBranches(
      "panel", [Branch("a", sleeper("a", 1)), Branch("b", sleeper("b", 5)), Branch("c", sleeper("c", 3))])
    #expect(path(tree(panel)) == ["panel/b 5"])
    // With room for one, one waits for the other's place.
    let narrow = ParallelBranches("panel", [Branch("a", sleeper("a", 1)), Branch("b", sleeper("b", 5))], atMost: 1)
    #expect(path(tree(narrow)) == ["panel/a 1", "panel/b 5"])
  }

  @Test func subtasksAreOnThePathOfThoseThatNeedThem() {
    let plan = WorkPlan([
      PlannedTask("slow", worker: "w", task: "4"), PlannedTask("quick", worker: "w", task: "1"),
      PlannedTask("after", worker: "w", task: "5", needs: ["quick"]),
    ])
    let worker = FunctionStep<Subtask<Int, Int>, Int>(
      "worker",
      in: { task, run in
        try await run.clock.sleep(for: .seconds(Int(task.planned.task) ?? 0))
        return 0
      })
    let step = Orchestrator(
      "o", plannedBy: FunctionStep("plan") { (_: Int) in plan }, workers: [Worker("w", "works", worker)],
      combiningBy: FunctionStep("out") { (_: WorkReport<Int, Int>) in 0 })
    #expect(path(tree(step)) == ["o/plan 0", "o/quick 1", "o/after 5", "o/combine 0"])
  }

  @Test func attemptsAreOnThePathAndWasted() {
    let tries = Gauge()
    let flaky = FunctionStep<Int, Int>(
      "flaky",
      in: { input, run in
        tries.enter()
        run.record(Usage(calls: 1, outputTokens: 7))
        try await run.clock.sleep(for: .seconds(2))
        if tries.total == 1 { throw Broken("once") }
        return input
      })
    let panel = ParallelBranches(
      "panel", [Branch("a", flaky), Branch("b", sleeper("b", 1))],
      retry: Retry(attempts: 2, delay: .zero, on: ["broken"]))
    let tree = tree(panel)
    #expect(path(tree) == ["panel/a 2", "panel/a 2"])
    #expect(tree.outermost.map(tree.children)?.map(\.state) == [.retried, .succeeded, .succeeded])
    #expect(tree.wasted == Usage(calls: 1, outputTokens: 7))
  }

  @Test func whatAFallbackReplacesIsWasted() {
    let broken = FunctionStep<Int, Int>(
      "broken",
      in: { _, run in
        run.record(Usage(calls: 2))
        throw Broken()
      })
    let tree = tree(broken.fallback(to: sleeper("other", 1, calls: 1)))
    #expect(tree.outermost.map(tree.children)?.map(\.state) == [.replaced, .succeeded])
    #expect(tree.wasted.calls == 2)
    #expect(tree.outermost?.usage.calls == 3)
  }

  @Test func losersOfARaceAreWasted() {
    let race = Race(
      "race", [Branch("slow", sleeper("slow", 9, calls: 1)), Branch("quick", sleeper("quick", 2, calls: 1))])
    let tree = tree(race)
    #expect(path(tree) == ["race/quick 2"])
    #expect(tree.wasted.calls == 1)
    #expect(tree.outermost.map(tree.children)?.map(\.state) == [.cancelled, .succeeded])
  }

  @Test func ofManyBranchesTheTellingOnesAreKept() {
    let each = ForEach(
      FunctionStep<Int, Int>(
        "item",
        in: { input, run in
          try await run.clock.sleep(for: .seconds(input == 700 ? 9 : 1))
          if input % 500 == 3 { throw Broken() }
          return input
        }), name: "each", atMost: 1_000, onFailure: .settle)
    let many = FunctionStep<Int, [Outcome<Int>]>(
      "many", in: { _, run in try await run.perform(each, Array(0..<1_000)) })
    let tree = tree(many, width: 8)
    let inside = tree.outermost.map(tree.children)?.first
    let kept = inside.map(tree.children) ?? []
    #expect(kept.count <= 8)
    #expect(inside?.branches == 1_000)
    #expect((inside?.omitted.count ?? 0) + kept.count == 1_000)
    #expect(kept.count { $0.state == .failed } + (inside?.omitted.failed ?? 0) == 2)
    #expect(kept.filter { $0.state == .failed }.map(\.branch) == [3, 503])
    #expect(path(tree) == ["many/each/700 9"])
    #expect(tree.count <= 10)
  }

  /// Steps of all kinds inside each other, of which some fail and some are tried again.
  private struct Work: Step {
    let seed: Int
    let depth: Int
    var identity: StepIdentity { StepIdentity(seed % 3 == 0 ? .chain : seed % 3 == 1 ? .parallel : .function, "work") }

    func run(_ input: Int, in run: Run) async throws -> Int {
      var random = SplitMix64(seed: UInt64(seed))
      run.record(Usage(calls: 1, outputTokens: random.int(0...9)))
      try await run.clock.sleep(for: .seconds(random.int(0...3)))
      if random.chance(15) { throw Broken() }
      guard depth > 0 else { return input }
      let children = (0..<random.int(0...3)).map { _ in Work(seed: random.int(0...100_000), depth: depth - 1) }
      switch seed % 3 {
      case 0: for child in children { _ = try await run.perform(child, input) }
      case 1:
        let retry = Retry(attempts: random.int(1...2), delay: .zero, on: ["broken"])
        let policy: FailurePolicy = random.pick([.settle, .failFast, .quorum(children.isEmpty ? 0 : 1)])
        _ = try await FanOut(bound: 2, policy: policy, effort: BranchEffort(retry: retry)).run(
          count: children.count, in: run
        ) { try await BranchEffort(retry: retry).perform(children[$0], input, as: "\($0)", in: $1) }
      default:
        for child in children { _ = try await run.perform(child.fallback(to: FunctionStep("other") { $0 }), input) }
      }
      return input
    }
  }

  @Test(arguments: 0..<300) func theTreeTellsWhatHappened(seed: Int) throws {
    let tree = tree(Work(seed: seed, depth: 4), seed: seed)
    let outermost = try #require(tree.outermost)
    var spans: [RunTree.Span] = []
    func walk(_ span: RunTree.Span) {
      spans.append(span)
      #expect(span.state != .running)
      #expect(span.end ?? .zero >= span.start)
      for child in tree.children(of: span) {
        #expect(child.parent == span.id)
        #expect(child.start >= span.start && child.end ?? .zero <= span.end ?? .zero)
        walk(child)
      }
    }
    walk(outermost)
    #expect(spans.count == tree.count, "every piece is in the tree once")
    for span in spans {
      #expect(span.wasted.calls <= span.usage.calls, "no more is wasted than was used: \(span.path)")
      #expect(span.wasted.outputTokens <= span.usage.outputTokens)
    }
    let critical = tree.criticalPath
    #expect(!critical.isEmpty)
    #expect(critical.map(\.duration).reduce(.zero, +) <= outermost.duration)
    #expect(zip(critical, critical.dropFirst()).allSatisfy { ($0.end ?? .zero) <= $1.start }, "one after the other")
    #expect(Set(critical.map(\.id)).count == critical.count)
  }
}
