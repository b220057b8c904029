import InMemoryLogging
import InMemoryTracing
import Logging
import MetricsTestKit
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

/// What a person wrote, what a model was told and answered, and what an error quotes stays inside.
@Suite struct PrivacyTests {
  private let tracer = InMemoryTracer()
  private let metrics = TestMetrics()

  /// Runs a step with every sink, and looks for the canary in all that came out.
  private func check<S: Step>(_ step: S, _ input: S.Input, fails: Bool = false) async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.trace)
    let spans = TracingSink(tracer: tracer, in: .topLevel)
    let recorder = EventRecorder()
    let run = Run(sinks: [LogSink(logger: logger), MetricsSink(factory: metrics), spans, recorder])
    do {
      _ = try await run.perform(step, input)
      #expect(!fails)
    } catch { #expect(fails) }
    // Else nothing below would prove anything.
    #expect(recorder.events.contains { $0.value.json().contains(canary) })

    #expect(!handler.entries.isEmpty)
    for entry in handler.entries where entry.message.description != "step failed because" {
      #expect(!entry.text.contains(canary))
    }
    #expect(handler.entries("step failed because").allSatisfy { $0.level == .debug })
    #expect(!tracer.finishedSpans.isEmpty)
    for span in tracer.finishedSpans { #expect(!span.everything.contains(canary)) }
    let labels =
      metrics.counters.map { "\($0.label) \($0.dimensions)" }
      + metrics.timers.map { "\($0.label) \($0.dimensions)" } + metrics.recorders.map { "\($0.label) \($0.dimensions)" }
    #expect(!labels.isEmpty)
    for label in labels { #expect(!label.contains(canary)) }
  }

  @Test func promptsAnswersReasonsArgumentsAndComplaintsStayInside() async throws {
    try await check(Workflows.support(canary), canary)
  }

  @Test func whatToolsReturnAndThrowStaysInside() async throws {
    try await check(Workflows.support(canary, tool: { canary }), canary)
    try await check(Workflows.support(canary, tool: { throw Broken() }), canary)
  }

  @Test func messagesOfFailuresStayInside() async throws {
    try await check(Workflows.writer(.failure(ModelError.refused("local", canary))), "hello", fails: true)
    let step = FunctionStep<Int, Int>("work") { _ in throw Broken() }
    try await check(step, 1, fails: true)
  }

  @Test func labelsThatQuoteStayInside() async throws {
    let step = FunctionStep<Int, Int>("work") { _ in throw Broken(canary, canary) }
    try await check(step, 1, fails: true)
  }

  @Test func fanOutsStayInside() async throws {
    try await check(Workflows.branches { $0 % 2 == 0 }, [1, 2, 3, 4])
    let echo = FunctionStep("echo") { (text: String) in text }
    try await check(ForEach(echo), [canary, canary])
  }

  @Test func streamedTextIsNotAskedFor() async throws {
    let (_, logger) = InMemoryLogHandler.keeping(.trace)
    let sinks: [any RunEventSink] = [
      LogSink(logger: logger), MetricsSink(factory: metrics), TracingSink(tracer: tracer),
    ]
    #expect(!Run(sinks: sinks).wantsText)
  }
}
