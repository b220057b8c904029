import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TurnoutCore

/// A server that speaks OpenAI's wire: where it is, who it is called, and how it likes to be asked.
public struct OpenAIEndpoint: Sendable, Hashable {
  /// The provider's name in model names and errors.
  public var provider: String
  /// Everything before `/chat/completions`, such as `http://127.0.0.1:8080/v1`.
  public var baseURL: String
  /// What the server does differently.
  public var profile: OpenAIProfile
  /// The most time of one call, from the request to the end of the answer.
  public var timeout: Duration
  private let key: APIKey?

  /// An endpoint.
  public init(
    provider: String = "openai", baseURL: String = "https://api.openai.com/v1", key: APIKey? = nil,
    profile: OpenAIProfile = .init(), timeout: Duration = .seconds(600)
  ) {
    self.timeout = timeout
    self.provider = provider
    self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
    self.key = key
    self.profile = profile
  }

  var limits: HTTPLimits { HTTPLimits(total: .nanoseconds(Int64(timeout.milliseconds.rounded() * 1e6))) }

  func request(_ path: String, body: [UInt8]? = nil) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: baseURL + path)
    request.headers.add(name: "accept", value: "application/json, text/event-stream")
    request.headers.add(name: "user-agent", value: "turnout")
    if let key { request.headers.add(name: "authorization", value: "Bearer \(key.secret)") }
    if let body {
      request.method = .POST
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    return request
  }

  /// A server's own words without the key, which some servers repeat.
  func redacting(_ text: String) -> String {
    guard let key else { return text }
    return text.replacing(key.secret, with: key.description)
  }

  /// The names of the server's models; asks the server.
  /// - Parameter limit: how long that may take.
  /// - Throws: ``ModelError`` when it cannot be reached or refuses.
  public func models(within limit: Duration = .seconds(10)) async throws -> [String] {
    let nanoseconds = Int64(min(max(limit.milliseconds, 1), 3_600_000) * 1e6)
    let transport = HTTPTransport(limits: HTTPLimits(total: .nanoseconds(nanoseconds)))
    return try await transport.send(request("/models"), to: provider) { response in
      let body = try await transport.collect(response)
      guard response.status == .ok else { throw OpenAIError.error(response.response, body, self) }
      let value = try body.withUnsafeReadableBytes { try Value(json: $0) }
      return value["data"]?.array?.compactMap { $0["id"]?.string } ?? []
    }
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
  /// Whether it says what was used at the end of a stream when asked to.
  public var streamUsage: Bool
  /// How many likely tokens it names for each place when it is asked for their probabilities; 0 when it cannot be asked.
  public var logProbabilities: Int

  /// A profile; without arguments, of a server such as vLLM, Ollama or llama-server.
  public init(
    schemas: Bool = true, strict: Bool = false, tools: Bool = true, continuation: Bool = false,
    outputLimit: String = "max_tokens", streamUsage: Bool = true, logProbabilities: Int = 20
  ) {
    self.schemas = schemas
    self.strict = strict
    self.tools = tools
    self.continuation = continuation
    self.outputLimit = outputLimit
    self.streamUsage = streamUsage
    self.logProbabilities = max(0, logProbabilities)
  }

  /// OpenAI itself.
  public static let openAI = OpenAIProfile(strict: true, outputLimit: "max_completion_tokens")
}
