import InMemoryLogging
import InMemoryTracing
import Logging
import Metrics
import MetricsTestKit
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

/// What logs, metrics and spans say of a branch that is tried again and of work that nobody needed.
@Suite struct AttemptTests {
  private let model = ScriptedModel([
    .failure(ModelError.overloaded("local", canary)), .text("done"), .failure(ModelError.refused("local", canary)),
  ])

  /// One input is answered at the second attempt, the next fails for good and had used something before.
  private func perform(_ sink: any RunEventSink) async throws {
    let agent = Agent("writer", model: model, instructions: "x")
    let step = FunctionStep(
      "work",
      in: { (text: String, run: Run) in
        run.record(Usage(calls: 1, inputTokens: 7, outputTokens: 3))
        return try await run.perform(agent, text)
      })
    let each = ForEach(
      step, name: "texts", atMost: 1, onFailure: .settle, retry: Retry(attempts: 2, delay: .zero))
    _ = try await Run(sinks: [sink]).perform(each, ["a", "b"])
  }

  @Test func logs() async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.debug)
    try await perform(LogSink(logger: logger))
    #expect(handler.entries("branch tried again").map { $0["attempt"] } == ["2"])
    #expect(handler.entries("branch tried again").map { $0["label"] } == ["overloaded"])
    #expect(handler.entries("work went unused").map { $0["input_tokens"] } == ["7"])
    #expect(handler.entries("branch tried again").allSatisfy { $0.level == .notice })
  }

  @Test func metrics() async throws {
    let metrics = TestMetrics()
    try await perform(MetricsSink(factory: metrics))
    #expect(try metrics.expectCounter("turnout.branches.retries").totalValue == 1)
  }

  @Test func spans() async throws {
    let tracer = InMemoryTracer()
    try await perform(TracingSink(tracer: tracer, in: .topLevel, startingAt: .someday))
    let attempts = tracer.finishedSpans.filter { !$0.events.isEmpty }
    let attempt = try #require(attempts.first)
    #expect(attempts.count == 1)
    #expect(attempt.events.map(\.name) == ["turnout.retrying"])
    #expect(attempt.events.first?.attributes.get("turnout.attempt") == .int64(2))
    let span = try #require(tracer.span("texts"))
    #expect(span.attributes.get("turnout.wasted_tokens") == .int64(10))
  }
}
