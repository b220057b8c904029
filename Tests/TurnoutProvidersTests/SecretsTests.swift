import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct SecretsTests {
  private static let canary = Remains.key

  /// Everything Swift makes of a value without being asked twice.
  private func prints(_ value: some Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    return [
      dumped, String(describing: value), String(reflecting: value), "\(value)",
      "\(Mirror(reflecting: value).children.map { $0 })",
    ]
    .joined(separator: "\n")
  }

  @Test func `A key prints as dots`() throws {
    let key = try APIKey(Self.canary)
    #expect(!prints(key).contains("canary"))
    #expect("\(key)" == "•••")
    #expect(key.debugDescription == "•••")
    #expect(Mirror(reflecting: key).children.isEmpty)
  }

  @Test func `What holds a key does not print it`() throws {
    let endpoint = OpenAIEndpoint(key: try APIKey(Self.canary))
    #expect(!prints(endpoint).contains("canary"))
    #expect(!prints(OpenAIChatModel("m", at: endpoint)).contains("canary"))
    #expect(!prints(OpenAIEmbeddings("m", at: endpoint)).contains("canary"))
    let agent = Agent("a", model: OpenAIChatModel("m", at: endpoint), instructions: "x")
    #expect(!prints(agent).contains("canary"))
    #expect(!prints(agent.outline).contains("canary"))
  }

  @Test(arguments: ["", " ", "sk one", "sk\r\nx-admin: yes", "sk\n", "sk\u{0}", "schlüssel"])
  func `A key that cannot stand in a header is refused, and not repeated`(secret: String) async throws {
    let error = try await modelError { try APIKey(secret, provider: "acme") }
    #expect(error.label == "authentication")
    #expect(error.description == "acme: the API key is empty or has spaces or line breaks in it")
  }

  @Test(arguments: [400, 401, 403, 404, 429, 500, 503])
  func `A server that repeats the key does not get it into an error`(status: Int) async throws {
    // Where the text is cut must not leave half a key.
    for padding in [0, 185, 190, 195] {
      let words = String(repeating: "x", count: padding) + Self.canary + " is wrong"
      let reply = Reply.json(
        #"{"error":{"message":"\#(words)","code":"\#(Self.canary)"}}"#, status: status,
        headers: [("x-request-id", "req_1")])
      try await withServer(reply) { server in
        let error = try await modelError {
          try await server.model(key: Self.canary).respond(to: .hello, in: Run(), onDelta: nil)
        }
        #expect(!prints(error).contains("canary"))
        #expect(!prints(error).contains("sk-"))
        #expect(!RunFailure(error).message.contains("sk-"))
        #expect(server.requests[0].header("authorization") == ["Bearer \(Self.canary)"])
      }
    }
  }

  @Test func `A stream that repeats the key does not either`() async throws {
    try await withServer(.events([#"{"error":{"message":"bad \#(Self.canary)"}}"#])) { server in
      let error = try await modelError {
        try await server.model(key: Self.canary).respond(to: .hello, in: Run(), onDelta: Pieces().handler)
      }
      #expect(!prints(error).contains("canary"))
    }
  }

  @Test(arguments: [
    "http://user:CANARY@127.0.0.1:9/v1", "http://127.0.0.1:9/v1?key=CANARY", "http://127.0.0.1:9/CANARY",
  ])
  func `Secrets in an address stay out of errors`(address: String) async throws {
    let model = OpenAIChatModel("m", at: OpenAIEndpoint(provider: "test", baseURL: address))
    let error = try await modelError { try await model.respond(to: .hello, in: Run(), onDelta: nil) }
    #expect(!prints(error).contains("canary"))
    #expect(error.description.contains("http://127.0.0.1:9"))
  }
}
