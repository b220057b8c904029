import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct AgentToolsTests {
  static let parameters = Schema.object("Key", [.init("key", .string())])

  private func results(_ model: ScriptedModel, turn: Int = 1) -> [String] {
    model.requests[turn].messages.compactMap { if case .toolResult(let result) = $0 { result.content } else { nil } }
  }

  private func agent(_ model: ScriptedModel, _ tools: Tool..., limits: AgentLimits = .init()) -> Agent<String, String> {
    Agent("a", model: model, instructions: "Use tools.", tools: tools, limits: limits)
  }

  private let lookUp = Tool("look_up", "Finds", parameters: parameters) { arguments, run in
    "\(arguments["key"]?.text ?? "") found at \(run.path)"
  }

  @Test func theModelGetsWhatAToolReturns() async throws {
    let model = ScriptedModel([.call("look_up", ["key": "k"]), .text("done")])
    #expect(try await agent(model, lookUp).run("x") == "done")
    #expect(
      model.requests[0].tools == [ToolDescription(name: "look_up", description: "Finds", parameters: Self.parameters)])
    #expect(
      model.requests[1].messages == [
        .system("Use tools."), .user("x"),
        .assistant("", toolCalls: [ToolCall(id: "call_1", name: "look_up", arguments: #"{"key":"k"}"#)]),
        .toolResult(ToolResult(callID: "call_1", name: "look_up", content: "k found at a/look_up")),
      ])
  }

  @Test func resultsComeInTheOrderOfTheCalls() {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let wait = Tool("wait", "Waits", parameters: .object("Wait", [.init("seconds", .integer())])) { arguments, run in
      try await run.clock.sleep(for: .seconds(arguments["seconds"]?.int ?? 0))
      return arguments["seconds"]?.text ?? ""
    }
    let calls = [3, 1, 2].map { ToolCall(id: "c\($0)", name: "wait", arguments: #"{"seconds":\#($0)}"#) }
    let model = ScriptedModel([.calls(calls), .text("done")])
    let (agent, run) = (agent(model, wait), Run(clock: RunClock(clock)))
    let started = executor.start { try await run.perform(agent, "x") }
    // All three sleep at once, and are over after the longest.
    for _ in 0..<3 {
      #expect(!started.isDone)
      clock.advance(by: .seconds(1))
      executor.runUntilIdle()
    }
    #expect(started.value == "done")
    #expect(results(model) == ["3", "1", "2"])
  }

  @Test(arguments: [1, 3]) func onlySoManyToolsRunAtOnce(bound: Int) async throws {
    let gauge = Gauge()
    let tool = Tool("t", "", parameters: .object("None", [])) { _, _ in
      gauge.enter()
      for _ in 0..<5 { await Task.yield() }
      gauge.leave()
      return ""
    }
    let calls = (0..<10).map { ToolCall(id: "\($0)", name: "t", arguments: "") }
    let agent = agent(ScriptedModel([.calls(calls), .text("done")]), tool, limits: .init(concurrentTools: bound))
    _ = try await agent.run("x")
    #expect(gauge.total == 10)
    #expect(gauge.peak <= bound)
  }

  @Test(arguments: [
    ("other", #"{"key":"k"}"#, #"error: there is no tool "other"; the tools are: look_up, broken"#),
    ("look_up", "{}", "error: key: is missing"), ("look_up", "", "error: key: is missing"),
    ("look_up", #"{"key":5}"#, "error: key: a string was expected, found an integer"),
    ("look_up", "{key}", "error: not valid JSON: a key in quotes was expected at byte 1"),
    ("look_up", "[]", "error: an object was expected, found an array"),
    ("broken", #"{"key":"k"}"#, "error: no stock data"),
  ])
  func whatGoesWrongIsToldToTheModel(name: String, arguments: String, message: String) async throws {
    let broken = Tool("broken", "", parameters: Self.parameters) { _, _ in throw Broken("no stock data") }
    let model = ScriptedModel([.calls([ToolCall(id: "c", name: name, arguments: arguments)]), .text("sorry")])
    #expect(try await agent(model, lookUp, broken).run("x") == "sorry")
    #expect(results(model) == [message])
  }

  @Test func oneBadCallDoesNotSpoilTheOthers() async throws {
    let good = ToolCall(id: "1", name: "look_up", arguments: #"{"key":"k"}"#)
    let model = ScriptedModel([
      .calls([good, ToolCall(id: "2", name: "nothing", arguments: "{}"), good]), .text("done"),
    ])
    _ = try await agent(model, lookUp).run("x")
    #expect(results(model).map { $0.hasPrefix("error") } == [false, true, false])
  }

  @Test func aToolMayTakeATypeOfSwift() async throws {
    struct Key: Generable {
      var key: Int
      static var schema: Schema { .object("Key", [.init("key", .integer(0...9))]) }
      var value: Value { ["key": .int(key)] }
      init(from field: ValueField) throws { key = try field.decode("key") }
    }
    let tool = Tool("double", "", taking: Key.self) { "\($0.key * 2)" }
    #expect(try await tool(#"{"key":4}"#, in: Run()) == "8")
    await #expect(throws: SchemaViolation.self) { try await tool(#"{"key":10}"#, in: Run()) }
  }

  @Test func aModelThatCannotCallToolsIsNotAsked() async throws {
    let model = ScriptedModel([.text("done")], capabilities: .init(tools: false))
    let agent = agent(model, lookUp)
    let error = await #expect(throws: TurnoutError.self) { try await agent.run("x") }
    #expect(error?.label == "unsupported")
    #expect(model.requests.isEmpty)
    #expect(try await agent.fallback(to: FunctionStep("found") { "found \($0)" }).run("x") == "found x")
  }

  @Test func turnsAreLimited() async {
    let model = ScriptedModel { _, _ in .call("look_up", ["key": "again"]) }
    let agent = agent(model, lookUp, limits: .init(turns: 3))
    await #expect(throws: TurnoutError.turnLimit(3)) { try await agent.run("x") }
    #expect(model.requests.count == 3)
  }

  @Test func toolCallsAreInTheEvents() async throws {
    let recorder = EventRecorder()
    let model = ScriptedModel([.call("look_up", [:]), .call("look_up", ["key": "k"]), .text("done")])
    _ = try await agent(model, lookUp).run("x", sinks: [recorder])
    #expect(
      recorder.lines == [
        "started a", "started a/scripted", "finished a/scripted", "started a/look_up", "failed a/look_up",
        "started a/scripted", "finished a/scripted", "started a/look_up", "finished a/look_up",
        "started a/scripted", "text a", "finished a/scripted", "finished a",
      ])
  }

  @Test func cancellationInAToolEndsTheAgent() {
    let (executor, gate) = (SeededExecutor(), Gate())
    let tool = Tool("wait", "", parameters: .object("None", [])) { _, _ in
      try await gate.wait()
      return ""
    }
    let model = ScriptedModel([.call("wait"), .text("never")])
    let agent = agent(model, tool)
    let started = executor.start { try await agent.run("x") }
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(model.requests.count == 1)
  }
}
