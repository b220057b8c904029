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
  private let encoder: OpenAIRequestEncoder
  private let transport: HTTPTransport

  init(_ model: String, _ endpoint: OpenAIEndpoint) {
    transport = HTTPTransport(limits: endpoint.limits)
    name = "\(endpoint.provider):\(model)"
    self.endpoint = endpoint
    let profile = endpoint.profile
    capabilities = ModelCapabilities(
      schemas: profile.schemas, tools: profile.tools, continuation: profile.continuation,
      logProbabilities: profile.logProbabilities > 0)
    encoder = OpenAIRequestEncoder(model: model, provider: endpoint.provider, profile: profile)
  }

  func respond(to request: ModelRequest, _ onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let (wantsTokens, keepsRaw) = (request.logProbabilities, request.keepsRaw)
    let request = endpoint.request("/chat/completions", body: encoder.encode(request, streams: onDelta != nil))
    return try await transport.send(request, to: endpoint.provider) { [self] response in
      guard response.status == .ok else {
        throw OpenAIError.error(response.response, try await transport.collect(response), endpoint)
      }
      // A server that does not stream, though asked to, answers with one JSON text.
      let isStream = response.headers.first(name: "content-type")?.lowercased().hasPrefix("text/event-stream") ?? false
      guard let onDelta, isStream else {
        return response.limiting(try await whole(response, wantsTokens, keepsRaw, onDelta))
      }
      return response.limiting(try await stream(response, wantsTokens, keepsRaw, onDelta))
    }
  }

  private func whole(
    _ response: HTTPAnswer, _ wantsTokens: Bool, _ keepsRaw: Bool, _ onDelta: ModelDeltaHandler?
  ) async throws -> ModelResponse {
    let body = try await transport.collect(response)
    var raw = RawAnswer(isKept: keepsRaw)
    let answer = try body.withUnsafeReadableBytes {
      raw.add($0)
      return try OpenAIAnswer(completion: $0, wantsTokens: wantsTokens)
    }
    let result = raw.completing(try answer.response(from: endpoint, author: encoder.author))
    if let onDelta, !result.text.isEmpty { try await pass(.text(result.text), to: onDelta) }
    return result
  }

  private func stream(
    _ response: HTTPAnswer, _ wantsTokens: Bool, _ keepsRaw: Bool, _ onDelta: ModelDeltaHandler
  ) async throws -> ModelResponse {
    var events = ServerSentEvents()
    var answer = OpenAIAnswer(wantsTokens: wantsTokens)
    var raw = RawAnswer(isKept: keepsRaw)
    var body = response.response.body.makeAsyncIterator()
    while !answer.isComplete, let buffer = try await body.next() {
      try response.checkTime()
      var added = OpenAIAnswer.Addition()
      // All events of one read are handled together: one wake-up, one delta. What came before an error is passed on.
      let result = Result {
        try buffer.withUnsafeReadableBytes { bytes in
          try events.feed(bytes) {
            raw.add($0)
            try answer.add(chunk: $0, from: endpoint, to: &added)
          }
        }
      }
      if !added.thinking.isEmpty { try await pass(.thinking(added.thinking), to: onDelta) }
      if !added.text.isEmpty { try await pass(.text(added.text), to: onDelta) }
      try result.get()
    }
    if answer.isComplete { await transport.finish(body) }
    return raw.completing(try answer.response(from: endpoint, author: encoder.author))
  }

  private func pass(_ delta: ModelDelta, to onDelta: ModelDeltaHandler) async throws {
    do { try await onDelta(delta) } catch { throw HTTPTransport.ReceiverError(error: error) }
  }
}
