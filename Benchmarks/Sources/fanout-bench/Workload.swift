import TurnoutCore

/// One line of the table: so many branches of one kind, and what they may take.
struct Workload: Sendable {
  enum Shape: Sendable {
    /// An agent on a scripted model over an array of prompts.
    case agents(observed: Bool)
    /// Branches that only wait.
    case waits(timeout: Duration?)
    /// An agent on a scripted model over a stream of prompts, outcomes taken in order.
    case stream
  }

  let name: String
  let title: String
  let shape: Shape
  let count: Int
  let bound: Int
  /// The most seconds by the clock, where there is a target.
  var seconds: Double?
  /// The most MiB that are resident, where there is a target.
  var memory: Double?

  static let all = [
    Workload(
      name: "bounded", title: "100,000 agents, 256 at once", shape: .agents(observed: false), count: 100_000,
      bound: 256,
      seconds: 10, memory: 150),
    Workload(
      name: "observed", title: "100,000 agents, 256 at once, every event seen", shape: .agents(observed: true),
      count: 100_000, bound: 256, seconds: 10, memory: 150),
    Workload(
      name: "waiting", title: "10,000 at once, 1 s each", shape: .waits(timeout: nil), count: 10_000, bound: 10_000,
      seconds: 1.5),
    Workload(
      name: "timed", title: "10,000 at once, 1 s each, with a timeout", shape: .waits(timeout: .seconds(30)),
      count: 10_000, bound: 10_000, seconds: 1.5),
    Workload(
      name: "stream-100k", title: "a stream of 100,000 agents, 256 at once", shape: .stream, count: 100_000, bound: 256),
    Workload(
      name: "stream-1m", title: "a stream of 1,000,000 agents, 256 at once", shape: .stream, count: 1_000_000,
      bound: 256),
  ]

  /// Does the work and checks every outcome.
  func perform() async throws {
    switch shape {
    case .agents(let observed):
      let run = Run(sinks: observed ? [EventHandler(wantsText: false) { _ in }] : [])
      let outcomes = try await run.perform(ForEach(agent, atMost: bound), (0..<count).map(String.init))
      for (index, outcome) in outcomes.enumerated() { try check(outcome, index) }
      guard outcomes.count == count, run.usage.calls == count else { throw WrongOutcome(index: -1) }
    case .waits(let timeout):
      let wait = FunctionStep(
        "wait",
        in: { (index: Int, run: Run) in
          try await run.clock.sleep(for: .seconds(1))
          return index
        })
      let outcomes = try await ForEach(wait, atMost: bound, timeout: timeout).run(Array(0..<count))
      for (index, outcome) in outcomes.enumerated() where outcome.output != index { throw WrongOutcome(index: index) }
    case .stream:
      let run = Run()
      let taken = try await ForEach(agent, atMost: bound).withOutcomes(of: Prompts(count: count), in: run) { outcomes in
        var index = 0
        for try await outcome in outcomes {
          try check(outcome, index)
          index += 1
        }
        return index
      }
      guard taken == count, run.usage.calls == count else { throw WrongOutcome(index: -1) }
    }
  }

  private var agent: Agent<String, String> { Agent("agent", model: Echo(), instructions: "Answer.") }

  private func check(_ outcome: Outcome<String>, _ index: Int) throws {
    guard outcome.output == "answer to \(index)" else { throw WrongOutcome(index: index) }
  }
}

/// Answers with its prompt after others had their turn, and keeps nothing.
private struct Echo: LanguageModel {
  let name = "echo"

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    guard case .user(let prompt)? = request.messages.last else { throw WrongOutcome(index: -1) }
    await Task.yield()
    return ModelResponse(text: "answer to \(prompt)", usage: Usage(calls: 1, inputTokens: 4, outputTokens: 3))
  }
}

/// Prompts that are made as they are read.
private struct Prompts: AsyncSequence, Sendable {
  let count: Int

  struct Iterator: AsyncIteratorProtocol {
    let count: Int
    var next = 0
    mutating func next() async -> String? {
      guard next < count else { return nil }
      defer { next += 1 }
      return String(next)
    }
  }

  func makeAsyncIterator() -> Iterator { Iterator(count: count) }
}

/// A branch did not give what it was asked for.
struct WrongOutcome: Error {
  let index: Int
}
