import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct HedgeTests {
  let executor = SeededExecutor()
  let clock = ManualClock()
  let recorder = EventRecorder()

  /// Takes as long as the list says, one element a call; a negative one fails after as long.
  private func step(_ seconds: [Int], _ calls: Gauge = Gauge()) -> FunctionStep<String, String> {
    FunctionStep(
      "step", hasSideEffects: false,
      in: { (text: String, run: Run) in
        calls.enter()
        defer { calls.leave() }
        let call = calls.total
        run.record(Usage(calls: 1))
        let time = seconds[call - 1]
        try await run.clock.sleep(for: .seconds(abs(time)))
        if time < 0 { throw Broken("call \(call)") }
        return "call \(call)"
      })
  }

  private func start(_ hedge: Hedge<FunctionStep<String, String>>, _ run: Run) -> Started<String> {
    executor.start { try await run.perform(hedge, "x") }
  }

  private var run: Run { Run(clock: RunClock(clock), sinks: [recorder]) }

  private func pass(_ seconds: Int) { executor.pass(seconds, on: clock) }

  private var wasted: [Int] {
    recorder.events.compactMap { if case .wasted(let usage) = $0.kind { usage.calls } else { nil } }
  }

  @Test func aQuickAnswerHasNoSecondAttempt() throws {
    let (calls, run) = (Gauge(), run)
    let started = start(try Hedge(step([1], calls), after: .after(.seconds(2))), run)
    pass(1)
    #expect(started.value == "call 1")
    #expect(calls.total == 1)
    #expect(wasted == [])
    #expect(!recorder.lines.contains { $0.hasPrefix("settled") })
  }

  @Test func theSecondAttemptMayAnswerFirst() throws {
    let (calls, run) = (Gauge(), run)
    let started = start(try Hedge(step([60, 1], calls), after: .after(.seconds(2))), run)
    pass(2)
    #expect(calls.total == 2)
    pass(1)
    #expect(started.value == "call 2")
    #expect(calls.current == 0, "the first is cancelled")
    #expect(run.usage.calls == 2, "what the loser used is counted")
    #expect(wasted == [1])
    #expect(recorder.lines.filter { $0.hasPrefix("started") }.last == "started hedge step/second")
    #expect(recorder.lines.contains("failed hedge step/first"))
  }

  @Test func theFirstAttemptMayStillAnswerFirst() throws {
    let (calls, run) = (Gauge(), run)
    let started = start(try Hedge(step([3, 60], calls), after: .after(.seconds(2))), run)
    pass(3)
    #expect(started.value == "call 1")
    #expect(calls.current == 0)
    #expect(wasted == [1])
  }

  @Test func aFailureBeforeTheSecondAttemptIsThrown() throws {
    let (calls, run) = (Gauge(), run)
    let started = start(try Hedge(step([-1, 1], calls), after: .after(.seconds(2))), run)
    pass(1)
    #expect(started.error as? Broken == Broken("call 1"), "the error itself, not what is kept of it")
    #expect(calls.total == 1)
  }

  @Test func whenOneFailsTheOtherIsWaitedFor() throws {
    let run = run
    let started = start(try Hedge(step([-3, 4]), after: .after(.seconds(2))), run)
    pass(3)
    #expect(!started.isDone)
    pass(3)
    #expect(started.value == "call 2")
    #expect(wasted == [1])
    #expect(!recorder.lines.contains { $0.hasPrefix("settled") }, "nothing was cancelled")
  }

  @Test func whenBothFailTheFirstOnesErrorIsThrown() throws {
    let run = run
    let started = start(try Hedge(step([-5, -1]), after: .after(.seconds(2))), run)
    pass(5)
    #expect(started.error as? Broken == Broken("call 1"))
    #expect(wasted == [])
  }

  @Test func noMoreExtraCallsThanTheirShare() throws {
    let calls = Gauge()
    let hedge = try Hedge(step(Array(repeating: 5, count: 100), calls), after: .after(.seconds(2)), extra: 0.1)
    for _ in 0..<30 {
      _ = start(hedge, run)
      pass(8)
    }
    #expect(calls.total == 30 + 1 + 3, "one at once, then one for each ten")
  }

  @Test func theDelayIsLearnedFromWhatCallsTook() throws {
    let calls = Gauge()
    let hedge = try Hedge(
      step(Array(repeating: 1, count: 20) + [60, 1], calls), after: .p95(until: .seconds(30)), extra: 1)
    for _ in 0..<20 {
      _ = start(hedge, run)
      pass(1)
    }
    #expect(calls.total == 20)
    let slow = start(hedge, run)
    pass(1)
    #expect(calls.total == 22, "after the second that nearly all took")
    pass(1)
    #expect(slow.value == "call 22")
  }

  @Test func cancellationReachesBothAttempts() throws {
    let (calls, run) = (Gauge(), run)
    let started = start(try Hedge(step([60, 60], calls), after: .after(.seconds(2))), run)
    pass(2)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(calls.total == 2)
    #expect(calls.current == 0)
  }

  @Test func cancellationBeforeTheSecondAttemptStartsNone() throws {
    let (calls, run) = (Gauge(), run)
    let started = start(try Hedge(step([60, 60], calls), after: .after(.seconds(2))), run)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(calls.total == 1)
  }

  @Test func whatMayActTwiceIsRefused() throws {
    let model = ScriptedModel([.text("x")])
    func tool(_ name: String, hasSideEffects: Bool) -> Tool {
      Tool(name, "", parameters: .object("A", []), hasSideEffects: hasSideEffects) { _, _ in "" }
    }
    func agent(_ tools: [Tool]) -> Agent<String, String> {
      Agent("desk", model: model, instructions: "x", tools: tools)
    }
    _ = try Hedge(agent([]), after: .after(.seconds(1)))
    _ = try Hedge(agent([tool("read", hasSideEffects: false)]), after: .after(.seconds(1)))
    let error = #expect(throws: TurnoutError.self) {
      try Hedge(
        agent([tool("read", hasSideEffects: false), tool("pay", hasSideEffects: true)]), after: .after(.seconds(1)))
    }
    #expect(
      error?.description
        == "hedge desk: a second attempt would act twice, since desk may have side effects; declare that"
        + " it has none, or do not hedge it")
    let plain = FunctionStep("send") { (text: String) in text }
    #expect(throws: TurnoutError.self) { try Hedge(plain, after: .after(.seconds(1))) }
    #expect(throws: TurnoutError.self) { try Hedge(agent([]).then(plain), after: .after(.seconds(1))) }
    #expect(throws: TurnoutError.self) { try Hedge(ForEach(plain), after: .after(.seconds(1))) }
    let pure = FunctionStep("trim", hasSideEffects: false) { (text: String) in text }
    _ = try Hedge(ForEach(agent([]).then(pure)), after: .after(.seconds(1)))
    let other = Tool("a", "", parameters: .object("A", [])) { _, _ in "" }
    #expect(other.hasSideEffects, "unless it says otherwise")
  }

  @Test func numbersOutOfRangeAreRefused() {
    #expect(throws: TurnoutError.self) { try Hedge(step([]), after: .after(.seconds(-1))) }
    #expect(throws: TurnoutError.self) { try Hedge(step([]), after: .p95(until: .seconds(-1))) }
    for share in [-0.1, 1.1, .nan] {
      #expect(throws: TurnoutError.self) { try Hedge(step([]), after: .after(.zero), extra: share) }
    }
  }

  @Test func thePlanCountsBothAttempts() throws {
    let agent = Agent("a", model: ScriptedModel([]), instructions: "x", limits: .init(turns: 1))
    let hedge = try Hedge(agent, after: .after(.seconds(1)))
    #expect(Plan(hedge.outline).worst.calls == 2)
    #expect(hedge.outline.kind == .hedge)
  }
}
