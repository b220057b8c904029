import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct ErrorTests {
  private func error(_ status: Int, _ body: String, headers: [(String, String)] = []) async throws -> ModelError {
    try await withServer(.json(body, status: status, headers: headers)) { server in
      let error = try await modelError { try await server.ask() }
      // Whatever happens is told in one line that says who it was.
      #expect(!error.description.contains("\n"))
      #expect(error.description.hasPrefix("test: "))
      return error
    }
  }

  private func body(_ message: String, code: String = "null", type: String = "x") -> String {
    #"{"error":{"message":\#(Wire.quoted(message)),"type":"\#(type)","param":null,"code":\#(code)}}"#
  }

  @Test(arguments: [
    (400, "refused"), (401, "authentication"), (402, "quota_exhausted"), (403, "authentication"), (404, "not_found"),
    (405, "refused"), (408, "timeout"), (409, "refused"), (413, "refused"), (422, "refused"), (429, "rate_limited"),
    (500, "server"), (502, "server"), (503, "overloaded"), (504, "timeout"), (520, "server"), (529, "overloaded"),
    (201, "refused"), (302, "refused"), (418, "refused"), (599, "server"),
  ])
  func `Every status has its kind`(status: Int, label: String) async throws {
    #expect(try await error(status, body("some words")).label == label)
    #expect(try await error(status, "").label == label)
  }

  @Test(arguments: [400, 404, 500]) func `The server's own words are told where they help`(status: Int) async throws {
    let error = try await error(status, body("no model\nnamed small"))
    #expect(error.description.hasSuffix("(HTTP \(status)): no model named small"))
  }

  @Test func `The server's own words are cut`() async throws {
    let error = try await error(400, body(String(repeating: "long ", count: 1_000)))
    #expect(error.description.count < 300)
  }

  @Test(arguments: ["insufficient_quota", "billing_hard_limit_reached"])
  func `A quota that is used up is no rate limit`(code: String) async throws {
    let error = try await error(429, body("You exceeded your current quota", code: "\"\(code)\""))
    #expect(error.label == "quota_exhausted")
    #expect(error.description == "test: the account's quota is used up; waiting does not help")
  }

  @Test func `A quota that only the type tells of is one too`() async throws {
    #expect(try await error(429, body("x", type: "insufficient_quota")).label == "quota_exhausted")
    #expect(try await error(429, body("x", code: "429", type: "insufficient_quota")).label == "quota_exhausted")
  }

  @Test(arguments: [
    #"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":5012,"n_ctx":4096}}"#,
    #"{"error":{"code":500,"message":"request (5012 tokens) exceeds the available context size (4096 tokens)","n_prompt_tokens":5012,"n_ctx":4096}}"#,
  ])
  func `A request too long for llama-server says by how much`(body: String) async throws {
    let error = try await error(400, body)
    #expect(error.label == "context_window")
    #expect(
      error.description
        == "test: the request is longer than the model can read (5012 tokens, it reads 4096); shorten the input or use a model with a larger context"
    )
  }

  @Test(arguments: [
    #"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
    #"{"object":"error","message":"This model's maximum context length is 8192 tokens.","type":"BadRequestError","code":400}"#,
  ])
  func `A request too long for other servers is told apart too`(body: String) async throws {
    let error = try await error(400, body)
    #expect(error.label == "context_window")
    #expect(error.description.hasPrefix("test: the request is longer than the model can read; shorten"))
  }

  @Test(arguments: [
    (#"{"error":"model is not loaded"}"#, "model is not loaded"),
    (#"[{"error":{"message":"in a list"}}]"#, "in a list"), (#"{"message":"at the top"}"#, "at the top"),
  ])
  func `Other shapes of errors are read`(body: String, words: String) async throws {
    #expect(try await error(400, body).description.hasSuffix(": \(words)"))
  }

  @Test(arguments: [
    "<html><h1>502 Bad Gateway</h1></html>", "null", "\u{0}", #"{"error":null}"#, #"{"error":{"message":7}}"#,
  ])
  func `A body that tells nothing is left out`(body: String) async throws {
    let error = try await error(502, body)
    #expect(error.label == "server")
    #expect(error.description.hasSuffix("failed (HTTP 502)"))
  }

  @Test(arguments: [
    ("2", Duration.seconds(2)), ("0", .zero), ("1.5", .milliseconds(1_500)), ("86401", nil), ("-1", nil), ("nan", nil),
    ("inf", nil), ("soon", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", .zero),
  ])
  func `The wait that a server asks for is kept when it is a reasonable number`(header: String, wait: Duration?)
    async throws
  {
    #expect(try await error(429, "{}", headers: [("retry-after", header)]).retryAfter == wait)
  }

  @Test func `A wait in milliseconds is the more exact one`() async throws {
    let headers = [("retry-after", "2"), ("retry-after-ms", "1250")]
    #expect(try await error(503, "{}", headers: headers).retryAfter == .milliseconds(1_250))
    #expect(try await error(503, "{}").retryAfter == nil)
  }

  @Test func `The provider's name for the request is kept, not all of a long one`() async throws {
    #expect(try await error(500, "{}", headers: [("x-request-id", "req_123")]).requestID == "req_123")
    let long = String(repeating: "r", count: 1_000)
    #expect(try await error(500, "{}", headers: [("x-request-id", long)]).requestID?.count == 100)
    #expect(try await error(500, "{}").requestID == nil)
  }

  @Test func `A refused key says so without the server's words`() async throws {
    let error = try await error(401, body("Incorrect API key provided: sk-CANARY"))
    #expect(error.description.hasSuffix("refused the API key (HTTP 401); check the key that is set"))
  }

  @Test func `A stream is refused in the same way`() async throws {
    try await withServer(.json(body("slow down"), status: 429, headers: [("retry-after", "3")])) { server in
      let error = try await modelError { try await server.stream() }
      #expect(error.label == "rate_limited")
      #expect(error.retryAfter == .seconds(3))
    }
  }

  @Test func `The names of a server's models are asked for`() async throws {
    try await withServer(.json(#"{"object":"list","data":[{"id":"a"},{"id":"b","x":1},{"name":"no"}]}"#)) { server in
      let names = try await server.endpoint().models(within: .seconds(300))
      #expect(names == ["a", "b"])
      #expect(server.requests[0].path == "/v1/models")
      #expect(server.requests[0].method == "GET")
    }
    try await withServer(.json("{}", status: 401)) { server in
      let error = try await modelError { try await server.endpoint().models() }
      #expect(error.label == "authentication")
    }
  }
}
