import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

/// What Anthropic's wire is sent, held against what its vendor documents: a request that breaks one of the rules is
/// refused as a whole.
@Suite struct AnthropicRequestTests {
  private static let look = ToolDescription(
    name: "look", description: "Looks it up", parameters: .object("Look", [.init("key", .string())]))
  private static let closed = Schema.object(
    "Out", [.init("score", .integer(0...10)), .init("words", .array(.string(minimumLength: 1), count: 2...4))])
  private static let open = Schema.object("Out", [.init("anything", .any)])

  private static func model(_ server: LoopbackServer, _ name: String = "claude-sonnet-4-5") throws -> AnthropicModel {
    AnthropicModel(name, at: .anthropic(baseURL: server.url, key: try APIKey(Remains.key)))
  }

  /// What is sent for a request.
  private func body(
    _ request: ModelRequest, _ name: String = "claude-sonnet-4-5", streams: Bool = false
  ) async throws -> Value {
    try await withServer(.json(AnthropicAnswers.text("ok"))) { server in
      _ = try await Self.model(server, name)
        .respond(to: request, in: Run(), onDelta: streams ? Pieces().handler : nil)
      return try Value(json: server.sent())
    }
  }

  @Test func `Where a request goes and what it carries`() async throws {
    try await withServer(.json(AnthropicAnswers.text("ok"))) { server in
      _ = try await Self.model(server).respond(to: .hello, in: Run(), onDelta: nil)
      let request = server.requests[0]
      #expect(request.path == "/v1/messages")
      #expect(request.header("x-api-key") == [Remains.key])
      #expect(request.header("anthropic-version") == ["2023-06-01"])
      #expect(request.header("content-type") == ["application/json"])
      #expect(request.header("authorization") == [])
      #expect(
        request.text
          == #"{"model":"claude-sonnet-4-5","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"hello"}]}]}"#
      )
    }
    #expect(try await body(.hello, streams: true)["stream"] == true)
  }

  @Test(arguments: [(0, true), (16, true), (17, false)])
  func `A shape with more choices of type than the wire takes is told in words`(count: Int, isSent: Bool) async throws {
    var request = ModelRequest.hello
    let fields = (0..<count).map { Schema.Property("f\($0)", .optional(.string())) }
    request.output = .object("Out", [.init("a", .string())] + fields)
    let body = try await body(request)
    #expect((body["output_config"]?["format"]?["schema"]?.object != nil) == isSent)
    #expect(body.json().contains("Answer with JSON only") == !isSent)
  }

  // MARK: Every request

  /// The rules of the wire that a request breaks.
  private func broken(_ body: Value) -> [String] {
    var broken: [String] = []
    func rule(_ holds: Bool, _ text: String) { if !holds { broken.append(text) } }
    func blank(_ value: Value?) -> Bool { value?.string?.allSatisfy(\.isWhitespace) ?? true }

    let limit = body["max_tokens"]?.int ?? 0
    rule(body["model"]?.string?.isEmpty == false, "a model is named")
    rule(limit >= 1, "there is an output limit")
    for block in body["system"]?.array ?? [] { rule(!blank(block["text"]), "the system prompt says something") }

    let messages = body["messages"]?.array ?? []
    rule(!messages.isEmpty, "there are messages")
    rule(messages.first?["role"] == "user", "the person begins")
    for (message, next) in zip(messages, messages.dropFirst()) {
      rule(message["role"] != next["role"], "roles take turns")
    }
    for (index, message) in messages.enumerated() {
      let blocks = message["content"]?.array ?? []
      rule(!blocks.isEmpty, "a message has content")
      let types = blocks.map { $0["type"]?.string ?? "" }
      for block in blocks where block["type"] == "text" { rule(!blank(block["text"]), "a text says something") }
      let results = types.filter { $0 == "tool_result" }.count
      rule(types.prefix(results).allSatisfy { $0 == "tool_result" }, "results of tools stand first")
      let calls = blocks.filter { $0["type"] == "tool_use" }
      rule(calls.allSatisfy { $0["input"]?.object != nil }, "a call's input is an object")
      if calls.isEmpty { continue }
      rule(message["role"] == "assistant", "the model calls")
      let answers = index + 1 < messages.count ? messages[index + 1]["content"]?.array ?? [] : []
      rule(
        answers.prefix(calls.count).map { $0["tool_use_id"] } == calls.map { $0["id"] },
        "every call has its result in the next message, in order")
    }

    let thinking = body["thinking"]
    if let budget = thinking?["budget_tokens"]?.int {
      rule(budget >= 1_024 && budget < limit, "the budget of thinking leaves room for an answer")
    }
    if thinking != nil {
      rule(body["temperature"] == nil, "a model that thinks takes no temperature")
      rule(
        !["any", "tool"].contains(body["tool_choice"]?["type"]?.string), "a model that thinks is not forced to call")
    }
    if let temperature = body["temperature"]?.double { rule((0...1).contains(temperature), "0 to 1") }
    rule(body["tool_choice"] == nil || body["tools"] != nil, "a choice is one of tools")
    for tool in body["tools"]?.array ?? [] {
      rule(!blank(tool["name"]) && tool["input_schema"]?["type"] == "object", "a tool has a name and an object's shape")
    }
    let format = body["output_config"]?["format"]
    if let format {
      rule(format["type"] == "json_schema" && format["schema"]?["type"] == "object", "a shape is an object's")
      let text = format.json()
      for word in ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", ":{}"] {
        rule(!text.contains(word), "\(word) is not part of the wire's JSON Schema")
      }
    }
    return broken
  }

  /// A conversation such as agents have, with everything that goes wrong in one.
  private static func conversation(_ random: inout SplitMix64, _ name: String) -> ModelRequest {
    func text() -> String { ["", " \n", "a", "Grüße, 世界", "two\nlines "].randomElement(using: &random) ?? "" }
    var messages: [Message] = (0..<random.int(0...2)).map { _ in .system(text()) }
    for turn in 0..<random.int(1...4) {
      messages.append(
        random.int(0...3) == 0
          ? .userParts([.text(text()), .image(.url("https://example.com/a.png")), .text(text())]) : .user(text()))
      for round in 0..<random.int(0...2) {
        let calls = (0..<random.int(1...3)).map {
          ToolCall(
            id: "t\(turn)-\(round)-\($0)", name: "look",
            arguments: ["{}", #"{"key":"k"}"#, "[1]", #"{"key":"#, ""].randomElement(using: &random) ?? "")
        }
        messages.append(.assistant(text(), toolCalls: calls))
        messages += calls.map { .toolResult(ToolResult(callID: $0.id, name: "look", content: text())) }
      }
      if random.int(0...2) > 0 { messages.append(.assistant(text())) }
    }
    messages.append(.user(text()))
    let choices: [ToolChoice] = [.auto, .none, .required, .tool("look")]
    let thoughts: [Thinking?] = [nil, .low, .medium, .high, .tokens(1), .tokens(5_000), .tokens(.max)]
    return ModelRequest(
      messages: messages, tools: random.int(0...2) > 0 ? [look, look] : [],
      output: [nil, closed, open, .integer(1...3)].randomElement(using: &random) ?? nil,
      settings: ModelSettings(
        temperature: [nil, 0, 0.5, 2].randomElement(using: &random) ?? nil,
        maxOutputTokens: [nil, 1, 1_024, 1_025, 9_000].randomElement(using: &random) ?? nil,
        thinking: thoughts.randomElement(using: &random) ?? nil),
      toolChoice: choices.randomElement(using: &random) ?? .auto)
  }

  @Test(arguments: ["claude-sonnet-4-5", "claude-sonnet-4-6", "claude-opus-4-8", "claude-3-5-haiku-latest", "qwen3"])
  func `No request breaks a rule of the wire`(name: String) async throws {
    var random = SplitMix64(seed: 7)
    let requests = (0..<120).map { _ in Self.conversation(&random, name) }
    try await withServer(.json(AnthropicAnswers.text("ok"))) { server in
      let model = try Self.model(server, name)
      for request in requests { _ = try await model.respond(to: request, in: Run(), onDelta: nil) }
      try #require(server.requests.count == requests.count)
      for sent in server.requests {
        let broken = broken(try Value(json: sent.body))
        #expect(broken.isEmpty, "\(broken) in \(sent.text)")
      }
    }
  }

  // MARK: Families

  @Test(arguments: [
    ("claude-3-5-haiku-latest", Thinking.high, "null", "null", true, false),
    ("claude-3-7-sonnet-20250219", .high, #"{"type":"enabled","budget_tokens":24576}"#, "null", true, false),
    ("claude-sonnet-4-20250514", .low, #"{"type":"enabled","budget_tokens":1024}"#, "null", true, false),
    ("claude-opus-4-0", .tokens(2_000), #"{"type":"enabled","budget_tokens":2000}"#, "null", true, false),
    ("claude-opus-4-1", .low, #"{"type":"enabled","budget_tokens":1024}"#, "null", true, true),
    ("claude-haiku-4-5-20251001", .tokens(1), #"{"type":"enabled","budget_tokens":1024}"#, "null", true, true),
    ("claude-opus-4-5", .medium, #"{"type":"enabled","budget_tokens":8192}"#, "medium", true, true),
    ("claude-opus-4-5", .tokens(3_000), #"{"type":"enabled","budget_tokens":3000}"#, "null", true, true),
    ("claude-sonnet-4-6", .medium, #"{"type":"adaptive"}"#, "medium", true, true),
    ("claude-sonnet-4-6", .tokens(3_000), #"{"type":"enabled","budget_tokens":3000}"#, "null", true, true),
    ("claude-opus-4-7", .high, #"{"type":"adaptive"}"#, "high", false, true),
    ("claude-opus-4-7", .tokens(20_000), #"{"type":"adaptive"}"#, "high", false, true),
    ("claude-tomorrow-9", .low, #"{"type":"adaptive"}"#, "low", false, true),
    ("us.anthropic.claude-haiku-4-5-v1:0", .low, #"{"type":"enabled","budget_tokens":1024}"#, "null", true, true),
    ("qwen3", .low, #"{"type":"adaptive"}"#, "low", true, true),
  ])
  func `A family is asked for what it takes`(
    name: String, thinking: Thinking, expected: String, effort: String, takesTemperature: Bool, takesSchemas: Bool
  ) async throws {
    let thoughtful = try await body(
      ModelRequest(messages: [.user("a")], settings: ModelSettings(temperature: 0.5, thinking: thinking)), name)
    #expect((thoughtful["thinking"] ?? .null).json() == expected)
    #expect(thoughtful["output_config"]?["effort"]?.string ?? "null" == effort)
    let plain = try await body(
      ModelRequest(messages: [.user("a")], output: Self.closed, settings: ModelSettings(temperature: 0.5)), name)
    #expect(plain["temperature"] == (takesTemperature ? 0.5 : nil))
    #expect(plain["thinking"] == nil)
    #expect((plain["output_config"]?["format"] != nil) == takesSchemas)
    #expect(
      plain["system"]?[0]?["text"]?.string?.contains("Answer with JSON only") ?? false == !takesSchemas,
      "who takes no schema is told")
  }

  @Test func `The output limit has room for thoughts and an answer`() async throws {
    func sent(_ limit: Int?, _ thinking: Thinking, _ name: String = "claude-sonnet-4-5") async throws -> Value {
      let settings = ModelSettings(maxOutputTokens: limit, thinking: thinking)
      return try await body(ModelRequest(messages: [.user("a")], settings: settings), name)
    }
    #expect(try await sent(nil, .tokens(5_000))["max_tokens"] == 9_096)
    #expect(try await sent(nil, .medium, "claude-opus-4-7")["max_tokens"] == .int(4_096 + 8_192))
    let tight = try await sent(2_000, .tokens(5_000))
    #expect(tight["max_tokens"] == 2_000, "what the caller says holds")
    #expect(tight["thinking"]?["budget_tokens"] == 1_999)
    #expect(try await sent(1_024, .tokens(5_000))["thinking"] == nil, "there is no room")
    #expect(try await sent(nil, .tokens(.max))["max_tokens"] == .int(.max), "nothing overflows")
    #expect(try await sent(.min, .high)["max_tokens"] == .int(.min))
  }

  @Test(arguments: [ToolChoice.auto, .none, .required, .tool("look")])
  func `A model that has to call a tool does not think`(choice: ToolChoice) async throws {
    let isForced = choice != .auto && choice != .none
    for name in ["claude-sonnet-4-5", "claude-opus-4-7"] {
      var request = ModelRequest(messages: [.user("a")], tools: [Self.look], toolChoice: choice)
      request.settings.thinking = .high
      let sent = try await body(request, name)
      #expect((sent["thinking"] == nil) == isForced)
      #expect((sent["tool_choice"] == nil) == (choice == .auto))
      request.tools = []
      #expect(try await body(request, name)["thinking"] != nil, "without tools nothing is forced")
    }
  }

  // MARK: What is said

  @Test func `Texts without text are left out, and a turn says something`() async throws {
    let sent = try await body(
      ModelRequest(messages: [
        .system(" "), .userParts([.text(" "), .image(.url("https://example.com/a.png"))]),
        .assistant("\n", toolCalls: [ToolCall(id: "1", name: "look", arguments: "{}")]),
        .toolResult(ToolResult(callID: "1", name: "look", content: "")), .assistant(""), .user(""),
      ]))
    #expect(sent["system"] == nil)
    #expect(
      sent["messages"]?.json()
        == #"[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]},{"role":"assistant","content":[{"type":"tool_use","id":"1","name":"look","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"1"},{"type":"text","text":"(empty)"}]}]"#
    )
  }

  @Test func `A closed shape goes as a schema without bounds, an open one in words`() async throws {
    let closed = try await body(ModelRequest(messages: [.user("a")], output: Self.closed))
    #expect(
      closed["output_config"]?["format"]?.json()
        == #"{"type":"json_schema","schema":{"type":"object","properties":{"score":{"type":"integer","description":"at least 0, at most 10"},"words":{"type":"array","description":"at least 2, at most 4 elements","items":{"type":"string","description":"at least 1 characters"}}},"required":["score","words"],"additionalProperties":false}}"#
    )
    #expect(closed["system"] == nil)
    let open = try await body(ModelRequest(messages: [.system("Be brief."), .user("a")], output: Self.open))
    #expect(open["output_config"] == nil)
    #expect(open["system"]?[0]?["text"]?.string?.hasPrefix("Be brief.\n\nAnswer with JSON only") == true)
  }
}
