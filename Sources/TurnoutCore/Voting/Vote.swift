/// The same step several times, or several steps, over one input; what most of them answer wins.
///
/// ```swift
/// let vote = Vote(solver, votes: 5, by: \.answer)
/// let result = try await vote.run("What is 6 times 7?")
/// print(result.winner, result.agreement, result.saved)   // …, 1.0, 2
///
/// let panel = Vote("panel", [Branch("small", first), Branch("large", second), Branch("old", third)],
///   weights: ["large": 2], stop: .either(), tie: .none)
/// ```
/// Answers are compared in their canonical form, see ``CanonicalAnswer``; `by` says which part of an answer counts, and
/// gives nil for an abstention. A voter that fails abstains too, unless `failures` says otherwise. With each ballot that
/// arrives the vote is looked at; as soon as it is settled, everyone who is still out is cancelled. Ballots start as
/// places get free, never in blocks, so that no fast voter waits for a slow one; see ``VoteWave``. A vote that ends
/// when it is decided has the winner that it would have with every ballot counted, in whatever order they arrive.
///
/// Throws ``FanOutError``, which keeps every outcome, when too few answer, when nobody does, or when a tie is not broken.
public struct Vote<Input: Sendable, Answer: Sendable>: Step {
  private let name: String
  private let voters: [Branch<Input, Answer>]
  private let repeats: Bool
  private let weights: [String: Double]
  private let tie: VoteTie<Input, Answer>
  private let rules: VoteCount.Rules
  private let key: @Sendable (Answer) -> String?

  init(
    name: String, voters: [Branch<Input, Answer>], repeats: Bool, weights: [String: Double], rules: VoteCount.Rules,
    tie: VoteTie<Input, Answer>, key: @escaping @Sendable (Answer) -> String?
  ) {
    self.name = name
    self.voters = voters
    self.repeats = repeats
    self.weights = weights
    self.rules = rules
    self.tie = tie
    self.key = key
  }

  public var identity: StepIdentity { StepIdentity(.vote, name) }

  public var outline: StepOutline {
    let once = repeats ? voters.prefix(1).map { $0.step.outline.repeated(.times(voters.count)) } : nil
    var children = once ?? voters.map(\.step.outline)
    if case .by(let step) = tie { children.append(step.outline.gathering()) }
    return StepOutline(identity, children: children)
  }

  public func run(_ input: Input, in run: Run) async throws -> VoteResult<Answer> {
    var count = VoteCount(weights: try checkedWeights(), rules)
    let (voters, key) = (voters, key)
    let outcomes: [Outcome<Answer>] = try await run.admitting(
      voters.count, name: { voters[$0].name }, needs: { voters[$0].step.worstCase(for: input, prices: $1) },
      admit: { arrival in
        if let arrival {
          let answer = arrival.outcome.output.map { key($0).map { .answer($0) } ?? VoteCount.Ballot.abstained }
          count.record(arrival.index, answer ?? .failed)
          await run.emit(.voted(VoteTally(count)))
        }
        return count.end == nil ? Array(count.starts()) : nil
      }
    ) { try await voters[$0].run(input, in: $1) }
    guard case .ended(let end) = count.end else {
      throw FanOutError(failure: reason(count, outcomes), outcomes: outcomes)
    }
    let leaders = count.leaders
    var winner = leaders.first?.key ?? ""
    if leaders.count > 1 { winner = try await breakTie(leaders, outcomes, input, in: run) }
    return try result(count, end, winner: winner, wasTied: leaders.count > 1, outcomes)
  }

  /// - Throws: ``TurnoutError`` for a vote that makes no sense.
  private func checkedWeights() throws -> [Int] {
    func refuse(_ message: String) -> TurnoutError { .invalidInput("the vote \(name): \(message)") }
    if voters.isEmpty { throw refuse("it needs at least one voter") }
    if rules.minimum < 1 || rules.minimum > voters.count {
      throw refuse("\(rules.minimum) of \(voters.count) voters were asked to answer")
    }
    if let level = rules.stop.level, !(level >= 0.5 && level < 1) {
      throw refuse("the confidence at which it stops must be from 0.5 up to 1")
    }
    if let stranger = weights.keys.sorted().first(where: { name in !voters.contains { $0.name == name } }) {
      throw refuse("there is a weight for \"\(stranger)\", who is no voter")
    }
    return try voters.map { voter in
      let weight = weights[voter.name] ?? 1
      guard weight >= 1e-6, weight <= 1e6 else { throw refuse("a weight must be from 0.000001 to 1000000") }
      return Int((weight * 1e6).rounded())
    }
  }

  private func reason(_ count: VoteCount, _ outcomes: [Outcome<Answer>]) -> RunFailure {
    let first = count.failed.first.flatMap { outcomes[$0].failure }
    if count.end == .failed, let first { return first }
    let cause = first.map { "; the first failure: \($0.message)" } ?? ""
    return RunFailure(
      TurnoutError.unsettled(
        "\(count.valid) of \(count.count) voters answered and \(rules.minimum) must; \(count.abstained.count) abstained"
          + " and \(count.failed.count) failed\(cause)"))
  }

  private func breakTie(
    _ leaders: [VoteCount.Answer], _ outcomes: [Outcome<Answer>], _ input: Input, in run: Run
  ) async throws -> String {
    let all = Candidates(input, outcomes: outcomes)
    switch tie {
    case .first: return leaders[0].key
    case .none: throw all.failure(TurnoutError.unsettled("\(leaders.count) answers are tied, and none wins a tie"))
    case .by(let step):
      let tied = Candidates(input, outcomes: leaders.map { outcomes[$0.voters.min() ?? 0] })
      do {
        let answer = try await run.perform(step, tied, as: "tie")
        guard let chosen = key(answer), leaders.contains(where: { $0.key == chosen }) else {
          throw TurnoutError.unsettled("\(leaders.count) answers are tied, and the one that was chosen is none of them")
        }
        return chosen
      } catch { throw all.failure(error) }
    }
  }

  private func result(
    _ count: VoteCount, _ end: VoteEnd, winner: String, wasTied: Bool, _ outcomes: [Outcome<Answer>]
  ) throws -> VoteResult<Answer> {
    let sorted = count.answers
    let ranked = sorted.filter { $0.key == winner } + sorted.filter { $0.key != winner }
    let tally = try ranked.map { answer in
      let voters = answer.voters.sorted()
      return VoteResult<Answer>.Count(
        answer: try outcomes[voters[0]].get(), key: answer.key, weight: Double(answer.weight) / 1e6,
        voters: voters.map { self.voters[$0].name })
    }
    let all = Double(ranked.reduce(0) { $0 + $1.weight }) / 1e6
    let counted = Set(ranked.flatMap(\.voters) + count.abstained + count.failed)
    return VoteResult(
      winner: tally[0].answer, tally: tally, agreement: tally[0].weight / all,
      margin: (tally[0].weight - (tally.count > 1 ? tally[1].weight : 0)) / all, wasTied: wasTied, end: end,
      abstained: count.abstained.sorted().map { voters[$0].name },
      failed: count.failed.sorted().map { voters[$0].name },
      cancelled: voters.indices.filter { !counted.contains($0) }.map { voters[$0].name },
      saved: count.count - count.started, outcomes: outcomes)
  }
}

/// Who wins when several answers share the highest weight.
public enum VoteTie<Input: Sendable, Answer: Sendable>: Sendable {
  /// The one that reached it first, in the order of the voters, whatever the order in which they arrived.
  case first
  /// Nobody: the vote fails.
  case none
  /// The one that a step chooses, such as a ``Judge``; the tied answers are its candidates, and it must give one of them.
  case by(any Step<Candidates<Input, Answer>, Answer>)
}

/// What a voter that fails means for a vote.
public enum VoteFailures: Sendable, Hashable {
  /// It abstains.
  case abstain
  /// The vote fails, unless it was over before.
  case fail
}
