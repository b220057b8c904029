import InMemoryLogging
import InMemoryTracing
import Logging
import MetricsTestKit
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

@Suite struct ConcurrencyTests {
  /// A hundred agents at once, every tenth of which fails.
  private func fleet() -> ForEach<Agent<Int, String>> {
    let model = ScriptedModel("local") { request, _ in
      guard case .user(let text) = request.messages.last else { return .text("") }
      return text.hasSuffix("0") ? .failure(ModelError.overloaded("local", canary)) : .text(text)
    }
    let agent = Agent<Int, String>(
      "worker", model: model, output: .text, instructions: { _, _ in "" }, prompt: { number, _ in "\(number)" })
    return ForEach(agent, name: "fleet", atMost: 100, onFailure: .settle)
  }

  @Test func aHundredBranchesKeepTheirParents() async throws {
    let tracer = InMemoryTracer()
    let sink = TracingSink(tracer: tracer, in: .topLevel)
    _ = try await fleet().run(Array(0..<100), sinks: [sink])
    var expected = ["fleet < nothing"]
    for index in 0..<100 { expected += ["fleet/\(index) < fleet", "fleet/\(index)/local < fleet/\(index)"] }
    #expect(tracer.tree == expected.sorted())
    #expect(tracer.finishedSpans.count { $0.status?.code == .error } == 20)
    #expect(
      tracer.finishedSpans.allSatisfy { $0.startInstant.nanosecondsSinceEpoch <= $0.endInstant.nanosecondsSinceEpoch })
    #expect(sink.openSpans == 0)
    #expect(tracer.activeSpans.isEmpty)
  }

  @Test func manyRunsShareMetricsAndLogs() async throws {
    let metrics = TestMetrics()
    let (handler, logger) = InMemoryLogHandler.keeping(.debug)
    let shared: [any RunEventSink] = [MetricsSink(factory: metrics), LogSink(logger: logger)]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { _ = try await fleet().run(Array(0..<100), sinks: shared) }
      }
      try await group.waitForAll()
    }
    #expect(metrics.counterTotal(label: "turnout.steps") == 4 * 201)
    #expect(metrics.counterTotal(label: "turnout.steps", dimensions: [("status", "failed")]) == 4 * 20)
    #expect(metrics.counterTotal(label: "turnout.failures", dimensions: [("label", "overloaded")]) == 4 * 20)
    #expect(metrics.counterTotal(label: "turnout.model.calls") == 4 * 90)
    #expect(handler.entries("step finished").count == 4 * 181)
    #expect(handler.entries("step failed").count == 4 * 20)
  }

  @Test func memoryIsForOpenSpansOnly() async throws {
    let sink = TracingSink(tracer: InMemoryTracer(), in: .topLevel)
    let peak = Peak()
    let watch = EventHandler(wantsText: false) { _ in peak.see(sink.openSpans) }
    _ = try await Workflows.branches(atMost: 4).run(Array(0..<1_000), sinks: [sink, watch])
    #expect((2...5).contains(peak.value))
    #expect(sink.openSpans == 0)
  }
}
