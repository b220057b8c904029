import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

@Suite struct WithoutNetworkTests {
  @Test func `A body that stays off the network gives its result`() async throws {
    let agent = Agent("greeter", model: ScriptedModel([.text("Hello.")]), instructions: "Greet.")
    #expect(try await withoutNetwork { try await agent.run("hi") } == "Hello.")
  }

  @Test func `A call is stopped before it reaches the server and named by its address`() async throws {
    try await withServer(.text("hi")) { server in
      let model = try server.model(key: Remains.key)
      let error = await #expect(throws: UnexpectedNetworkCall.self) {
        try await withoutNetwork { try await model.respond(to: .hello, in: Run(), onDelta: nil) }
      }
      #expect(error?.addresses == [server.url])
      #expect(error?.description == "no network was expected, but these were called: \(server.url)")
      #expect(error?.label == "unexpected_network_call")
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `A call is reported although the body swallowed its error`() async throws {
    let model = OpenAIChatModel("m", at: OpenAIEndpoint(baseURL: "https://models.example/v1?key=secret"))
    let embeddings = OpenAIEmbeddings("m", at: OpenAIEndpoint(baseURL: "https://user:pw@vectors.example/v1"))
    let error = await #expect(throws: UnexpectedNetworkCall.self) {
      try await withoutNetwork {
        for _ in 0..<2 { _ = try? await model.respond(to: .hello, in: Run(), onDelta: nil) }
        _ = try? await embeddings.embed(["a"], in: Run())
        return "all is well"
      }
    }
    #expect(error?.addresses == ["https://models.example", "https://vectors.example"])
  }

  @Test func `Branches of a fan-out are watched too`() async throws {
    let model = OpenAIChatModel("m", at: OpenAIEndpoint(baseURL: "http://127.0.0.1:9/v1"))
    let each = ForEach(Agent("a", model: model, instructions: "x"), onFailure: .settle)
    let error = await #expect(throws: UnexpectedNetworkCall.self) {
      _ = try await withoutNetwork { try await each.run(["1", "2", "3"]) }
    }
    #expect(error?.addresses == ["http://127.0.0.1:9"])
  }

  @Test func `An allowed address is called, another port of the same host is not`() async throws {
    try await withServer(.text("hi")) { server in
      let model = try server.model()
      let other = OpenAIChatModel("m", at: OpenAIEndpoint(baseURL: "http://127.0.0.1:9/v1"))
      let text = try await withoutNetwork(except: [server.url]) {
        try await model.respond(to: .hello, in: Run(), onDelta: nil).text
      }
      #expect(text == "hi")
      await #expect(throws: UnexpectedNetworkCall.self) {
        try await withoutNetwork(except: [server.url]) { try await other.respond(to: .hello, in: Run(), onDelta: nil) }
      }
    }
  }

  @Test func `Asking for the names of models is a call`() async throws {
    await #expect(throws: UnexpectedNetworkCall.self) {
      try await withoutNetwork { try await OpenAIEndpoint(baseURL: "http://127.0.0.1:9/v1").models() }
    }
  }

  @Test func `The body's own error comes out when nothing was called`() async throws {
    struct Own: Error {}
    await #expect(throws: Own.self) { try await withoutNetwork { throw Own() } }
  }

  @Test func `Afterwards the network is there again`() async throws {
    try await withServer(.text("hi")) { server in
      try await withoutNetwork {}
      let text = try await server.ask().text
      #expect(text == "hi")
    }
  }
}
