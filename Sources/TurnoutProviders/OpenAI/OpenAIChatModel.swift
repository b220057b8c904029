import AsyncHTTPClient
import NIOCore
import NIOHTTP1
public import TurnoutCore

/// A model behind OpenAI's Chat Completions wire: OpenAI's own, and every compatible server by its base URL.
///
/// ```swift
/// let model = OpenAIChatModel("gpt-4o-mini", at: OpenAIEndpoint(key: try APIKey(secret), profile: .openAI))
/// let local = OpenAIChatModel("qwen3", at: OpenAIEndpoint(provider: "ollama", baseURL: "http://127.0.0.1:11434/v1"))
/// ```
/// What a model thinks is passed on where its server tells it, whatever it calls the member, and goes back to it with what
/// signs it while tools are called. OpenAI's models that reason are sent no temperature, which they refuse.
public struct OpenAIChatModel: LanguageModel {
  public var name: String { wire.name }
  public var capabilities: ModelCapabilities { wire.capabilities }
  private let wire: OpenAIChatWire

  /// A model of a server.
  public init(_ model: String, at endpoint: OpenAIEndpoint) { wire = OpenAIChatWire(model, endpoint) }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    try await wire.respond(to: request, onDelta)
  }
}

/// What an ``OpenAIChatModel`` is made of; shared by its copies, since a model is handed from step to step.
private final class OpenAIChatWire: Sendable {
  let name: String
  let capabilities: ModelCapabilities
  private let endpoint: OpenAIEndpoint
  /// A request around a body. The headers hold the key; in a closure nothing that prints a model comes across them.
  private let request: @Sendable ([UInt8]) -> HTTPClientRequest
  private let encoder: OpenAIRequestEncoder
  private let transport: HTTPTransport

  init(_ model: String, _ endpoint: OpenAIEndpoint) {
    transport = HTTPTransport(limits: endpoint.limits)
    name = "\(endpoint.provider):\(model)"
    self.endpoint = endpoint
    let post = endpoint.post("/chat/completions")
    request = { post.carrying($0) }
    let profile = endpoint.profile
    capabilities = ModelCapabilities(
      schemas: profile.schemas, tools: profile.tools, continuation: profile.continuation,
      logProbabilities: profile.logProbabilities > 0)
    encoder = OpenAIRequestEncoder(model: model, provider: endpoint.provider, profile: profile)
  }

  func respond(to asked: ModelRequest, _ onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let call = request(encoder.encode(asked, streams: onDelta != nil))
    let empty = OpenAIAnswer(endpoint, author: encoder.author, wantsTokens: asked.logProbabilities)
    return try await transport.ask(
      call, of: endpoint.provider, into: empty, keepsRaw: asked.keepsRaw, onDelta
    ) { [endpoint] in OpenAIError.error($0, endpoint) }
  }
}
