public import TurnoutCore

/// A decision model whose calls are written into a folder.
public struct RecordingDecisions: DecisionModel {
  private let model: any DecisionModel
  private let folder: RecordingFolder
  private let reference: String

  /// A model that is recorded.
  /// - Parameter reference: what it will be called when it is replayed; its own name unless it is given.
  public init(_ model: any DecisionModel, in folder: RecordingFolder, as reference: String? = nil) {
    self.model = model
    self.folder = folder
    self.reference = reference ?? model.name
  }

  public var name: String { model.name }

  public func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
    let begun = folder.begin(.decision, model: reference, name: name, traits: [:], request: request.recorded)
    return try await folder.record(begun, in: run, \.recorded) { try await model.decide(request, in: $0) }
  }
}

/// A decision model that answers from a recording.
public struct ReplayingDecisions: DecisionModel {
  public let name: String
  private let reference: String
  private let folder: ReplayFolder

  /// The model that was recorded under a name; one that was never asked has that name.
  public init(_ reference: String, from folder: ReplayFolder) {
    self.reference = reference
    self.folder = folder
    name = folder.sample(of: reference, .decision)?.name ?? reference
  }

  public func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
    let call = try folder.take(.decision, model: reference, request: request.recorded)
    return try await call.end(in: run) { try DecisionAnswer(recorded: $0) }
  }
}

extension DecisionModel {
  /// This model, with every call written into a folder.
  /// - Parameter reference: what it will be called when it is replayed; its own name unless it is given.
  public func recorded(in folder: RecordingFolder, as reference: String? = nil) -> RecordingDecisions {
    RecordingDecisions(self, in: folder, as: reference)
  }
}

extension DecisionRequest {
  fileprivate var recorded: Value {
    [
      "text": .string(text), "earlier": .array(earlier.map { .string($0) }), "instructions": .string(instructions),
      "choices": .array(choices.map { ["value": .string($0.value), "description": .string($0.description)] }),
    ]
  }
}

extension DecisionAnswer {
  fileprivate var recorded: Value {
    switch self {
    case .refusal(let usage): return ["refusal": true, "usage": usage.value]
    case .choice(let choice, let probabilities, let usage):
      let list = probabilities.map { each -> Value in
        let number: Value =
          each.probability.isFinite ? .double(each.probability) : .string("\(each.probability)")
        return ["value": .string(each.value), "probability": number]
      }
      return ["choice": .string(choice), "probabilities": .array(list), "usage": usage.value]
    }
  }

  fileprivate init?(recorded value: Value) throws {
    let usage = try Usage(value: value["usage"] ?? .null)
    guard let choice = value["choice"]?.string else {
      guard value["refusal"]?.bool == true else { return nil }
      self = .refusal(usage: usage)
      return
    }
    let probabilities = (value["probabilities"]?.array ?? []).map { each in
      let number = each["probability"]
      return DecisionProbability(
        each["value"]?.string ?? "", number?.double ?? number?.string.flatMap(Double.init) ?? .nan)
    }
    self = .choice(choice, probabilities: probabilities, usage: usage)
  }
}
