/// Who won a vote, by how much, and what became of every ballot.
public struct VoteResult<Answer: Sendable>: Sendable {
  /// An answer and those who gave it.
  public struct Count: Sendable {
    /// The answer as the first of its voters gave it.
    public let answer: Answer
    /// The form in which it was compared.
    public let key: String
    /// The weight of its ballots.
    public let weight: Double
    /// Who gave it, in the order of the voters.
    public let voters: [String]
  }

  /// The answer that won.
  public let winner: Answer
  /// The answers, the winner first, then the heaviest first.
  public let tally: [Count]
  /// The winner's part of the weight of all answers, from 0 to 1.
  public let agreement: Double
  /// How far the winner is ahead of the next answer, as a part of the weight of all answers; 0 after a tie.
  public let margin: Double
  /// Whether a tie had to be broken.
  public let wasTied: Bool
  /// How it ended.
  public let end: VoteEnd
  /// Who gave no answer.
  public let abstained: [String]
  /// Whose step failed.
  public let failed: [String]
  /// Whose ballot was not needed: it was cancelled, or it never started.
  public let cancelled: [String]
  /// How many ballots never started, and cost nothing.
  public let saved: Int
  /// What became of every ballot, in the order of the voters.
  public let outcomes: [Outcome<Answer>]
}

extension VoteResult: ValueConvertible {
  /// `winner`, `agreement`, `margin`, `tied`, `end`, `tally` (of `answer`, `key`, `weight`, `voters`), `abstained`,
  /// `failed`, `cancelled` and `saved`.
  public var value: Value {
    func names(_ names: [String]) -> Value { .array(names.map { .string($0) }) }
    return [
      "winner": Self.value(of: winner), "agreement": .double(agreement), "margin": .double(margin),
      "tied": .bool(wasTied), "end": .string(end.rawValue),
      "tally": .array(
        tally.map {
          [
            "answer": Self.value(of: $0.answer), "key": .string($0.key), "weight": .double($0.weight),
            "voters": names($0.voters),
          ]
        }),
      "abstained": names(abstained), "failed": names(failed), "cancelled": names(cancelled), "saved": .int(saved),
    ]
  }

  private static func value(of answer: Answer) -> Value { (answer as? any ValueConvertible)?.value ?? .null }
}
