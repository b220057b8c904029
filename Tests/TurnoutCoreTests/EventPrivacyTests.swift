import Testing
import TurnoutCore
import TurnoutTesting

/// Events go to logs and files, so what a person wrote and what a model was told must never be in them.
@Suite struct EventPrivacyTests {
  private let canary = "canary-4711"

  private func check(_ recorder: EventRecorder) {
    #expect(!recorder.events.isEmpty)
    for event in recorder.events { #expect(!event.value.json().contains(canary)) }
  }

  @Test func promptsArgumentsAndToolResultsStayOut() async throws {
    let canary = canary
    let model = ScriptedModel([
      .call("look_up", ["key": .string(canary)]), .call("look_up", ["wrong": .string(canary)]),
      .calls([ToolCall(id: "x", name: canary, arguments: "{}"), ToolCall(id: "y", name: "look_up", arguments: canary)]),
      .text("not JSON"), .value(["answer": 1]),
    ])
    let tool = Tool("look_up", canary, parameters: .object("Key", [.init("key", .string(), canary)])) { _, _ in "found"
    }
    let agent = Agent<String, Value>(
      "agent", model: model, output: .shaped(.object("Answer", [.init("answer", .integer(), canary)])),
      instructions: { _, _ in canary }, tools: [tool], prompt: { input, _ in input })
    let recorder = EventRecorder()
    #expect(try await agent.run(canary, sinks: [recorder]) == ["answer": 1])
    #expect(model.requests.count == 5)
    check(recorder)
  }

  @Test func requestsOfARouterStayOut() async throws {
    let canary = canary
    let model = ScriptedModel([.value(["reasoning": "clear", "route": "a"]), .text("answer")])
    let agent = Agent("a", model: model, instructions: canary)
    let router = Router(by: .model(model)) {
      Route("a", canary) { agent }
    } otherwise: {
      agent
    }
    let recorder = EventRecorder()
    _ = try await Run(sinks: [recorder]).perform(router, canary)
    check(recorder)
  }

  @Test func inputsOfFanOutsStayOut() async throws {
    let fails = FunctionStep("fails") { (input: String) -> Int in throw Broken("\(input.count) letters") }
    let recorder = EventRecorder()
    _ = try await ForEach(fails, onFailure: .settle).run([canary, canary], sinks: [recorder])
    let split = Split(FunctionStep("count") { (text: String) in "\(text.count)" })
    _ = try await split.run("# \(canary)\n\ntext", sinks: [recorder])
    check(recorder)
  }
}
