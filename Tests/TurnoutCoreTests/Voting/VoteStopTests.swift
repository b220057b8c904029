import Testing

@testable import TurnoutCore

/// The stopping rules, exact: against brute force, against published tables, and what they save.
@Suite struct VoteStopTests {
  @Test("the smallest lead at which the adaptive rule stops")
  func adaptiveTable() {
    for (level, expected) in [
      (0.95, [4, 6, 8, 9, 11, 12, 14, 15, 17]), (0.99, [6, 9, 11, 13, 14, 16, 18, 19, 21]),
    ] {
      let smallest = (0...8).map { b in (0...100).first { VoteStop.confidence($0, b) >= level } ?? -1 }
      #expect(smallest == expected, "\(level)")
    }
  }

  @Test("the confidence is the sum of binomials") func confidence() {
    for a in 0...30 {
      for b in 0...30 {
        var (sum, term) = (0.0, 1.0)
        for j in 0...a {
          sum += term
          term = term * Double(a + b + 1 - j) / Double(j + 1)
        }
        let expected = sum / Double(sign: .plus, exponent: a + b + 1, significand: 1)
        #expect(abs(VoteStop.confidence(a, b) - expected) < 1e-12, "\(a) \(b)")
      }
    }
    #expect(VoteStop.confidence(1_000_000, 0) == 1)
    #expect(VoteStop.confidence(Int.max, Int.max) > 0.49)
    #expect(VoteStop.confidence(-5, 0) == 0.5)
  }

  /// Counts ballots one after another until the vote is over.
  private func hold(_ ballots: [Int?], _ rules: VoteCount.Rules) -> VoteCount {
    var count = VoteCount(weights: ballots.map { _ in 1_000_000 }, rules)
    for (index, ballot) in ballots.enumerated() {
      _ = count.starts()
      count.record(index, ballot.map { .answer("\($0)") } ?? .abstained)
      if count.end != nil { break }
    }
    return count
  }

  @Test("stopping when it is decided never changes who wins, and never stops later than it must", arguments: 1...7)
  func decidedIsExact(voters: Int) {
    // Every sequence of three answers and an abstention.
    var number = 0
    while number < 1 << (2 * voters) {
      let ballots = (0..<voters).map { place -> Int? in
        let choice = number >> (2 * place) & 3
        return choice == 3 ? nil : choice
      }
      number += 1
      let full = hold(ballots, .init(stop: .never, wave: .size(1)))
      let early = hold(ballots, .init(stop: .decided, wave: .size(1)))
      guard full.valid > 0 else { continue }
      #expect(full.leaders.first?.key == early.leaders.first?.key, "\(ballots)")
      #expect((full.leaders.count > 1) == (early.leaders.count > 1), "\(ballots)")
      // One ballot earlier, some rest would have made another winner or a tie.
      let arrived = early.arrived
      guard arrived > 1, arrived < voters else { continue }
      let before = hold(Array(ballots.prefix(arrived - 1)), .init(stop: .never, wave: .size(1)))
      let weights = before.answers.map(\.weight) + [0, 0]
      #expect(weights[0] - weights[1] <= (voters - arrived + 1) * 1_000_000, "\(ballots)")
    }
  }

  @Test(
    "calls on average, in waves of one, when the right answer has probability 0.8",
    arguments: [(5, 4, VoteStop.decided, 3.8), (40, 4, .either(), 7.5), (40, 1, .either(), 9.0)])
  func averages(votes: Int, wrong: Int, stop: VoteStop, most: Double) {
    var random = SplitMix64(seed: 7)
    let trials = 20_000
    var (calls, right) = (0, 0)
    for _ in 0..<trials {
      let ballots = (0..<votes).map { _ -> Int? in random.chance(80) ? 0 : random.int(1...wrong) }
      let count = hold(ballots, .init(stop: stop, wave: .size(1)))
      calls += count.started
      if count.leaders.first?.key == "0" { right += 1 }
    }
    let average = Double(calls) / Double(trials)
    print("majority of \(votes), \(wrong) wrong answers: \(average) calls, right \(Double(right) / Double(trials))")
    #expect(average <= most)
    #expect(average > 2)
    #expect(Double(right) / Double(trials) > 0.93)
  }

  @Test("whatever order ballots arrive in, whatever is out: the decided vote is the full vote", arguments: 1...500)
  func anyOrder(seed: Int) {
    var random = SplitMix64(seed: seed)
    let votes = random.int(1...12)
    let weights = (0..<votes).map { _ in random.int(1...3) * 1_000_000 }
    let ballots = (0..<votes).map { _ -> Int? in random.chance(10) ? nil : random.int(0...2) }
    let wave: VoteWave = random.pick([.all, .needed, .size(1), .size(3)])
    var early = VoteCount(weights: weights, .init(stop: .decided, wave: wave))
    var out = Array(early.starts())
    while early.end == nil {
      guard !out.isEmpty else {
        Issue.record("seed \(seed): nobody is out, and it is not over")
        return
      }
      let index = out.remove(at: random.int(0...out.count - 1))
      early.record(index, ballots[index].map { .answer("\($0)") } ?? .abstained)
      out += Array(early.starts())
      if case .size(let size) = wave { #expect(out.count <= size) }
    }
    var sums: [Int: Int] = [:]
    for (ballot, weight) in zip(ballots, weights) where ballot != nil { sums[ballot ?? 0, default: 0] += weight }
    let best = sums.values.max() ?? 0
    let winners = Set(sums.filter { $0.value == best }.map { "\($0.key)" })
    guard !sums.isEmpty else {
      #expect(early.end == .tooFew)
      return
    }
    #expect(Set(early.leaders.map(\.key)) == winners, "seed \(seed)")
  }
}
