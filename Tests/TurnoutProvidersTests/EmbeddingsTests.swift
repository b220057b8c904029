import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct EmbeddingsTests {
  private func embed(_ json: String, _ texts: [String] = ["a", "b"], run: Run = Run()) async throws -> [[Float]] {
    try await withServer(.json(json)) { server in
      try await OpenAIEmbeddings("e5", at: server.endpoint()).embed(texts, in: run)
    }
  }

  @Test func `Texts are sent as they are and vectors come back`() async throws {
    let reply = Reply.json(#"{"data":[{"index":0,"embedding":[1,0.5]},{"index":1,"embedding":[-2e-1,0]}]}"#)
    try await withServer(reply) { server in
      let vectors = try await OpenAIEmbeddings("e5", at: server.endpoint(key: Remains.key)).embed(
        ["é\"", "世"], in: Run())
      #expect(vectors == [[1, 0.5], [-0.2, 0]])
      #expect(try server.sent() == #"{"model":"e5","input":["é\"","世"]}"#)
      #expect(server.requests[0].path == "/v1/embeddings")
      #expect(server.requests[0].header("authorization") == ["Bearer \(Remains.key)"])
    }
  }

  @Test func `Google's wire has a way of its own`() async throws {
    let first = Reply.json(#"{"embeddings":[{"values":[1,0.5]},{"values":[-2e-1,0]}]}"#)
    let second = Reply.json(#"{"embeddings":[{"values":[3,4]}],"usageMetadata":{"promptTokenCount":7}}"#)
    try await withServer(first, second) { server in
      let endpoint = ModelEndpoint.gemini(baseURL: server.url, key: try APIKey(Remains.key))
      let embeddings = GeminiEmbeddings("gemini-embedding-001", at: endpoint, batch: 2)
      let run = Run()
      #expect(try await embeddings.embed(["é\"", "世", "c"], in: run) == [[1, 0.5], [-0.2, 0], [3, 4]])
      #expect(run.usage.embeddings == 3 && run.usage.inputTokens == 7)
      #expect(
        server.requests.map(\.path)
          == Array(repeating: "/v1beta/models/gemini-embedding-001:batchEmbedContents", count: 2))
      #expect(server.requests[0].header("x-goog-api-key") == [Remains.key])
      #expect(
        try Value(json: server.requests[0].text)["requests"]?[1]
          == ["model": "models/gemini-embedding-001", "content": ["parts": [["text": "世"]]]])
    }
  }

  @Test(arguments: [
    #"{"embeddings":[{"values":[1]}]}"#, #"{"embeddings":[{"values":[1]},{"values":[1,2]}]}"#, "{}", "[]",
    #"{"embeddings":[{"values":[]},{"values":[]}]}"#, #"{"embeddings":[{"values":["1"]},{"values":[null]}]}"#,
  ])
  func `Google's vectors that are too few, of two lengths or no numbers are malformed`(json: String) async throws {
    try await withServer(.json(json)) { server in
      let error = try await modelError {
        try await GeminiEmbeddings("m", at: .gemini(baseURL: server.url)).embed(["a", "b"], in: Run())
      }
      #expect(error.label == "malformed")
    }
  }

  @Test func `Google's refusals are its errors`() async throws {
    let body = #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"22s"}]}}"#
    try await withServer(.json(body, status: 429)) { server in
      let error = try await modelError {
        try await GeminiEmbeddings("m", at: .gemini(baseURL: server.url)).embed(["a"], in: Run())
      }
      #expect(error.label == "rate_limited" && error.retryAfter == .seconds(22))
    }
  }

  @Test func `Vectors are put in order by their index`() async throws {
    #expect(try await embed(#"{"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}]}"#) == [[1], [2]])
  }

  @Test func `Without an index the order is that of the answer`() async throws {
    #expect(try await embed(#"{"data":[{"embedding":[1]},{"embedding":[2]}]}"#) == [[1], [2]])
  }

  @Test(arguments: [
    #"{"data":[{"index":0,"embedding":[1]}]}"#,
    #"{"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[2]},{"index":2,"embedding":[3]}]}"#,
    #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]}"#,
    #"{"data":[{"index":0,"embedding":[1]},{"index":9,"embedding":[2]}]}"#,
    #"{"data":[{"index":-1,"embedding":[1]},{"index":1,"embedding":[2]}]}"#,
    #"{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[2]}]}"#,
    #"{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}"#,
    #"{"data":[{"index":0,"embedding":[1,null]},{"index":1,"embedding":[2,null]}]}"#,
    #"{"data":[{"index":0,"embedding":[1,"2"]},{"index":1,"embedding":[2,"3"]}]}"#,
    #"{"data":[{"index":0,"embedding":[1e300]},{"index":1,"embedding":[2]}]}"#,
    #"{"data":[{"index":0,"embedding":"AACAPw=="},{"index":1,"embedding":"AACAPw=="}]}"#,
    #"{"data":[]}"#, #"{"data":null}"#, #"{}"#, #"[]"#,
  ])
  func `Vectors that are too few, too many, of two lengths or no numbers are malformed`(json: String) async throws {
    let error = try await modelError { try await embed(json) }
    #expect(error.label == "malformed")
    #expect(error.description == "test: the embeddings are not 2 vectors of one length with finite numbers")
  }

  @Test(arguments: ["NaN", "Infinity", "1e999"]) func `A number that JSON does not know is malformed`(number: String)
    async throws
  {
    let error = try await modelError { try await embed(#"{"data":[{"index":0,"embedding":[\#(number)]}]}"#, ["a"]) }
    #expect(error.label == "malformed")
  }

  @Test func `Many texts go out in batches and come back in order`() async throws {
    try await withServer { request, _ in
      let texts = (try? Value(json: request.body))?["input"]?.array ?? []
      let items = texts.enumerated().map { #"{"index":\#($0),"embedding":[\#($1.text),1]}"# }
      return .json(#"{"data":[\#(items.reversed().joined(separator: ","))],"usage":{"prompt_tokens":\#(texts.count)}}"#)
    } _: { server in
      let run = Run()
      let embeddings = OpenAIEmbeddings("e5", at: try server.endpoint(), batch: 3)
      let vectors = try await embeddings.embed((0..<7).map(String.init), in: run)
      #expect(vectors == (0..<7).map { [Float($0), 1] })
      #expect(server.requests.map(\.text).map { $0.split(separator: ",").count - 1 } == [3, 3, 1])
      #expect(run.usage == Usage(inputTokens: 7, embeddings: 7))
    }
  }

  @Test func `Batches of two lengths are malformed`() async throws {
    let replies = [#"{"data":[{"embedding":[1]}]}"#, #"{"data":[{"embedding":[1,2]}]}"#]
    try await withServer { _, index in
      .json(replies[index])
    } _: { server in
      let error = try await modelError {
        try await OpenAIEmbeddings("e5", at: server.endpoint(), batch: 1).embed(["a", "b"], in: Run())
      }
      #expect(error.label == "malformed")
    }
  }

  @Test func `No texts ask nobody`() async throws {
    try await withServer(.json("{}")) { server in
      let vectors = try await OpenAIEmbeddings("e5", at: server.endpoint()).embed([], in: Run())
      #expect(vectors.isEmpty)
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `A refusal of the server is an error`() async throws {
    let reply = Reply.json(#"{"error":{"message":"no such model"}}"#, status: 404)
    try await withServer(reply) { server in
      let error = try await modelError {
        try await OpenAIEmbeddings("e5", at: server.endpoint()).embed(["a"], in: Run())
      }
      #expect(error.label == "not_found")
    }
  }

  @Test func `Limits are at least one`() {
    #expect(OpenAIEmbeddings("e5", at: OpenAIEndpoint(), maxTokens: 0).maxTokens == 1)
    #expect(OpenAIEmbeddings("e5", at: OpenAIEndpoint()).maxTokens == 400)
  }
}
