public import TurnoutCore

/// A model behind Anthropic's Messages wire.
///
/// ```swift
/// let model = AnthropicModel("claude-sonnet-4-5", at: .anthropic(key: try APIKey(secret)))
/// ```
/// Every request has an output limit, since the wire wants one; ``defaultOutputLimit`` unless the settings say otherwise,
/// and what it may think on top.
/// Instructions and tools are marked for the provider's prompt cache. Typed answers are asked for by schema; models that
/// take none are told the shape, and all are where it has more places with several types than the wire takes. What the
/// model thinks goes back to it, signed as it came, while tools are called.
///
/// How a model is told to think, and whether it takes a temperature, differs by its family; what its family refuses is
/// left out. Where a tool has to be called it does not think, since the wire takes only one of the two.
public struct AnthropicModel: LanguageModel {
  /// The most tokens of an answer when the settings do not say.
  public static let defaultOutputLimit = 4_096

  public let name: String
  private let endpoint: ModelEndpoint
  private let encoder: AnthropicRequestEncoder

  /// A model of Anthropic's, or of a server that speaks its wire.
  public init(_ model: String, at endpoint: ModelEndpoint) {
    name = "\(endpoint.provider):\(model)"
    self.endpoint = endpoint
    encoder = AnthropicRequestEncoder(model: model, provider: endpoint.provider)
  }

  public var capabilities: ModelCapabilities {
    ModelCapabilities(schemas: encoder.family.takesSchemas, logProbabilities: false)
  }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    let wire = endpoint.post("/v1/messages").carrying(encoder.encode(request, streams: onDelta != nil))
    return try await HTTPTransport(limits: endpoint.limits).ask(
      wire, of: endpoint.provider, into: AnthropicAnswer(endpoint, author: encoder.author), keepsRaw: request.keepsRaw,
      onDelta
    ) { [endpoint] in AnthropicError.error($0, endpoint) }
  }
}

extension ModelEndpoint {
  /// Anthropic's own server, or one that speaks its wire.
  public static func anthropic(
    provider: String = "anthropic", baseURL: String = "https://api.anthropic.com", key: APIKey? = nil
  ) -> ModelEndpoint {
    var endpoint = ModelEndpoint(
      provider: provider, baseURL: baseURL, key: key, keyHeader: "x-api-key",
      headers: ["anthropic-version": "2023-06-01"])
    // Written with the version too, as OpenAI's is.
    if endpoint.baseURL.hasSuffix("/v1") { endpoint.baseURL.removeLast(3) }
    return endpoint
  }
}
