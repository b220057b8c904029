/// What a judge said of two candidates, asked in both orders.
public struct JudgeVerdict: Sendable, Hashable {
  /// What the judge said when it was asked once.
  public enum Choice: String, Sendable, Hashable {
    case first, second, tie
    /// It gave no answer that could be read, also when it was asked again.
    case none
  }

  /// The names of the two.
  public let candidates: [String]
  /// What it said with the first shown first, and with the second shown first: always of the same two.
  public let choices: [Choice]
  /// The place of the winner among the two; nil for a tie. A win counts only if both orders agree.
  var winner: Int? {
    guard choices.count == 2, choices[0] == choices[1] else { return nil }
    return choices[0] == .first ? 0 : choices[0] == .second ? 1 : nil
  }
  /// The name of the winner; nil for a tie.
  public var winnerName: String? { winner.map { candidates[$0] } }
  /// Whether it said the same in both orders.
  public var isConsistent: Bool { choices.count == 2 && choices[0] == choices[1] && choices[0] != .none }
}

/// A candidate's score.
public struct JudgeScore: Sendable, Hashable {
  /// The candidate's name: its own, else its number from 1.
  public let name: String
  /// Its score, as ``JudgeMethod`` says; nil where the judge gave none.
  public let score: Double?
  /// Why, in the judge's words, where it was asked about each by itself.
  public let reasoning: String?
}

/// Which candidate a judge found best, and how it came to that.
public struct JudgeResult<Answer: Sendable>: Sendable {
  /// The best candidate; of equals the first.
  public let winner: Answer
  /// Its name: its own, else its number from 1.
  public let name: String
  /// Every candidate's score, in their order.
  public let scores: [JudgeScore]
  /// What was said of each pair, in the order in which they were asked about; empty for scores.
  public let verdicts: [JudgeVerdict]
  /// How often the judge's model was called, to be asked again included.
  public let calls: Int
  /// To how many questions it gave no answer that could be read.
  public let unanswered: Int
  /// What became of every candidate, those that failed included.
  public let outcomes: [Outcome<Answer>]
}

extension JudgeResult: ValueConvertible {
  /// `winner`, `name`, `scores` (of `name`, `score` and `reasoning`), `verdicts` (of `candidates`, `choices` and
  /// `winner`), `calls` and `unanswered`.
  public var value: Value {
    let scores = scores.map { score -> Value in
      var object: ValueObject = ["name": .string(score.name), "score": score.score.map { .double($0) } ?? .null]
      object["reasoning"] = score.reasoning.map { .string($0) }
      return .object(object)
    }
    let verdicts = verdicts.map { verdict -> Value in
      [
        "candidates": .array(verdict.candidates.map { .string($0) }),
        "choices": .array(verdict.choices.map { .string($0.rawValue) }),
        "winner": verdict.winnerName.map { .string($0) } ?? .null,
      ]
    }
    return [
      "winner": (winner as? any ValueConvertible)?.value ?? .null, "name": .string(name), "scores": .array(scores),
      "verdicts": .array(verdicts), "calls": .int(calls), "unanswered": .int(unanswered),
    ]
  }
}
