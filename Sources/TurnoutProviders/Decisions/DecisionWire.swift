import NIOHTTP1
import TurnoutCore

/// What the two decision wires share: one JSON text out, one in, and one question called `route`.
struct DecisionWire: Sendable {
  static let question = "route"

  let name: String
  private let endpoint: OpenAIEndpoint
  private let transport: HTTPTransport

  init(_ model: String, _ endpoint: OpenAIEndpoint) {
    name = "\(endpoint.provider):\(model)"
    self.endpoint = endpoint
    transport = HTTPTransport(limits: endpoint.limits)
  }

  /// Sends a question and gives the body of the answer.
  /// - Throws: ``ModelError``, also when the server reports an error in a body it has called good.
  func send(_ path: String, _ body: [UInt8]) async throws -> Value {
    let answer = try await transport.fetch(endpoint.post(path).carrying(body), from: endpoint.provider)
    guard answer.status == .ok else { throw OpenAIError.error(answer, endpoint) }
    let value = try answer.value()
    if let error = value["error"], !error.isNull { throw OpenAIError.error(inStream: error, endpoint) }
    return value
  }

  /// What an entry of the answers says; its probabilities are read by whoever knows their shape.
  func answer(
    _ entry: Value?, in body: Value, _ probabilities: (Value) -> [DecisionProbability]
  ) throws -> DecisionAnswer {
    guard let entry else {
      throw ModelError.malformed(endpoint.provider, "the answer has no decision about \"\(Self.question)\" in it")
    }
    let usage = usage(body["usage"] ?? .null)
    switch entry["type"]?.string {
    case "refusal": return .refusal(usage: usage)
    case "choice":
      guard let choice = entry["choice"]?.string else { break }
      return .choice(choice, probabilities: entry["probabilities"].map(probabilities) ?? [], usage: usage)
    default: break
    }
    throw ModelError.malformed(endpoint.provider, "the answer's decision is neither a choice nor a refusal")
  }

  private func usage(_ usage: Value) -> Usage {
    func count(_ names: String...) -> Int { max(0, names.lazy.compactMap { usage[$0]?.int }.first ?? 0) }
    return Usage(
      calls: 1, inputTokens: count("input_tokens", "prompt_tokens"),
      outputTokens: count("output_tokens", "completion_tokens"))
  }
}
