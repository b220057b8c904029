import Metrics
import MetricsTestKit
import Testing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

@Suite struct MetricsSinkTests {
  private let metrics = TestMetrics()

  private func count(_ name: String, _ labels: (String, String)...) throws -> Int64 {
    try metrics.expectCounter(name, labels).totalValue
  }

  @Test func countsStepsByKindAndStatus() async throws {
    _ = try await Workflows.support().run("hello", sinks: [MetricsSink(factory: metrics)])
    #expect(try count("turnout.steps", ("kind", "route"), ("status", "succeeded")) == 1)
    #expect(try count("turnout.steps", ("kind", "agent"), ("status", "succeeded")) == 2)
    #expect(try count("turnout.steps", ("kind", "model"), ("status", "succeeded")) == 4)
    #expect(try count("turnout.steps", ("kind", "tool"), ("status", "succeeded")) == 1)
    #expect(metrics.counterTotal(label: "turnout.steps") == 8)
    #expect(try count("turnout.model.reasks") == 1)
    #expect(try count("turnout.route.decisions", ("decided_by", "model"), ("kind", "route")) == 1)
    #expect(metrics.counters(label: "turnout.failures").isEmpty)
  }

  @Test func tokensAreCountedOnceHoweverDeepTheTree() async throws {
    let run = Run(sinks: [MetricsSink(factory: metrics)])
    _ = try await run.perform(Workflows.support(), "hello")
    #expect(run.usage == Usage(calls: 4, inputTokens: 40, outputTokens: 20))
    #expect(try count("turnout.model.calls") == 4)
    #expect(try count("turnout.model.tokens", ("direction", "input")) == 40)
    #expect(try count("turnout.model.tokens", ("direction", "output")) == 20)
  }

  @Test func durationsAreTheRunsOwn() async throws {
    let clock = ManualClock()
    let run = Run(clock: RunClock(clock), sinks: [MetricsSink(factory: metrics)])
    async let answer = run.perform(Workflows.writer(.text("done").delayed(by: .seconds(3))), "hello")
    await clock.sleepers(1)
    clock.advance(by: .seconds(3))
    _ = try await answer
    #expect(try metrics.expectTimer("turnout.step.duration", [("kind", "model")]).values == [3_000_000_000])
    #expect(try metrics.expectTimer("turnout.step.duration", [("kind", "agent")]).values == [3_000_000_000])
  }

  @Test func confidenceIsRecordedWhereThereIsOne() async throws {
    let answer = FunctionStep("answer") { (text: String) in text }
    let router = Router("support", by: .examples(ScriptedEmbeddings())) {
      Route("buy", examples: ["what does it cost", "price of the phone"]) { answer }
      Route("mend", examples: ["it is broken", "it does not start"]) { answer }
    } otherwise: {
      answer
    }
    let routed = try await router("what does it cost", in: Run(sinks: [MetricsSink(factory: metrics)]))
    let recorder = try metrics.expectRecorder("turnout.route.confidence", [("decided_by", "examples")])
    #expect(try recorder.values == [#require(routed.decision.confidence)])
  }

  @Test func failuresAreCountedByKindAndLabel() async throws {
    let sink = MetricsSink(factory: metrics)
    let model = Workflows.writer(.failure(ModelError.rateLimited("local", "slow down")))
    await #expect(throws: ModelError.self) { try await model.run("hello", sinks: [sink]) }
    #expect(try count("turnout.failures", ("kind", "model"), ("label", "rate_limited")) == 1)
    #expect(try count("turnout.failures", ("kind", "agent"), ("label", "rate_limited")) == 1)
    #expect(try count("turnout.steps", ("kind", "model"), ("status", "failed")) == 1)
    #expect(metrics.counters(label: "turnout.model.tokens").isEmpty)
  }

  @Test func labelsThatNobodyKnowsAreOther() async throws {
    let many = Workflows.branches("made_up_\(Int.random(in: 0...9))") { $0 < 3 }
    _ = try await many.run([0, 1, 2, 3], sinks: [MetricsSink(factory: metrics)])
    #expect(try count("turnout.failures", ("kind", "function"), ("label", "other")) == 3)
    #expect(metrics.counters(label: "turnout.failures").count == 1)
  }

  /// Every error that models and steps have is told apart.
  @Test(
    arguments: [
      ModelError.missingKey("p", variable: "K"), ModelError.authentication("p", ""), ModelError.notFound("p", ""),
      ModelError.quotaExhausted("p", ""), ModelError.rateLimited("p", ""), ModelError.overloaded("p", ""),
      ModelError.server("p", ""), ModelError.connection("p", ""), ModelError.timeout("p", ""),
      ModelError.contextWindow("p", ""), ModelError.contentFiltered("p", ""), ModelError.malformed("p", ""),
      ModelError.refused("p", ""), ModelError.notInstalled("p", ""), TurnoutError.timedOut(after: .zero),
      TurnoutError.invalidOutput("", attempts: 1), TurnoutError.turnLimit(1), TurnoutError.invalidInput(""),
      TurnoutError.unsettled(""), SomeError(),
    ] as [any Error])
  func errorsOfTheLibraryHaveTheirLabels(_ error: any Error) async throws {
    let step = FunctionStep<Int, Int>("work") { _ in throw error }
    await #expect(throws: (any Error).self) { try await step.run(1, sinks: [MetricsSink(factory: metrics)]) }
    let counter = try #require(metrics.counters(label: "turnout.failures").first)
    #expect(counter.dimensions.last?.1 == RunFailure(error).label)
  }

  @Test func cancellationsAreNoFailures() async throws {
    let clock = ManualClock()
    let run = Run(clock: RunClock(clock), sinks: [MetricsSink(factory: metrics)])
    let work = Task { try await run.perform(Workflows.writer(.text("done").delayed(by: .seconds(3))), "hello") }
    await clock.sleepers(1)
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
    #expect(try count("turnout.steps", ("kind", "model"), ("status", "cancelled")) == 1)
    #expect(try count("turnout.steps", ("kind", "agent"), ("status", "cancelled")) == 1)
    #expect(metrics.counters(label: "turnout.failures").isEmpty)
  }

  @Test func metricsAreMadeOnceForAllRuns() async throws {
    let sink = MetricsSink(factory: metrics)
    for _ in 0..<3 { _ = try await Workflows.writer(.text("done")).run("hello", sinks: [sink]) }
    // Every metric that is made is a new object here, so one that is made again would begin at nothing.
    let made = MakingCount()
    let counting = MetricsSink(factory: made)
    for _ in 0..<3 { _ = try await Workflows.writer(.text("done")).run("hello", sinks: [counting]) }
    #expect(made.count == 7)
    #expect(try count("turnout.model.calls") == 3)
    #expect(!sink.wantsText)
  }

  @Test func theSystemsFactoryIsAskedWhenAMetricIsNeeded() async throws {
    // Nothing is bootstrapped in tests, so this only must not fail.
    #expect(try await Workflows.writer(.text("done")).run("hello", sinks: [MetricsSink()]) == "done")
  }
}

/// An error without a label.
private struct SomeError: Error {}
