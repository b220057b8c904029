/// The counting of a vote, ballot by ballot: who starts next, who leads, and whether it is over. A value, so that every
/// order of arrivals can be tested by itself. Weights are whole millionths, so that sums and ties are exact.
struct VoteCount: Sendable {
  /// What a voter said.
  enum Ballot: Sendable {
    case answer(String)
    case abstained
    case failed
  }

  /// Why nothing more is counted.
  enum End: Sendable, Hashable {
    case ended(VoteEnd)
    /// Too few will have answered.
    case tooFew
    /// A voter failed, and no failure is accepted.
    case failed
  }

  /// An answer with those who gave it, in the order in which their ballots arrived.
  struct Answer: Sendable {
    let key: String
    var weight = 0
    var voters: [Int] = []
  }

  /// How a vote is held.
  struct Rules: Sendable {
    var stop = VoteStop.decided
    var wave = VoteWave.needed
    /// The fewest answers with which there is a winner.
    var minimum = 1
    var acceptsFailures = true
  }

  let rules: Rules
  private let weights: [Int]
  private let ballot: Double
  private var places: [String: Int] = [:]
  private var answersFound: [Answer] = []
  private var remaining: Int
  private var inFlight = 0
  /// How many ballots were started.
  private(set) var started = 0
  private(set) var abstained: [Int] = []
  private(set) var failed: [Int] = []
  /// How many ballots hold an answer.
  private(set) var valid = 0
  private(set) var end: End?

  init(weights: [Int], _ rules: Rules) {
    self.weights = weights
    self.rules = rules
    remaining = weights.reduce(0, +)
    ballot = Double(remaining) / Double(max(1, weights.count))
  }

  /// How many voters there are.
  var count: Int { weights.count }
  /// How many ballots have arrived.
  var arrived: Int { valid + abstained.count + failed.count }

  /// The answers, the heaviest first; of equals the one whose last ballot is the earliest, which reached its weight first.
  var answers: [Answer] {
    answersFound.sorted { ($1.weight, $0.voters.max() ?? 0) < ($0.weight, $1.voters.max() ?? 0) }
  }

  /// The answers that share the highest weight.
  var leaders: [Answer] { answers.prefix { $0.weight == answersFound.map(\.weight).max() }.map { $0 } }

  /// The ballots to start now.
  mutating func starts() -> Range<Int> {
    let first = started
    while end == nil, started < count, wantsMore {
      inFlight += weights[started]
      started += 1
    }
    return first..<started
  }

  private var wantsMore: Bool {
    switch rules.wave {
    case .all: true
    case .size(let size): started - arrived < max(1, size)
    case .needed: !isOver(valid + started - arrived, inFlight)
    }
  }

  /// Counts a ballot. Nothing is counted after the end.
  mutating func record(_ index: Int, _ ballot: Ballot) {
    guard end == nil else { return }
    remaining -= weights[index]
    inFlight -= weights[index]
    switch ballot {
    case .answer(let key):
      valid += 1
      let place = places[key] ?? answersFound.count
      if place == answersFound.count {
        places[key] = place
        answersFound.append(Answer(key: key))
      }
      answersFound[place].weight += weights[index]
      answersFound[place].voters.append(index)
    case .abstained: abstained.append(index)
    case .failed: failed.append(index)
    }
    if !failed.isEmpty, !rules.acceptsFailures {
      end = .failed
    } else if valid + count - arrived < rules.minimum {
      end = .tooFew
    } else if arrived == count {
      end = .ended(.exhausted)
    } else if valid >= rules.minimum, let reason = reason(0) {
      end = .ended(reason)
    }
  }

  /// Whether it would be over with so many answers, if so much more weight went to the leader.
  private func isOver(_ valid: Int, _ more: Int) -> Bool { valid >= rules.minimum && reason(more) != nil }

  private func reason(_ more: Int) -> VoteEnd? {
    var (first, second) = (0, 0)
    for answer in answersFound {
      if answer.weight > first { (first, second) = (answer.weight, first) } else { second = max(second, answer.weight) }
    }
    return rules.stop.end(first: first + more, second: second, remaining: remaining - more, ballot: ballot)
  }
}
