import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct RetryingModelTests {
  private let quick = RetryPolicy(retries: 2, delay: .zero)
  private let request = ModelRequest(messages: [.user("hello")], settings: ModelSettings(maxOutputTokens: 100))

  private func failing(_ count: Int, _ error: ModelError = .server("m", "broken")) -> ScriptedModel {
    ScriptedModel("m") { _, index in index < count ? .failure(error) : .text("fine") }
  }

  @Test func `A call that failed is made again, and said so`() async throws {
    let recorder = EventRecorder()
    let model = failing(2)
    let agent = Agent("a", model: model.retrying(quick), instructions: "Answer.")
    #expect(try await Run(sinks: [recorder]).perform(agent, "hello") == "fine")
    #expect(model.requests.count == 3)
    let retries = recorder.events.compactMap { if case .retrying(let it) = $0.kind { it } else { nil } }
    #expect(retries.map(\.attempt) == [2, 3])
    #expect(retries.allSatisfy { $0.branch == "m" && $0.failure.label == "server" && $0.kind == .model })
  }

  @Test func `After the last retry the failure goes on, with how often it was tried`() async throws {
    let model = failing(9)
    let error = await #expect(throws: ModelError.self) {
      try await model.retrying(quick).respond(to: request, in: Run(), onDelta: nil)
    }
    #expect(model.requests.count == 3)
    #expect(error?.attempts == 3)
  }

  @Test(arguments: [ModelError.quotaExhausted("m", ""), .authentication("m", ""), .contextWindow("m", "")])
  func `What does not mend is not tried again`(error: ModelError) async throws {
    let model = failing(9, error)
    await #expect(throws: error) {
      try await model.retrying(quick).respond(to: request, in: Run(), onDelta: nil)
    }
    #expect(model.requests.count == 1)
  }

  @Test func `The provider is waited for as long as it asks`() async throws {
    let clock = ManualClock()
    var error = ModelError.rateLimited("m", "")
    error.retryAfter = .seconds(22)
    let model = failing(1, error)
    async let answer = model.retrying().respond(to: request, in: Run(clock: RunClock(clock)), onDelta: nil)
    await clock.sleepers(1)
    clock.advance(by: .seconds(21))
    #expect(model.requests.count == 1)
    clock.advance(by: .seconds(1))
    #expect(try await answer.text == "fine")
  }

  @Test(arguments: 0...4, 0...4) func `Stacked retries do not multiply`(outer: Int, inner: Int) async throws {
    let model = failing(99)
    let stacked = model.retrying(RetryPolicy(retries: inner, delay: .zero)).retrying(
      RetryPolicy(retries: outer, delay: .zero))
    let error = await #expect(throws: ModelError.self) {
      try await stacked.respond(to: request, in: Run(), onDelta: nil)
    }
    #expect(model.requests.count == 1 + outer)
    #expect(error?.attempts == 1 + outer)
    #expect(stacked.attempts == [ModelAttempts("m", most: 1 + outer)])
  }

  @Test(arguments: 1...5) func `Attempts of a branch and of its model add up`(attempts: Int) async throws {
    let model = failing(99)
    let agent = Agent("a", model: model.retrying(quick), instructions: "Answer.")
    let each = ForEach(agent, retry: Retry(attempts: attempts, delay: .zero))
    await #expect(throws: (any Error).self) { try await each.run(["x"]) }
    #expect(model.requests.count == (attempts <= 3 ? 3 : 6))
  }

  @Test func `Both attempts of a hedge share the retries`() async throws {
    let model = failing(99)
    let agent = Agent("a", model: model.retrying(quick), instructions: "Answer.")
    let hedge = try Hedge(agent, after: .after(.zero))
    await #expect(throws: (any Error).self) { try await hedge.run("x") }
    #expect(model.requests.count <= 4)
  }

  @Test func `Every attempt is set aside in the budget`() async throws {
    let model = failing(2)
    let run = Run(budget: Budget(calls: 2))
    let error = await #expect(throws: ModelError.self) { try await run.ask(model.retrying(quick), request) }
    #expect(error?.label == "server", "the budget has no third call, so the failure goes on")
    #expect(model.requests.count == 2)
    #expect(run.account?.spent.calls == 2)
    let wide = Run(budget: Budget(calls: 3))
    #expect(try await wide.ask(failing(2).retrying(quick), request).text == "fine")
    #expect(wide.account?.spent.calls == 3)
    #expect(wide.usage.calls == 1)
  }

  @Test(arguments: 0...3) func `A plan counts the attempts`(retries: Int) throws {
    let plain = Agent("a", model: failing(0), instructions: "Answer.", settings: request.settings)
    let model = failing(0).retrying(RetryPolicy(retries: retries))
    let patient = Agent("a", model: model, instructions: "Answer.", settings: request.settings)
    let input = InputBound(bytes: 100)
    let (one, all) = (Plan(plain.outline, input: input).worst, Plan(patient.outline, input: input).worst)
    #expect(all.calls == one.calls.map { $0 * (1 + retries) })
    #expect(all.inputTokens == one.inputTokens.map { $0 * (1 + retries) })
    #expect(all.outputTokens == one.outputTokens.map { $0 * (1 + retries) })
  }

  @Test func `An answer that broke off is taken back before it begins anew`() async throws {
    let recorder = EventRecorder()
    let model = ScriptedModel([.failure(ModelError.connection("m", "gone"), after: ["Hel"]), .stream(["Hello", "!"])])
    let agent = Agent("a", model: model.retrying(quick), instructions: "Answer.")
    #expect(try await Run(sinks: [recorder]).perform(agent, "hi") == "Hello!")
    #expect(Self.shown(recorder) == "Hello!")
    #expect(recorder.events.contains { if case .discarded = $0.kind { true } else { false } })
  }

  @Test func `An answer that broke off is gone on with by a model that can`() async throws {
    let recorder = EventRecorder()
    let model = ScriptedModel(
      [.failure(ModelError.connection("m", "gone"), after: ["Hel"]), .stream(["lo", "!"])],
      capabilities: ModelCapabilities(continuation: true))
    let agent = Agent("a", model: model.retrying(quick), instructions: "Answer.")
    #expect(try await Run(sinks: [recorder]).perform(agent, "hi") == "Hello!")
    #expect(recorder.text == "Hello!")
    #expect(model.requests.last?.messages.last == .assistant("Hel"))
  }

  @Test(arguments: 1...200) func `However often a stream breaks off, what is shown is the answer`(seed: Int)
    async throws
  {
    var random = SplitMix64(seed: seed)
    let continues = random.chance(50)
    let answer = ["one ", "two ", "three ", "four ", "five ", "six "]
    let cuts = (0..<random.int(0...4)).map { _ in random.int(0...answer.count) }
    let model = ScriptedModel("m", capabilities: ModelCapabilities(continuation: continues)) { request, index in
      var rest = answer
      if case .assistant(let beginning, _, _)? = request.messages.last {
        rest.removeFirst(beginning.split(separator: " ").count)
      }
      guard index < cuts.count else { return .stream(rest) }
      return .failure(ModelError.connection("m", "gone"), after: Array(rest.prefix(cuts[index])))
    }
    let recorder = EventRecorder()
    let patient = model.retrying(RetryPolicy(retries: 2, delay: .zero)).retrying(RetryPolicy(retries: 5, delay: .zero))
    let agent = Agent("a", model: patient, instructions: "Answer.")
    #expect(try await Run(sinks: [recorder]).perform(agent, "hi") == answer.joined(), "seed \(seed)")
    #expect(Self.shown(recorder) == answer.joined(), "seed \(seed)")
  }

  @Test func `A cancelled call is not made again`() async throws {
    let clock = ManualClock()
    let model = failing(9)
    let request = request
    let task = Task { try await model.retrying().respond(to: request, in: Run(clock: RunClock(clock)), onDelta: nil) }
    await clock.sleepers(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(model.requests.count == 1)
  }

  /// What a reader sees who drops what does not count.
  static func shown(_ recorder: EventRecorder) -> String {
    recorder.events.reduce(into: "") { shown, event in
      switch event.kind {
      case .text(let text): shown += text
      case .discarded: shown = ""
      default: break
      }
    }
  }
}
