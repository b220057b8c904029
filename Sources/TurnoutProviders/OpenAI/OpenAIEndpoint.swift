import AsyncHTTPClient
import TurnoutCore

/// A server that speaks OpenAI's wire: where it is, who it is called, and how it likes to be asked.
public struct OpenAIEndpoint: Sendable, Hashable {
  /// Where it is, and how it wants its key.
  public var server: ModelEndpoint
  /// What the server does differently.
  public var profile: OpenAIProfile

  /// The provider's name in model names and errors.
  public var provider: String { server.provider }
  /// Everything before `/chat/completions`, such as `http://127.0.0.1:8080/v1`.
  public var baseURL: String { server.baseURL }

  /// An endpoint.
  /// - Parameter timeout: the most time of one call, from the request to the end of the answer.
  public init(
    provider: String = "openai", baseURL: String = "https://api.openai.com/v1", key: APIKey? = nil,
    profile: OpenAIProfile = .init(), timeout: Duration = .seconds(600)
  ) {
    self.init(ModelEndpoint(provider: provider, baseURL: baseURL, key: key, timeout: timeout), profile: profile)
  }

  /// An endpoint with headers, a query or a place for the key of its own, such as Azure's.
  public init(_ server: ModelEndpoint, profile: OpenAIProfile = .init()) {
    self.server = server
    self.profile = profile
  }

  var limits: HTTPLimits { server.limits }

  func post(_ path: String) -> HTTPClientRequest { server.post(path) }

  func redacting(_ text: String) -> String { server.redacting(text) }

  /// The names of the server's models; asks the server.
  /// - Parameter limit: how long that may take.
  /// - Throws: ``ModelError`` when it cannot be reached or refuses.
  public func models(within limit: Duration = .seconds(10)) async throws -> [String] {
    try await server.models(.chat(profile), within: limit)
  }
}

/// What a server does differently from OpenAI's own, as data.
public struct OpenAIProfile: Sendable, Hashable {
  /// Whether it keeps to a JSON Schema sent with the request.
  public var schemas: Bool
  /// Whether it wants the strict subset of JSON Schema, and enforces it.
  public var strict: Bool
  /// Whether it can call tools.
  public var tools: Bool
  /// Whether it continues a last message of the assistant.
  public var continuation: Bool
  /// What it calls the most tokens to write.
  public var outputLimit: String
  /// What it calls the seed.
  public var seed: String
  /// Whether it is asked to say what was used at the end of a stream; some say so anyway and refuse to be asked.
  public var streamUsage: Bool
  /// Whether the ids of calls must be nine letters and digits.
  public var shortCallIDs: Bool
  /// How many likely tokens it names for each place when it is asked for their probabilities; 0 when it cannot be asked.
  public var logProbabilities: Int

  /// A profile; without arguments, of a server such as vLLM, Ollama or llama-server.
  public init(
    schemas: Bool = true, strict: Bool = false, tools: Bool = true, continuation: Bool = false,
    outputLimit: String = "max_tokens", seed: String = "seed", streamUsage: Bool = true, shortCallIDs: Bool = false,
    logProbabilities: Int = 20
  ) {
    self.schemas = schemas
    self.strict = strict
    self.tools = tools
    self.continuation = continuation
    self.outputLimit = outputLimit
    self.seed = seed
    self.streamUsage = streamUsage
    self.shortCallIDs = shortCallIDs
    self.logProbabilities = max(0, logProbabilities)
  }

  /// Mistral's own server, which refuses requests with members that it does not know.
  public static let mistral = OpenAIProfile(
    seed: "random_seed", streamUsage: false, shortCallIDs: true, logProbabilities: 0)

  /// OpenAI itself.
  public static let openAI = OpenAIProfile(strict: true, outputLimit: "max_completion_tokens")
}
