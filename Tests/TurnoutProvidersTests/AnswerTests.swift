import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct AnswerTests {
  private func answer(_ json: String) async throws -> ModelResponse {
    try await withServer(.json(json)) { try await $0.ask() }
  }

  @Test func `A completion gives its text, finish reason and usage`() async throws {
    let response = try await answer(Wire.completion(content: "Hello, 世界 🚆\n\"ok\""))
    #expect(response.text == "Hello, 世界 🚆\n\"ok\"")
    #expect(response.finish == .stop)
    #expect(response.toolCalls.isEmpty)
    #expect(response.usage == Usage(calls: 1, inputTokens: 7, outputTokens: 3))
  }

  @Test func `Cached and reasoning tokens are counted`() async throws {
    let response = try await answer(
      #"""
      {"choices":[{"message":{"content":"x"},"finish_reason":"length"}],
       "usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"cost":0.1,
         "prompt_tokens_details":{"cached_tokens":80,"audio_tokens":0},
         "completion_tokens_details":{"reasoning_tokens":30,"new_tokens":{"a":[1]}}}}
      """#)
    #expect(
      response.usage
        == Usage(calls: 1, inputTokens: 100, outputTokens: 50, cachedTokens: 80, reasoningTokens: 30))
    #expect(response.finish == .length)
  }

  @Test(arguments: [
    #"null"#, #"{}"#, #"{"prompt_tokens":-5,"completion_tokens":-1}"#, #"{"prompt_tokens":"many"}"#,
    #"{"prompt_tokens":null,"completion_tokens_details":null}"#,
  ])
  func `Usage that says nothing leaves one call`(usage: String) async throws {
    let response = try await answer(#"{"choices":[{"message":{"content":"x"}}],"usage":\#(usage)}"#)
    #expect(response.usage == Usage(calls: 1))
  }

  @Test func `Fields and values that nobody knows are passed over`() async throws {
    let response = try await answer(
      #"""
      {"new":{"deep":[[{"a":"\u00e9"}],null,1e3]},"object":"something.else","choices":[{"logprobs":{"content":[]},
       "message":{"role":"robot","reasoning_content":"hm","annotations":[],"content":"x","audio":null},
       "finish_reason":"tired"}],"system_fingerprint":null}
      """#)
    #expect(response.text == "x")
    #expect(response.finish == FinishReason("tired"))
  }

  @Test func `Escapes and surrogates are read, a lone surrogate becomes a replacement`() async throws {
    let response = try await answer(#"{"choices":[{"message":{"content":"\u4e16\ud83d\ude86\/\t\ud83d."}}]}"#)
    #expect(response.text == "世🚆/\t\u{FFFD}.")
  }

  @Test func `Null content is no text`() async throws {
    let response = try await answer(Wire.completion(message: #"{"role":"assistant","content":null}"#))
    #expect(response.text == "")
  }

  @Test(arguments: [
    #"[{"type":"text","text":"x"},{"type":"reference","reference_ids":[1]},{"type":"text","text":"y"}]"#,
    #"["z",{"text":"x"},null,{"type":"tomorrow","text":{"a":1}},{"type":"text","text":"y"}]"#,
  ]) func `Content may be a list of parts`(content: String) async throws {
    let response = try await answer(Wire.completion(message: #"{"content":\#(content)}"#))
    #expect(response.text == "xy")
  }

  @Test func `Content that is neither text nor a list is no text`() async throws {
    let response = try await answer(Wire.completion(message: #"{"content":{"type":"text","text":"x"}}"#))
    #expect(response.text == "")
  }

  @Test func `Tool calls come in order with their arguments as they are`() async throws {
    let response = try await answer(
      Wire.calls([("a", "look", #"{"q": "1"}"#), ("b", "look", ""), ("", "nameless", "{")]))
    #expect(
      response.toolCalls == [
        ToolCall(id: "a", name: "look", arguments: #"{"q": "1"}"#), ToolCall(id: "b", name: "look", arguments: ""),
        ToolCall(id: "call_2", name: "nameless", arguments: "{"),
      ])
    #expect(response.finish == .toolCalls)
    #expect(response.text == "")
  }

  @Test func `Text and tool calls can come together`() async throws {
    let response = try await answer(
      Wire.completion(
        message: #"{"content":"Let me look.","tool_calls":[{"id":"a","function":{"name":"look","arguments":"{}"}}]}"#))
    #expect(response.text == "Let me look.")
    #expect(response.toolCalls.count == 1)
  }

  @Test func `Of several choices the first counts`() async throws {
    let response = try await answer(
      #"{"choices":[{"message":{"content":"first"}},{"message":{"content":"second"},"finish_reason":"length"}]}"#)
    #expect(response.text == "first")
    #expect(response.finish == .stop)
  }

  @Test func `A refusal is an error that tells nothing of the answer`() async throws {
    let error = try await modelError {
      try await answer(Wire.completion(message: #"{"content":null,"refusal":"I will not say CANARY."}"#))
    }
    #expect(error.label == "content_filtered")
    #expect(error.description == "test: the model refused to answer")
  }

  @Test(arguments: [#"{"choices":[]}"#, #"{"choices":null}"#, #"{}"#, #"{"choices":[],"usage":{"prompt_tokens":1}}"#])
  func `An answer without choices is malformed`(json: String) async throws {
    let error = try await modelError { try await answer(json) }
    #expect(error.label == "malformed")
    #expect(error.description == "test: the answer has no choices in it")
  }

  @Test func `An error inside an answer that is called good is an error`() async throws {
    let error = try await modelError {
      try await answer(#"{"error":{"message":"No instance available","code":503},"choices":[]}"#)
    }
    #expect(error.label == "overloaded")
  }

  @Test func `An error of null is none`() async throws {
    #expect(try await answer(#"{"error":null,"choices":[{"message":{"content":"x"}}]}"#).text == "x")
  }

  @Test(arguments: [
    "", "<html>busy</html>", "{", #"{"choices":[{"message":{"content":"CANARY"#, #"{"choices":[]} more"#,
    #"{"choices":"CANARY"}"#, #"{"choices":[{"message":"CANARY"}]}"#, "[]", "null!",
  ])
  func `A body that is not what the wire promises is malformed, and is not repeated`(body: String) async throws {
    let error = try await modelError { try await answer(body) }
    #expect(error.label == "malformed")
    #expect(error.description.hasPrefix("test: the answer is not valid JSON: "))
    #expect(!error.description.contains("CANARY"))
  }

  @Test func `Bytes that are no UTF-8 are malformed`() async throws {
    let bytes = Array(#"{"choices":[{"message":{"content":""#.utf8) + [0xFF] + Array(#""}}]}"#.utf8)
    let error = try await modelError { try await withServer(Reply(steps: [.bytes(bytes)])) { try await $0.ask() } }
    #expect(error.label == "malformed")
  }

  @Test func `A body that comes in pieces is read whole`() async throws {
    let bytes = Array(Wire.completion(content: "世界").utf8)
    let pieces = bytes.map { Reply.Step.bytes([$0]) }
    #expect(try await withServer(Reply(steps: pieces)) { try await $0.ask() }.text == "世界")
  }

  @Test func `Nesting without end is an error, not a crash`() async throws {
    let error = try await modelError { try await answer(String(repeating: "[", count: 100_000)) }
    #expect(error.label == "malformed")
  }
}
