import Testing
import TurnoutCore
import TurnoutTesting

/// Random delays, failures, bounds and policies against a plain simulation of what the policies promise.
@Suite struct FanOutPropertyTests {
  struct Plan: Sendable {
    var branches: [(delay: Int, fails: Bool)] = []
    var bound = 1
    var policy = FailurePolicy.failFast
    var required = 0
    var deadline: Int?

    init(seed: Int) {
      var random = SplitMix64(seed: seed)
      // So many nanoseconds that no two branches end at the same time.
      for _ in 0..<random.int(0...12) { branches.append((random.int(1...1_000_000_000), random.chance(25))) }
      bound = random.int(1...6)
      let wanted = random.int(0...branches.count)
      switch random.int(0...3) {
      case 0: (policy, required) = (.failFast, branches.count)
      case 1: policy = .settle
      case 2: (policy, required) = (.quorum(max(1, wanted)), max(1, wanted))
      default:
        let limit = random.int(1...2_000_000_000)
        (policy, required, deadline) = (.atLeast(wanted, by: .nanoseconds(limit)), wanted, limit)
      }
    }

    /// What becomes of each branch and when things happen, by walking through time.
    func simulated() -> (outcomes: [String], times: [Int]) {
      var outcomes = [String](repeating: "cancelled", count: branches.count)
      var running: [(end: Int, index: Int)] = []
      var next = 0
      var times: [Int] = []
      var (succeeded, failed) = (0, 0)
      func start(at time: Int) {
        guard next < branches.count else { return }
        running.append((time + branches[next].delay, next))
        next += 1
      }
      for _ in 0..<bound { start(at: 0) }
      while let first = running.min(by: { $0.end < $1.end }) {
        if let deadline, deadline < first.end {
          times.append(deadline)
          break
        }
        running.removeAll { $0.index == first.index }
        times.append(first.end)
        let fails = branches[first.index].fails
        outcomes[first.index] = fails ? "failed" : "succeeded"
        if fails { failed += 1 } else { succeeded += 1 }
        if case .quorum = policy, succeeded >= required { break }
        if policy != .settle, branches.count - failed < required { break }
        start(at: first.end)
      }
      return (outcomes, times)
    }
  }

  @Test(arguments: 1...300) func policiesKeepTheirPromises(seed: Int) throws {
    let plan = Plan(seed: seed)
    guard plan.required <= plan.branches.count else { return }
    let (expected, times) = plan.simulated()
    let (executor, clock, gauge, recorder) = (SeededExecutor(seed: seed), ManualClock(), Gauge(), EventRecorder())
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let step = FunctionStep(
      "branch",
      in: { (index: Int, run: Run) in
        gauge.enter()
        defer { gauge.leave() }
        run.record(Usage(calls: 1))
        try await run.clock.sleep(for: .nanoseconds(plan.branches[index].delay))
        if plan.branches[index].fails { throw Broken("\(index)") }
        return index
      })
    let each = ForEach(step, atMost: plan.bound, onFailure: plan.policy)
    let started = executor.start { try await run.perform(each, Array(plan.branches.indices)) }
    var now = 0
    for time in times {
      #expect(!started.isDone, "it ended before its time")
      clock.advance(by: .nanoseconds(time - now))
      now = time
      executor.runUntilIdle()
    }

    let result = try #require(started.result, "it did not end")
    let outcomes: [Outcome<Int>]
    switch result {
    case .success(let all): outcomes = all
    case .failure(let error): outcomes = try #require(error as? FanOutError<Int>).outcomes
    }
    #expect(outcomes.map { $0.value["status"]?.string } == expected)
    #expect((started.error == nil) == (expected.count { $0 == "succeeded" } >= plan.required))
    #expect(gauge.peak <= plan.bound)
    #expect(gauge.current == 0, "nothing goes on after the end")
    #expect(run.usage.calls == gauge.total)
    for (index, outcome) in outcomes.enumerated() {
      if let output = outcome.output { #expect(output == index) }
      if expected[index] != "cancelled" { #expect(outcome.duration == .nanoseconds(plan.branches[index].delay)) }
      if expected[index] == "failed" { #expect(outcome.failure == RunFailure(Broken("\(index)"))) }
    }
    let dropped = expected.count { $0 == "cancelled" }
    let settled = recorder.events.compactMap { if case .settled(let count) = $0.kind { count } else { nil } }
    #expect(settled == (dropped > 0 ? [dropped] : []))
  }
}
