import Testing
import TurnoutCore
import TurnoutTestServer

@Suite struct WireTests {
  private let usage = Usage(inputTokens: 100, outputTokens: 50, cachedTokens: 40, reasoningTokens: 20)

  /// The text of a whole answer, found where each wire has it.
  private func text(_ wire: ModelWire, _ value: Value) -> String? {
    switch wire {
    case .chatCompletions: value["choices"]?[0]?["message"]?["content"]?.string
    case .responses: value["output"]?[0]?["content"]?[0]?["text"]?.string
    case .messages: value["content"]?[0]?["text"]?.string
    case .gemini: value["candidates"]?[0]?["content"]?["parts"]?[0]?["text"]?.string
    }
  }

  private func delta(_ wire: ModelWire, _ value: Value) -> String? {
    switch wire {
    case .chatCompletions: value["choices"]?[0]?["delta"]?["content"]?.string
    case .responses: value["type"] == "response.output_text.delta" ? value["delta"]?.string : nil
    case .messages: value["delta"]?["text"]?.string
    case .gemini: text(wire, value)
    }
  }

  @Test(arguments: ModelWire.allCases) func `A text is the same in every wire, whole and in pieces`(wire: ModelWire)
    async throws
  {
    let answer = ServedAnswer.stream(["Der Preis ", "beträgt ", "499 €."]).using(usage)
    try await ModelServer.serve([answer, answer]) { server in
      let whole = try await server.ask(wire)
      #expect(whole.status == 200)
      #expect(text(wire, whole.json) == "Der Preis beträgt 499 €.")
      let stream = try await server.ask(wire, stream: true)
      #expect(stream.header("content-type") == "text/event-stream")
      #expect(
        stream.values.compactMap { delta(wire, $0) }.filter { !$0.isEmpty } == ["Der Preis ", "beträgt ", "499 €."])
      #expect(server.requests.map(\.wire) == [wire, wire])
      #expect(server.requests.map(\.isStreamed) == [false, true])
      #expect(server.requests.map(\.prompt) == ["How much?", "How much?"])
      #expect(server.requests.map(\.model) == ["small", "small"])
    }
  }

  @Test func `Tokens are counted as each vendor counts them`() async throws {
    let answer = ServedAnswer.text("Yes.").using(usage)
    try await ModelServer.serve([answer, answer, answer, answer]) { server in
      let chat = try await server.ask(.chatCompletions).json["usage"]
      #expect(chat?["prompt_tokens"] == 100)
      #expect(chat?["completion_tokens"] == 50)
      #expect(chat?["prompt_tokens_details"]?["cached_tokens"] == 40)
      #expect(chat?["completion_tokens_details"]?["reasoning_tokens"] == 20)
      let responses = try await server.ask(.responses).json["usage"]
      #expect(responses?["total_tokens"] == 150)
      #expect(responses?["input_tokens_details"]?["cached_tokens"] == 40)
      // Anthropic counts cached tokens beside the others, Gemini thoughts.
      let messages = try await server.ask(.messages).json["usage"]
      #expect(messages?["input_tokens"] == 60)
      #expect(messages?["cache_read_input_tokens"] == 40)
      let gemini = try await server.ask(.gemini).json["usageMetadata"]
      #expect(gemini?["promptTokenCount"] == 100)
      #expect(gemini?["candidatesTokenCount"] == 30)
      #expect(gemini?["thoughtsTokenCount"] == 20)
    }
  }

  @Test func `The usage of a chat stream comes when it is asked for`() async throws {
    try await ModelServer.serve([.text("a"), .text("a")]) { server in
      let without = try await server.ask(.chatCompletions, stream: true)
      #expect(without.values.allSatisfy { $0["usage"]?.isNull == true })
      let with = try await server.ask(
        .chatCompletions, stream: true, ["stream_options": ["include_usage": true]])
      #expect(with.values.last?["usage"]?["prompt_tokens"] == 10)
      #expect(with.values.last?["choices"] == [])
      #expect(with.events.last?.data == "[DONE]")
    }
  }

  @Test(arguments: [true, false]) func `Tool calls have their names and arguments in every wire`(stream: Bool)
    async throws
  {
    let calls = [
      ToolCall(id: "a", name: "price", arguments: #"{"name":"Aurora"}"#),
      ToolCall(id: "b", name: "stock", arguments: #"{"name":"Aurora","shop":3}"#),
    ]
    try await ModelServer.serve(answering: { _, _ in .calls(calls) }) { server in
      func values(_ wire: ModelWire) async throws -> [Value] {
        let response = try await server.ask(wire, stream: stream)
        return stream ? response.values : [response.json]
      }
      let chat = try await values(.chatCompletions).compactMap { $0["choices"]?[0] }
      let pieces = chat.flatMap { ($0["message"] ?? $0["delta"])?["tool_calls"]?.array ?? [] }
      #expect(pieces.compactMap { $0["function"]?["name"]?.string } == ["price", "stock"])
      #expect(chat.last?["finish_reason"] == "tool_calls")
      let arguments = pieces.compactMap { $0["function"]?["arguments"]?.string }.joined()
      #expect(arguments == calls.map(\.arguments).joined())

      let responses = try await values(.responses)
      let output = try #require((responses.last?["response"] ?? responses.last)?["output"]?.array)
      #expect(output.map { $0["call_id"] } == ["a", "b"])
      #expect(output.map { $0["arguments"]?.string } == calls.map(\.arguments))

      let messages = try await values(.messages)
      let blocks = stream ? messages.compactMap { $0["content_block"] } : messages[0]["content"]?.array ?? []
      #expect(blocks.map { $0["name"] } == ["price", "stock"])
      if stream {
        #expect(messages.compactMap { $0["delta"]?["partial_json"]?.string }.joined() == arguments)
      } else {
        #expect(blocks.map { $0["input"]?["name"] } == ["Aurora", "Aurora"])
      }

      let parts = try await values(.gemini).flatMap { $0["candidates"]?[0]?["content"]?["parts"]?.array ?? [] }
      #expect(parts.map { $0["functionCall"]?["name"] } == ["price", "stock"])
      #expect(parts.last?["functionCall"]?["args"]?["shop"] == 3)
    }
  }

  @Test func `A typed answer goes through the tool that a Messages request forces`() async throws {
    let answer = ServedAnswer.value(["severity": 3])
    try await ModelServer.serve([answer, answer]) { server in
      #expect(try await server.ask(.messages).json["content"]?[0]?["text"] == #"{"severity":3}"#)
      let forced = try await server.ask(.messages, ["tool_choice": ["type": "tool", "name": "Impact"]]).json
      #expect(forced["content"]?[0]?["name"] == "Impact")
      #expect(forced["content"]?[0]?["input"] == ["severity": 3])
      #expect(forced["stop_reason"] == "tool_use")
    }
  }

  @Test(arguments: [
    (ModelWire.chatCompletions, "length", "content_filter"), (.messages, "max_tokens", "refusal"),
    (.gemini, "MAX_TOKENS", "SAFETY"), (.responses, "max_output_tokens", "content_filter"),
  ])
  func `Reasons to stop have each vendor's word`(wire: ModelWire, length: String, filter: String) async throws {
    func reason(_ value: Value) -> Value? {
      value["choices"]?[0]?["finish_reason"] ?? value["stop_reason"] ?? value["candidates"]?[0]?["finishReason"]
        ?? value["incomplete_details"]?["reason"]
    }
    try await ModelServer.serve([.text("a").finishing(.length), .text("a").finishing(.contentFilter)]) { server in
      let (first, second) = (try await server.ask(wire), try await server.ask(wire))
      #expect(reason(first.json) == .string(length))
      #expect(reason(second.json) == .string(filter))
    }
  }

  @Test func `Models and embeddings are there too, and use up no answer`() async throws {
    try await ModelServer.serve([.text("the only one")], models: ["a", "b"]) { server in
      #expect(try await server.plain("/v1/models").json["data"]?[1]?["id"] == "b")
      let anthropic = try await server.plain("/v1/models", headers: [("anthropic-version", "2023-06-01")]).json
      #expect(anthropic["first_id"] == "a")
      #expect(try await server.plain("/v1beta/models").json["models"]?[0]?["name"] == "models/a")
      let gemini = try await server.plain("/v1/models", headers: [("X-Goog-Api-Key", "k")]).json
      #expect(gemini["models"]?[1]?["name"] == "models/b")
      let vectors = try await server.plain("/v1/embeddings", ["model": "e", "input": ["one two", "two one"]]).json
      #expect(vectors["data"]?[0]?["embedding"]?.array?.count == 16)
      #expect(vectors["data"]?[0]?["embedding"] == vectors["data"]?[1]?["embedding"])
      let texts: Value = ["requests": [["content": ["parts": [["text": "one two"]]]]]]
      let values = try await server.plain("/v1beta/models/e:batchEmbedContents", texts).json["embeddings"]?[0]
      #expect(values?["values"] == vectors["data"]?[0]?["embedding"])
      #expect(try await server.ask(.messages).json["content"]?[0]?["text"] == "the only one")
    }
  }

  @Test func `Vectors come as Base64 when a client wants them so`() async throws {
    try await ModelServer.serve([]) { server in
      let body: Value = ["model": "e", "input": "", "encoding_format": "base64"]
      let text = try await server.plain("/v1/embeddings", body).json["data"]?[0]?["embedding"]?.string
      // 1.0 and fifteen zeros, little-endian.
      #expect(text == "AACAPw" + String(repeating: "A", count: 80) + "==")
    }
  }

  @Test func `A path that no wire has, and an answer after the last, are refused`() async throws {
    try await ModelServer.serve([]) { server in
      let (novelty, late) = (try await server.plain("/v2/novelty", [:]), try await server.ask(.gemini))
      #expect(novelty.status == 404)
      #expect(late.status == 501)
      #expect(server.requests.map(\.wire) == [nil, .gemini])
    }
  }

  @Test func `The script sees what was asked`() async throws {
    try await ModelServer.serve(answering: { request, index in
      request.hasToolResult ? .text("\(index): \(request.prompt)") : .calls([], after: request.toolNames.joined())
    }) { server in
      let tools: Value = [["type": "function", "function": ["name": "price"]]]
      let first = try await server.ask(.chatCompletions, ["tools": tools]).json
      #expect(first["choices"]?[0]?["message"]?["content"] == "price")
      let messages: Value = [["role": "user", "content": "Hi"], ["role": "tool", "content": "499"]]
      let second = try await server.ask(.chatCompletions, ["messages": messages]).json
      #expect(second["choices"]?[0]?["message"]?["content"] == "1: Hi")
    }
  }

  @Test func `Only as many requests are remembered as is wanted`() async throws {
    try await ModelServer.serve(answering: { _, index in .text("\(index)") }, remembering: 2) { server in
      for _ in 0..<9 { _ = try await server.ask(.gemini) }
      let last = try await server.ask(.chatCompletions)
      #expect(last.json["choices"]?[0]?["message"]?["content"] == "9")
      #expect(server.requests.suffix(2).map(\.number) == [9, 10])
      #expect(server.requests.count < 4)
      await server.received(10)
    }
  }
}
