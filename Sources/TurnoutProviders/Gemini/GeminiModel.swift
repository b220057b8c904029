public import TurnoutCore

/// A model behind Google's Gemini wire.
///
/// ```swift
/// let model = GeminiModel("gemini-2.5-flash", at: .gemini(key: try APIKey(secret)))
/// ```
/// What the model thinks goes back to it, signed as it came, while tools are called.
public struct GeminiModel: LanguageModel {
  public let name: String
  private let model: String
  private let endpoint: ModelEndpoint
  private let encoder: GeminiRequestEncoder

  /// A model of Google's, or of a server that speaks its wire.
  public init(_ model: String, at endpoint: ModelEndpoint) {
    name = "\(endpoint.provider):\(model)"
    self.model = model
    self.endpoint = endpoint
    encoder = GeminiRequestEncoder(model: model, provider: endpoint.provider)
  }

  public var capabilities: ModelCapabilities { ModelCapabilities(logProbabilities: false) }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    let method = onDelta == nil ? "generateContent" : "streamGenerateContent?alt=sse"
    let wire = endpoint.post("/models/\(model):\(method)").carrying(encoder.encode(request))
    return try await HTTPTransport(limits: endpoint.limits).ask(
      wire, of: endpoint.provider, into: GeminiAnswer(endpoint, author: encoder.author), keepsRaw: request.keepsRaw,
      onDelta
    ) { [endpoint] in GeminiError.error($0, endpoint) }
  }
}

extension ModelEndpoint {
  /// Google's own server, or one that speaks its wire.
  public static func gemini(
    provider: String = "gemini", baseURL: String = "https://generativelanguage.googleapis.com/v1beta",
    key: APIKey? = nil
  ) -> ModelEndpoint {
    var endpoint = ModelEndpoint(provider: provider, baseURL: baseURL, key: key, keyHeader: "x-goog-api-key")
    // Written without the version too, as Google's own clients have it.
    let last = endpoint.baseURL.split(separator: "/").last ?? ""
    if !(last.hasPrefix("v1") || last.hasPrefix("v2")) { endpoint.baseURL += "/v1beta" }
    return endpoint
  }
}

/// What families of Gemini models do differently, as data.
struct GeminiFamily: Sendable, Hashable {
  /// Whether how much to think is said by a level, not by a number of tokens.
  var hasThinkingLevels = true
  /// Whether a schema for the answer may be sent beside tools.
  var takesSchemaBesideTools = true

  private static let older: [(prefix: String, family: GeminiFamily)] = [
    ("gemini-1", GeminiFamily(hasThinkingLevels: false, takesSchemaBesideTools: false)),
    ("gemini-2", GeminiFamily(hasThinkingLevels: false, takesSchemaBesideTools: false)),
  ]

  init(hasThinkingLevels: Bool, takesSchemaBesideTools: Bool) {
    self.hasThinkingLevels = hasThinkingLevels
    self.takesSchemaBesideTools = takesSchemaBesideTools
  }

  /// The family of a model; a name that is not known is taken to be new.
  init(of model: String) {
    self =
      Self.older.first { model.hasPrefix($0.prefix) }?.family
      ?? GeminiFamily(hasThinkingLevels: true, takesSchemaBesideTools: true)
  }
}
