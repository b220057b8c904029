import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct FallingModelTests {
  private let failing = ScriptedModel("first") { _, _ in throw ModelError.overloaded("first", "busy") }

  @Test func `Another model answers, and it is told`() async throws {
    let recorder = EventRecorder()
    let model = failing.falling(back: [ScriptedModel([.text("hello")], name: "second")])
    let agent = Agent("a", model: model, instructions: "x")
    #expect(try await Run(sinks: [recorder]).perform(agent, "hi") == "hello")
    let event = recorder.events.first { $0.word == "fell_back" }?.value
    #expect(event?["from"] == "first" && event?["to"] == "second" && event?["continues"] == false)
    #expect(event?["error"]?["label"] == "overloaded")
    #expect(model.name == "first")
  }

  @Test func `The last failure is the one that is thrown`() async {
    let third = ScriptedModel("third") { _, _ in throw ModelError.server("third", "broken") }
    let model = failing.falling(back: [failing, third])
    let error = await #expect(throws: ModelError.self) {
      try await Agent("a", model: model, instructions: "x").run("x")
    }
    #expect(error?.provider == "third")
  }

  @Test func `Only chosen failures lead to another model`() async throws {
    let long = ScriptedModel("long") { _, _ in throw ModelError.contextWindow("long", "too long") }
    let wide = ScriptedModel([.text("read")], name: "wide")
    let chosen = long.falling(back: [wide], on: .labelled(["context_window"]))
    #expect(try await Agent("a", model: chosen, instructions: "x").run("x") == "read")
    let other = failing.falling(back: [wide], on: .labelled(["context_window"]))
    await #expect(throws: ModelError.self) { try await Agent("a", model: other, instructions: "x").run("x") }
  }

  @Test func `An answer that is held back or not acceptable leads to another`() async throws {
    let held = ScriptedModel([ScriptedReply.text("no").finishing(.contentFilter)], name: "held")
    let odd = ScriptedModel([.text("???")], name: "odd")
    let good = ScriptedModel([.text("fine")], name: "good")
    let model = held.falling(back: [odd, good], accepting: { !$0.text.contains("?") })
    let run = Run()
    #expect(try await run.perform(Agent("a", model: model, instructions: "x"), "x") == "fine")
    #expect(run.usage.calls == 3, "what was not taken was paid for too")
  }

  @Test func `A stream goes on where it broke off, or begins anew`() async throws {
    for continues in [true, false] {
      let broken = ScriptedModel(
        [.failure(ModelError.connection("first", "gone"), after: ["Once ", "upon "])], name: "first")
      let other = ScriptedModel(
        [continues ? .stream(["a ", "time"]) : .stream(["Once ", "upon ", "a ", "time"])], name: "second",
        capabilities: ModelCapabilities(continuation: continues))
      let recorder = EventRecorder()
      let agent = Agent("a", model: broken.falling(back: [other]), instructions: "x")
      #expect(try await Run(sinks: [recorder]).perform(agent, "x") == "Once upon a time")
      #expect(recorder.events.contains { $0.word == "discarded" } == !continues)
      if continues { #expect(other.requests.first?.messages.last == .assistant("Once upon ")) }
      var shown = ""
      for event in recorder.events {
        switch event.kind {
        case .text(let text): shown += text
        case .discarded: shown = ""
        default: break
        }
      }
      #expect(shown == "Once upon a time")
    }
  }

  @Test func `A model that keeps to no schema is told the shape in words, and one without tools is not asked`()
    async throws
  {
    let words = ScriptedModel([.text(#"{"a":1}"#)], name: "words", capabilities: ModelCapabilities(schemas: false))
    let agent = Agent<String, Value>(
      "a", model: failing.falling(back: [words]), output: .shaped(.object("Out", [.init("a", .integer())])),
      instructions: { _, _ in "Be brief." }, prompt: { text, _ in text })
    #expect(try await agent.run("x")["a"] == 1)
    #expect(words.requests[0].output == nil)
    guard case .system(let rules)? = words.requests[0].messages.first else {
      return #expect(Bool(false), "instructions")
    }
    #expect(rules.hasPrefix("Be brief.\n\nAnswer with JSON only"))

    let blunt = ScriptedModel([.text("x")], name: "blunt", capabilities: ModelCapabilities(tools: false))
    let skilled = ScriptedModel([.text("done")], name: "skilled")
    let tool = Tool("t", "x", parameters: .object("T", [])) { _, _ in "" }
    let asking = Agent("a", model: failing.falling(back: [blunt, skilled]), instructions: "x", tools: [tool])
    #expect(try await asking.run("x") == "done")
    #expect(blunt.requests.isEmpty)
  }

  @Test func `Retries of all of them together are no more than those of one`() async throws {
    let policy = RetryPolicy(retries: 2, delay: .zero)
    let second = ScriptedModel("second") { _, _ in throw ModelError.overloaded("second", "busy") }
    let model = failing.retrying(policy).falling(back: [second.retrying(policy)])
    await #expect(throws: ModelError.self) { try await Agent("a", model: model, instructions: "x").run("x") }
    #expect(failing.requests.count + second.requests.count == 4, "two calls, and two retries")
    #expect(model.attempts.map(\.most) == [3, 3])
  }
}

@Suite struct TimedModelTests {
  private func started(
    _ reply: ScriptedReply, _ limits: ModelTimeouts, seconds: Int, onDelta: ModelDeltaHandler? = nil
  ) -> Started<String> {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let model = ScriptedModel([reply], name: "m").timed(limits)
    let call = executor.start {
      try await model.respond(
        to: ModelRequest(messages: [.user("x")]), in: Run(clock: RunClock(clock)), onDelta: onDelta
      ).text
    }
    executor.pass(seconds, on: clock)
    return call
  }

  @Test func `The first piece, the next ones and the whole have their times`() {
    let slow = ScriptedReply.stream(["a", "b", "c"], gap: .seconds(2)).delayed(by: .seconds(3))
    #expect(started(slow, ModelTimeouts(first: .seconds(6), between: .seconds(3)), seconds: 20).value == "abc")
    #expect((started(slow, ModelTimeouts(first: .seconds(4)), seconds: 20).error as? ModelError)?.label == "timeout")
    let late = started(slow, ModelTimeouts(between: .seconds(1)), seconds: 20).error as? ModelError
    #expect(late?.description == "m: the answer stopped in the middle or took longer than it may")
    #expect((started(slow, ModelTimeouts(total: .seconds(8)), seconds: 20).error as? ModelError)?.label == "timeout")
    #expect(started(slow, ModelTimeouts(total: .seconds(10)), seconds: 20).value == "abc")
    #expect(started(slow, ModelTimeouts(), seconds: 20).value == "abc")
  }

  @Test func `A model that stands still ends when it is late, not before`() {
    let stalled = ScriptedReply.stream(["a", "b"], gap: .seconds(1_000))
    let limits = ModelTimeouts(first: .seconds(5), between: .seconds(5))
    #expect(!started(stalled, limits, seconds: 4).isDone)
    #expect(started(stalled, limits, seconds: 5).isDone)
  }
}

@Suite struct ResponseCacheTests {
  private func agent(_ model: any LanguageModel) -> Agent<String, String> {
    Agent("a", model: model, instructions: "x")
  }

  @Test func `The same request is asked once, and its answer costs nothing the second time`() async throws {
    let cache = ResponseCache()
    let model = ScriptedModel("m") { _, index in .text("answer \(index)") }
    let cached = model.cached(in: cache)
    let (first, second) = (Run(budget: Budget(calls: 2)), Run(budget: Budget(calls: 1)))
    for _ in 0..<5 {
      #expect(try await first.perform(agent(cached), "one") == "answer 0", "the budget is hardly touched")
    }
    #expect(first.usage.calls == 1)
    #expect(try await second.perform(agent(cached), "two") == "answer 1")
    #expect(model.requests.count == 2 && cache.count == 2)
  }

  @Test func `Whoever wants pieces gets the whole`() async throws {
    let recorder = EventRecorder()
    let cached = ScriptedModel([.stream(["a", "b"])], name: "m").cached(in: ResponseCache())
    for _ in 0..<2 { _ = try await Run(sinks: [recorder]).perform(agent(cached), "one") }
    #expect(recorder.text == "abab")
  }

  @Test func `Another model, or another setting, is another request`() async throws {
    let cache = ResponseCache()
    for (name, heat) in [("m", 0.0), ("m", 1.0), ("n", 1.0)] {
      let model = ScriptedModel([.text("\(name) \(heat)")], name: name).cached(in: cache)
      let agent = Agent("a", model: model, instructions: "x", settings: ModelSettings(temperature: heat))
      #expect(try await agent.run("one") == "\(name) \(heat)")
    }
  }

  @Test func `There are never more than the limit, and what is used stays`() async throws {
    let cache = ResponseCache(limit: 40)
    let model = ScriptedModel("m") { request, _ in .text("x") }.cached(in: cache)
    for number in 0..<400 {
      _ = try await agent(model).run("often")
      _ = try await agent(model).run("\(number)")
      #expect(cache.count <= 40)
    }
    #expect(cache.answer(to: ModelRequest(messages: [.system("x"), .user("often")]), by: "m") != nil)
  }

  @Test func `Failures are not kept`() async throws {
    let model = ScriptedModel("m") { _, index in
      if index == 0 { throw ModelError.server("m", "x") }
      return .text("well")
    }
    let cached = model.cached(in: ResponseCache())
    await #expect(throws: ModelError.self) { try await agent(cached).run("one") }
    #expect(try await agent(cached).run("one") == "well")
  }
}
