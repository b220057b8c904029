import NIOCore
import NIOHTTP1
import TurnoutCore

extension ModelEndpoint {
  /// The names of the server's models; asks the server.
  /// - Parameters:
  ///   - wire: the wire it speaks.
  ///   - limit: how long that may take.
  /// - Throws: ``ModelError`` when it cannot be reached or refuses.
  public func models(_ wire: ProviderCatalog.Wire, within limit: Duration = .seconds(10)) async throws -> [String] {
    let nanoseconds = Int64(min(max(limit.milliseconds, 1), 3_600_000) * 1e6)
    let transport = HTTPTransport(limits: HTTPLimits(total: .nanoseconds(nanoseconds)))
    let path =
      switch wire {
      case .chat, .responses: "/models"
      case .anthropic: "/v1/models?limit=1000"
      case .gemini: "/models?pageSize=1000"
      }
    let answer = try await transport.fetch(get(path), from: provider)
    guard answer.status == .ok else { throw refusal(answer, wire) }
    let value = try answer.value()
    if case .gemini = wire {
      return (value["models"]?.array ?? []).compactMap { $0["name"]?.string?.replacing("models/", with: "") }
    }
    return value["data"]?.array?.compactMap { $0["id"]?.string } ?? []
  }

  private func refusal(_ answer: HTTPAnswer, _ wire: ProviderCatalog.Wire) -> ModelError {
    switch wire {
    case .chat(let profile), .responses(let profile):
      OpenAIError.error(answer, OpenAIEndpoint(self, profile: profile))
    case .anthropic: AnthropicError.error(answer, self)
    case .gemini: GeminiError.error(answer, self)
    }
  }
}
