extension Vote {
  /// One step several times.
  /// - Parameters:
  ///   - votes: how often, at least once. A step that always answers alike makes a vote of one.
  ///   - wave: how many are out at once.
  ///   - stop: when it is over.
  ///   - tie: who wins when several answers share the highest weight.
  ///   - minimum: the fewest that must answer.
  ///   - failures: what a voter that fails means.
  ///   - part: the part of an answer that counts; nil abstains.
  public init<Part: ValueConvertible>(
    _ step: any Step<Input, Answer>, name: String? = nil, votes: Int, wave: VoteWave = .needed,
    stop: VoteStop = .decided, tie: VoteTie<Input, Answer> = .first, minimum: Int = 1,
    failures: VoteFailures = .abstain, by part: @escaping @Sendable (Answer) -> Part?
  ) {
    self.init(
      name: name ?? "vote \(step.identity.name)", voters: .times(votes, step), repeats: true, weights: [:],
      rules: .init(stop: stop, wave: wave, minimum: minimum, acceptsFailures: failures == .abstain), tie: tie,
      key: Self.key(part))
  }

  /// Several steps, each once, with weights where they do not count alike.
  /// - Parameters:
  ///   - weights: what voters count by their names, 1 where nothing is said; from a millionth to a million, in steps of
  ///     a millionth.
  ///   - part: the part of an answer that counts; nil abstains. The others are as above.
  public init<Part: ValueConvertible>(
    _ name: String = "vote", _ voters: [Branch<Input, Answer>], weights: [String: Double] = [:],
    wave: VoteWave = .needed, stop: VoteStop = .decided, tie: VoteTie<Input, Answer> = .first, minimum: Int = 1,
    failures: VoteFailures = .abstain, by part: @escaping @Sendable (Answer) -> Part?
  ) {
    self.init(
      name: name, voters: voters, repeats: false, weights: weights,
      rules: .init(stop: stop, wave: wave, minimum: minimum, acceptsFailures: failures == .abstain), tie: tie,
      key: Self.key(part))
  }

  private static func key<Part: ValueConvertible>(
    _ part: @escaping @Sendable (Answer) -> Part?
  ) -> @Sendable (Answer) -> String? {
    { answer in part(answer).flatMap { CanonicalAnswer.key(of: $0.value) } }
  }
}

extension Vote where Answer: ValueConvertible {
  /// One step several times; whole answers are compared.
  public init(
    _ step: any Step<Input, Answer>, name: String? = nil, votes: Int, wave: VoteWave = .needed,
    stop: VoteStop = .decided, tie: VoteTie<Input, Answer> = .first, minimum: Int = 1,
    failures: VoteFailures = .abstain
  ) {
    self.init(
      step, name: name, votes: votes, wave: wave, stop: stop, tie: tie, minimum: minimum, failures: failures,
      by: { (answer: Answer) -> Answer? in answer })
  }

  /// Several steps, each once; whole answers are compared.
  public init(
    _ name: String = "vote", _ voters: [Branch<Input, Answer>], weights: [String: Double] = [:],
    wave: VoteWave = .needed, stop: VoteStop = .decided, tie: VoteTie<Input, Answer> = .first, minimum: Int = 1,
    failures: VoteFailures = .abstain
  ) {
    self.init(
      name, voters, weights: weights, wave: wave, stop: stop, tie: tie, minimum: minimum, failures: failures,
      by: { (answer: Answer) -> Answer? in answer })
  }
}
