import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ParallelTests {
  private let count = FunctionStep("count") { (text: String) in text.count }
  private let shout = FunctionStep("shout") { (text: String) in text.uppercased() }
  private let fails = FunctionStep("fails") { (_: String) -> Bool in throw Broken("no") }

  @Test func branchesKeepTheirTypes() async throws {
    let review = Parallel("review", Branch("size", count), Branch("tone", shout))
    let (size, tone) = try await review.run("abc")
    let sum: Int = try size.get() + 1
    #expect(sum == 4)
    #expect(try tone.get() == "ABC")
  }

  @Test func oneThatFailsIsAnOutcome() async throws {
    let review = Parallel("review", Branch("size", count), Branch("bad", fails), onFailure: .settle)
    let (size, bad) = try await review.run("abc")
    #expect(size.output == 3)
    #expect(bad.output == nil)
    #expect(bad.failure == RunFailure(label: "broken", message: "no"))
    #expect(throws: RunFailure.self) { try bad.get() }
  }

  @Test func failFastThrowsWithTheOutcomes() async throws {
    let review = Parallel("review", Branch("bad", fails), Branch("size", count), atMost: 1)
    let error = await #expect(throws: FanOutError<any Sendable>.self) { try await review.run("abc") }
    #expect(error?.description == "no")
    #expect(error?.outcomes.map { $0.failure?.label } == ["broken", "cancelled"])
  }

  @Test func branchesAreInThePathsAndTheOutline() async throws {
    let recorder = EventRecorder()
    let review = Parallel("review", Branch("size", count), Branch("tone", shout), atMost: 1)
    _ = try await review.run("a", sinks: [recorder])
    #expect(
      recorder.lines == [
        "started review", "branching review", "started review/size", "finished review/size", "started review/tone",
        "finished review/tone", "finished review",
      ])
    #expect(review.outline.kind == .parallel)
    #expect(review.outline.children.map(\.name) == ["count", "shout"])
  }

  @Test func asManyAsThereAreAtRunTime() async throws {
    let recorder = EventRecorder()
    let branches = (0..<5).map { number in Branch("b\(number)", FunctionStep("add") { (input: Int) in input + number })
    }
    let panel = ParallelBranches("panel", branches, atMost: 2)
    #expect(try await panel.run(10, sinks: [recorder]).map(\.output) == [10, 11, 12, 13, 14])
    #expect(recorder.events.dropFirst().first?.value["count"] == 5)
    #expect(try await ParallelBranches<Int, Int>("none", []).run(1).isEmpty)
  }

  @Test func theFastestOfAPanelIsEnough() {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let branches = [3, 1, 2].map { seconds in
      Branch(
        "\(seconds)",
        FunctionStep(
          "wait",
          in: { (_: Int, run: Run) in
            try await run.clock.sleep(for: .seconds(seconds))
            return seconds
          }))
    }
    let run = Run(clock: RunClock(clock))
    let panel = ParallelBranches("panel", branches, onFailure: .quorum(1))
    let started = executor.start { try await run.perform(panel, 0) }
    clock.advance(by: .seconds(1))
    executor.runUntilIdle()
    #expect(started.value?.map(\.output) == [nil, 1, nil])
  }
}

@Suite struct OutcomeTests {
  @Test func isWrittenWithStatusTimeAndUsage() {
    let done = Outcome<Int>(.success(3), duration: .milliseconds(20), usage: Usage(calls: 1))
    let usage = #"{"calls":1,"input_tokens":0,"output_tokens":0,"cached_tokens":0,"reasoning_tokens":0,"embeddings":0}"#
    #expect(done.value.json() == #"{"status":"succeeded","output":3,"duration_ms":20,"usage":\#(usage)}"#)
    let failed = Outcome<Int>(.failure(RunFailure(Broken("no"))), usage: Usage(calls: 1))
    #expect(
      failed.value.json()
        == #"{"status":"failed","error":{"label":"broken","message":"no"},"duration_ms":0,"usage":\#(usage)}"#)
    let cancelled = Outcome<Int>(.failure(RunFailure(CancellationError())))
    #expect(cancelled.value["status"] == "cancelled")
    struct Opaque: Sendable {}
    #expect(Outcome(.success(Opaque())).value["output"] == .null)
  }

  @Test func mapsItsOutput() {
    let outcome = Outcome<Int>(.success(3), duration: .seconds(1), usage: Usage(calls: 2)).map { "\($0)" }
    #expect(outcome.output == "3")
    #expect(outcome.duration == .seconds(1))
    #expect(outcome.usage.calls == 2)
    #expect(Outcome<Int>(.failure(RunFailure(Broken()))).map { $0 + 1 }.failure?.label == "broken")
  }
}
