import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct AgentReaskTests {
  let recorder = EventRecorder()

  private var complaints: [String] {
    recorder.events.compactMap { if case .reasked(let complaint) = $0.kind { complaint } else { nil } }
  }

  @Test func anAnswerThatIsNotAcceptableIsSentBack() async throws {
    let model = ScriptedModel([.text("seven"), .text("11"), .text("7")])
    let agent = Agent<String, Value>(
      "a", model: model, output: .shaped(.integer(0...10)), instructions: { _, _ in "" }, prompt: { input, _ in input })
    #expect(try await agent.run("x", sinks: [recorder]) == 7)
    let first = "not valid JSON: a value was expected at byte 0"
    let second = "at most 10 was expected, found 11"
    #expect(complaints == [first, second])
    #expect(
      model.requests[2].messages == [
        .user("x"), .assistant("seven"), .user("That answer was not acceptable: \(first)\nAnswer again."),
        .assistant("11"), .user("That answer was not acceptable: \(second)\nAnswer again."),
      ])
  }

  @Test func itIsSentBackOnlySoOften() async {
    let model = ScriptedModel { _, _ in .text("no") }
    let agent = Agent("a", model: model, returning: Int.self, instructions: "", limits: .init(reasks: 1))
    let error = await #expect(throws: TurnoutError.self) { try await agent.run("x", sinks: [recorder]) }
    #expect(error == .invalidOutput("not valid JSON: a value was expected at byte 0", attempts: 2))
    #expect(model.requests.count == 2)
    #expect(complaints.count == 1)
  }

  @Test func withoutReasksTheFirstAnswerCounts() async {
    let model = ScriptedModel([.text("no")])
    let agent = Agent("a", model: model, returning: Int.self, instructions: "", limits: .init(reasks: -1))
    let error = await #expect(throws: TurnoutError.self) { try await agent.run("x") }
    #expect(error?.label == "invalid_output")
  }

  @Test func anAnswerThatWasCutOffIsToldSo() async throws {
    let model = ScriptedModel([.text("[1, 2").finishing(.length), .text("[1]")])
    let agent = Agent("a", model: model, returning: [Int].self, instructions: "")
    #expect(try await agent.run("x", sinks: [recorder]) == [1])
    #expect(complaints == ["not valid JSON: ',' or ']' was expected at byte 5 (it was cut off at the output limit)"])
  }

  @Test(arguments: ["", " \n"]) func anEmptyTextIsNoAnswer(text: String) async throws {
    let model = ScriptedModel([.text(text), .text("a")])
    #expect(try await Agent("a", model: model, instructions: "").run("x", sinks: [recorder]) == "a")
    #expect(complaints == ["it is empty"])
  }

  @Test func validatorsAreAskedInOrder() async throws {
    let asked = Journal<String>()
    let short = OutputValidator<String> {
      asked.add("short")
      return $0.count <= 5 ? nil : "Answer in at most 5 characters."
    }
    let plain = OutputValidator<String> {
      asked.add("plain")
      return $0.contains("!") ? "Without exclamation marks." : nil
    }
    let model = ScriptedModel([.text("too long"), .text("hey!"), .text("hey")])
    let agent = Agent("a", model: model, instructions: "", validators: [short, plain])
    #expect(try await agent.run("x", sinks: [recorder]) == "hey")
    #expect(complaints == ["Answer in at most 5 characters.", "Without exclamation marks."])
    #expect(asked.entries == ["short", "short", "plain", "short", "plain"])
  }

  @Test func whatAValidatorThrowsEndsTheAgent() async {
    let validator = OutputValidator<String> { _ in throw Broken("no database") }
    let agent = Agent("a", model: ScriptedModel([.text("a")]), instructions: "", validators: [validator])
    await #expect(throws: Broken("no database")) { try await agent.run("x") }
  }

  @Test func aModelThatContinuesIsMadeToBeginSo() async throws {
    let model = ScriptedModel([.stream([" Li", "!"])], capabilities: .init(continuation: true))
    let agent = Agent("a", model: model, instructions: "Greet.", opening: "Dear")
    #expect(try await agent.run("x", sinks: [recorder]) == "Dear Li!")
    #expect(recorder.text == "Dear Li!")
    #expect(
      model.requests[0].messages == [
        .system("Greet.\n\nBegin your answer with exactly: Dear"), .user("x"), .assistant("Dear"),
      ])
  }

  @Test func everyOtherModelIsToldAndChecked() async throws {
    let model = ScriptedModel([.text("Hello Li!"), .text("Dear Li!")])
    let agent = Agent("a", model: model, instructions: "Greet.", opening: "Dear")
    #expect(try await agent.run("x", sinks: [recorder]) == "Dear Li!")
    #expect(complaints == [#"it must begin with exactly "Dear""#])
    #expect(model.requests[0].messages.last == .user("x"))
  }

  @Test func textIsStreamedOnlyWhenSomeoneWantsIt() async throws {
    let streamed = Gauge()
    struct Streaming: LanguageModel {
      let name = "streaming"
      let streamed: Gauge
      func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
        if let onDelta {
          streamed.enter()
          for piece in ["a", "b"] { try await onDelta(.text(piece)) }
        }
        return ModelResponse(text: "ab")
      }
    }
    let agent = Agent("a", model: Streaming(streamed: streamed), instructions: "")
    #expect(try await agent.run("x") == "ab")
    #expect(try await agent.run("x", sinks: [EventRecorder(wantsText: false)]) == "ab")
    #expect(streamed.total == 0)
    #expect(try await agent.run("x", sinks: [recorder]) == "ab")
    #expect(streamed.total == 1)
    #expect(
      recorder.lines == ["started a", "started a/streaming", "text a", "text a", "finished a/streaming", "finished a"])
  }

  @Test func settingsFallBackOneByOne() {
    let own = ModelSettings(temperature: 0)
    let defaults = ModelSettings(temperature: 1, seed: 3, maxOutputTokens: 50, stop: ["a"])
    #expect(own.or(defaults) == ModelSettings(temperature: 0, seed: 3, maxOutputTokens: 50, stop: ["a"]))
    #expect(ModelSettings(stop: ["b"]).or(defaults).stop == ["b"])
  }
}
