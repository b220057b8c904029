import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct TokenCounterTests {
  @Test("the tokens of a server, asked beside its /v1") func count() async throws {
    try await withServer(.json(#"{"tokens":[1,22,333]}"#)) { server in
      let counter = ServerTokenCounter(at: try server.endpoint())
      #expect(try await counter.count("a \"text\"", in: Run()) == 3)
      #expect(server.requests.map(\.path) == ["/tokenize"])
      #expect(try server.sent() == #"{"content":"a \"text\""}"#)
    }
  }

  @Test("a document is cut by a server's tokens") func sections() async throws {
    // As many tokens as there are words in the text.
    let script: @Sendable (CapturedRequest, Int) -> Reply = { request, _ in
      let text = (try? Value(json: request.text))?["content"]?.string ?? ""
      let tokens = text.split(whereSeparator: \.isWhitespace).map { _ in "7" }
      return .json("{\"tokens\":[\(tokens.joined(separator: ","))]}")
    }
    try await withServer(script) { server in
      let counter = ServerTokenCounter(at: try server.endpoint())
      let splitter = DocumentSplitter(limit: .tokens(3, by: counter))
      let sections = try await splitter.sections(of: "one two three.\n\nfour five six.")
      #expect(sections.map(\.text) == ["one two three.", "four five six."])
    }
  }

  @Test("a server without a tokenizer is an error", arguments: [#"{"count":3}"#, #"{"tokens":3}"#, "[]"])
  func malformed(body: String) async throws {
    try await withServer(.json(body)) { server in
      let counter = ServerTokenCounter(at: try server.endpoint())
      let error = try await modelError { try await counter.count("text", in: Run()) }
      #expect(error.label == "malformed")
    }
    try await withServer(.json(#"{"error":{"message":"no such path"}}"#, status: 404)) { server in
      let counter = ServerTokenCounter(at: try server.endpoint())
      let error = try await modelError { try await counter.count("text", in: Run()) }
      #expect(error.label == "not_found")
    }
  }
}
