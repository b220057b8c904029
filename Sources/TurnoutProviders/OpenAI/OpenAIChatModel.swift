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
    let (wantsTokens, keepsRaw) = (asked.logProbabilities, asked.keepsRaw)
    let call = request(encoder.encode(asked, streams: onDelta != nil))
    guard let onDelta else {
      return try read(await transport.fetch(call, from: endpoint.provider), wantsTokens, keepsRaw)
    }
    return try await transport.stream(call, from: endpoint.provider) { [self] stream in
      guard stream.isEventStream else {
        let response = try read(await stream.collect(), wantsTokens, keepsRaw)
        if !response.text.isEmpty { try await HTTPTransport.pass(.text(response.text), to: onDelta) }
        return response
      }
      return try await follow(stream, wantsTokens, keepsRaw, onDelta)
    }
  }

  private func read(_ answer: HTTPAnswer, _ wantsTokens: Bool, _ keepsRaw: Bool) throws -> ModelResponse {
    guard answer.status == .ok else { throw OpenAIError.error(answer, endpoint) }
    var raw = RawAnswer(isKept: keepsRaw)
    let completion = try answer.read {
      raw.add($0)
      return try OpenAIAnswer(completion: $0, wantsTokens: wantsTokens)
    }
    let response = try completion.response(from: endpoint, author: encoder.author)
    return raw.completing(response.limited(by: answer.headers))
  }

  private func follow(
    _ stream: HTTPStream, _ wantsTokens: Bool, _ keepsRaw: Bool, _ onDelta: ModelDeltaHandler
  ) async throws -> ModelResponse {
    var events = ServerSentEvents()
    var answer = OpenAIAnswer(wantsTokens: wantsTokens)
    var raw = RawAnswer(isKept: keepsRaw)
    var pieces = stream.pieces
    while !answer.isComplete, let buffer = try await pieces.next() {
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
      if !added.thinking.isEmpty { try await HTTPTransport.pass(.thinking(added.thinking), to: onDelta) }
      if !added.text.isEmpty { try await HTTPTransport.pass(.text(added.text), to: onDelta) }
      try result.get()
    }
    if answer.isComplete { await transport.finish(pieces) }
    let response = try answer.response(from: endpoint, author: encoder.author)
    return raw.completing(response.limited(by: stream.headers))
  }
}
