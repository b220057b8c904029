/// When a vote is over before everyone has voted.
///
/// ```swift
/// VoteStop.confidence(4, 0)   // 0.96875: four answers agree and none differs
/// ```
public struct VoteStop: Sendable, Hashable {
  private let whenDecided: Bool
  /// The confidence at which the adaptive rule stops; nil without that rule.
  let level: Double?

  /// Everyone votes.
  public static let never = VoteStop(whenDecided: false, level: nil)

  /// As soon as the ballots that are still out cannot change the winner: with the heaviest two answers a ≥ b, when
  /// a − b is more than the weight of those ballots. It never changes who wins; best for ten votes and fewer.
  public static let decided = VoteStop(whenDecided: true, level: nil)

  /// As soon as the heaviest answer is most likely the majority's, as far as the heaviest two tell: when
  /// P(Beta(a + 1, b + 1) > ½) reaches the level (adaptive consistency, Aggarwal et al. 2023). Best for many votes. A
  /// vote with everyone could end otherwise, seldom. The level is from 0.5 up to 1.
  public static func adaptive(confidence level: Double = 0.95) -> VoteStop {
    VoteStop(whenDecided: false, level: level)
  }

  /// Whichever of ``decided`` and ``adaptive(confidence:)`` comes first.
  public static func either(confidence level: Double = 0.95) -> VoteStop {
    VoteStop(whenDecided: true, level: level)
  }

  /// More votes than these are taken for as many.
  private static let mostVotes = 1_000_000

  /// The probability that the answer with `a` votes is more frequent than the one with `b`, in all the votes that could
  /// be asked for, when nothing was known before:
  /// P(Beta(a + 1, b + 1) > ½) = Σ C(a + b + 1, j) / 2^(a + b + 1) over j from 0 to a.
  public static func confidence(_ a: Int, _ b: Int) -> Double {
    let (a, b) = (min(max(a, 0), mostVotes), min(max(b, 0), mostVotes))
    if a < b { return 1 - confidence(b, a) }
    // The other end of the sum has fewer terms: 1 − Σ over j from 0 to b. Its largest term is made by steps that divide
    // by two as soon as they can, so that nothing gets too large on the way.
    let n = a + b + 1
    var largest = 1.0
    var halvings = n
    for i in stride(from: 1, through: b, by: 1) {
      largest *= Double(n - b + i) / Double(i)
      while largest > 1, halvings > 0 {
        largest /= 2
        halvings -= 1
      }
    }
    var sum = 1.0
    var term = 1.0
    for j in stride(from: b, to: 0, by: -1) where term > 1e-18 {
      term *= Double(j) / Double(n - j + 1)
      sum += term
    }
    return 1 - Double(sign: .plus, exponent: -halvings, significand: largest) * sum
  }

  /// Whether a vote is over.
  /// - Parameters:
  ///   - first: the weight of the heaviest answer.
  ///   - second: the weight of the next one.
  ///   - remaining: the weight of the ballots that are still out.
  ///   - ballot: the weight of an average ballot, by which the adaptive rule counts.
  func end(first: Int, second: Int, remaining: Int, ballot: Double) -> VoteEnd? {
    if whenDecided, first - second > remaining { return .decided }
    if let level, first > second {
      // Rounded so that unequal weights never make it surer than it is.
      let (a, b) = ((Double(first) / ballot + 1e-9).rounded(.down), (Double(second) / ballot - 1e-9).rounded(.up))
      if Self.confidence(Int(a), Int(b)) >= level { return .adaptive }
    }
    return nil
  }
}

/// How a vote came to its end.
public enum VoteEnd: String, Sendable, Hashable {
  /// The ballots that were still out could not change the winner.
  case decided
  /// It was most likely that they would not; see ``VoteStop/adaptive(confidence:)``.
  case adaptive
  /// Every ballot was counted.
  case exhausted
}

/// How many votes are out at once. One that is out when the vote ends is cancelled, and may have to be paid.
public enum VoteWave: Sendable, Hashable {
  /// As many as will be needed in any case: another one starts only when the vote could not be over even if everyone
  /// who is out agreed with the leader. It costs what votes one by one cost, and takes less time.
  case needed
  /// All of them, which takes the least time and saves no money.
  case all
  /// So many; whenever one arrives, the next one starts.
  case size(Int)
}
