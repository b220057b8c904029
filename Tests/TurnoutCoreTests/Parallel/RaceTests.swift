import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct RaceTests {
  let executor = SeededExecutor()
  let clock = ManualClock()
  let recorder = EventRecorder()

  /// Uses a call, waits, uses another, and answers or fails.
  private func runner(_ name: String, _ seconds: Int, fails: Bool = false) -> Branch<String, String> {
    Branch(
      name,
      FunctionStep(
        name,
        in: { (text: String, run: Run) in
          run.record(Usage(calls: 1))
          try await run.clock.sleep(for: .seconds(seconds))
          run.record(Usage(calls: 1))
          if fails { throw Broken(name) }
          return "\(name): \(text)"
        }))
  }

  private func start(_ race: Race<String, String>, _ run: Run) -> Started<String> {
    executor.start { try await run.perform(race, "x") }
  }

  private func pass(_ seconds: Int) { executor.pass(seconds, on: clock) }

  private var wasted: [Int] {
    recorder.events.compactMap { if case .wasted(let usage) = $0.kind { usage.calls } else { nil } }
  }

  @Test func theFirstSuccessCounts() {
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let started = start(Race("r", [runner("slow", 9), runner("bad", 1, fails: true), runner("quick", 3)]), run)
    pass(2)
    #expect(!started.isDone, "a failure is no answer")
    pass(1)
    #expect(started.value == "quick: x")
    #expect(run.usage.calls == 5, "one of the cancelled one, two of each other")
    #expect(wasted == [3])
    #expect(recorder.lines.contains("failed r/slow"))
    #expect(recorder.lines.last == "finished r")
  }

  @Test func whenAllFailEveryOutcomeIsKept() {
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let started = start(Race("r", [runner("a", 1, fails: true), runner("b", 2, fails: true)]), run)
    pass(2)
    let error = started.error as? FanOutError<String>
    #expect(error?.failure.label == "unsettled")
    #expect(error?.outcomes.map { $0.failure?.message } == ["a", "b"])
    #expect(wasted == [], "there is no answer besides which it would be waste")
  }

  @Test func oneStepIsNoWaste() {
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let started = start(Race("r", [runner("a", 1)]), run)
    pass(1)
    #expect(started.value == "a: x")
    #expect(wasted == [])
  }

  @Test func aRaceOfNoneIsRefused() async {
    let error = await #expect(throws: TurnoutError.self) { try await Race<Int, Int>("r", []).run(1) }
    #expect(error?.description == "the race r has no steps")
  }

  @Test func cancellationIsThrown() {
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let started = start(Race("r", [runner("a", 1), runner("b", 1)]), run)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
  }

  @Test func anAttemptThatTakesTooLongIsReplaced() {
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let retry = Retry(attempts: 2, delay: .zero)
    let started = start(Race("r", [runner("a", 9)], timeout: .seconds(2), retry: retry), run)
    pass(4)
    #expect((started.error as? FanOutError<String>)?.outcomes[0].failure?.label == "timed_out")
  }

  @Test func aCallThatWasCancelledIsCounted() {
    let model = ScriptedModel { request, _ in
      .text("answer").delayed(by: .seconds(request.messages.contains(.system("slow")) ? 9 : 1))
    }
    let branches = ["slow", "quick"].map { Branch($0, Agent($0, model: model, instructions: $0)) }
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let race = Race("r", branches)
    let started = executor.start { try await run.perform(race, "x") }
    pass(1)
    #expect(started.value == "answer")
    #expect(run.usage.calls == 2)
    #expect(wasted == [1])
  }

  @Test func aSuccessOfNothingIsASuccess() async throws {
    let nothing = FunctionStep("nothing") { (_: Int) -> Int? in nil }
    #expect(try await Race("r", [Branch("a", nothing)]).run(1) == nil)
  }
}
