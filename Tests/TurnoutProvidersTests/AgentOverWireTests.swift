import Synchronization
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

@Suite struct AgentOverWireTests {
  private struct Impact: Generable, Equatable {
    static let schema = Schema.object(
      "Impact", [.init("severity", .integer(0...10)), .init("effects", .array(.string()))])
    var severity: Int
    var effects: [String]

    init(severity: Int, effects: [String]) {
      self.severity = severity
      self.effects = effects
    }
    init(from field: ValueField) throws {
      severity = try field.decode("severity")
      effects = try field.decode("effects")
    }
    var value: Value { ["severity": .int(severity), "effects": effects.value] }
  }

  private let city = Schema.object("City", [.init("name", .string())])

  @Test func `An agent asks, calls tools at once, gives back what they say and answers`() async throws {
    let replies: [Reply] = [
      .json(Wire.calls([("a", "weather", #"{"name":"Oslo"}"#), ("b", "weather", #"{"name":"Rome"}"#)])),
      .text("Rome is warmer."),
    ]
    try await withServer { _, index in
      replies[index]
    } _: { server in
      let both = Meeting(of: 2)
      let weather = Tool("weather", "The weather", parameters: city) { arguments, _ in
        // Neither returns before the other has begun.
        await both.arrive()
        return arguments["name"]?.text == "Oslo" ? "3 °C" : "21 °C"
      }
      let run = Run()
      let agent = Agent("guide", model: try server.model(), instructions: "Compare.", tools: [weather])
      let answer = try await run.perform(agent, "Oslo or Rome?")
      #expect(answer == "Rome is warmer.")
      #expect(run.usage == Usage(calls: 2, inputTokens: 7, outputTokens: 3))

      let second = try Value(json: server.requests[1].body)
      #expect(
        second["messages"]?.json()
          == #"[{"role":"system","content":"Compare."},{"role":"user","content":"Oslo or Rome?"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"name\":\"Oslo\"}"}},{"id":"b","type":"function","function":{"name":"weather","arguments":"{\"name\":\"Rome\"}"}}]},{"role":"tool","tool_call_id":"a","content":"3 °C"},{"role":"tool","tool_call_id":"b","content":"21 °C"}]"#
      )
    }
  }

  @Test func `A tool call that does not fit is told to the model`() async throws {
    let replies: [Reply] = [
      .json(Wire.calls([("a", "weather", #"{"town":"Oslo"}"#), ("b", "wether", "{}"), ("c", "weather", "{")])),
      .text("Sorry."),
    ]
    try await withServer { _, index in
      replies[index]
    } _: { server in
      let weather = Tool("weather", "The weather", parameters: city) { _, _ in "never" }
      let agent = Agent("guide", model: try server.model(), instructions: "", tools: [weather])
      let answer = try await agent.run("Oslo?")
      #expect(answer == "Sorry.")
      let messages = try Value(json: server.requests[1].body)["messages"]?.array ?? []
      let results = messages.filter { $0["role"] == "tool" }.compactMap { $0["content"]?.string }
      try #require(results.count == 3)
      #expect(results.allSatisfy { $0.hasPrefix("error: ") })
      #expect(results[0].contains("name"))
      #expect(results[1] == #"error: there is no tool "wether"; the tools are: weather"#)
      #expect(results[2].contains("not valid JSON"))
    }
  }

  @Test func `A typed answer is asked for by schema and read`() async throws {
    try await withServer(.text(#"{"severity":7,"effects":["price"]}"#)) { server in
      let agent = Agent("analyst", model: try server.model(.openAI), returning: Impact.self, instructions: "Analyse.")
      let impact = try await agent.run("a change")
      #expect(impact == Impact(severity: 7, effects: ["price"]))
      let format = try Value(json: server.requests[0].body)["response_format"]
      #expect(format?["json_schema"]?["name"] == "Impact")
      #expect(format?["json_schema"]?["strict"] == true)
    }
  }

  @Test func `A typed answer whose root is no object is unwrapped`() async throws {
    try await withServer(.text(#"{"value":["a","b"]}"#)) { server in
      let agent = Agent("lister", model: try server.model(), returning: [String].self, instructions: "List.")
      let list = try await agent.run("letters")
      #expect(list == ["a", "b"])
    }
  }

  @Test func `A model without schemas is told the shape in words`() async throws {
    try await withServer(.text("```json\n{\"severity\":1,\"effects\":[]}\n```")) { server in
      let model = try server.model(OpenAIProfile(schemas: false))
      let impact = try await Agent("analyst", model: model, returning: Impact.self, instructions: "Analyse.").run("x")
      #expect(impact == Impact(severity: 1, effects: []))
      let request = try Value(json: server.requests[0].body)
      #expect(request["response_format"] == nil)
      #expect(request["messages"]?[0]?["content"]?.string?.contains(#""severity":{"type":"integer""#) == true)
    }
  }

  @Test func `An answer that does not fit is sent back with the complaint`() async throws {
    let replies: [Reply] = [
      .text(#"{"severity":70,"effects":[]}"#), .text("not JSON"), .text(#"{"severity":7,"effects":[]}"#),
    ]
    try await withServer { _, index in
      replies[index]
    } _: { server in
      let agent = Agent("analyst", model: try server.model(), returning: Impact.self, instructions: "Analyse.")
      let impact = try await agent.run("a change")
      #expect(impact.severity == 7)
      #expect(server.requests.count == 3)
      let messages = try Value(json: server.requests[2].body)["messages"]?.array ?? []
      #expect(
        messages.compactMap { $0["role"]?.string } == ["system", "user", "assistant", "user", "assistant", "user"])
      try #require(messages.count == 6)
      #expect(messages[2]["content"] == #"{"severity":70,"effects":[]}"#)
      #expect(messages[3]["content"]?.string?.contains("severity") == true)
      #expect(messages[5]["content"]?.string?.contains("not valid JSON") == true)
    }
  }

  @Test func `Streamed text becomes events in order, a re-ask stands between its answers`() async throws {
    let replies: [Reply] = [
      .events([Wire.chunk("too "), Wire.chunk("long"), Wire.finish()]), .events([Wire.chunk("ok"), Wire.finish()]),
    ]
    try await withServer { _, index in
      replies[index]
    } _: { server in
      let recorder = EventRecorder()
      let brief = OutputValidator<String> { $0.count < 5 ? nil : "Shorter." }
      let agent = Agent("writer", model: try server.model(), instructions: "Write.", validators: [brief])
      let answer = try await agent.run("go", sinks: [recorder])
      #expect(answer == "ok")
      #expect(recorder.text == "too longok")
      let words = recorder.events.compactMap { event -> String? in
        switch event.kind {
        case .text: "text"
        case .reasked(let complaint): complaint
        default: nil
        }
      }
      // How many pieces the first answer came in is the network's affair.
      #expect(words.filter { $0 != "text" } == ["Shorter."])
      #expect(words.first == "text" && words.last == "text")
      #expect(recorder.events.map(\.sequence) == Array(1...recorder.events.count))
    }
  }

  @Test func `Nobody who wants text means no stream`() async throws {
    try await withServer(.text("whole")) { server in
      let quiet = EventHandler(wantsText: false) { _ in }
      let agent = Agent("writer", model: try server.model(), instructions: "")
      let answer = try await agent.run("go", sinks: [quiet])
      #expect(answer == "whole")
      #expect(server.requests.map { $0.text.contains("stream") } == [false])
    }
  }

  @Test func `A router decides by a model and answers by an agent`() async throws {
    try await withServer { request, _ in
      request.text.contains("response_format")
        ? .text(#"{"reasoning":"it asks for a price","route":"consult"}"#) : .text("It costs 499.")
    } _: { server in
      let model = try server.model()
      let router = Router(by: .model(model)) {
        Route("consult", "Before buying") { Agent("consult", model: model, instructions: "Sell.") }
        Route("service", "Trouble") { Agent("service", model: model, instructions: "Help.") }
      } otherwise: {
        FunctionStep("human") { (_: String) in "A person will answer." }
      }
      let run = Run()
      let reply = try await router("What does it cost?", in: run)
      #expect(reply.decision.routes == ["consult"])
      #expect(reply.decision.reasoning == "it asks for a price")
      #expect(reply.output == "It costs 499.")
      #expect(run.usage.calls == 2)
    }
  }

  @Test func `A branch whose call fails keeps its own failure, and the others their answers`() async throws {
    try await withServer { request, _ in
      request.text.contains("bad") ? .json(#"{"error":{"message":"no"}}"#, status: 500) : .text("good")
    } _: { server in
      let agent = Agent("a", model: try server.model(), instructions: "")
      let outcomes = try await ForEach(agent, onFailure: .settle).run(["1", "bad", "3"])
      #expect(outcomes.map(\.output) == ["good", nil, "good"])
      #expect(outcomes[1].failure?.label == "server")
    }
  }
}

/// A place where everyone waits until all are there.
private final class Meeting: Sendable {
  private let count: Int
  private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

  init(of count: Int) { self.count = count }

  func arrive() async {
    await withCheckedContinuation { continuation in
      let all = waiting.withLock { waiting in
        waiting.append(continuation)
        return waiting.count == count ? waiting : []
      }
      for continuation in all { continuation.resume() }
    }
  }
}
