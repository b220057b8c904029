import Testing
import TurnoutCore
import TurnoutTesting

/// Outcomes given as they arrive.
@Suite struct OutcomeArrivalTests {
  let executor = SeededExecutor()
  let clock = ManualClock()
  private let sleeper = FunctionStep(
    "sleeper",
    in: { (seconds: Int, run: Run) in
      try await run.clock.sleep(for: .seconds(abs(seconds)))
      if seconds < 0 { throw Broken() }
      return seconds
    })

  private func pass(_ seconds: Int) { executor.pass(seconds, on: clock) }

  @Test func eachComesWhenItEndsAndAllComeInOrderAfterwards() {
    let run = Run(clock: RunClock(clock))
    let each = ForEach(sleeper, onFailure: .settle)
    let seen = Journal<String>()
    let started = executor.start {
      try await each.run([3, 1, -2], in: run) { index, outcome in
        seen.add("\(index): \(outcome.output.map(String.init) ?? "failed")")
      }
    }
    pass(1)
    #expect(seen.entries == ["1: 1"], "a fast one does not wait for a slow one")
    pass(1)
    #expect(seen.entries == ["1: 1", "2: failed"])
    pass(1)
    #expect(seen.entries == ["1: 1", "2: failed", "0: 3"])
    #expect(started.value?.map(\.output) == [3, 1, nil])
  }

  @Test func whatItThrowsCancelsTheRest() {
    let run = Run(clock: RunClock(clock))
    let panel = ParallelBranches("panel", [3, 1, 2].map { _ in Branch("b", sleeper) })
    let seen = Journal<Int>()
    let started = executor.start {
      try await panel.run(1, in: run) { index, _ in
        seen.add(index)
        throw Broken("enough")
      }
    }
    pass(1)
    #expect(started.error as? Broken == Broken("enough"))
    #expect(seen.entries.count == 1)
  }

  @Test func theWholeIsASpanOfItsOwn() async throws {
    let recorder = EventRecorder()
    let run = Run(sinks: [recorder])
    _ = try await ForEach(sleeper, atMost: 1).run([0], in: run) { _, _ in }
    #expect(recorder.lines.first == "started each sleeper")
    #expect(recorder.lines.last == "finished each sleeper")
  }

  @Test func whatIsLeftOfAQuorumComesToo() {
    let run = Run(clock: RunClock(clock))
    let each = ForEach(sleeper, onFailure: .quorum(1))
    let seen = Journal<Int>()
    let started = executor.start {
      try await each.run([5, 1], in: run) { index, outcome in seen.add(outcome.output == nil ? -index : index) }
    }
    pass(1)
    #expect(started.value?.map(\.output) == [nil, 1])
    #expect(seen.entries == [1, 0])
  }

  @Test func aQuorumOfNoneRunsNothing() async throws {
    let gauge = Gauge()
    let step = FunctionStep("s") { (_: Int) in gauge.enter() }
    let outcomes = try await ForEach(step, onFailure: .quorum(0)).run([1, 2])
    #expect(outcomes.map { $0.failure?.label } == ["cancelled", "cancelled"])
    #expect(gauge.total == 0)
  }
}
