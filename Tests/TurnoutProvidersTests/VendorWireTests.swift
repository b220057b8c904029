import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

/// What is special about the wires of Anthropic, Google and OpenAI's Responses; what they have in common is part of the
/// conformance suite.
@Suite struct VendorWireTests {
  enum Vendor: String, CaseIterable, Sendable {
    case anthropic, gemini, responses

    func model(_ server: LoopbackServer, _ name: String? = nil) throws -> any LanguageModel {
      let key = try APIKey(Remains.key)
      return switch self {
      case .anthropic: AnthropicModel(name ?? "claude-x", at: .anthropic(baseURL: server.url, key: key))
      case .gemini: GeminiModel(name ?? "gemini-3-x", at: .gemini(baseURL: server.url, key: key))
      case .responses:
        OpenAIResponsesModel(
          name ?? "gpt-5-x", at: OpenAIEndpoint(baseURL: server.url, key: key, profile: .openAI))
      }
    }

    /// An answer that calls a tool after some thinking, whole.
    var thinkingCall: String {
      switch self {
      case .anthropic:
        #"{"type":"message","content":[{"type":"thinking","thinking":"hm","signature":"SIG"},{"type":"new_block","x":1},{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"look","input":{"key":"k"}}],"stop_reason":"tool_use","usage":{"input_tokens":5,"cache_read_input_tokens":2,"output_tokens":3}}"#
      case .gemini:
        #"{"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"I look."},{"functionCall":{"name":"look","args":{"key":"k"}},"thoughtSignature":"SIG"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"cachedContentTokenCount":2,"candidatesTokenCount":1,"thoughtsTokenCount":2}}"#
      case .responses:
        #"{"status":"completed","output":[{"type":"reasoning","id":"rs","summary":[],"encrypted_content":"SIG"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]},{"type":"function_call","id":"fc","call_id":"t1","name":"look","arguments":"{\"key\":\"k\"}"}],"usage":{"input_tokens":7,"input_tokens_details":{"cached_tokens":2},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":2}}}"#
      }
    }

    /// The same answer as a stream.
    var thinkingStream: [String] {
      switch self {
      case .anthropic:
        [
          #"{"type":"message_start","message":{"usage":{"input_tokens":5,"cache_read_input_tokens":2,"output_tokens":1}}}"#,
          #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
          #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
          #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"SIG"}}"#,
          #"{"type":"content_block_stop","index":0}"#, #"{"type":"ping"}"#, #"{"type":"tomorrow","x":[1]}"#,
          #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
          #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"I "}}"#,
          #"{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"look."}}"#,
          #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"look","input":{}}}"#,
          #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"key\":"}}"#,
          #"{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\"k\"}"}}"#,
          #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":3}}"#,
          #"{"type":"message_stop"}"#,
        ]
      case .gemini:
        [
          #"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]}"#,
          #"{"candidates":[{"content":{"parts":[{"text":"I "}]},"index":0}],"usageMetadata":{"promptTokenCount":7}}"#,
          #"{"candidates":[{"content":{"parts":[{"text":"look."}]}}],"newField":{"a":1}}"#,
          #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"look","args":{"key":"k"}},"thoughtSignature":"SIG"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"cachedContentTokenCount":2,"candidatesTokenCount":1,"thoughtsTokenCount":2}}"#,
        ]
      case .responses:
        [
          #"{"type":"response.created","response":{"status":"in_progress"}}"#,
          #"{"type":"response.reasoning_summary_text.delta","delta":"hm"}"#,
          #"{"type":"response.output_text.delta","delta":"I "}"#, #"{"type":"response.tomorrow","x":1}"#,
          #"{"type":"response.output_text.delta","delta":"look."}"#,
          #"{"type":"response.function_call_arguments.delta","delta":"{\"key\""}"#,
          #"{"type":"response.completed","response":"# + thinkingCall + "}",
        ]
      }
    }

    /// What goes back of the answer.
    var original: String {
      switch self {
      case .anthropic: #""signature":"SIG""#
      case .gemini: #""thoughtSignature":"SIG""#
      case .responses: #""encrypted_content":"SIG""#
      }
    }
  }

  static let tool = ToolDescription(
    name: "look", description: "Looks it up", parameters: .object("Look", [.init("key", .string())]))
  static let asking = ModelRequest(messages: [.system("Be brief."), .user("Price?")], tools: [tool])

  private func check(_ response: ModelResponse) {
    #expect(response.text == "I look.")
    #expect(response.toolCalls.map(\.name) == ["look"])
    #expect(response.toolCalls.map(\.arguments) == [#"{"key":"k"}"#])
    #expect(response.finish == .toolCalls)
    #expect(response.usage.inputTokens == 7 && response.usage.cachedTokens == 2 && response.usage.outputTokens == 3)
    #expect(response.original != nil)
  }

  @Test(arguments: Vendor.allCases) func `What a model thought goes back to it as it came`(vendor: Vendor) async throws
  {
    try await withServer(.json(vendor.thinkingCall)) { server in
      let model = try vendor.model(server)
      let response = try await model.respond(to: Self.asking, in: Run(), onDelta: nil)
      check(response)
      var next = Self.asking
      next.messages += [
        .assistant(response.text, toolCalls: response.toolCalls, original: response.original),
        .toolResult(ToolResult(callID: response.toolCalls[0].id, name: "look", content: "499")),
      ]
      _ = try await model.respond(to: next, in: Run(), onDelta: nil)
      let sent = server.requests[1].text
      #expect(sent.contains(vendor.original))
      #expect(sent.contains("499"))
      #expect(sent.ranges(of: "I look.").count == 1, "it is not said twice")
      // Nobody else gets it, no other model of the vendor either.
      _ = try await vendor.model(server, "\(vendor)-other").respond(to: next, in: Run(), onDelta: nil)
      #expect(!server.requests[2].text.contains("SIG"))
      for other in Vendor.allCases where other != vendor {
        _ = try? await other.model(server).respond(to: next, in: Run(), onDelta: nil)
        let sent = try #require(server.requests.last).text
        #expect(!sent.contains("SIG"))
        #expect(sent.contains("I look.") && sent.contains("499"))
      }
    }
  }

  @Test(arguments: Vendor.allCases, 0..<40)
  func `A stream is the same answer wherever it is cut`(vendor: Vendor, seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let stream = vendor.thinkingStream.map { "event: x\ndata: \($0)\n\n" }.joined()
    try await withServer(.stream(pieces: random.cut(stream, atMost: 200))) { server in
      let pieces = Pieces()
      let response = try await vendor.model(server).respond(to: Self.asking, in: Run(), onDelta: pieces.handler)
      check(response)
      #expect(pieces.text == "I look." && pieces.thinking == "hm")
    }
  }

  @Test(arguments: Vendor.allCases) func `What came can be had as it came`(vendor: Vendor) async throws {
    var request = Self.asking
    request.keepsRaw = true
    let asked = request
    try await withServer(.json(vendor.thinkingCall)) { server in
      let response = try await vendor.model(server).respond(to: asked, in: Run(), onDelta: nil)
      #expect(response.raw == vendor.thinkingCall)
      #expect(try await vendor.model(server).respond(to: Self.asking, in: Run(), onDelta: nil).raw == nil)
    }
    try await withServer(.events(vendor.thinkingStream)) { server in
      let response = try await vendor.model(server).respond(to: asked, in: Run(), onDelta: Pieces().handler)
      #expect(response.raw == vendor.thinkingStream.joined(separator: "\n"))
    }
  }

  @Test func `Chat Completions can be had as they came, too`() async throws {
    var request = ModelRequest.hello
    request.keepsRaw = true
    let asked = request
    let whole = #"{"choices":[{"message":{"content":"a"},"vendor_field":{"x":1},"finish_reason":"stop"}]}"#
    try await withServer(.json(whole)) { server in
      let raw = try await server.ask(asked).raw
      #expect(raw == whole)
    }
    try await withServer(.events([Wire.chunk("a"), Wire.finish()])) { server in
      let raw = try await server.stream(asked).raw
      #expect(raw == "\(Wire.chunk("a"))\n\(Wire.finish())")
    }
  }

  @Test(arguments: Vendor.allCases) func `A stream that ends in the middle is an error`(vendor: Vendor) async throws {
    let half = Array(vendor.thinkingStream.dropLast(2))
    try await withServer(.events(half, done: false)) { server in
      let error = try await modelError {
        try await vendor.model(server).respond(to: Self.asking, in: Run(), onDelta: Pieces().handler)
      }
      #expect(error.label == "connection")
    }
  }

  @Test(arguments: Vendor.allCases) func `An agent calls the tool and answers`(vendor: Vendor) async throws {
    let last: String =
      switch vendor {
      case .anthropic: #"{"content":[{"type":"text","text":"It costs 499."}],"stop_reason":"end_turn"}"#
      case .gemini: #"{"candidates":[{"content":{"parts":[{"text":"It costs 499."}]},"finishReason":"STOP"}]}"#
      case .responses:
        #"{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"It costs 499."}]}]}"#
      }
    try await withServer(.json(vendor.thinkingCall), .json(last)) { server in
      let look = Tool("look", "Looks it up", parameters: Self.tool.parameters) { _, _ in "499" }
      let agent = Agent("consult", model: try vendor.model(server), instructions: "Be brief.", tools: [look])
      #expect(try await agent.run("Price?") == "It costs 499.")
      #expect(server.requests[1].text.contains(vendor.original))
    }
  }

  @Test(arguments: Vendor.allCases) func `Images, tool choice and thinking`(vendor: Vendor) async throws {
    var request = Self.asking
    request.messages[1] = .userParts([
      .text("What is this?"), .image(.data([1, 2, 3, 4], mediaType: "image/png")),
      .image(.url("https://example.com/a.png")),
    ])
    request.toolChoice = .tool("look")
    request.settings.thinking = .high
    let asked = request
    try await withServer(.json(vendor.thinkingCall)) { server in
      _ = try await vendor.model(server).respond(to: asked, in: Run(), onDelta: nil)
      let sent = try server.sent()
      let parts: [String] =
        switch vendor {
        case .anthropic:
          [
            #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQIDBA=="}}"#,
            #"{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}"#,
            #""tool_choice":{"type":"tool","name":"look"}"#, #""effort":"high""#,
          ]
        case .gemini:
          [
            #"{"inlineData":{"mimeType":"image/png","data":"AQIDBA=="}}"#,
            #"{"fileData":{"fileUri":"https://example.com/a.png"}}"#,
            #""functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["look"]}"#,
            #""thinkingConfig":{"thinkingLevel":"high"}"#,
          ]
        case .responses:
          [
            #"{"type":"input_image","image_url":"data:image/png;base64,AQIDBA=="}"#,
            #"{"type":"input_image","image_url":"https://example.com/a.png"}"#,
            #""tool_choice":{"type":"function","name":"look"}"#, #""reasoning":{"effort":"high"}"#,
            #""include":["reasoning.encrypted_content"]"#, #""store":false"#,
          ]
        }
      for part in parts { #expect(sent.contains(part), "\(part) is not in \(sent)") }
    }
  }

  @Test func `Families of models differ in data`() async throws {
    var thinking = Self.asking
    thinking.settings.thinking = .tokens(2_048)
    thinking.output = .object("Out", [.init("a", .string())])
    let asked = thinking
    try await withServer(.json(Vendor.gemini.thinkingCall)) { server in
      _ = try await Vendor.gemini.model(server, "gemini-2.5-pro").respond(to: asked, in: Run(), onDelta: nil)
      let sent = try server.sent()
      #expect(sent.contains(#""thinkingConfig":{"thinkingBudget":2048}"#))
      #expect(!sent.contains("responseJsonSchema"), "older ones take no schema beside tools")
      #expect(sent.contains("Answer with JSON only"))
    }
    try await withServer(.json(Vendor.anthropic.thinkingCall)) { server in
      _ = try await Vendor.anthropic.model(server, "claude-sonnet-4-5").respond(to: asked, in: Run(), onDelta: nil)
      let sent = try server.sent()
      #expect(sent.contains(#""max_tokens":6144"#), "what it thinks counts among what it writes")
      #expect(sent.contains(#""thinking":{"type":"enabled","budget_tokens":2048}"#))
      #expect(sent.contains(#""output_config":{"format":{"type":"json_schema","schema":"#))
    }
    try await withServer(.json(Vendor.responses.thinkingCall)) { server in
      _ = try await Vendor.responses.model(server, "gpt-4o").respond(to: .hello, in: Run(), onDelta: nil)
      #expect(!(try server.sent()).contains("include"), "a model that does not reason has nothing to include")
    }
  }

  @Test func `Gemini's calls have an object for arguments, whatever the model wrote`() async throws {
    let calls = ["", "null", "[1]", "no JSON", #"{"key":"k"}"#].map { ToolCall(id: "i", name: "look", arguments: $0) }
    try await withServer(.json(Vendor.gemini.thinkingCall)) { server in
      let request = ModelRequest(messages: [.user("a"), .assistant("", toolCalls: calls)], tools: [Self.tool])
      _ = try await Vendor.gemini.model(server).respond(to: request, in: Run(), onDelta: nil)
      let parts = try #require(try Value(json: try server.sent())["contents"]?[1]?["parts"]?.array)
      #expect(parts.map { $0["functionCall"]?["args"] } == [[:], [:], [:], [:], ["key": "k"]])
    }
  }

  @Test func `Gemini's signed parts go back without the empty text that ends a stream`() async throws {
    let events = [
      #"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"look","args":{}},"thoughtSignature":"SIG"}]}}]}"#,
      #"{"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]}"#,
    ]
    try await withServer(.events(events), .json(Vendor.gemini.thinkingCall)) { server in
      let model = try Vendor.gemini.model(server)
      let response = try await model.respond(to: Self.asking, in: Run(), onDelta: Pieces().handler)
      var next = Self.asking
      next.messages.append(.assistant("", toolCalls: response.toolCalls, original: response.original))
      _ = try await model.respond(to: next, in: Run(), onDelta: nil)
      let parts = try Value(json: server.requests[1].text)["contents"]?[1]?["parts"]
      #expect(parts == [["functionCall": ["name": "look", "args": [:]], "thoughtSignature": "SIG"]])
    }
  }

  @Test func `Thoughts that nobody kept do not go back`() async throws {
    let answer =
      #"{"status":"completed","output":[{"type":"reasoning","id":"rs","summary":[]},{"type":"function_call","id":"fc","call_id":"t1","name":"look","arguments":"{}"}]}"#
    try await withServer(.json(answer)) { server in
      let response = try await Vendor.responses.model(server).respond(to: Self.asking, in: Run(), onDelta: nil)
      #expect(response.original == nil && response.toolCalls.count == 1)
    }
  }

  @Test func `Anthropic's turns alternate, and its cache is told where to mark`() async throws {
    let messages: [Message] = [
      .system("A"), .system("B"), .user("one"), .user("two"),
      .assistant(
        "",
        toolCalls: [
          ToolCall(id: "1", name: "look", arguments: "{}"), ToolCall(id: "2", name: "look", arguments: "no JSON"),
        ]), .toolResult(ToolResult(callID: "1", name: "look", content: "x")),
      .toolResult(ToolResult(callID: "2", name: "look", content: "y")), .user("go on"),
    ]
    try await withServer(.json(Vendor.anthropic.thinkingCall)) { server in
      let request = ModelRequest(messages: messages, tools: [Self.tool, Self.tool])
      _ = try await Vendor.anthropic.model(server).respond(to: request, in: Run(), onDelta: nil)
      let body = try Value(json: try server.sent())
      let turns = try #require(body["messages"]?.array)
      #expect(turns.map { $0["role"] } == ["user", "assistant", "user"])
      #expect(turns[2]["content"]?.array?.map { $0["type"] } == ["tool_result", "tool_result", "text"])
      #expect(turns[1]["content"]?.array?.map { $0["input"] } == [[:], [:]])
      #expect(body["system"]?.array?.first?["text"] == "A\n\nB")
      #expect(body["system"]?.array?.first?["cache_control"] == ["type": "ephemeral"])
      #expect(body["tools"]?.array?.map { $0["cache_control"] } == [nil, ["type": "ephemeral"]])
      #expect(body["max_tokens"] == 4096)
    }
  }

  @Test(arguments: [
    ("https://a.example", "https://a.example", "https://a.example/v1beta"),
    ("https://a.example/v1/", "https://a.example", "https://a.example/v1"),
    ("https://a.example/proxy/v1beta", "https://a.example/proxy/v1beta", "https://a.example/proxy/v1beta"),
    ("https://a.example/proxy", "https://a.example/proxy", "https://a.example/proxy/v1beta"),
  ])
  func `Base addresses with and without a version`(written: String, anthropic: String, gemini: String) {
    #expect(ModelEndpoint.anthropic(baseURL: written).baseURL == anthropic)
    #expect(ModelEndpoint.gemini(baseURL: written).baseURL == gemini)
  }

  @Test func `Headers, a query and another place for the key`() async throws {
    try await withServer(.text("hi")) { server in
      let azure = ModelEndpoint(
        provider: "azure", baseURL: server.url + "/openai/v1/", key: try APIKey(Remains.key), keyHeader: "api-key",
        headers: ["x-team": "desk"], query: ["api-version": "2026-01-01 preview", "a": "ä"])
      let model = OpenAIChatModel("gpt", at: OpenAIEndpoint(azure, profile: .openAI))
      #expect(try await model.respond(to: .hello, in: Run(), onDelta: nil).text == "hi")
      let request = server.requests[0]
      #expect(request.path == "/openai/v1/chat/completions?a=%C3%A4&api-version=2026-01-01%20preview")
      #expect(request.header("api-key") == [Remains.key] && request.header("authorization") == [])
      #expect(request.header("x-team") == ["desk"])
    }
  }
}
