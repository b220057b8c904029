import Synchronization
import Testing
import TurnoutCore
import TurnoutEvaluation
import TurnoutTesting

@Suite struct RouteEvaluatorTests {
  let requests = (0..<20).map { LabelledRequest("request \($0)", route: $0 % 2 == 0 ? "a" : nil) }

  @Test func answersAreInTheOrderOfTheRequests() async throws {
    let clock = ManualClock()
    async let judged = RouteEvaluator(concurrency: 20).evaluate(requests) { request in
      // The last one answers first.
      let number = Int(request.input.dropFirst(8)) ?? 0
      try await clock.sleep(until: ManualClock().now.advanced(by: .seconds(21 - number)), tolerance: nil)
      return decided("a", confidence: Double(number))
    }
    await clock.sleepers(20)
    clock.advance(by: .seconds(30))
    let answers = try await judged
    #expect(answers.map(\.request) == requests)
    #expect(answers.map { $0.decision?.confidence } == (0..<20).map(Double.init))
  }

  @Test(arguments: [1, 3, 0]) func noMoreThanTheBoundRunAtOnce(concurrency: Int) async throws {
    let running = Mutex((now: 0, most: 0))
    _ = try await RouteEvaluator(concurrency: concurrency).evaluate(requests) { _ in
      running.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      for _ in 0..<5 { await Task.yield() }
      running.withLock { $0.now -= 1 }
      return decided("a")
    }
    let most = running.withLock { $0.most }
    #expect(most >= 1 && most <= max(1, concurrency))
  }

  @Test func progressIsToldAfterEveryRequest() async throws {
    let seen = Mutex<[EvaluationProgress]>([])
    let evaluator = RouteEvaluator(concurrency: 4) { progress in seen.withLock { $0.append(progress) } }
    _ = try await evaluator.evaluate(requests) { request in
      if request.input == "request 3" { throw ModelError.timeout("model", "no answer") }
      return decided("a")
    }
    let progress = seen.withLock { $0 }
    #expect(progress.map(\.done) == Array(1...20))
    #expect(progress.last?.right == 10 && progress.last?.failed == 1 && progress.last?.total == 20)
  }

  @Test func aFailureIsKeptAsARow() async throws {
    let judged = try await RouteEvaluator().evaluate(requests) { request in
      if request.input == "request 7" { throw ModelError.timeout("model", "no answer") }
      return decided("a")
    }
    #expect(judged.count == 20)
    #expect(judged[7].failure?.label == "timeout" && !judged[7].isRight)
    #expect(judged.count { $0.failure != nil } == 1)
  }

  @Test func whenAllFailTheFirstErrorIsThrown() async throws {
    let error = try await #require(throws: ModelError.self) {
      try await RouteEvaluator().evaluate(requests) { throw ModelError.connection("model", $0.input) }
    }
    #expect(error.message == "request 0")
    #expect(try await RouteEvaluator().evaluate([]) { _ in throw CancellationError() }.isEmpty)
  }

  @Test func cancellingEndsIt() async throws {
    let clock = ManualClock()
    let task = Task {
      try await RouteEvaluator(concurrency: 2).evaluate(requests) { _ in
        try await clock.sleep(until: ManualClock().now.advanced(by: .seconds(1)), tolerance: nil)
        return decided("a")
      }
    }
    await clock.sleepers(2)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func timeIsMeasuredWhereTheDecisionHasNone() async throws {
    let clock = ManualClock()
    let judged = try await RouteEvaluator(concurrency: 1, clock: RunClock(clock)).evaluate(requests) { request in
      clock.advance(by: .milliseconds(3))
      return request.route == nil ? RouteDecision(.none, by: "rules") : decided("a", took: 8)
    }
    #expect(judged[0].decision?.duration == .milliseconds(8) && judged[1].decision?.duration == .milliseconds(3))
  }

  @Test func aRunGoesOnWhereItStoppedAndReplaysForNothing() async throws {
    try await withPath { path in
      let asked = Counter()
      @Sendable func decide(_ request: LabelledRequest) async throws -> RouteDecision {
        asked.add()
        if asked.total == 6 { throw ModelError.overloaded("model", "busy") }
        return decided("a", confidence: 1 / 3, usage: Usage(calls: 1))
      }
      func evaluate() async throws -> RouteEvaluation {
        let log = try DecisionLog(path: path, fingerprint: "one")
        let judged = try await RouteEvaluator(concurrency: 1, log: log).evaluate(requests, decide: decide)
        return RouteEvaluation(judged: judged, routes: ["a"])
      }
      #expect(try await evaluate().failures.count == 1)
      #expect(asked.total == 20)
      let whole = try await evaluate()
      #expect(whole.failures.isEmpty && asked.total == 21)
      #expect(try await evaluate() == whole)
      #expect(asked.total == 21)
    }
  }

  @Test func aDecisionThatCannotBeKeptEndsTheRun() async throws {
    try await withPath { path in
      let log = try DecisionLog(path: path, fingerprint: "one")
      await #expect(throws: EvaluationError.self) {
        try await RouteEvaluator(log: log).evaluate(requests) { _ in RouteDecision(.several, by: "odd") }
      }
    }
  }
}
