public import TurnoutCore

/// A decision model behind OpenAI's Decisions wire.
///
/// ```swift
/// let endpoint = OpenAIEndpoint(key: try APIKey(secret), profile: .openAI)
/// let selector = DecisionSelector(OpenAIDecisionModel("gpt-6-luna", at: endpoint))
/// ```
public struct OpenAIDecisionModel: DecisionModel {
  public var name: String { wire.name }
  private let model: String
  private let wire: DecisionWire

  /// A model of a server.
  public init(_ model: String, at endpoint: OpenAIEndpoint) {
    self.model = model
    wire = DecisionWire(model, endpoint)
  }

  public func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
    let body = try await wire.send("/decisions", encode(request))
    let entry = body["answers"]?.array?.first { $0["name"]?.string == DecisionWire.question }
    return try wire.answer(entry, in: body) { probabilities in
      // What is no number stays in the list as one that nobody can rely on.
      (probabilities.array ?? []).map {
        DecisionProbability($0["value"]?.string ?? "", $0["probability"]?.double ?? .nan)
      }
    }
  }

  private func encode(_ request: DecisionRequest) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1_024)
    writer.object { writer in
      writer.member("model", text: model)
      if request.earlier.isEmpty {
        writer.member("input", text: request.text)
      } else {
        writer.key("input")
        writer.array { for text in request.earlier + [request.text] { write(message: text, to: &$0) } }
      }
      writer.key("questions")
      writer.array { write(request, to: &$0) }
    }
    return writer.bytes
  }

  private func write(message text: String, to writer: inout JSONWriter) {
    writer.object {
      $0.member("role", text: "user")
      $0.member("content", text: text)
    }
  }

  private func write(_ request: DecisionRequest, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("type", text: "choice")
      writer.member("name", text: DecisionWire.question)
      writer.member("instructions", text: request.instructions)
      writer.key("choices")
      writer.array { writer in
        for choice in request.choices {
          writer.object {
            $0.member("value", text: choice.value)
            $0.member("description", text: choice.description)
          }
        }
      }
    }
  }
}
