/// How a judge compares candidates, and how many questions that takes.
public enum JudgeMethod: Sendable, Hashable {
  /// A score for each by itself, within a scale: one question for each candidate.
  case scores(ClosedRange<Int>)
  /// Everyone against everyone, in both orders: n · (n − 1) questions for n candidates. A win counts 1, a tie ½.
  case roundRobin
  /// In rounds, whoever loses is out, in both orders: 2 · (n − 1) questions. Who meets whom is drawn by the seed; of
  /// two that tie the earlier candidate goes on. The score is the number of matches won or survived.
  case knockout(seed: Int)

  /// Scores from 0 to 10.
  public static let scores = JudgeMethod.scores(0...10)
  /// Knockout with a fixed draw.
  public static let knockout = JudgeMethod.knockout(seed: 1)

  /// How many questions it takes for so many candidates. Each may be asked again as often as the judge allows.
  public func questions(for count: Int) -> Int {
    let pairs = max(0, count - 1)
    return switch self {
    case .scores: max(0, count)
    case .roundRobin: max(0, count).multipliedClamped(by: pairs)
    case .knockout: pairs.multipliedClamped(by: 2)
    }
  }
}

/// Two candidates, by their places among those that are there.
struct JudgePair: Sendable, Hashable {
  let first: Int
  let second: Int
}

/// Who meets whom, round by round. A value, so that it can be tested without a model.
struct JudgeSchedule: Sendable {
  private let method: JudgeMethod
  private let count: Int
  /// Who is still in it; in a knockout in the order of the draw.
  private var alive: [Int]
  private(set) var scores: [Double]

  init(_ method: JudgeMethod, count: Int) {
    self.method = method
    self.count = count
    alive = Array(0..<count)
    scores = [Double](repeating: 0, count: count)
    if case .knockout(let seed) = method {
      var random = SplitMix64(seed: seed)
      alive.shuffle(using: &random)
    }
  }

  /// The pairs of the next round; empty when there is none.
  var pairs: [JudgePair] {
    switch method {
    case .scores: return []
    case .roundRobin:
      guard alive.count > 1 else { return [] }
      return (0..<count).flatMap { first in (first + 1..<count).map { JudgePair(first: first, second: $0) } }
    case .knockout:
      return stride(from: 0, to: alive.count - 1, by: 2).map {
        JudgePair(first: min(alive[$0], alive[$0 + 1]), second: max(alive[$0], alive[$0 + 1]))
      }
    }
  }

  /// Takes in the winners of a round, nil for a tie, in the order of its pairs.
  mutating func record(_ winners: [Int?]) {
    var next: [Int] = []
    for (pair, winner) in zip(pairs, winners) {
      if case .knockout = method {
        next.append(winner ?? pair.first)
        scores[winner ?? pair.first] += 1
      } else if let winner {
        scores[winner] += 1
      } else {
        scores[pair.first] += 0.5
        scores[pair.second] += 0.5
      }
    }
    // Who had nobody to meet goes on.
    if case .knockout = method, alive.count % 2 == 1, let last = alive.last { next.append(last) }
    alive = next
  }

  /// Who is best: the last one in a knockout, else the highest score, the first of equals.
  var winner: Int {
    if case .knockout = method { return alive.first ?? 0 }
    return highest(1, of: scores).first ?? 0
  }
}
