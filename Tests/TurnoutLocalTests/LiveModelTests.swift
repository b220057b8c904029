import Foundation
import Testing

@testable import TurnoutLocal

/// The installation that the tests use: the one that is found, else the one of the folder these sources are in.
private let installation: LocalInstallation? = {
  if let found = LocalInstallation.find() { return found }
  var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  while folder.path != "/" {
    let candidate = LocalInstallation(folder: folder.appendingPathComponent(".turnout/local").path)
    if candidate.isComplete { return candidate }
    folder.deleteLastPathComponent()
  }
  return nil
}()

/// The real models, one test at a time: they would only wait for each other's cores.
@Suite(
  .enabled(if: installation != nil, "the local models are not installed"), .serialized, .timeLimit(.minutes(5)))
struct LiveModelTests {
  private func withServers(_ body: (LocalServers) async throws -> Void) async throws {
    let servers = LocalServers(installation: installation)
    do {
      try await body(servers)
    } catch {
      await servers.shutdown()
      throw error
    }
    await servers.shutdown()
  }

  private struct Embeddings: Decodable {
    struct Item: Decodable {
      let index: Int
      let embedding: [Double]
    }
    struct Usage: Decodable {
      let prompt_tokens: Int
      let total_tokens: Int
    }
    let data: [Item]
    let usage: Usage
  }

  private func embeddings(_ endpoint: LocalEndpoint, _ body: [String: Any]) async throws -> Embeddings {
    let json = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
    let answer = try await fetch(endpoint, "/embeddings", body: json)
    guard answer.status == 200 else { throw Unexpected(text: answer.body) }
    return try JSONDecoder().decode(Embeddings.self, from: Data(answer.body.utf8))
  }

  private func similarity(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test("sentences that mean the same are near each other, in two languages")
  func meaning() async throws {
    try await withServers { servers in
      let endpoint = try await servers.endpoint(for: .embeddings)
      let texts = ["这款手机多少钱?", "How much is this phone?", "My parcel has not arrived."]
      let answer = try await embeddings(endpoint, ["model": "any", "input": texts])
      #expect(answer.data.map(\.index) == [0, 1, 2])
      #expect(answer.data.allSatisfy { $0.embedding.count == 384 })
      #expect(answer.usage.prompt_tokens > 10 && answer.usage.total_tokens == answer.usage.prompt_tokens)
      let vectors = answer.data.map(\.embedding)
      #expect(abs(similarity(vectors[0], vectors[0]) - 1) < 0.001)
      #expect(similarity(vectors[0], vectors[1]) > similarity(vectors[0], vectors[2]) + 0.02)
    }
  }

  @Test("a batch gives the same vectors as its sentences alone, in order")
  func batch() async throws {
    try await withServers { servers in
      let endpoint = try await servers.endpoint(for: .embeddings)
      let texts = (0..<40).map { "sentence number \($0)" }
      let all = try await embeddings(endpoint, ["input": texts]).data
      for index in [0, 15, 16, 39] {
        let one = try await embeddings(endpoint, ["input": texts[index]]).data
        #expect(similarity(one[0].embedding, all[index].embedding) > 0.999)
      }
    }
  }

  @Test("passages have a prefix of their own, and base64 is the same vector")
  func variants() async throws {
    try await withServers { servers in
      let endpoint = try await servers.endpoint(for: .embeddings)
      let query = try await embeddings(endpoint, ["input": "a phone"]).data[0].embedding
      let passage = try await embeddings(endpoint, ["input": "a phone", "input_type": "passage"]).data[0].embedding
      #expect(similarity(query, passage) < 0.999)
      let answer = try await fetch(endpoint, "/embeddings", body: #"{"input":"a phone","encoding_format":"base64"}"#)
      let text = try #require(answer.body.split(separator: "\"embedding\":\"").last?.prefix { $0 != "\"" })
      let bytes = [UInt8](try #require(Data(base64Encoded: String(text))))
      let decoded = stride(from: 0, to: bytes.count, by: 4).map { start in
        Double(Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }))
      }
      #expect(similarity(query, decoded) > 0.999)
    }
  }

  /// A request body with a name, since some of the bodies are long.
  private struct Oddity {
    let name: String
    let body: String
    let status: Int

    init(_ name: String, _ body: String, _ status: Int) {
      (self.name, self.body, self.status) = (name, body, status)
    }

    static let all = [
      Oddity("no texts", #"{"input":[]}"#, 400),
      Oddity("a number", #"{"input":7}"#, 400),
      Oddity("a number among texts", #"{"input":["a",7]}"#, 400),
      Oddity("no input", "{}", 400),
      Oddity("a list", "[1]", 400),
      Oddity("no JSON", "not json", 400),
      Oddity("deep nesting", String(repeating: "[", count: 100_000), 400),
      Oddity("an empty text", #"{"input":""}"#, 200),
      // Three that the engine itself cannot take.
      Oddity("one character that stands for 18", #"{"input":"\#(String(repeating: "\u{FDFA}", count: 1500))"}"#, 200),
      Oddity("half a character", #"{"input":"\ud800"}"#, 200),
      Oddity("the end of a C string", #"{"input":"a\u0000b"}"#, 200),
      Oddity("a text too long", #"{"input":"\#(String(repeating: "x", count: 70_000))"}"#, 400),
      Oddity("a body too long", #"{"input":"\#(String(repeating: "x", count: 9_000_000))"}"#, 413),
    ]
  }

  @Test("requests that make no sense are refused and harm nobody")
  func refusals() async throws {
    try await withServers { servers in
      let endpoint = try await servers.endpoint(for: .embeddings)
      for request in Oddity.all {
        // The connection may be closed before all of a refused body is sent.
        let status = try? await fetch(endpoint, "/embeddings", body: request.body).status
        #expect(status == request.status || (status == nil && request.status == 413), "\(request.name)")
      }
      #expect(try await servers.endpoint(for: .embeddings) == endpoint)
      #expect(try await fetch(endpoint, "/embeddings", body: #"{"input":"still here"}"#).status == 200)
    }
  }

  @Test("without the token there is no answer", arguments: [LocalModel.embeddings, .chat])
  func token(model: LocalModel) async throws {
    try await withServers { servers in
      let endpoint = try await servers.endpoint(for: model)
      #expect(try await fetch(endpoint, "/models").status == 200)
      #expect(try await fetch(endpoint, "/models", token: "guess").status == 401)
      let path = model == .chat ? "/chat/completions" : "/embeddings"
      #expect(try await fetch(endpoint, path, token: "guess", body: #"{"input":"a","messages":[]}"#).status == 401)
    }
  }

  @Test("chat: answers, streams, follows a schema, takes tools, and says when the context is too small")
  func chat() async throws {
    try await withServers { servers in
      let endpoint = try await servers.endpoint(for: .chat)
      func ask(_ more: String, content: String = "Say hello.") async throws -> (status: Int, body: String) {
        let body = #"{"model":"local","messages":[{"role":"user","content":"\#(content)"}],"max_tokens":40\#(more)}"#
        return try await fetch(endpoint, "/chat/completions", body: body)
      }
      let plain = try await ask("")
      #expect(plain.status == 200 && plain.body.contains(#""role":"assistant""#))
      let stream = try await ask(#","stream":true,"stream_options":{"include_usage":true}"#)
      #expect(stream.body.hasPrefix("data: {") && stream.body.contains("data: [DONE]"))
      #expect(stream.body.contains(#""total_tokens""#))
      let schema = #"{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}"#
      let typed = try await ask(
        #","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":\#(schema)}}"#)
      #expect(typed.body.contains(#"\"n\""#))
      let tools = try await ask(
        #","tools":[{"type":"function","function":{"name":"look_up","parameters":\#(schema)}}]"#)
      #expect(tools.status == 200)
      let long = try await ask("", content: String(repeating: "word ", count: 6000))
      #expect(long.status == 400 && long.body.contains("exceed_context_size_error"))
    }
  }

  @Test("a file that is no model is told as such", arguments: ["/nowhere/model.gguf", #filePath])
  func noModel(path: String) async throws {
    try await withServers { servers in
      let error = await #expect(throws: LocalModelError.self) { try await servers.endpoint(for: .chat(gguf: path)) }
      #expect(error?.code == .serverFailed)
      #expect(error?.description.contains(path.hasSuffix(".gguf") ? "cannot read" : "is not a GGUF file") == true)
    }
  }
}
