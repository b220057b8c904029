/// A model that does not write: it is asked a question with a closed set of answers and says which one holds, with
/// probabilities.
///
/// ```swift
/// struct Coin: DecisionModel {
///   let name = "coin"
///   func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
///     let choice = request.choices.randomElement()?.value ?? ""
///     return .choice(choice, probabilities: [], usage: Usage(calls: 1))
///   }
/// }
/// ```
public protocol DecisionModel: Sendable {
  /// The name in events and messages, as `provider:model`.
  var name: String { get }

  /// Answers a question.
  /// - Throws: ``ModelError``.
  func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer
}

/// A question with a closed set of answers about a text.
public struct DecisionRequest: Sendable, Hashable {
  /// One answer that may be given.
  public struct Choice: Sendable, Hashable {
    /// The answer itself, unique among the choices.
    public let value: String
    /// When it is the right one.
    public let description: String

    /// A choice.
    public init(_ value: String, _ description: String) {
      self.value = value
      self.description = description
    }
  }

  /// The most choices that decision models take.
  public static let mostChoices = 255

  /// What the question is about.
  public var text: String
  /// What the person said before, oldest first.
  public var earlier: [String]
  /// The question.
  public var instructions: String
  /// The answers that may be given, at least two.
  public var choices: [Choice]

  /// A question.
  public init(_ text: String, earlier: [String] = [], instructions: String, choices: [Choice]) {
    self.text = text
    self.earlier = earlier
    self.instructions = instructions
    self.choices = choices
  }

  /// The text with what was said before in one, for models that read no conversations.
  public var state: String { RouteRequest.prompt(text, earlier: earlier) }
}

/// What a decision model answered.
public enum DecisionAnswer: Sendable, Hashable {
  /// One of the choices, with the probabilities as the model gave them: unchecked, and empty where it gave none.
  case choice(String, probabilities: [DecisionProbability], usage: Usage)
  /// The model does not answer this.
  case refusal(usage: Usage)

  /// What answering used.
  public var usage: Usage {
    switch self {
    case .choice(_, _, let usage), .refusal(let usage): usage
    }
  }
}

/// How likely a decision model holds a choice to be.
public struct DecisionProbability: Sendable, Hashable {
  /// The choice.
  public let value: String
  /// Its probability; whatever number the model gave.
  public let probability: Double

  /// A probability.
  public init(_ value: String, _ probability: Double) {
    self.value = value
    self.probability = probability
  }
}
