import InMemoryLogging
import Logging
import Testing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

@Suite struct LogSinkTests {
  @Test func tellsARunInConstantMessages() async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.trace)
    _ = try await Run(sinks: [LogSink(logger: logger)]).perform(Workflows.support(), "hello")
    #expect(
      handler.lines == [
        "trace step started: support", "trace step started: support/selector",
        "trace step started: support/selector/openai:gpt-4o-mini",
        "debug step finished: support/selector/openai:gpt-4o-mini", "debug step finished: support/selector",
        "debug route decided: support", "trace step started: support/consult",
        "trace step started: support/consult/gemini:flash", "debug step finished: support/consult/gemini:flash",
        "trace step started: support/consult/look_up", "debug step finished: support/consult/look_up",
        "trace step started: support/consult/gemini:flash", "debug step finished: support/consult/gemini:flash",
        "notice model asked again: support/consult",
        "trace step started: support/consult/gemini:flash", "debug step finished: support/consult/gemini:flash",
        "debug step finished: support/consult", "debug step finished: support",
      ])
  }

  @Test func dataIsMetadata() async throws {
    let clock = ManualClock()
    let (handler, logger) = InMemoryLogHandler.keeping(.trace)
    let step = Workflows.writer(.text("done").delayed(by: .microseconds(1_500)))
    let run = Run(clock: RunClock(clock), sinks: [LogSink(logger: logger)])
    async let answer = run.perform(step, "hello")
    await clock.sleepers(1)
    clock.advance(by: .microseconds(1_500))
    #expect(try await answer == "done")
    #expect(
      handler.entries.map(\.text) == [
        #"step started ["kind=agent", "name=writer", "path=writer", "span=1"]"#,
        #"step started ["kind=model", "name=local", "parent=1", "path=writer/local", "span=2"]"#,
        #"step finished ["calls=1", "duration_ms=1.5", "input_tokens=10", "kind=model", "output_tokens=5", "#
          + #""path=writer/local", "span=2"]"#,
        #"step finished ["calls=1", "duration_ms=1.5", "input_tokens=10", "kind=agent", "output_tokens=5", "#
          + #""path=writer", "span=1"]"#,
      ])
  }

  @Test func aDecisionSaysWhoAndWhereTo() async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.debug)
    let embeddings = ScriptedEmbeddings()
    let answer = FunctionStep("answer") { (text: String) in text }
    let router = Router("support", by: .examples(embeddings)) {
      Route("buy", examples: ["what does it cost", "price of the phone"]) { answer }
      Route("mend", examples: ["it is broken", "it does not start"]) { answer }
    } otherwise: {
      answer
    }
    let routed = try await router("what does it cost", in: Run(sinks: [LogSink(logger: logger)]))
    let entry = try #require(handler.entries("route decided").first)
    #expect(entry["decision"] == "route")
    #expect(entry["route"] == "buy")
    #expect(entry["decided_by"] == "examples")
    #expect(try entry["confidence"] == "\(#require(routed.decision.confidence))")
  }

  @Test func failuresAreWarningsByLabelAndMessagesAreForDebugging() async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.debug)
    let long = String(repeating: "long\n", count: 90)
    let step = FunctionStep<Int, Int>("work") { _ in throw Broken("rate_limited", long) }
    await #expect(throws: Broken.self) { try await step.run(1, sinks: [LogSink(logger: logger)]) }
    #expect(handler.lines == ["warning step failed: work", "debug step failed because: work"])
    let warning = try #require(handler.entries.first)
    #expect(warning["label"] == "rate_limited")
    #expect(warning["message"] == nil)
    let message = try #require(handler.entries.last?["message"])
    #expect(message == String(repeating: "long ", count: 40))
  }

  @Test(arguments: ["", "What is the price of it?", "价格", String(repeating: "x", count: 65)])
  func whatIsNoWordIsNoLabel(_ label: String) async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.trace)
    let step = FunctionStep<Int, Int>("work") { _ in throw Broken(label, "short") }
    await #expect(throws: Broken.self) { try await step.run(1, sinks: [LogSink(logger: logger)]) }
    #expect(handler.entries("step failed").first?["label"] == "other")
  }

  @Test func cancellationsAreNoWarnings() async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.debug)
    let clock = ManualClock()
    let run = Run(clock: RunClock(clock), sinks: [LogSink(logger: logger)])
    _ = try await run.perform(Workflows.race(clock), [0, 1, 2])
    #expect(handler.entries.allSatisfy { $0.level == .debug })
    #expect(handler.entries("step cancelled").compactMap { $0["path"] }.sorted() == ["race/1", "race/2"])
    #expect(handler.entries("fan-out settled").map { $0["dropped"] } == ["2"])
  }

  @Test func levelsAreTheLoggersToChoose() async throws {
    let (handler, logger) = InMemoryLogHandler.keeping(.notice)
    let sink = LogSink(logger: logger)
    _ = try await Run(sinks: [sink]).perform(Workflows.support(), "hello")
    #expect(handler.lines == ["notice model asked again: support/consult"])
    #expect(!sink.wantsText)
  }

  @Test func metadataOfTheLoggerStays() async throws {
    var (handler, logger) = InMemoryLogHandler.keeping(.debug)
    logger[metadataKey: "request"] = "4711"
    _ = try await Workflows.writer(.text("done")).run("hello", sinks: [LogSink(logger: logger)])
    #expect(handler.entries.isEmpty == false)
    #expect(handler.entries.allSatisfy { $0["request"] == "4711" })
    handler.clear()
  }
}
