import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ScriptedModelTests {
  let request = ModelRequest(messages: [.user("hello")])

  @Test func givesItsRepliesInOrder() async throws {
    let model = ScriptedModel([.text("one"), .value(["a": 1]), .typed(7)])
    var texts: [String] = []
    for _ in 0..<3 { texts.append(try await model.respond(to: request, in: Run(), onDelta: nil).text) }
    #expect(texts == ["one", #"{"a":1}"#, "7"])
    #expect(model.requests == [request, request, request])
  }

  @Test func failsWhenTheScriptIsOver() async {
    let model = ScriptedModel([], name: "empty")
    let error = await #expect(throws: ModelError.self) { try await model.respond(to: request, in: Run(), onDelta: nil) }
    #expect(error?.description == "empty: the script has 0 replies and was asked for another")
  }

  @Test func streamsItsPiecesWithPauses() async throws {
    let clock = ManualClock()
    let model = ScriptedModel([.stream(["a", "b", "c"], gap: .seconds(1))])
    let run = Run(clock: RunClock(clock))
    let (pieces, continuation) = AsyncStream.makeStream(of: ModelDelta.self)
    let request = request
    let answer = Task { try await model.respond(to: request, in: run) { continuation.yield($0) } }
    var iterator = pieces.makeAsyncIterator()
    for piece in ["a", "b", "c"] {
      await clock.sleepers(1)
      clock.advance(by: .seconds(1))
      #expect(await iterator.next() == .text(piece))
    }
    #expect(try await answer.value.text == "abc")
  }

  @Test func waitsByTheRunsClock() async throws {
    let clock = ManualClock()
    let model = ScriptedModel([.text("late").delayed(by: .seconds(30))])
    let request = request
    let answer = Task { try await model.respond(to: request, in: Run(clock: RunClock(clock)), onDelta: nil) }
    await clock.sleepers(1)
    clock.advance(by: .seconds(30))
    #expect(try await answer.value.text == "late")
  }

  @Test func failsAfterWhatItStreamed() async {
    let model = ScriptedModel([.failure(ModelError.connection("m", "it broke"), after: ["half"])])
    let (pieces, continuation) = AsyncStream.makeStream(of: ModelDelta.self)
    await #expect(throws: ModelError.connection("m", "it broke")) {
      try await model.respond(to: request, in: Run()) { continuation.yield($0) }
    }
    continuation.finish()
    #expect(await pieces.reduce(into: []) { $0.append($1) } == [.text("half")])
  }

  @Test func callsSayThatToolsAreWanted() async throws {
    let model = ScriptedModel([
      .call("look_up", ["key": "a"]), .text("cut").finishing(.length).using(Usage(calls: 1, inputTokens: 3)),
    ])
    let first = try await model.respond(to: request, in: Run(), onDelta: nil)
    #expect(first.toolCalls == [ToolCall(id: "call_1", name: "look_up", arguments: #"{"key":"a"}"#)])
    #expect(first.finish == .toolCalls)
    #expect(first.usage == Usage(calls: 1, inputTokens: 10, outputTokens: 5))
    let second = try await model.respond(to: request, in: Run(), onDelta: nil)
    #expect(second.finish == .length)
    #expect(second.usage.inputTokens == 3)
  }

  @Test func aClosureSeesTheRequestAndItsNumber() async throws {
    let model = ScriptedModel("echo") { request, index in .text("\(index): \(request.messages.count)") }
    _ = try await model.respond(to: request, in: Run(), onDelta: nil)
    #expect(try await model.respond(to: request, in: Run(), onDelta: nil).text == "1: 1")
    #expect(model.name == "echo")
  }
}
