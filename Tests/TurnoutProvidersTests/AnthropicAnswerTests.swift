import Synchronization
import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

/// Answers of Anthropic's wire, as JSON.
enum AnthropicAnswers {
  static func text(_ text: String) -> String {
    message(#"{"type":"text","text":"# + Wire.quoted(text) + "}", stop: "end_turn")
  }

  static func message(_ blocks: String, stop: String) -> String {
    #"{"id":"msg_1","type":"message","role":"assistant","content":["# + blocks + #"],"stop_reason":""# + stop
      + #"","usage":{"input_tokens":5,"output_tokens":3}}"#
  }

  static func call(_ id: String, _ key: String = "k") -> String {
    #"{"type":"tool_use","id":""# + id + #"","name":"look","input":{"key":""# + key + #""}}"#
  }

  static let thought = #"{"type":"thinking","thinking":"hm","signature":"SIG"}"#

  static func overloaded() -> Reply {
    .json(#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, status: 529)
  }
}

/// How answers of Anthropic's wire are read, and what of them goes back.
@Suite struct AnthropicAnswerTests {
  private static let parameters = Schema.object("Look", [.init("key", .string())])
  private static let look = ToolDescription(name: "look", description: "Looks it up", parameters: parameters)

  private static func model(
    _ server: LoopbackServer, _ name: String = "claude-sonnet-4-5", provider: String = "anthropic"
  ) throws -> AnthropicModel {
    AnthropicModel(name, at: .anthropic(provider: provider, baseURL: server.url, key: try APIKey(Remains.key)))
  }

  private func whole(_ json: String) async throws -> ModelResponse {
    try await withServer(.json(json)) { server in
      try await Self.model(server).respond(to: .hello, in: Run(), onDelta: nil)
    }
  }

  private func streamed(_ events: [String]) async throws -> ModelResponse {
    try await withServer(.events(events, done: false)) { server in
      try await Self.model(server).respond(to: .hello, in: Run(), onDelta: Pieces().handler)
    }
  }

  // MARK: Counts and reasons

  @Test(arguments: [
    ("end_turn", FinishReason.stop), ("stop_sequence", .stop), ("max_tokens", .length),
    ("model_context_window_exceeded", .length), ("tool_use", .toolCalls), ("refusal", .contentFilter),
    ("pause_turn", FinishReason("pause_turn")),
  ])
  func `Why it stopped`(word: String, reason: FinishReason) async throws {
    let answer = try await whole(AnthropicAnswers.message(#"{"type":"text","text":"a"}"#, stop: word))
    #expect(answer.finish == reason)
    let stream = try await streamed([
      #"{"type":"message_start","message":{}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":""# + word + #""}}"#, #"{"type":"message_stop"}"#,
    ])
    #expect(stream.finish == reason && stream.text == "a")
  }

  @Test(arguments: [
    (#"{"output_tokens":9}"#, 107, 40),
    (#"{"input_tokens":7,"output_tokens":9}"#, 107, 40),
    (#"{"input_tokens":8,"cache_read_input_tokens":null,"output_tokens":9}"#, 108, 40),
    (#"{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":9}"#, 107, 40),
    (#"{"input_tokens":1,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":9}"#, 6, 3),
    (#"{"input_tokens":-5,"cache_read_input_tokens":50,"output_tokens":9}"#, 110, 50),
    (#"{"input_tokens":9223372036854775807,"output_tokens":9}"#, Int.max, 40),
  ])
  func `The end of a stream may count again, in part`(counts: String, input: Int, cached: Int) async throws {
    let answer = try await streamed([
      #"{"type":"message_start","message":{"usage":{"input_tokens":7,"cache_creation_input_tokens":60,"cache_read_input_tokens":40,"output_tokens":1}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":"# + counts + "}",
      #"{"type":"message_stop"}"#,
    ])
    #expect(answer.usage == Usage(calls: 1, inputTokens: input, outputTokens: 9, cachedTokens: cached))
  }

  // MARK: What goes back

  private static func conversation(after response: ModelResponse) -> ModelRequest {
    ModelRequest(
      messages: [
        .user("Price?"), .assistant(response.text, toolCalls: response.toolCalls, original: response.original),
      ]
        + response.toolCalls.map { .toolResult(ToolResult(callID: $0.id, name: "look", content: "499")) },
      tools: [look], settings: ModelSettings(thinking: .high))
  }

  @Test func `Blocks go back as they came, but those that the provider would refuse`() async throws {
    let blocks = [
      #"{"type":"thinking","thinking":"","signature":"A"}"#, #"{"type":"redacted_thinking","data":"B"}"#,
      #"{"type":"text","text":""}"#, #"{"type":"thinking","thinking":"cut off","signature":""}"#,
      #"{"type":"tomorrow","x":[1]}"#, #"{"type":"text","text":"I look."}"#, AnthropicAnswers.call("t1"),
    ]
    try await withServer(.json(AnthropicAnswers.message(blocks.joined(separator: ","), stop: "tool_use"))) { server in
      let model = try Self.model(server)
      let response = try await model.respond(to: .hello, in: Run(), onDelta: nil)
      #expect(response.text == "I look.")
      _ = try await model.respond(to: Self.conversation(after: response), in: Run(), onDelta: nil)
      let sent = try Value(json: server.requests[1].body)
      let kept = [0, 1, 4, 5, 6].map { blocks[$0] }.joined(separator: ",")
      #expect(sent["messages"]?[1]?["content"]?.json() == "[\(kept)]")
    }
  }

  @Test func `A plain answer is kept once`() async throws {
    let calls = AnthropicAnswers.call("t1") + "," + AnthropicAnswers.call("t2")
    let plain = try await whole(AnthropicAnswers.message(#"{"type":"text","text":"a"},"# + calls, stop: "tool_use"))
    #expect(plain.toolCalls.map(\.id) == ["t1", "t2"])
    #expect(plain.original == nil)
    let cut = try await whole(
      AnthropicAnswers.message(#"{"type":"thinking","thinking":"cut off"}"#, stop: "max_tokens"))
    #expect(cut.original == nil && cut.finish == .length)
  }

  @Test func `Thoughts go back to the model that had them, and to no other`() async throws {
    let thoughtful = AnthropicAnswers.message(
      "\(AnthropicAnswers.thought),\(AnthropicAnswers.call("t1"))", stop: "tool_use")
    try await withServer(.json(thoughtful)) { server in
      let response = try await Self.model(server).respond(to: .hello, in: Run(), onDelta: nil)
      func sent(_ model: AnthropicModel) async throws -> Value {
        _ = try await model.respond(to: Self.conversation(after: response), in: Run(), onDelta: nil)
        return try Value(json: try #require(server.requests.last).body)
      }
      let own = try await sent(try Self.model(server))
      #expect(own["messages"]?[1]?["content"]?[0]?["signature"] == "SIG")
      #expect(own["thinking"]?["type"] == "enabled")
      // A budget wants the turn that called the tools to begin with a thought; a word does not.
      for (name, provider, thinks) in [
        ("claude-haiku-4-5", "anthropic", false), ("claude-sonnet-4-5", "office", false),
        ("claude-opus-4-7", "anthropic", true),
      ] {
        let other = try await sent(try Self.model(server, name, provider: provider))
        #expect(!other.json().contains("SIG"))
        #expect(other["messages"]?[1]?["content"]?.array?.map { $0["type"] } == ["tool_use"])
        #expect((other["thinking"] != nil) == thinks, "\(name) of \(provider)")
      }
    }
  }

  @Test func `Another model goes on in the middle of the calls`() async throws {
    let thoughtful = AnthropicAnswers.message(
      "\(AnthropicAnswers.thought),\(AnthropicAnswers.call("t1")),\(AnthropicAnswers.call("t2", "j"))", stop: "tool_use"
    )
    let replies: [Reply] = [
      .json(thoughtful), AnthropicAnswers.overloaded(), .json(AnthropicAnswers.text("It costs 499.")),
    ]
    try await withServer { _, index in
      replies[min(index, 2)]
    } _: { server in
      let model = try Self.model(server).falling(back: [try Self.model(server, "claude-haiku-4-5")])
      let look = Tool("look", "Looks it up", parameters: Self.parameters) { arguments, _ in
        arguments["key"]?.text == "k" ? "499" : "none"
      }
      let agent = Agent(
        "consult", model: model, instructions: "Be brief.", tools: [look], settings: ModelSettings(thinking: .low))
      #expect(try await agent.run("Price?") == "It costs 499.")
      try #require(server.requests.count == 3)
      let (first, second) = (try Value(json: server.requests[1].body), try Value(json: server.requests[2].body))
      #expect(first["messages"]?[1]?["content"]?[0]?["signature"] == "SIG")
      #expect(second["model"] == "claude-haiku-4-5")
      #expect(!second.json().contains("SIG"))
      for sent in [first, second] {
        #expect(
          sent["messages"]?[2]?.json()
            == #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"499"},{"type":"tool_result","tool_use_id":"t2","content":"none"}]}"#
        )
      }
    }
  }

  @Test func `A call that was cut off calls nothing`() async throws {
    let cut = [
      #"{"type":"message_start","message":{}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"wipe","input":{}}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"only\": \"old"}}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}"#, #"{"type":"message_stop"}"#,
    ]
    let response = try await streamed(cut)
    #expect(response.toolCalls == [ToolCall(id: "t1", name: "wipe", arguments: #"{"only": "old"#)])
    let replies: [Reply] = [.events(cut, done: false), .json(AnthropicAnswers.text("Sorry."))]
    try await withServer { _, index in
      replies[min(index, 1)]
    } _: { server in
      let wiped = Mutex(0)
      // It could be called with nothing at all.
      let wipe = Tool("wipe", "Wipes", parameters: .object("Wipe", [.init("only", .optional(.string()))])) { _, _ in
        wiped.withLock { $0 += 1 }
        return "done"
      }
      let agent = Agent("keeper", model: try Self.model(server), instructions: "", tools: [wipe])
      // Somebody listens, so that the answer is streamed.
      let run = Run(sinks: [EventRecorder()])
      #expect(try await run.perform(agent, "Tidy up") == "Sorry.")
      #expect(wiped.withLock { $0 } == 0)
      let result = try Value(json: server.requests[1].body)["messages"]?[2]?["content"]?[0]
      #expect(result?["content"]?.string?.contains("not valid JSON") == true)
    }
  }

  // MARK: Typed answers and errors

  private struct Score: Generable, Equatable {
    static let schema = Schema.object("Score", [.init("score", .integer(0...10))])
    var score: Int
    init(score: Int) { self.score = score }
    init(from field: ValueField) throws { score = try field.decode("score") }
    var value: Value { ["score": .int(score)] }
  }

  @Test(arguments: ["claude-sonnet-4-5", "claude-3-5-haiku-latest"])
  func `A typed answer is read, and what is out of bounds is asked for again`(name: String) async throws {
    let replies = [#"{"score":11}"#, #"{"score":7}"#].map { Reply.json(AnthropicAnswers.text($0)) }
    try await withServer { _, index in
      replies[min(index, 1)]
    } _: { server in
      let agent = Agent("judge", model: try Self.model(server, name), returning: Score.self, instructions: "Judge.")
      #expect(try await agent.run("This.") == Score(score: 7))
      try #require(server.requests.count == 2)
      let first = try Value(json: server.requests[0].body)
      let system = first["system"]?[0]?["text"]?.string ?? ""
      let takesSchemas = name == "claude-sonnet-4-5"
      #expect((first["output_config"]?["format"] != nil) == takesSchemas)
      #expect(system.ranges(of: "JSON Schema").count == (takesSchemas ? 0 : 1), "it is told once, where at all")
      #expect(server.requests[1].text.contains("was not acceptable"))
    }
  }

  @Test func `An account without credit is no request that was wrong`() async throws {
    let body =
      #"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."},"request_id":"req_body"}"#
    for (headers, id) in [([("request-id", "req_header")], "req_header"), ([], "req_body")] {
      try await withServer(.json(body, status: 400, headers: headers)) { server in
        let error = try await modelError { try await Self.model(server).respond(to: .hello, in: Run(), onDelta: nil) }
        #expect(error.label == "quota_exhausted")
        #expect(error.requestID == id)
      }
    }
  }
}
