import InMemoryTracing
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

@Suite struct TracingSinkTests {
  private let tracer = InMemoryTracer()

  private func sink() -> TracingSink { TracingSink(tracer: tracer, in: .topLevel, startingAt: .someday) }

  @Test func spansAreTheTreeOfSteps() async throws {
    let sink = sink()
    _ = try await Workflows.support().run("hello", sinks: [sink])
    #expect(
      tracer.tree == [
        "support < nothing", "support/consult < support",
        "support/consult/gemini:flash < support/consult", "support/consult/gemini:flash < support/consult",
        "support/consult/gemini:flash < support/consult", "support/consult/look_up < support/consult",
        "support/selector < support", "support/selector/openai:gpt-4o-mini < support/selector",
      ])
    #expect(Set(tracer.finishedSpans.map(\.traceID)).count == 1)
    #expect(Set(tracer.finishedSpans.map(\.operationName)) == ["route", "agent", "model", "tool"])
    #expect(tracer.activeSpans.isEmpty)
    #expect(sink.openSpans == 0)
    #expect(!sink.wantsText)
  }

  @Test func modelSpansFollowTheConventions() async throws {
    let usage = Usage(calls: 1, inputTokens: 300, outputTokens: 40, cachedTokens: 200, reasoningTokens: 30)
    let model = ScriptedModel([.text("done").using(usage)], name: "openai:gpt-4o-mini")
    _ = try await Agent("writer", model: model, instructions: "Write.").run("hello", sinks: [sink()])
    let span = try #require(tracer.span("writer/openai:gpt-4o-mini"))
    #expect(span.operationName == "model")
    #expect(span.kind == .client)
    #expect(
      span.keys == [
        "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model",
        "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens",
        "gen_ai.usage.reasoning.output_tokens", "turnout.path", "turnout.status", "turnout.step.kind",
        "turnout.step.name",
      ])
    #expect(span.text("gen_ai.operation.name") == "chat")
    #expect(span.text("gen_ai.provider.name") == "openai")
    #expect(span.text("gen_ai.request.model") == "gpt-4o-mini")
    #expect(span.number("gen_ai.usage.input_tokens") == 300)
    #expect(span.number("gen_ai.usage.output_tokens") == 40)
    #expect(span.number("gen_ai.usage.cache_read.input_tokens") == 200)
    #expect(span.number("gen_ai.usage.reasoning.output_tokens") == 30)
    #expect(span.text("turnout.status") == "succeeded")
    #expect(span.status == nil)
  }

  @Test(arguments: [
    ("gemini:flash", "gcp.gemini", "flash"), ("ollama:llama3:8b", "ollama", "llama3:8b"), ("local", nil, "local"),
    (":odd", nil, ":odd"), ("odd:", nil, "odd:"),
  ])
  func aModelsNameIsProviderAndModel(_ name: String, _ provider: String?, _ model: String) async throws {
    _ = try await Agent("writer", model: ScriptedModel([.text("done")], name: name), instructions: "")
      .run("hello", sinks: [sink()])
    let span = try #require(tracer.span("writer/\(name)"))
    #expect(span.text("gen_ai.provider.name") == provider)
    #expect(span.text("gen_ai.request.model") == model)
  }

  @Test func tokensOfATraceAddUpToTheRuns() async throws {
    let run = Run(sinks: [sink()])
    _ = try await run.perform(Workflows.support(), "hello")
    let sum = tracer.finishedSpans.compactMap { $0.number("gen_ai.usage.input_tokens") }.reduce(0, +)
    #expect(sum == run.usage.inputTokens)
    let root = try #require(tracer.span("support"))
    #expect(root.number("turnout.usage.calls") == 4)
    #expect(root.number("turnout.usage.input_tokens") == 40)
    #expect(root.number("turnout.usage.output_tokens") == 20)
  }

  @Test func agentsAndToolsHaveTheirOperations() async throws {
    _ = try await Workflows.support().run("hello", sinks: [sink()])
    let agent = try #require(tracer.span("support/consult"))
    #expect(agent.kind == .internal)
    #expect(agent.text("gen_ai.operation.name") == "invoke_agent")
    #expect(agent.text("gen_ai.agent.name") == "consult")
    #expect(agent.events.map(\.name) == ["turnout.reasked"])
    let tool = try #require(tracer.span("support/consult/look_up"))
    #expect(tool.text("gen_ai.operation.name") == "execute_tool")
    #expect(tool.text("gen_ai.tool.name") == "look_up")
    #expect(try #require(tracer.span("support")).text("gen_ai.operation.name") == nil)
  }

  @Test func aRouterSaysWhatItDecided() async throws {
    let answer = FunctionStep("answer") { (text: String) in text }
    let router = Router("support", by: .examples(ScriptedEmbeddings())) {
      Route("buy", examples: ["what does it cost", "price of the phone"]) { answer }
      Route("mend", examples: ["it is broken", "it does not start"]) { answer }
    } otherwise: {
      answer
    }
    let routed = try await router("what does it cost", in: Run(sinks: [sink()]))
    let span = try #require(tracer.span("support"))
    #expect(span.text("turnout.route") == "buy")
    #expect(span.text("turnout.route.kind") == "route")
    #expect(span.text("turnout.route.decided_by") == "examples")
    #expect(try span.attributes.get("turnout.route.confidence") == .double(#require(routed.decision.confidence)))
  }

  @Test func noneOfTheRoutesIsARouteToo() async throws {
    let model = ScriptedModel([.value(["reasoning": "unclear", "route": "none"])])
    let answer = FunctionStep("answer") { (text: String) in text }
    let router = Router("support", by: .model(model)) {
      Route("buy") { answer }
    } otherwise: {
      answer
    }
    _ = try await router.run("hello", sinks: [sink()])
    let span = try #require(tracer.span("support"))
    #expect(span.text("turnout.route") == "none")
    #expect(span.text("turnout.route.kind") == "none")
    #expect(span.attributes.get("turnout.route.confidence") == nil)
    #expect(tracer.tree.contains("support/otherwise < support"))
  }

  @Test func theOutermostSpanIsAChildOfWhereTheSinkWasMade() async throws {
    let outer = tracer.startSpan("request", context: .topLevel)
    let sink = ServiceContext.withValue(outer.context) { TracingSink(tracer: tracer) }
    _ = try await Workflows.writer(.text("done")).run("hello", sinks: [sink])
    let span = try #require(tracer.span("writer"))
    #expect(span.parentSpanID == outer.spanID)
    #expect(span.traceID == outer.traceID)
  }
}
