import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct RequestEncodingTests {
  private let city = Schema.object("City", [.init("name", .string(), "Its name"), .init("zip", .optional(.integer()))])

  private func sent(_ request: ModelRequest, _ profile: OpenAIProfile = .init()) async throws -> String {
    try await withServer(.text("ok")) { server in
      _ = try await server.ask(request, profile)
      return try server.sent()
    }
  }

  @Test func `A message is a request of the smallest kind`() async throws {
    #expect(try await sent(.hello) == #"{"model":"small","messages":[{"role":"user","content":"hello"}]}"#)
  }

  @Test func `Method, path and headers are those of the wire`() async throws {
    try await withServer(.text("ok")) { server in
      _ = try await server.model(key: Remains.key).respond(to: .hello, in: Run(), onDelta: nil)
      let request = try #require(server.requests.first)
      #expect(request.method == "POST")
      #expect(request.path == "/v1/chat/completions")
      #expect(request.header("authorization") == ["Bearer \(Remains.key)"])
      #expect(request.header("content-type") == ["application/json"])
      #expect(request.header("content-length") == [String(request.body.count)])
      #expect(request.header("accept") == ["application/json, text/event-stream"])
    }
  }

  @Test func `Without a key nothing is said of one, and a slash at the end of the address does not matter`()
    async throws
  {
    try await withServer(.text("ok")) { server in
      let model = OpenAIChatModel("m", at: OpenAIEndpoint(baseURL: server.url + "/v1/"))
      _ = try await model.respond(to: .hello, in: Run(), onDelta: nil)
      #expect(server.requests.first?.path == "/v1/chat/completions")
      #expect(server.requests.first?.header("authorization").isEmpty == true)
    }
  }

  @Test func `A model is called by its provider and its name`() {
    #expect(OpenAIChatModel("qwen3", at: OpenAIEndpoint(provider: "ollama")).name == "ollama:qwen3")
    #expect(OpenAIEmbeddings("e5", at: OpenAIEndpoint()).name == "openai:e5")
  }

  @Test func `A profile decides what a model can do`() {
    let profile = OpenAIProfile(schemas: false, tools: false, continuation: true)
    let model = OpenAIChatModel("m", at: OpenAIEndpoint(profile: profile))
    #expect(model.capabilities == ModelCapabilities(schemas: false, tools: false, continuation: true))
  }

  @Test func `Every kind of message has its shape`() async throws {
    let calls = [
      ToolCall(id: "c1", name: "look", arguments: #"{"n":1}"#), ToolCall(id: "c2", name: "look", arguments: ""),
    ]
    let request = ModelRequest(messages: [
      .system("Be brief."), .user("\"Quote\" \\ tab\t line\n 你好 🚆 \u{1}"), .assistant("Well."),
      .assistant("", toolCalls: calls), .toolResult(ToolResult(callID: "c1", name: "look", content: "found")),
      .assistant("Thinking.", toolCalls: [calls[0]]), .assistant(""),
    ])
    let call1 = #"{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"n\":1}"}}"#
    let call2 = #"{"id":"c2","type":"function","function":{"name":"look","arguments":"{}"}}"#
    let expected = [
      #"{"role":"system","content":"Be brief."}"#,
      #"{"role":"user","content":"\"Quote\" \\ tab\t line\n 你好 🚆 \u0001"}"#,
      #"{"role":"assistant","content":"Well."}"#,
      #"{"role":"assistant","content":null,"tool_calls":[\#(call1),\#(call2)]}"#,
      #"{"role":"tool","tool_call_id":"c1","content":"found"}"#,
      #"{"role":"assistant","content":"Thinking.","tool_calls":[\#(call1)]}"#,
      #"{"role":"assistant","content":""}"#,
    ].joined(separator: ",")
    #expect(try await sent(request) == #"{"model":"small","messages":[\#(expected)]}"#)
  }

  @Test func `Mistral is sent nothing that it does not know`() async throws {
    let ids = ["call_0123456789abcdef", "a1B2c3D4e", "call-without-id-0"]
    var request = ModelRequest(
      messages: [.user("a"), .assistant("", toolCalls: ids.map { ToolCall(id: $0, name: "look", arguments: "{}") })]
        + ids.map { .toolResult(ToolResult(callID: $0, name: "look", content: "1")) },
      settings: ModelSettings(seed: 7, maxOutputTokens: 9))
    request.logProbabilities = true
    let asked = request
    try await withServer(.events([Wire.chunk("x"), Wire.finish()])) { server in
      _ = try await server.model(.mistral).respond(to: asked, in: Run(), onDelta: Pieces().handler)
      let body = try Value(json: try server.sent())
      #expect(
        body.object?.map(\.0).sorted() == ["max_tokens", "messages", "model", "random_seed", "stream"])
      let messages = try #require(body["messages"]?.array)
      let sent = messages[1]["tool_calls"]?.array?.compactMap { $0["id"]?.string } ?? []
      #expect(sent == messages[2...].compactMap { $0["tool_call_id"]?.string } && Set(sent).count == 3)
      #expect(sent[1] == "a1B2c3D4e")
      for id in sent { #expect(id.count == 9 && id.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }) }
    }
  }

  @Test func `Settings that are set are sent, and no others`() async throws {
    let settings = ModelSettings(temperature: 0, seed: 42, maxOutputTokens: 100, stop: ["\n", "END"])
    let text = try await sent(ModelRequest(messages: [], settings: settings))
    #expect(text == #"{"model":"small","messages":[],"temperature":0,"seed":42,"max_tokens":100,"stop":["\n","END"]}"#)
    let half = try await sent(ModelRequest(messages: [], settings: ModelSettings(temperature: 0.5)))
    #expect(half == #"{"model":"small","messages":[],"temperature":0.5}"#)
  }

  @Test func `OpenAI's own name for the output limit is another`() async throws {
    let request = ModelRequest(messages: [], settings: ModelSettings(maxOutputTokens: 9))
    #expect(try await sent(request, .openAI) == #"{"model":"small","messages":[],"max_completion_tokens":9}"#)
  }

  @Test func `A tool is sent with its schema`() async throws {
    let tool = ToolDescription(name: "weather", description: "The weather", parameters: city)
    let schema =
      #"{"type":"object","properties":{"name":{"type":"string","description":"Its name"},"zip":{"type":["integer","null"]}},"required":["name","zip"],"additionalProperties":false}"#
    let plain = try await sent(ModelRequest(messages: [], tools: [tool]))
    #expect(
      plain
        == #"{"model":"small","messages":[],"tools":[{"type":"function","function":{"name":"weather","description":"The weather","parameters":\#(schema)}}]}"#
    )
    let strict = try await sent(ModelRequest(messages: [], tools: [tool]), .openAI)
    #expect(
      strict
        == #"{"model":"small","messages":[],"tools":[{"type":"function","function":{"name":"weather","description":"The weather","parameters":\#(schema),"strict":true}}]}"#
    )
  }

  @Test func `Strict mode says bounds in words and leaves an open schema as it is`() async throws {
    let rated = ToolDescription(
      name: "rate", description: "", parameters: .object("R", [.init("stars", .integer(1...5))]))
    let open = ToolDescription(name: "open", description: "", parameters: .object("O", [.init("anything", .any)]))
    let text = try await sent(ModelRequest(messages: [], tools: [rated, open]), .openAI)
    #expect(text.contains(#""stars":{"type":"integer","description":"at least 1, at most 5"}"#))
    #expect(text.components(of: #""strict":true"#) == 1)
    let plain = try await sent(ModelRequest(messages: [], tools: [rated]))
    #expect(plain.contains(#""stars":{"type":"integer","minimum":1,"maximum":5}"#))
  }

  @Test func `A typed answer is asked for by its schema`() async throws {
    let schema = Schema.object("Impact of it", [.init("severity", .integer(0...10))])
    let plain = try await sent(ModelRequest(messages: [], output: schema))
    #expect(
      plain
        == #"{"model":"small","messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"Impact_of_it","strict":false,"schema":{"type":"object","properties":{"severity":{"type":"integer","minimum":0,"maximum":10}},"required":["severity"],"additionalProperties":false}}}}"#
    )
    let strict = try await sent(ModelRequest(messages: [], output: schema), .openAI)
    #expect(
      strict
        == #"{"model":"small","messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"Impact_of_it","strict":true,"schema":{"type":"object","properties":{"severity":{"type":"integer","description":"at least 0, at most 10"}},"required":["severity"],"additionalProperties":false}}}}"#
    )
  }

  @Test(arguments: [OpenAIProfile(), .openAI]) func `A root that is no object is wrapped`(profile: OpenAIProfile)
    async throws
  {
    let text = try await sent(ModelRequest(messages: [], output: .choice(["yes", "no"])), profile)
    #expect(
      text
        == #"{"model":"small","messages":[],"response_format":{"type":"json_schema","json_schema":{"name":"output","strict":\#(profile.strict),"schema":{"type":"object","properties":{"value":{"type":"string","enum":["yes","no"]}},"required":["value"],"additionalProperties":false}}}}"#
    )
  }

  @Test(arguments: [
    ("影响", "__"), ("", "output"), (String(repeating: "x", count: 80), String(repeating: "x", count: 64)),
  ])
  func `A schema's name is written in the letters the wire allows`(name: String, wire: String) async throws {
    let text = try await sent(ModelRequest(messages: [], output: .object(name, [])))
    #expect(text.contains(#""json_schema":{"name":"\#(wire)","strict""#))
  }

  @Test func `A stream is asked for only when someone wants the pieces`() async throws {
    try await withServer(.events([Wire.chunk("ok"), Wire.finish()])) { server in
      _ = try await server.stream()
      #expect(
        try server.sent()
          == #"{"model":"small","messages":[{"role":"user","content":"hello"}],"stream":true,"stream_options":{"include_usage":true}}"#
      )
    }
  }

  @Test func `A server that knows no stream options is not sent any`() async throws {
    try await withServer(.events([Wire.chunk("ok"), Wire.finish()])) { server in
      let model = try server.model(OpenAIProfile(streamUsage: false))
      _ = try await model.respond(to: .hello, in: Run(), onDelta: Pieces().handler)
      #expect(
        try server.sent() == #"{"model":"small","messages":[{"role":"user","content":"hello"}],"stream":true}"#)
    }
  }
}

extension String {
  /// How often another text occurs.
  fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
