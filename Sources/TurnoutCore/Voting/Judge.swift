/// A model that says which of several answers is best, by stated criteria.
///
/// ```swift
/// let judge = Judge<String, String>(by: ["It is right.", "It is brief."], model: model, method: .roundRobin)
/// let best = try await Panel("drafts", [Branch("a", first), Branch("b", second)]).then(judge).run(question)
/// print(best.winner, best.verdicts)
///
/// let given = Candidates("Say hello.", answers: ["Hello!", "What do you want?"])
/// let winner = try await judge.run(given).winner
/// ```
/// Pairs are shown in both orders, since models tend to the answer that they see first or last; a win counts only if
/// both orders agree, else it is a tie (Zheng et al. 2023). ``JudgeMethod`` says how many questions are asked. The judge
/// never sees the names of who answered. One that gives no answer that can be read is asked again, then the question
/// counts as a tie, or the candidate as without a score, which is worse than every score.
///
/// A single candidate is the best one and is not asked about, except for its score. Throws ``FanOutError``, which keeps
/// the candidates, when there are none, more than the limit, or not one question was answered.
public struct Judge<Request: Sendable, Answer: Sendable>: Step {
  private let name: String
  private let agent: Agent<JudgeQuestion, Value>
  private let method: JudgeMethod
  private let limit: Int
  private let bound: Int
  private let request: @Sendable (Request) -> String
  private let answer: @Sendable (Answer) -> String

  /// A judge of requests and answers of any type.
  /// - Parameters:
  ///   - criteria: what makes an answer good, a sentence each.
  ///   - method: how candidates are compared.
  ///   - limit: the most candidates it takes; the number of questions follows from it.
  ///   - bound: the most questions at once.
  ///   - reasks: how often an answer of the judge that cannot be read is sent back.
  ///   - request: the request as the judge reads it.
  ///   - answer: an answer as the judge reads it.
  public init(
    _ name: String = "judge", by criteria: [String], model: any LanguageModel, method: JudgeMethod = .roundRobin,
    limit: Int = 16, atMost bound: Int = 8, reasks: Int = 1, settings: ModelSettings = .init(),
    request: @escaping @Sendable (Request) -> String, answer: @escaping @Sendable (Answer) -> String
  ) {
    self.name = name
    self.method = method
    self.limit = limit
    self.bound = bound
    self.request = request
    self.answer = answer
    agent =
      if case .scores(let scale) = method {
        JudgeQuestion.scorer(model, criteria: criteria, scale: scale, settings: settings, reasks: reasks)
      } else { JudgeQuestion.comparer(model, criteria: criteria, settings: settings, reasks: reasks) }
  }

  public var identity: StepIdentity { StepIdentity(.judge, name) }
  public var outline: StepOutline {
    StepOutline(identity, children: [agent.outline.repeated(.times(method.questions(for: limit)))])
  }

  public func run(_ candidates: Candidates<Request, Answer>, in run: Run) async throws -> JudgeResult<Answer> {
    try candidates.requireAnswers(for: name)
    let answers = candidates.answers
    if answers.count > limit {
      throw candidates.failure(
        TurnoutError.invalidInput("\(name): there are \(answers.count) candidates, and it takes \(limit) at most"))
    }
    var bench = Bench(names: candidates.names, request: request(candidates.request), answers: answers.map(answer))
    var schedule = JudgeSchedule(method, count: answers.count)
    var winner = 0
    if case .scores = method {
      try await score(&bench, in: run)
      winner = highest(1, of: bench.scores.map { $0.score ?? -.infinity }).first ?? 0
    } else {
      while !schedule.pairs.isEmpty { schedule.record(try await compare(schedule.pairs, &bench, in: run)) }
      winner = schedule.winner
      bench.scores = zip(bench.names, schedule.scores).map { JudgeScore(name: $0, score: $1, reasoning: nil) }
    }
    if bench.asked > 0, bench.unanswered == bench.asked {
      let cause = bench.failure.map { ": \($0.message)" } ?? ""
      throw candidates.failure(
        RunFailure(label: bench.failure?.label ?? "unsettled", message: "\(name): it answered no question\(cause)"))
    }
    return JudgeResult(
      winner: answers[winner], name: bench.names[winner], scores: bench.scores, verdicts: bench.verdicts,
      calls: bench.calls, unanswered: bench.unanswered, outcomes: candidates.outcomes)
  }

  /// What is judged, and what was said so far.
  private struct Bench {
    let names: [String]
    let request: String
    let answers: [String]
    var scores: [JudgeScore] = []
    var verdicts: [JudgeVerdict] = []
    var asked = 0
    var unanswered = 0
    var calls = 0
    var failure: RunFailure?

    mutating func count(_ outcomes: [Outcome<Value>]) {
      asked += outcomes.count
      unanswered += outcomes.count { $0.failure != nil }
      calls += outcomes.reduce(0) { $0 + $1.usage.calls }
      failure = failure ?? outcomes.lazy.compactMap(\.failure).first
    }
  }

  private func score(_ bench: inout Bench, in run: Run) async throws {
    let outcomes = try await ask(
      bench.answers.map { JudgeQuestion(request: bench.request, answers: [$0]) },
      names: bench.answers.indices.map { "\($0 + 1)" }, in: run)
    bench.count(outcomes)
    bench.scores = zip(bench.names, outcomes).map { name, outcome in
      JudgeScore(
        name: name, score: outcome.output?["score"]?.double, reasoning: outcome.output?["reasoning"]?.string)
    }
  }

  /// - Returns: the winners, nil for a tie, in the order of the pairs.
  private func compare(_ pairs: [JudgePair], _ bench: inout Bench, in run: Run) async throws -> [Int?] {
    let both = pairs.flatMap { [($0.first, $0.second), ($0.second, $0.first)] }
    let (request, answers) = (bench.request, bench.answers)
    let outcomes = try await ask(
      both.map { JudgeQuestion(request: request, answers: [answers[$0.0], answers[$0.1]]) },
      names: both.map { "\($0.0 + 1)-\($0.1 + 1)" }, in: run)
    bench.count(outcomes)
    return pairs.enumerated().map { place, pair in
      let verdict = JudgeVerdict(
        candidates: [bench.names[pair.first], bench.names[pair.second]],
        choices: [
          Self.choice(outcomes[2 * place], swapped: false), Self.choice(outcomes[2 * place + 1], swapped: true),
        ])
      bench.verdicts.append(verdict)
      return verdict.winner.map { $0 == 0 ? pair.first : pair.second }
    }
  }

  private static func choice(_ outcome: Outcome<Value>, swapped: Bool) -> JudgeVerdict.Choice {
    switch outcome.output?["better"]?.string {
    case "A": swapped ? .second : .first
    case "B": swapped ? .first : .second
    case "tie": .tie
    default: .none
    }
  }

  private func ask(_ questions: [JudgeQuestion], names: [String], in run: Run) async throws -> [Outcome<Value>] {
    let agent = agent
    return try await FanOut(bound: bound, policy: .settle).run(
      count: questions.count, in: run, name: { names[$0] },
      needs: { Plan(agent.outline, input: questions[$0].bound, prices: $1).worst }
    ) { try await $1.perform(agent, questions[$0], as: names[$0]) }
  }
}

extension Judge where Request: ValueConvertible, Answer: ValueConvertible {
  /// A judge that reads requests and answers as texts, or else as JSON.
  public init(
    _ name: String = "judge", by criteria: [String], model: any LanguageModel, method: JudgeMethod = .roundRobin,
    limit: Int = 16, atMost bound: Int = 8, reasks: Int = 1, settings: ModelSettings = .init()
  ) {
    self.init(
      name, by: criteria, model: model, method: method, limit: limit, atMost: bound, reasks: reasks,
      settings: settings, request: { $0.value.text }, answer: { $0.value.text })
  }
}
