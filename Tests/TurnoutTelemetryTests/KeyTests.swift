import InMemoryLogging
import InMemoryTracing
import Logging
import MetricsTestKit
import TestSupport
import Testing
import Tracing
import TurnoutCore
import TurnoutProviders
import TurnoutTelemetry
import TurnoutTestServer
import TurnoutTesting

/// The key goes to the server and nowhere else, also when the server sends it back.
@Suite struct KeyTests {
  private static let refusal: Value = [
    "type": "error",
    "error": ["message": "the key \(Remains.key) is not good", "type": "\(Remains.key)", "code": "\(Remains.key)"],
  ]

  private static func model(_ wire: ModelWire, _ url: String) throws -> any LanguageModel {
    let key = try APIKey(Remains.key)
    return switch wire {
    case .chatCompletions: OpenAIChatModel("m", at: OpenAIEndpoint(baseURL: url + "/v1", key: key))
    case .responses: OpenAIResponsesModel("m", at: OpenAIEndpoint(baseURL: url + "/v1", key: key))
    case .messages: AnthropicModel("claude-x", at: .anthropic(baseURL: url, key: key))
    case .gemini: GeminiModel("gemini-x", at: .gemini(baseURL: url, key: key))
    }
  }

  @Test(arguments: ModelWire.allCases, [200, 400, 401, 429, 500])
  func `Events, logs, spans and metrics of calls that carry it`(wire: ModelWire, status: Int) async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.trace)
    let (tracer, metrics, recorder) = (InMemoryTracer(), TestMetrics(), EventRecorder())
    let answer: ServedAnswer =
      status == 200
      ? .text("ok")
      : .raw(
        RawAnswer(
          status: status, headers: [("content-type", "application/json")],
          steps: [.bytes(Array(Self.refusal.json().utf8))]))
    try await ModelServer.serve([answer]) { server in
      let agent = Agent("asked", model: try Self.model(wire, server.url), instructions: "Be brief.")
      let spans = TracingSink(tracer: tracer, in: .topLevel)
      let run = Run(sinks: [LogSink(logger: logger), MetricsSink(factory: metrics), spans, recorder])
      _ = try? await run.perform(agent, "hello")
      #expect(server.requests.count == 1)
      let sent = server.requests[0].headers.map { "\($0)" }.joined()
      #expect(sent.contains(Remains.key), "else nothing below would prove anything")
    }
    let told =
      recorder.events.map { $0.value.json() } + handler.entries.map { "\($0.message) \($0.text)" }
      + tracer.finishedSpans.map(\.everything)
      + metrics.counters.map { "\($0.label) \($0.dimensions)" } + metrics.timers.map { "\($0.label) \($0.dimensions)" }
    #expect(told.count > 4)
    for text in told { #expect(!text.contains(Remains.key)) }
    Remains.keep(told.joined(separator: "\n"), from: "telemetry")
  }
}
