import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct RefinerTests {
  /// A writer that adds a letter to what it wrote before.
  private func letters(_ drafts: Journal<Draft<String, String>> = Journal()) -> some Step<Draft<String, String>, String>
  {
    FunctionStep("letters") { (draft: Draft<String, String>) in
      drafts.add(draft)
      return (draft.previous ?? draft.input) + "a"
    }
  }

  @Test func itRevisesUntilItPasses() async throws {
    let (drafts, recorder) = (Journal<Draft<String, String>>(), EventRecorder())
    let refiner = Refiner(letters(drafts), limit: 9) { text in
      Evaluation(score: Double(text.count), bar: 3, feedback: "longer than \(text.count)")
    }
    let result = try await refiner.run("", sinks: [recorder])
    #expect(result.output == "aaa")
    #expect(result.passed)
    #expect(result.number == 3)
    #expect(result.score == 3)
    #expect(result.failure == nil)
    #expect(drafts.entries.map(\.previous) == [nil, "a", "aa"])
    #expect(drafts.entries.map(\.feedback) == ["", "longer than 1", "longer than 2"])
    let evaluated = recorder.events.filter { $0.word == "evaluated" }.map(\.value)
    #expect(evaluated.map { $0["attempt"] } == [1, 2, 3])
    #expect(evaluated.map { $0["passed"] } == [false, false, true])
    #expect(evaluated.map { $0["score"] } == [1.0, 2.0, 3.0])
    #expect(recorder.lines.contains("finished refine letters/2/evaluate"))
  }

  @Test(arguments: 0..<200) func theBestAttemptIsWhatALimitReturns(seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let limit = random.int(1...8)
    let scores = (0..<limit).map { _ in random.chance(15) ? Double.nan : Double(random.int(0...5)) }
    let bar = Double(random.int(3...7))
    let count = Gauge()
    let writer = FunctionStep("writer") { (_: Draft<Int, Int>) -> Int in
      count.enter()
      return count.total - 1
    }
    let result = try await Refiner(writer, limit: limit) { Evaluation(score: scores[$0], bar: bar) }.run(0)
    let made = scores.firstIndex { $0 >= bar }.map { $0 + 1 } ?? limit
    #expect(count.total == made, "it ends with the first that passes")
    let known = scores.prefix(made).map { $0.isNaN ? -1 : $0 }
    let best = known.max() ?? -1
    #expect(result.number == (known.firstIndex(of: best) ?? 0) + 1, "the first of the best ones")
    #expect(result.passed == (best >= bar))
    #expect(result.score == (best < 0 ? nil : best))
    #expect(result.evaluations.count == made)
    #expect(result.evaluations.map { $0 == nil } == scores.prefix(made).map(\.isNaN))
  }

  @Test func aRevisionStartsFromTheBestAttempt() async throws {
    let drafts = Journal<Draft<Int, Int>>()
    let writer = FunctionStep("writer") { (draft: Draft<Int, Int>) in
      drafts.add(draft)
      return drafts.entries.count
    }
    let scores = [1: 5.0, 2: 3.0, 3: 6.0, 4: 1.0]
    let refiner = Refiner(writer, limit: 4) { Evaluation(passed: false, score: scores[$0], feedback: "f\($0)") }
    let result = try await refiner.run(0)
    #expect(drafts.entries.map(\.previous) == [nil, 1, 1, 3])
    #expect(drafts.entries.map(\.feedback) == ["", "f1", "f1", "f3"])
    #expect(result.output == 3)
  }

  @Test func withoutScoresTheLastRevisionIsTaken() async throws {
    let refiner = Refiner(letters(), limit: 3) { _ in Evaluation(passed: false, feedback: "more") }
    let result = try await refiner.run("")
    #expect(result.output == "aaa")
    #expect(!result.passed)
    #expect(result.number == 3)
  }

  @Test func anEvaluatorThatFailsCostsNothingButItsAttempt() async throws {
    let refiner = Refiner(letters(), limit: 3) { (_: String) -> Evaluation in throw Broken() }
    let result = try await refiner.run("")
    #expect(result.output == "a")
    #expect(result.evaluations == [nil, nil, nil])
    #expect(result.value["evaluations"] == [.null, .null, .null])
  }

  @Test func aRevisionThatFailsKeepsTheBestAttempt() async throws {
    let writer = FunctionStep("writer") { (draft: Draft<String, String>) -> String in
      if draft.previous != nil { throw Broken("no ink") }
      return "first"
    }
    let result = try await Refiner(writer, limit: 5) { _ in Evaluation(passed: false, score: 2) }.run("")
    #expect(result.output == "first")
    #expect(result.failure == RunFailure(Broken("no ink")))
    #expect(result.evaluations.count == 1)
    #expect(result.value["error"]?["message"] == "no ink")
  }

  @Test func aFirstAttemptThatFailsIsThrown() async {
    let writer = FunctionStep("writer") { (_: Draft<String, String>) -> String in throw Broken() }
    await #expect(throws: Broken.self) {
      try await Refiner(writer) { _ in Evaluation(passed: true) }.run("")
    }
    await #expect(throws: TurnoutError.self) {
      try await Refiner(letters(), limit: 0) { _ in Evaluation(passed: true) }.run("")
    }
  }

  @Test func aBudgetThatIsUsedUpReturnsTheBestAttempt() async throws {
    let model = ScriptedModel { _, index in .text("draft \(index)") }
    let agent = Agent<Draft<String, String>, String>(
      "writer", model: model, output: .text, instructions: { _, _ in "Write." }, prompt: { draft, _ in draft.text })
    let refiner = Refiner(agent, limit: 10) { _ in Evaluation(passed: false, feedback: "again") }
    let result = try await Run(budget: Budget(calls: 3)).perform(refiner, "x")
    #expect(result.output == "draft 2")
    #expect(result.failure?.label == "budget_exhausted")
  }

  @Test func cancellationIsNotAnAttempt() async {
    let executor = SeededExecutor()
    let gate = Gate()
    let started = executor.start {
      try await Refiner(self.letters(), limit: 3) { text -> Evaluation in
        if text.count == 2 { try await gate.wait() }
        return Evaluation(passed: false, score: 1)
      }.run("")
    }
    #expect(!started.isDone)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
  }

  @Test func criteriaAreJudgedByAModel() async throws {
    let writer = ScriptedModel([.text("It is red."), .text("It is red and costs 80.")])
    let judge = ScriptedModel([
      .value(["reasoning": "no price", "passed": false, "score": 4, "feedback": "Name the price."]),
      .value(["reasoning": "good", "passed": true, "score": 9, "feedback": ""]),
    ])
    let agent = Agent<Draft<String, String>, String>(
      "writer", model: writer, output: .text, instructions: { _, _ in "Write." }, prompt: { draft, _ in draft.text })
    let result = try await Refiner(agent, criteria: ["It names the price."], model: judge).run("Offer a bicycle.")
    #expect(result.output == "It is red and costs 80.")
    #expect(result.score == 9)
    guard case .user(let prompt)? = writer.requests[1].messages.last,
      case .system(let rules)? = judge.requests[0].messages.first
    else { return #expect(Bool(false), "two messages each") }
    #expect(prompt.contains("Your answer so far:\nIt is red.") && prompt.contains("Name the price."))
    #expect(rules.contains("- It names the price."))
  }

  @Test func thePlanHoldsWhatEveryAttemptReads() async throws {
    let (writer, judge) = (
      ScriptedModel("w") { _, _ in .text(String(repeating: "w", count: 80)) },
      ScriptedModel("j") { _, _ in
        .value(["reasoning": "x", "passed": false, "score": 1, "feedback": .string(String(repeating: "f", count: 60))])
      }
    )
    let agent = Agent<Draft<String, String>, String>(
      "writer", model: writer, output: .text, instructions: { _, _ in "Write." }, settings: .init(maxOutputTokens: 40),
      limits: AgentLimits(reasks: 0),
      promptBound: PromptBound(bytes: 80, insertions: 3), prompt: { draft, _ in draft.text })
    let refiner = Refiner(
      agent, criteria: ["It is good."], model: judge, limit: 4, reasks: 0, settings: .init(maxOutputTokens: 60))
    let plan = Plan(refiner.outline, input: InputBound(of: "Say something."))
    #expect(plan.worst.calls == 8)
    let run = Run()
    _ = try await run.perform(refiner, "Say something.")
    #expect(run.usage.calls == 8)
    let said = (writer.requests + judge.requests).reduce(0) { $0 + $1.saidBytes }
    #expect(said <= plan.worst.inputTokens ?? 0)
  }
}
