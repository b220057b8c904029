/// How a vote stands, as its events tell it: how much speaks for the heaviest answers, never what they say.
public struct VoteTally: Sendable, Hashable, ValueConvertible {
  /// An answer and what speaks for it.
  public struct Count: Sendable, Hashable {
    /// The weight of its ballots.
    public let weight: Double
    /// How many gave it.
    public let voters: Int
  }

  /// The heaviest answers, at most five, the heaviest first.
  public let counts: [Count]
  /// How many answers differ.
  public let answers: Int
  /// How many ballots have arrived, those without an answer included.
  public let arrived: Int
  /// How many of them hold no answer: abstentions and failures.
  public let abstained: Int
  /// How many voters there are.
  public let votes: Int
  /// How the vote ended, when it has.
  public let end: VoteEnd?

  init(_ count: VoteCount) {
    let all = count.answers
    counts = all.prefix(5).map { Count(weight: Double($0.weight) / 1e6, voters: $0.voters.count) }
    answers = all.count
    arrived = count.arrived
    abstained = count.abstained.count + count.failed.count
    votes = count.count
    end = if case .ended(let end) = count.end { end } else { nil }
  }

  /// `tally`, `answers`, `arrived`, `abstained`, `votes`, and `end` when it is over.
  public var value: Value {
    var object: ValueObject = [
      "tally": .array(
        counts.map { ["weight": .double($0.weight), "voters": .int($0.voters)] }),
      "answers": .int(answers), "arrived": .int(arrived), "abstained": .int(abstained), "votes": .int(votes),
    ]
    object["end"] = end.map { .string($0.rawValue) }
    return .object(object)
  }
}
