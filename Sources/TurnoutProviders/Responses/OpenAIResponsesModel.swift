public import TurnoutCore

/// A model behind OpenAI's Responses wire.
///
/// ```swift
/// let endpoint = OpenAIEndpoint(key: try APIKey(secret), profile: .openAI)
/// let model = OpenAIResponsesModel("gpt-5-mini", at: endpoint)
/// ```
/// Nothing is stored at the provider: what the model reasoned goes back to it, encrypted as it came, while tools are
/// called. The wire has neither stop texts nor seeds, and models that reason are sent no temperature, which they refuse.
public struct OpenAIResponsesModel: LanguageModel {
  public let name: String
  private let endpoint: OpenAIEndpoint
  private let encoder: ResponsesRequestEncoder

  /// A model of OpenAI's, or of a server that speaks its Responses wire.
  public init(_ model: String, at endpoint: OpenAIEndpoint) {
    name = "\(endpoint.provider):\(model)"
    self.endpoint = endpoint
    encoder = ResponsesRequestEncoder(model: model, provider: endpoint.provider, profile: endpoint.profile)
  }

  public var capabilities: ModelCapabilities {
    ModelCapabilities(schemas: endpoint.profile.schemas, tools: endpoint.profile.tools, logProbabilities: false)
  }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    let wire = endpoint.post("/responses").carrying(encoder.encode(request, streams: onDelta != nil))
    return try await HTTPTransport(limits: endpoint.limits).ask(
      wire, of: endpoint.provider, into: ResponsesAnswer(endpoint, author: encoder.author), keepsRaw: request.keepsRaw,
      onDelta
    ) { [endpoint] in OpenAIError.error($0, endpoint) }
  }
}
