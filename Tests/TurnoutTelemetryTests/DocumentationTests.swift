import InMemoryLogging
import Logging
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

/// The examples in the documentation, so that they go on compiling and doing what they say.
@Suite struct DocumentationTests {
  private let question = "What does it cost?"

  @Test func logs() async throws {
    let support = Workflows.support()
    let (handler, made) = InMemoryLogHandler.keeping(.debug)
    var logger = made
    logger[metadataKey: "request"] = "4711"
    let reply = try await Run(sinks: [LogSink(logger: logger)]).perform(support, question)
    #expect(reply == "fine, at length")
    let line = try #require(handler.entries("step finished").first { $0["path"] == "support/consult/gemini:flash" })
    #expect(
      line.metadata.keys.sorted() == [
        "calls", "duration_ms", "input_tokens", "kind", "output_tokens", "path", "request", "span",
      ])
  }

  @Test func metricsAndSpans() async throws {
    let metrics = MetricsSink()
    let spans = TracingSink(tracer: InstrumentationSystem.tracer)
    defer { spans.finish() }
    let reply = try await Run(sinks: [metrics, spans]).perform(Workflows.support(), question)
    #expect(reply == "fine, at length")
    #expect(spans.openSpans == 0)
  }
}
