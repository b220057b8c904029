import NIOHTTP1
public import TurnoutCore

/// Counts tokens with the tokenizer of a server that has llama.cpp's `POST /tokenize` beside OpenAI's wire.
///
/// ```swift
/// let counter = ServerTokenCounter(at: OpenAIEndpoint(baseURL: "http://127.0.0.1:8080/v1"))
/// let sections = try await DocumentSplitter(limit: .tokens(500, by: counter)).sections(of: manual)
/// ```
/// Every text is a request of its own; texts that occur again in a document are counted once.
public struct ServerTokenCounter: TokenCounter {
  private let endpoint: OpenAIEndpoint
  private let transport: HTTPTransport

  /// The tokenizer of an endpoint's server; the path is beside the endpoint's `/v1`.
  public init(at endpoint: OpenAIEndpoint) {
    var endpoint = endpoint
    if endpoint.baseURL.hasSuffix("/v1") { endpoint.server.baseURL.removeLast(3) }
    self.endpoint = endpoint
    transport = HTTPTransport(limits: endpoint.limits)
  }

  /// The number of tokens, without those that a conversation adds.
  /// - Throws: ``ModelError`` when the server cannot be reached, refuses, or answers something else.
  public func count(_ text: String, in run: Run) async throws -> Int {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("content", text: text)
    }
    let answer = try await transport.fetch(
      endpoint.post("/tokenize").carrying(writer.bytes), from: endpoint.provider)
    guard answer.status == .ok else { throw OpenAIError.error(answer, endpoint) }
    guard let tokens = try answer.value()["tokens"]?.array else {
      throw ModelError.malformed(endpoint.provider, "the answer of /tokenize has no tokens")
    }
    return tokens.count
  }
}
