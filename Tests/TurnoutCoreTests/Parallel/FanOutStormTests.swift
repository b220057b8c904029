import Testing
import TurnoutCore
import TurnoutTesting

/// Random widths, bounds, delays, failures, timeouts, attempts, policies, budgets, races, hedges and cancellations; what
/// must hold whatever happens.
@Suite struct FanOutStormTests {
  enum Shape: CaseIterable { case each, panel, race, stream, nested, hedged }

  struct Storm {
    var random: SplitMix64
    let shape: Shape
    let width: Int
    let bound: Int
    let policy: FailurePolicy
    let timeout: Duration?
    let retry: Retry
    let budget: Budget?
    /// The second at which the whole is cancelled.
    let cancelledAt: Int?
    let failures: Int

    init(seed: Int) {
      var random = SplitMix64(seed: seed)
      shape = random.pick(Shape.allCases)
      width = random.int(0...14)
      bound = random.int(0...6)
      let wanted = random.int(0...max(1, width))
      policy = random.pick([
        .failFast, .settle, .quorum(wanted), .atLeast(wanted, by: .seconds(random.int(0...30))),
      ])
      timeout = random.chance(40) ? .seconds(random.int(1...8)) : nil
      retry = random.chance(40) ? Retry(attempts: random.int(1...4), delay: .seconds(random.int(0...3))) : .never
      budget = random.chance(40) ? Budget(calls: random.int(0...20)) : nil
      cancelledAt = random.chance(20) ? random.int(0...12) : nil
      failures = random.pick([0, 10, 40, 90])
      self.random = random
    }
  }

  /// Answers with its prompt after a while, or fails.
  private func model(_ storm: Storm, _ gauge: Gauge) -> ScriptedModel {
    ScriptedModel { request, index in
      var random = SplitMix64(seed: index &* 7_919 &+ storm.width)
      guard case .user(let prompt)? = request.messages.last else { return .text("") }
      let error: any Error = random.chance(70) ? ModelError.overloaded("m", "busy") : ModelError.refused("m", "no")
      let reply = random.chance(storm.failures) ? ScriptedReply.failure(error) : .text("answer to \(prompt)")
      return reply.delayed(by: .seconds(random.int(0...9)))
    }
  }

  /// Runs a storm's shape and gives every outcome that there is.
  private func perform(_ storm: Storm, _ step: some Step<String, String>, _ run: Run) async throws -> [Outcome<String>]
  {
    let inputs = (0..<storm.width).map(String.init)
    let each = ForEach(
      step, atMost: storm.bound, onFailure: storm.policy, timeout: storm.timeout, retry: storm.retry)
    let branches = inputs.map { input in
      Branch(input, FunctionStep("b", in: { (_: String, run: Run) in try await run.perform(step, input) }))
    }
    switch storm.shape {
    case .each, .hedged: return try await run.perform(each, inputs)
    case .panel:
      return try await run.perform(
        ParallelBranches(
          "panel", branches, atMost: storm.bound, onFailure: storm.policy,
          timeout: storm.timeout, retry: storm.retry), "x")
    case .race:
      let race = Race("race", branches, timeout: storm.timeout, retry: storm.retry)
      _ = try await run.perform(race, "x")
      return []
    case .stream:
      let stream = AsyncStream { continuation in
        for input in inputs { continuation.yield(input) }
        continuation.finish()
      }
      return try await ForEach(
        step, atMost: storm.bound, onFailure: .settle, timeout: storm.timeout, retry: storm.retry
      )
      .withOutcomes(of: stream, in: run) { try await $0.reduce(into: []) { $0.append($1) } }
    case .nested:
      let outer = ForEach(ForEach(step, atMost: storm.bound, onFailure: .settle), atMost: 2, onFailure: storm.policy)
      return try await run.perform(outer, inputs.map { [$0] }).map { outcome in
        guard let inner = outcome.output?.first else { return outcome.map { _ in "" } }
        return Outcome(inner.result, usage: outcome.usage)
      }
    }
  }

  @Test(arguments: 1...400) func whateverHappens(seed: Int) throws {
    let storm = Storm(seed: seed)
    let (executor, clock, gauge, recorder) = (SeededExecutor(seed: seed), ManualClock(), Gauge(), EventRecorder())
    let agent = Agent("agent", model: model(storm, gauge), instructions: "x", limits: .init(turns: 1, reasks: 0))
    let counted = FunctionStep(
      "counted", hasSideEffects: false,
      in: { (input: String, run: Run) in
        gauge.enter()
        defer { gauge.leave() }
        return try await run.perform(agent, input)
      })
    let hedge = try Hedge(counted, after: .after(.seconds(2)), extra: 0.5)
    let run = Run(id: "\(seed)", clock: RunClock(clock), sinks: [recorder], budget: storm.budget)
    let started = executor.start {
      storm.shape == .hedged ? try await perform(storm, hedge, run) : try await perform(storm, counted, run)
    }
    var second = 0
    while !started.isDone, second < 1_000 {
      if second == storm.cancelledAt {
        started.cancel()
        executor.runUntilIdle()
      }
      clock.advance(by: .seconds(1))
      executor.runUntilIdle()
      second += 1
    }

    let result = try #require(started.result, "it did not end: \(storm)")
    #expect(gauge.current == 0, "nothing goes on after the end")
    if let calls = storm.budget?.calls { #expect(run.usage.calls <= calls) }
    if storm.shape == .each || storm.shape == .panel { #expect(gauge.peak <= max(1, storm.bound)) }
    try checkSpans(recorder.events)
    switch result {
    case .success(let outcomes):
      if storm.shape != .race { check(outcomes, storm) }
      if storm.shape == .each || storm.shape == .panel || storm.shape == .nested {
        #expect(outcomes.count { $0.failure == nil } >= required(storm) || storm.shape == .nested)
      }
    case .failure(let error as FanOutError<String>):
      check(error.outcomes, storm)
      #expect(error.outcomes.count { $0.failure == nil } < max(1, required(storm)) || storm.shape == .race)
    case .failure(let error):
      let isExpected =
        error is CancellationError && storm.cancelledAt != nil || error is TurnoutError
        || storm.shape == .nested && error is FanOutError<[Outcome<String>]>
      #expect(isExpected, "\(error)")
    }
  }

  private func required(_ storm: Storm) -> Int {
    switch storm.policy {
    case .failFast: storm.width
    case .settle: 0
    case .quorum(let wanted), .atLeast(let wanted, _): wanted
    }
  }

  /// One outcome for each input, in input order.
  private func check(_ outcomes: [Outcome<String>], _ storm: Storm) {
    #expect(outcomes.count == storm.width)
    for (index, outcome) in outcomes.enumerated() {
      if let output = outcome.output { #expect(output == "answer to \(index)") }
    }
  }

  /// Every span that started ends once, after everything inside it, and numbers have no gaps.
  private func checkSpans(_ events: [RunEvent]) throws {
    #expect(events.map(\.sequence) == Array(events.indices.map { $0 + 1 }))
    var inside: [Int: Int] = [:]
    var parents: [Int: Int] = [:]
    var seen: Set<Int> = []
    for event in events {
      switch event.kind {
      case .started(let started):
        #expect(seen.insert(event.span).inserted, "a span starts once")
        inside[event.span] = 0
        if let parent = started.parent {
          #expect(inside[parent] != nil, "what it starts in is open")
          inside[parent, default: 0] += 1
          parents[event.span] = parent
        }
      case .finished, .failed:
        #expect(inside.removeValue(forKey: event.span) == 0, "it is open, and all inside has ended")
        if let parent = parents[event.span] { inside[parent, default: 0] -= 1 }
      default: #expect(event.span == 0 || inside[event.span] != nil, "nothing is told of what has ended")
      }
    }
    #expect(inside.isEmpty, "all have ended")
  }
}
