import Synchronization
import TurnoutCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The natural logarithm.
func log(_ number: Double) -> Double {
  #if canImport(Darwin)
    Darwin.log(number)
  #elseif canImport(Glibc)
    Glibc.log(number)
  #else
    Musl.log(number)
  #endif
}

/// A model whose answers have tokens with probabilities.
final class TokenModel: LanguageModel {
  let name = "tokens"
  let capabilities: ModelCapabilities
  private let reply: @Sendable (ModelRequest, Int) throws -> ModelResponse
  private let state = Mutex<(requests: [ModelRequest], preparations: Int)>(([], 0))

  init(
    _ capabilities: ModelCapabilities = .init(), reply: @escaping @Sendable (ModelRequest, Int) throws -> ModelResponse
  ) {
    self.capabilities = capabilities
    self.reply = reply
  }

  convenience init(_ replies: [ModelResponse], _ capabilities: ModelCapabilities = .init()) {
    self.init(capabilities) { _, index in replies[min(index, replies.count - 1)] }
  }

  var requests: [ModelRequest] { state.withLock { $0.requests } }
  var preparations: Int { state.withLock { $0.preparations } }

  func prepare(in run: Run) async throws { state.withLock { $0.preparations += 1 } }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let index = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    return try reply(request, index)
  }
}

extension ModelResponse {
  /// A selector's answer that names a route with a probability, where the rest belongs to another name; without one
  /// nothing else is listed.
  static func route(_ route: String, _ probability: Double, _ other: String?) -> ModelResponse {
    let written = TokenChoice.Alternative(route, log(probability))
    let rest = other.map { TokenChoice.Alternative($0, log(1 - probability)) }
    return ModelResponse(
      text: #"{"reasoning":"so","route":"\#(route)"}"#,
      tokens: [
        TokenChoice(#"{"reasoning":"so","route":""#, 0),
        TokenChoice(written, alternatives: [written] + (rest.map { [$0] } ?? [])), TokenChoice("\"}", 0),
      ])
  }
}
