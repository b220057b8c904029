import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ForEachTests {
  let executor = SeededExecutor()
  let clock = ManualClock()

  /// Sleeps as many seconds as its input says; a negative one fails after as many.
  private static let sleeper = FunctionStep(
    "sleeper",
    in: { (seconds: Int, run: Run) in
      try await run.clock.sleep(for: .seconds(abs(seconds)))
      if seconds < 0 { throw Broken("after \(-seconds)") }
      return seconds
    })

  private func start(_ inputs: [Int], _ policy: FailurePolicy, atMost bound: Int = 8) -> Started<[Outcome<Int>]> {
    let run = Run(clock: RunClock(clock))
    let each = ForEach(Self.sleeper, atMost: bound, onFailure: policy)
    return executor.start { try await run.perform(each, inputs) }
  }

  private func pass(_ seconds: Int) {
    for _ in 0..<seconds {
      clock.advance(by: .seconds(1))
      executor.runUntilIdle()
    }
  }

  private func statuses(_ outcomes: [Outcome<Int>]?) -> [String?]? { outcomes?.map { $0.value["status"]?.string } }

  @Test func aThousandModelCallsNeverMoreThanTheBound() async throws {
    let gauge = Gauge()
    let model = ScriptedModel { request, _ in
      guard case .user(let prompt)? = request.messages.last else { return .text("no prompt") }
      return .text("answer to \(prompt)")
    }
    let agent = Agent("agent", model: model, instructions: "Answer.")
    let step = FunctionStep(
      "counted",
      in: { (input: Int, run: Run) in
        gauge.enter()
        defer { gauge.leave() }
        return try await run.perform(agent, "\(input)")
      })
    let recorder = EventRecorder(wantsText: false)
    let run = Run(sinks: [recorder])
    let outcomes = try await run.perform(ForEach(step, atMost: 64), Array(0..<1_000))
    #expect(try outcomes.map { try $0.get() } == (0..<1_000).map { "answer to \($0)" })
    #expect(gauge.total == 1_000)
    #expect(gauge.peak <= 64)
    #expect(run.usage.calls == 1_000)
    #expect(recorder.events.map(\.sequence) == Array(1...recorder.events.count))
  }

  @Test(arguments: [(0, 1), (1, 1), (64, 64), (200, 100)]) func theWholeBoundIsUsed(bound: Int, running: Int) {
    let (gauge, gate) = (Gauge(), Gate())
    let step = FunctionStep("held") { (_: Int) in
      gauge.enter()
      try await gate.wait()
      gauge.leave()
    }
    let each = ForEach(step, atMost: bound)
    let started = executor.start { try await each.run(Array(0..<100)) }
    #expect(gauge.current == running)
    gate.open()
    executor.runUntilIdle()
    #expect(started.value?.count == 100)
  }

  @Test(arguments: [.failFast, .settle, .atLeast(0, by: .seconds(1))] as [FailurePolicy])
  func nothingToDo(policy: FailurePolicy) async throws {
    #expect(try await ForEach(Self.sleeper, onFailure: policy).run([]).isEmpty)
  }

  @Test func moreThanThereAreCannotSucceed() async {
    for policy in [FailurePolicy.quorum(3), .atLeast(3, by: .seconds(1)), .quorum(-1)] {
      let error = await #expect(throws: TurnoutError.self) {
        try await ForEach(Self.sleeper, onFailure: policy).run([1, 2])
      }
      #expect(error?.label == "invalid_input")
    }
    await #expect(throws: TurnoutError.invalidInput("1 of 0 branches were asked to succeed")) {
      try await ForEach(Self.sleeper, onFailure: .quorum(1)).run([])
    }
  }

  @Test func oneInputIsEnough() async throws {
    #expect(try await ForEach(Self.sleeper).run([0])[0].get() == 0)
  }

  @Test func failFastCancelsTheRest() {
    let started = start([1, -2, 3, 4], .failFast, atMost: 2)
    pass(2)
    let error = started.error as? FanOutError<Int>
    #expect(error?.label == "broken")
    #expect(error?.description == "after 2")
    #expect(statuses(error?.outcomes) == ["succeeded", "failed", "cancelled", "cancelled"])
    #expect(error?.outcomes[3].failure?.message == "it was not needed any more")
    #expect(error?.value.array?.count == 4)
  }

  @Test func settleWaitsForAll() {
    let started = start([-1, 2, -3], .settle)
    pass(2)
    #expect(!started.isDone)
    pass(1)
    #expect(statuses(started.value) == ["failed", "succeeded", "failed"])
  }

  @Test func aQuorumIsEnough() {
    let started = start([5, 1, -2, 3, 9], .quorum(2))
    pass(3)
    #expect(statuses(started.value) == ["cancelled", "succeeded", "failed", "succeeded", "cancelled"])
  }

  @Test func aQuorumThatCannotComeFailsAtOnce() {
    let started = start([-1, -2, 9, 9], .quorum(3))
    pass(2)
    #expect(
      (started.error as? FanOutError<Int>)?.failure
        == RunFailure(
          label: "unsettled", message: "0 branches succeeded and 3 were required; the first failure: after 1"))
  }

  @Test func theDeadlineEndsWhatIsLate() {
    let enough = start([1, 2, 9], .atLeast(2, by: .seconds(3)))
    pass(2)
    #expect(!enough.isDone, "the third may still come in time")
    pass(1)
    #expect(statuses(enough.value) == ["succeeded", "succeeded", "cancelled"])
    let few = start([1, 9, 9], .atLeast(2, by: .seconds(3)))
    pass(3)
    let error = few.error as? FanOutError<Int>
    #expect(error?.failure == RunFailure(label: "unsettled", message: "1 branches succeeded and 2 were required"))
    #expect(statuses(error?.outcomes) == ["succeeded", "cancelled", "cancelled"])
  }

  @Test func beforeTheDeadlineNothingIsWaitedFor() {
    let started = start([1, 2], .atLeast(1, by: .seconds(60)))
    pass(2)
    #expect(statuses(started.value) == ["succeeded", "succeeded"])
  }

  @Test(arguments: [.failFast, .settle, .quorum(1), .atLeast(1, by: .seconds(60))] as [FailurePolicy])
  func cancellationReachesEveryBranch(policy: FailurePolicy) {
    let started = start([5, 6, 7, 8], policy, atMost: 2)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
  }

  @Test func branchesAreNamedByTheirLabel() async throws {
    let recorder = EventRecorder()
    let step = FunctionStep("step") { (text: String) in text }
    _ = try await ForEach(step, atMost: 1).run(["a"], sinks: [recorder])
    _ = try await ForEach(step, name: "groups", label: { "\($0)-\($1)" }).run(["b"], sinks: [recorder])
    #expect(
      recorder.lines.filter { $0.hasPrefix("started") } == [
        "started each step", "started each step/0", "started groups", "started groups/0-b",
      ])
  }

  @Test(.timeLimit(.minutes(1))) func tenThousandBranches() async throws {
    let step = FunctionStep("step") { (number: Int) in
      await Task.yield()
      return number
    }
    let outcomes = try await ForEach(step, atMost: 10_000).run(Array(0..<10_000))
    #expect(try outcomes.map { try $0.get() } == Array(0..<10_000))
  }

  @Test("events say which input a branch is for, whatever began first") func branches() async throws {
    let recorder = EventRecorder()
    let run = Run(sinks: [recorder])
    let inner = FunctionStep("inner") { (input: Int) in input }
    let step = FunctionStep<Int, Int>("outer", in: { try await $1.perform(inner, $0) })
    _ = try await run.perform(ForEach(step, name: "each", atMost: 8), Array(0..<40))
    let started = recorder.events.compactMap { event in
      if case .started(let started) = event.kind { (event.path.components, started.index) } else { nil }
    }
    #expect(started.count == 81)
    for (path, branch) in started { #expect(branch == (path.count == 2 ? Int(path[1]) : nil), "\(path)") }
  }
}
