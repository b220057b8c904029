import AsyncHTTPClient
import NIOCore
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
    let request = endpoint.request("/tokenize", body: writer.bytes)
    return try await transport.send(request, to: endpoint.provider) { response in
      let body = try await transport.collect(response)
      guard response.status == .ok else { throw OpenAIError.error(response.response, body, endpoint) }
      let value = try body.withUnsafeReadableBytes { try Value(json: $0) }
      guard let tokens = value["tokens"]?.array else {
        throw ModelError.malformed(endpoint.provider, "the answer of /tokenize has no tokens")
      }
      return tokens.count
    }
  }
}
