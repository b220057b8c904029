public import TurnoutCore

/// A decision model behind the System One wire, as vLLM and Ollama serve it.
///
/// ```swift
/// let endpoint = OpenAIEndpoint(provider: "vllm", baseURL: "http://127.0.0.1:8000/v1")
/// let selector = DecisionSelector(SystemOneModel("clm", at: endpoint))
/// ```
public struct SystemOneModel: DecisionModel {
  public var name: String { wire.name }
  private let model: String
  private let wire: DecisionWire

  /// A model of a server.
  public init(_ model: String, at endpoint: OpenAIEndpoint) {
    self.model = model
    wire = DecisionWire(model, endpoint)
  }

  public func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
    let body = try await wire.send("/systemone", encode(request))
    return try wire.answer(body["answers"]?[DecisionWire.question], in: body) { probabilities in
      // What is no number stays in the list as one that nobody can rely on.
      (probabilities.object ?? ValueObject()).map { DecisionProbability($0.key, $0.value.double ?? .nan) }
    }
  }

  private func encode(_ request: DecisionRequest) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1_024)
    writer.object { writer in
      writer.member("model", text: model)
      writer.member("state", text: request.state)
      writer.key("questions")
      writer.object { writer in
        writer.key(DecisionWire.question)
        writer.object { writer in
          writer.member("type", text: "choice")
          writer.member("instructions", text: request.instructions)
          writer.key("criteria")
          writer.object { for choice in request.choices { $0.member(choice.value, text: choice.description) } }
        }
      }
    }
    return writer.bytes
  }
}
