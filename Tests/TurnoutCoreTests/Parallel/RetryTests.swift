import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct RetryTests {
  @Test func theLongestWaitGrowsUpToItsLimit() {
    let retry = Retry(attempts: 9, delay: .seconds(1), backoff: 3, limit: .seconds(20))
    #expect((1...5).map { retry.longestWait(after: $0) } == [1, 3, 9, 20, 20].map { .seconds($0) })
    #expect(Retry(attempts: 3, delay: .seconds(1), backoff: 1).longestWait(after: .max) == .seconds(1))
    #expect(Retry(attempts: 3, delay: .zero).longestWait(after: .max) == .zero)
    #expect(Retry(attempts: 3, delay: .seconds(9), limit: .seconds(2)).longestWait(after: 1) == .seconds(2))
  }

  @Test func whatIsOutOfRangeIsTheNearestThatIsNot() {
    let retry = Retry(attempts: -3, delay: .seconds(-1), backoff: .nan, limit: .seconds(-1), on: ["cancelled", "x"])
    #expect(retry == Retry(attempts: 1, delay: .zero, backoff: 1, limit: .zero, on: ["x"]))
  }

  @Test(arguments: 1...200) func waitsAreBetweenNothingAndTheLongest(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let retry = Retry(attempts: 6, delay: .milliseconds(random.int(0...2_000)), backoff: 2.5, limit: .seconds(4))
    let attempt = random.int(1...5)
    let wait = try #require(retry.wait(after: attempt, ModelError.server("x", "no"), using: &random))
    #expect(wait >= .zero && wait <= retry.longestWait(after: attempt))
  }

  @Test func waitsUseTheWholeRange() throws {
    var random = SplitMix64(seed: 7)
    let retry = Retry(attempts: 2, delay: .seconds(1))
    let waits = (0..<500).compactMap { _ in retry.wait(after: 1, ModelError.server("x", "no"), using: &random) }
    #expect(waits.count { $0 < .milliseconds(250) } > 80)
    #expect(waits.count { $0 > .milliseconds(750) } > 80)
  }

  @Test func onlyWhatTimeMayMendIsTriedAgain() {
    var random = SplitMix64(seed: 1)
    let retry = Retry(attempts: 3)
    func wait(_ retry: Retry, _ attempt: Int, _ error: any Error) -> Duration? {
      retry.wait(after: attempt, error, using: &random)
    }
    func isTried(_ error: any Error) -> Bool { wait(retry, 1, error) != nil }
    #expect(isTried(ModelError.rateLimited("x", "")))
    #expect(isTried(ModelError.overloaded("x", "")))
    #expect(isTried(ModelError.connection("x", "")))
    #expect(isTried(ModelError.timeout("x", "")))
    #expect(isTried(TurnoutError.timedOut(after: .seconds(1))))
    #expect(!isTried(ModelError.authentication("x", "")))
    #expect(!isTried(ModelError.quotaExhausted("x", "")))
    #expect(!isTried(TurnoutError.invalidInput("x")))
    #expect(!isTried(Broken()))
    #expect(!isTried(CancellationError()))
    #expect(!isTried(RunFailure(CancellationError())))
    let own = Retry(attempts: 2, on: ["broken"])
    #expect(wait(own, 1, Broken()) != nil)
    #expect(wait(own, 2, Broken()) == nil, "there are two attempts")
  }

  @Test func aServerThatSaysHowLongIsWaitedForSoLong() {
    var random = SplitMix64(seed: 1)
    var error = ModelError.rateLimited("x", "later")
    error.retryAfter = .seconds(7)
    let patient = Retry(attempts: 2, delay: .seconds(1)).wait(after: 1, error, using: &random)
    #expect(patient == .seconds(7))
    let hasty = Retry(attempts: 2, limit: .seconds(6)).wait(after: 1, error, using: &random)
    #expect(hasty == nil)
  }
}

/// Fan-outs whose branches have a timeout and several attempts.
@Suite struct BranchEffortTests {
  let executor = SeededExecutor()
  let clock = ManualClock()
  let recorder = EventRecorder()
  private let quick = Retry(attempts: 3, delay: .zero, on: Retry.transient.union(["broken"]))

  /// Fails so often for each input, then succeeds; counts a call each time.
  private func failing(_ times: [Int], _ calls: Journal<Int>) -> FunctionStep<Int, Int> {
    FunctionStep(
      "failing",
      in: { (index: Int, run: Run) in
        let before = calls.entries.count { $0 == index }
        calls.add(index)
        run.record(Usage(calls: 1))
        if before < times[index] { throw Broken("\(index)") }
        return index * 10
      })
  }

  private func run(id: String = "run") -> Run { Run(id: id, clock: RunClock(clock), sinks: [recorder]) }

  @Test func aBranchIsTriedUntilItSucceedsOrAttemptsAreOver() async throws {
    let calls = Journal<Int>()
    let each = ForEach(failing([0, 1, 2, 3], calls), atMost: 1, onFailure: .settle, retry: quick)
    let run = run()
    let outcomes = try await run.perform(each, [0, 1, 2, 3])
    #expect(outcomes.map(\.output) == [0, 10, 20, nil])
    #expect(outcomes.map(\.usage.calls) == [1, 2, 3, 3], "what failed attempts used is counted")
    #expect(run.usage.calls == 9)
    #expect(calls.entries == [0, 1, 1, 2, 2, 2, 3, 3, 3])
    let retries = recorder.events.compactMap { if case .retrying(let it) = $0.kind { it } else { nil } }
    #expect(retries.map(\.branch) == ["1", "2", "2", "3", "3"])
    #expect(retries.map(\.attempt) == [2, 2, 3, 2, 3])
    #expect(retries.allSatisfy { $0.failure.label == "broken" && $0.wait == .zero })
  }

  @Test func withoutMoreAttemptsTheFirstFailureIsTheBranchs() async throws {
    let calls = Journal<Int>()
    let outcomes = try await run().perform(ForEach(failing([1], calls), onFailure: .settle), [0])
    #expect(outcomes[0].failure?.label == "broken")
    #expect(calls.entries.count == 1)
  }

  @Test func aFailureThatTimeCannotMendIsNotTriedAgain() async throws {
    let calls = Journal<Int>()
    let each = ForEach(failing([1], calls), onFailure: .settle, retry: Retry(attempts: 5))
    #expect(try await run().perform(each, [0])[0].failure?.label == "broken")
    #expect(calls.entries.count == 1)
  }

  private let sleeper = FunctionStep(
    "sleeper",
    in: { (seconds: Int, run: Run) in
      try await run.clock.sleep(for: .seconds(seconds))
      return seconds
    })

  private func pass(_ seconds: Int) { executor.pass(seconds, on: clock) }

  @Test func aBranchThatTakesTooLongIsCancelledAndTheOthersAreNot() {
    let each = ForEach(sleeper, onFailure: .settle, timeout: .seconds(3))
    let run = run()
    let started = executor.start { try await run.perform(each, [1, 9, 2]) }
    pass(3)
    #expect(started.value?.map(\.output) == [1, nil, 2])
    #expect(started.value?[1].failure == RunFailure(TurnoutError.timedOut(after: .seconds(3))))
    let failed = recorder.events.compactMap {
      if case .failed(let failed) = $0.kind { failed.failure.label } else { nil }
    }
    #expect(failed == ["timed_out"], "the branch's own span says so")
  }

  @Test func theTimeoutIsThatOfOneAttempt() {
    let each = ForEach(
      sleeper, onFailure: .settle, timeout: .seconds(3), retry: Retry(attempts: 2, delay: .zero))
    let run = run()
    let started = executor.start { try await run.perform(each, [9]) }
    pass(5)
    #expect(!started.isDone, "the second attempt is at work")
    pass(1)
    #expect(started.value?[0].failure?.label == "timed_out")
    #expect(started.value?[0].duration == .seconds(6))
  }

  @Test func cancellationIsNeverTriedAgain() {
    let each = ForEach(sleeper, onFailure: .settle, retry: quick)
    let run = run()
    let started = executor.start { try await run.perform(each, [9]) }
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(!recorder.lines.contains { $0.hasPrefix("retrying") })
  }

  @Test func whatACancelledAttemptThrowsIsNotTriedAgain() {
    // A connection that was cut because of the cancellation.
    let step = FunctionStep(
      "cut",
      in: { (_: Int, run: Run) in
        do { try await run.clock.sleep(for: .seconds(9)) } catch { throw ModelError.connection("x", "closed") }
      })
    let each = ForEach(step, onFailure: .settle, retry: quick)
    let run = run()
    let started = executor.start { try await run.perform(each, [0]) }
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(!recorder.lines.contains { $0.hasPrefix("retrying") })
  }

  @Test func cancellationEndsTheWaitBetweenAttempts() {
    let calls = Journal<Int>()
    let retry = Retry(attempts: 3, delay: .seconds(60), limit: .seconds(60), on: ["broken"])
    let each = ForEach(failing([9], calls), onFailure: .settle, retry: retry)
    let run = run()
    let started = executor.start { try await run.perform(each, [0]) }
    #expect(!started.isDone)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(calls.entries.count == 1)
  }

  @Test func aRunWithTheSameIdWaitsTheSame() throws {
    func waits(_ id: String) -> [Duration] {
      let recorder = EventRecorder()
      let run = Run(id: id, clock: RunClock(clock), sinks: [recorder])
      let each = ForEach(
        failing([9, 9], Journal()), onFailure: .settle, retry: Retry(attempts: 4, delay: .seconds(8), on: ["broken"]))
      _ = executor.start { try await run.perform(each, [0, 1]) }
      pass(200)
      return recorder.events.compactMap { if case .retrying(let it) = $0.kind { it } else { nil } }
        .sorted { ($0.branch, $0.attempt) < ($1.branch, $1.attempt) }.map(\.wait)
    }
    let first = waits("a")
    #expect(first.count == 6)
    #expect(Set(first).count == 6, "branches do not wait the same")
    #expect(waits("a") == first)
    #expect(waits("b") != first)
  }

  @Test func timesInWhichNothingCanEndAreRefused() async {
    for timeout in [Duration.zero, .seconds(-1)] {
      let error = await #expect(throws: TurnoutError.self) {
        try await ForEach(sleeper, timeout: timeout).run([0])
      }
      #expect(error?.label == "invalid_input")
      #expect(error?.description.hasPrefix("the timeout of a branch must be more than 0 s") == true)
    }
    await #expect(throws: TurnoutError.self) {
      try await ForEach(sleeper, onFailure: .atLeast(0, by: .seconds(-1))).run([0])
    }
  }

  @Test func parallelAndSplitTryAgainToo() async throws {
    let calls = Journal<Int>()
    let step = failing([1], calls)
    let (output) = try await Parallel("p", Branch("a", step), retry: quick).run(0, in: run())
    #expect(output.output == 0)
    let panel = ParallelBranches("p", [Branch("a", failing([2], Journal()))], retry: quick)
    #expect(try await run().perform(panel, 0)[0].output == 0)
    let tries = Journal<String>()
    let translate = FunctionStep("translate") { (text: String) in
      tries.add(text)
      if tries.entries.count(where: { $0 == text }) == 1 { throw Broken() }
      return text.uppercased()
    }
    #expect(try await Split(translate, retry: quick).run("# a\n\nb\n\n# c\n").text == "# A\n\nB\n\n# C\n")
  }

  @Test func attemptsMultiplyTheWorstCase() {
    let model = ScriptedModel([])
    let agent = Agent<String, String>("a", model: model, instructions: "x", limits: .init(turns: 1, reasks: 0))
    let retry = Retry(attempts: 3)
    let prices = PriceTable()
    #expect(agent.worstCase(for: "x", prices: prices).calls == 1)
    #expect(ForEach(agent, retry: retry).worstCase(for: ["a", "b"], prices: prices).calls == 6)
    #expect(ParallelBranches("p", [Branch("a", agent)], retry: retry).worstCase(for: "x", prices: prices).calls == 3)
    #expect(Parallel("p", Branch("a", agent), retry: retry).worstCase(for: "x", prices: prices).calls == 3)
    #expect(Split(agent, retry: retry).worstCase(for: "# a\n\nb\n\n# c\n", prices: prices).calls == 6)
    #expect(
      Race("r", [Branch("a", agent), Branch("b", agent)], retry: retry).worstCase(for: "x", prices: prices).calls == 6)
  }
}
