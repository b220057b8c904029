import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct AgentTests {
  @Test func answersWithText() async throws {
    let model = ScriptedModel([.text("The Aurora costs 499.")])
    let settings = ModelSettings(temperature: 0.2, seed: 7, maxOutputTokens: 100, stop: ["END"])
    let agent = Agent("consult", model: model, instructions: "Answer.", settings: settings)
    #expect(try await agent.run("Price?") == "The Aurora costs 499.")
    #expect(model.requests == [ModelRequest(messages: [.system("Answer."), .user("Price?")], settings: settings)])
  }

  @Test func withoutInstructionsThereIsNoSystemMessage() async throws {
    let model = ScriptedModel([.text("a")])
    _ = try await Agent("a", model: model, instructions: "").run("hi")
    #expect(model.requests[0].messages == [.user("hi")])
  }

  @Test func answersWithATypeOfSwift() async throws {
    let model = ScriptedModel([.typed([3, 4])])
    let agent = Agent("numbers", model: model, returning: [Int].self, instructions: "Count.")
    #expect(try await agent.run("x") == [3, 4])
    #expect(model.requests[0].output == [Int].schema)
    #expect(agent.outline.output == [Int].schema)
    #expect(agent.outline.model == "scripted")
  }

  @Test func makesItsPromptFromAnInputOfAnyType() async throws {
    let model = ScriptedModel([.value(["value": true])])
    let agent = Agent<Int, Bool>("even", model: model, returning: Bool.self, instructions: "Even?") { "Is \($0) even?" }
    #expect(try await agent.run(4), "the wrapping of the strict form is taken off")
    #expect(model.requests[0].messages.last == .user("Is 4 even?"))
  }

  @Test func instructionsMayReadTheRun() async throws {
    let model = ScriptedModel([.text("a")])
    let agent = Agent<String, String>(
      "a", model: model, output: .text, instructions: { input, run in "\(input) at \(run.path)" },
      prompt: { input, _ in input })
    _ = try await agent.run("hi")
    #expect(model.requests[0].messages.first == .system("hi at a"))
  }

  @Test func answersWithAShape() async throws {
    let schema = Schema.object("Answer", [.init("n", .integer(0...9))])
    let model = ScriptedModel([.value(["n": 4])])
    let agent = Agent<String, Value>(
      "a", model: model, output: .shaped(schema), instructions: { _, _ in "" }, prompt: { input, _ in input })
    #expect(try await agent.run("x") == ["n": 4])
  }

  @Test func aModelWithoutSchemasIsToldInWords() async throws {
    let model = ScriptedModel(
      [.text("Here it is:\n```json\n[1, 2]\n```\nAnything else?")], capabilities: .init(schemas: false))
    let agent = Agent("numbers", model: model, returning: [Int].self, instructions: "Count.")
    #expect(try await agent.run("x") == [1, 2])
    #expect(model.requests[0].output == nil)
    #expect(
      model.requests[0].messages.first
        == .system(
          "Count.\n\nAnswer with JSON only, of this JSON Schema:\n" + #"{"type":"array","items":{"type":"integer"}}"#))
  }

  @Test(arguments: [
    "[1]", " [1]\n", "```json\n[1]\n```", "```\n[1]\n```", "Sure!\n```json\n[1]\n```\nDone.", #"{"value": [1]}"#,
  ])
  func readsJSONWithOrWithoutAFence(text: String) async throws {
    let agent = Agent("a", model: ScriptedModel([.text(text)]), returning: [Int].self, instructions: "")
    #expect(try await agent.run("x") == [1])
  }

  /// An answer about code holds fences inside its texts.
  @Test func aFenceInsideAnAnswerIsPartOfIt() async throws {
    let code = "Run:\n```swift\nlet a = 1\n```\n"
    let agent = Agent("a", model: ScriptedModel([.typed([code])]), returning: [String].self, instructions: "")
    #expect(try await agent.run("x") == [code])
  }

  @Test func whatTheModelThrowsIsThrown() async {
    let agent = Agent("a", model: ScriptedModel([.failure(ModelError.overloaded("m", "busy"))]), instructions: "")
    await #expect(throws: ModelError.overloaded("m", "busy")) { try await agent.run("x") }
  }

  @Test func anAnswerThatIsHeldBackIsAnError() async {
    let model = ScriptedModel([.text("").finishing(.contentFilter)])
    let error = await #expect(throws: ModelError.self) { try await Agent("a", model: model, instructions: "").run("x") }
    #expect(error?.label == "content_filtered")
    #expect(model.requests.count == 1)
  }

  @Test func usageIsThatOfEveryTurn() async throws {
    let model = ScriptedModel([.text("x"), .text("1").using(Usage(calls: 1, inputTokens: 30, outputTokens: 1))])
    let run = Run()
    _ = try await run.perform(Agent("a", model: model, returning: Int.self, instructions: ""), "x")
    #expect(run.usage == Usage(calls: 2, inputTokens: 40, outputTokens: 6))
  }

  @Test func cancellationStopsIt() {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let model = ScriptedModel([.text("x").delayed(by: .seconds(1)), .text("never")])
    let agent = Agent("a", model: model, returning: Int.self, instructions: "")
    let run = Run(clock: RunClock(clock))
    let started = executor.start { try await run.perform(agent, "x") }
    #expect(model.requests.count == 1 && !started.isDone)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(model.requests.count == 1)
  }
}
