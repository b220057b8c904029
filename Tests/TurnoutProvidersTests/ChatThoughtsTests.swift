import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

/// What a model thought, in the ways in which servers of the Chat Completions wire tell it.
@Suite struct ChatThoughtsTests {
  /// One way: the members of the message whole, of its chunks, and what goes back.
  struct Way: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let whole: String
    let chunks: [String]
    let back: Value
  }

  static let ways = [
    Way(
      testDescription: "reasoning_content", whole: #""reasoning_content":"hm so","content":"I look.""#,
      chunks: [
        #""reasoning_content":"hm""#, #""reasoning_content":" so","content":null"#, #""content":"I ""#,
        #""content":"look.""#,
      ],
      back: ["role": "assistant", "content": "I look.", "reasoning_content": "hm so"]),
    Way(
      testDescription: "reasoning", whole: #""content":"I look.","reasoning":"hm so""#,
      chunks: [#""reasoning":"hm","channel":"analysis""#, #""reasoning":" so""#, #""content":"I look.""#],
      back: ["role": "assistant", "content": "I look.", "reasoning": "hm so"]),
    Way(
      testDescription: "both", whole: #""reasoning":"hm so","reasoning_content":"hm so","content":"I look.""#,
      chunks: [
        #""reasoning":"hm","reasoning_content":"hm""#, #""reasoning_content":" so","reasoning":" so""#,
        #""content":"I look.""#,
      ],
      back: ["role": "assistant", "content": "I look.", "reasoning": "hm so"]),
    Way(
      testDescription: "reasoning_details",
      whole:
        #""reasoning":"hm so","reasoning_details":[{"type":"reasoning.text","text":"hm so","signature":"S","index":0},{"type":"reasoning.encrypted","data":"E","index":1}],"content":"I look.""#,
      chunks: [
        #""reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":null,"index":0}]"#,
        #""reasoning":" so","reasoning_details":[{"type":"reasoning.text","text":" so","index":0}]"#,
        #""reasoning_details":[{"type":"reasoning.text","signature":"S","index":0}]"#,
        #""reasoning_details":[{"type":"reasoning.encrypted","data":"E","index":1}],"content":"I ""#,
        #""content":"look.","reasoning_details":null"#,
      ],
      back: [
        "role": "assistant", "content": "I look.",
        "reasoning_details": [
          ["type": "reasoning.text", "text": "hm so", "signature": "S", "index": 0],
          ["type": "reasoning.encrypted", "data": "E", "index": 1],
        ],
      ]),
    Way(
      testDescription: "in the content",
      whole:
        #""content":[{"type":"thinking","thinking":[{"type":"text","text":"hm so"}]},{"type":"text","text":"I look."}]"#,
      chunks: [
        #""content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]"#,
        #""content":[{"type":"thinking","thinking":[{"type":"text","text":" so"}],"closed":true}]"#,
        #""content":[{"type":"text","text":"I "}]"#, #""content":"look.""#,
      ],
      back: [
        "role": "assistant",
        "content": [
          ["type": "thinking", "thinking": [["type": "text", "text": "hm so"]]], ["type": "text", "text": "I look."],
        ],
      ]),
  ]

  private static let call =
    #""tool_calls":[{"extra_content":{"google":{"thought_signature":"G"}},"id":"a","type":"function","function":{"name":"look","arguments":"{\"key\":1}"},"index":0}]"#
  private static let asking = ModelRequest(
    messages: [.user("Price?")],
    tools: [
      ToolDescription(name: "look", description: "Looks", parameters: .object("Look", [.init("key", .integer())]))
    ])

  private func model(_ server: LoopbackServer, _ name: String = "thinker") -> OpenAIChatModel {
    OpenAIChatModel(name, at: OpenAIEndpoint(baseURL: server.url))
  }

  private func check(_ response: ModelResponse, _ way: Way, _ server: LoopbackServer) async throws {
    #expect(response.text == "I look.")
    #expect(response.toolCalls == [ToolCall(id: "a", name: "look", arguments: #"{"key":1}"#)])
    var next = Self.asking
    next.messages += [
      .assistant(response.text, toolCalls: response.toolCalls, original: response.original),
      .toolResult(ToolResult(callID: "a", name: "look", content: "499")),
    ]
    _ = try? await model(server).respond(to: next, in: Run(), onDelta: nil)
    let sent = try Value(json: try #require(server.requests.last).text)["messages"]?[1]
    var back = try #require(way.back.object)
    back["tool_calls"] = [
      [
        "id": "a", "type": "function", "function": ["name": "look", "arguments": #"{"key":1}"#],
        "extra_content": ["google": ["thought_signature": "G"]],
      ]
    ]
    #expect(sent == .object(back))
    // Another model of the server, which has not thought it, is told what was said and done alone.
    _ = try? await model(server, "other").respond(to: next, in: Run(), onDelta: nil)
    let other = try Value(json: try #require(server.requests.last).text)["messages"]?[1]
    #expect(
      other == [
        "role": "assistant", "content": "I look.",
        "tool_calls": [["id": "a", "type": "function", "function": ["name": "look", "arguments": #"{"key":1}"#]]],
      ])
  }

  @Test(arguments: ways) func `A whole answer's thoughts go back with its calls`(way: Way) async throws {
    let message = #"{"role":"assistant",\#(way.whole),\#(Self.call)}"#
    try await withServer(.json(Wire.completion(message: message))) { server in
      let response = try await model(server).respond(to: Self.asking, in: Run(), onDelta: nil)
      try await check(response, way, server)
    }
  }

  @Test(arguments: ways, 0..<8) func `A stream's thoughts are passed on and go back`(way: Way, seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let bytes = (way.chunks + [Self.call]).map { #"data: {"choices":[{"delta":{\#($0)}}]}"# + "\n\n" }.joined()
    let end = #"data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"# + "\n\ndata: [DONE]\n\n"
    let pieces = random.cut(bytes + end, atMost: 120)
    try await withServer(.stream(pieces: pieces)) { server in
      let told = Pieces()
      let response = try await model(server).respond(to: Self.asking, in: Run(), onDelta: told.handler)
      #expect(told.text == "I look." && told.thinking == "hm so")
      try await check(response, way, server)
    }
  }

  @Test func `Each call keeps what stands beside it, also where a server counts them all as the first`() async throws {
    func call(_ id: String, _ signature: String?) -> String {
      let addition = signature.map { #""extra_content":{"s":"\#($0)"},"# } ?? ""
      return Wire.chunk(
        delta: #"{"tool_calls":[{"index":0,\#(addition)"id":"\#(id)","function":{"name":"look","arguments":"{}"}}]}"#)
    }
    let events = [call("a", "A"), call("b", nil), call("c", "C"), Wire.finish("tool_calls")]
    try await withServer(.events(events), .text("done")) { server in
      let response = try await model(server).respond(to: Self.asking, in: Run(), onDelta: Pieces().handler)
      var next = Self.asking
      next.messages.append(.assistant("", toolCalls: response.toolCalls, original: response.original))
      _ = try await model(server).respond(to: next, in: Run(), onDelta: nil)
      let calls = try Value(json: server.requests[1].text)["messages"]?[1]?["tool_calls"]?.array ?? []
      #expect(calls.map { $0["id"] } == ["a", "b", "c"])
      #expect(calls.map { $0["extra_content"]?["s"] } == ["A", nil, "C"])
    }
  }

  @Test func `What was thought before an answer without calls is not kept`() async throws {
    try await withServer(.json(Wire.completion(message: #"{"reasoning_content":"hm","content":"x"}"#))) { server in
      let response = try await model(server).respond(to: Self.asking, in: Run(), onDelta: nil)
      #expect(response.original == nil && response.text == "x")
    }
  }

  @Test(arguments: [#""reasoning":{"a":1}"#, #""reasoning_details":"x""#, #""reasoning_details":[1,null,"x"]"#])
  func `Thoughts in a form that nobody knows are passed over`(members: String) async throws {
    try await withServer(.json(Wire.completion(message: #"{"content":"x",\#(members)}"#))) { server in
      let response = try await model(server).respond(to: Self.asking, in: Run(), onDelta: nil)
      #expect(response.text == "x")
    }
  }

  @Test(arguments: [
    ("o3-mini", false), ("gpt-5.6", false), ("gpt-5-chat-latest", true), ("gpt-4o", true), ("qwen3", true),
  ])
  func `Models that reason are sent no temperature`(name: String, takesTemperature: Bool) async throws {
    try await withServer(.json(Wire.completion(content: "x"))) { server in
      var request = Self.asking
      request.settings.temperature = 0.5
      _ = try await model(server, name).respond(to: request, in: Run(), onDelta: nil)
      #expect(try Value(json: server.requests[0].text)["temperature"] == (takesTemperature ? 0.5 : nil))
    }
  }

  @Test func `A call without arguments goes back as one with an empty object`() async throws {
    try await withServer(.json(Wire.completion(content: "x"))) { server in
      var request = Self.asking
      let call = ToolCall(id: "a", name: "look", arguments: "")
      request.messages += [
        .assistant("", toolCalls: [call]), .toolResult(ToolResult(callID: "a", name: "look", content: "1")),
      ]
      _ = try await model(server).respond(to: request, in: Run(), onDelta: nil)
      let sent = try Value(json: server.requests[0].text)["messages"]?[1]?["tool_calls"]?[0]?["function"]
      #expect(sent?["arguments"] == "{}")
    }
  }
}
