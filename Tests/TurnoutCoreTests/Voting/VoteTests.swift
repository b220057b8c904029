import Testing
import TurnoutCore
import TurnoutTesting

/// Votes as their users hold them.
@Suite struct VoteTests {
  private func voter(_ name: String, _ answer: String?) -> Branch<String, String> {
    Branch(
      name,
      FunctionStep(name) { (_: String) in
        guard let answer else { throw TurnoutError.invalidInput("\(name) is ill") }
        return answer
      })
  }

  private func panel(_ answers: String?...) -> [Branch<String, String>] {
    answers.enumerated().map { voter("v\($0 + 1)", $1) }
  }

  @Test func mostOfThemWin() async throws {
    let result = try await Vote("v", panel("Paris", "Rome", " paris. ", "PARIS", "Rome"), wave: .size(1)).run("?")
    #expect(result.winner == "Paris")
    #expect(result.tally.map(\.voters) == [["v1", "v3", "v4"], ["v2"]])
    #expect(result.agreement == 0.75)
    #expect(result.end == .decided)
    #expect(result.saved == 1)
    #expect(result.cancelled == ["v5"])
    #expect(result.outcomes.count == 5)
  }

  @Test func weightsCount() async throws {
    let result = try await Vote("v", panel("a", "b", "b"), weights: ["v1": 3], stop: .never).run("?")
    #expect(result.winner == "a")
    #expect(result.tally.map(\.weight) == [3, 2])
    #expect(result.margin == 0.2)
  }

  @Test func aPartOfTheAnswerCounts() async throws {
    let step = FunctionStep("s") { (input: String) -> Value in ["answer": .string(input), "why": "because"] }
    let vote = Vote(step, votes: 3, by: { $0["answer"]?.string })
    #expect(try await vote.run("x").winner == ["answer": "x", "why": "because"])
    await #expect(throws: FanOutError<Value>.self) {
      try await Vote(step, votes: 3, by: { $0["none"]?.string }).run("x")
    }
  }

  @Test func tiesAreBrokenAsDeclared() async throws {
    let two = panel("a", "b")
    let first = try await Vote("v", two, tie: .first).run("?")
    #expect(first.winner == "a")
    #expect(first.wasTied)
    #expect(first.margin == 0)
    await #expect(throws: FanOutError<String>.self) { try await Vote("v", two, tie: .none).run("?") }
    let last = FunctionStep("last") { (given: Candidates<String, String>) in given.answers.last ?? "" }
    #expect(try await Vote("v", two, tie: .by(last)).run("?").winner == "b")
    let stranger = FunctionStep("stranger") { (_: Candidates<String, String>) in "c" }
    await #expect(throws: FanOutError<String>.self) { try await Vote("v", two, tie: .by(stranger)).run("?") }
  }

  @Test func whoFailsAbstainsUnlessThatIsForbidden() async throws {
    let some = panel(nil, "a", nil)
    let result = try await Vote("v", some).run("?")
    #expect(result.winner == "a")
    #expect(result.failed == ["v1", "v3"])
    await #expect(throws: FanOutError<String>.self) { try await Vote("v", some, failures: .fail).run("?") }
    await #expect(throws: FanOutError<String>.self) { try await Vote("v", some, minimum: 2).run("?") }
    let error = await #expect(throws: FanOutError<String>.self) { try await Vote("v", panel(nil, nil)).run("?") }
    #expect(
      error?.failure.message
        == "0 of 2 voters answered and 1 must; 0 abstained and 1 failed; the first failure: v1 is ill"
        || error?.failure.message
          == "0 of 2 voters answered and 1 must; 0 abstained and 2 failed; the first failure: v1 is ill"
    )
    #expect(error?.outcomes.count == 2)
  }

  @Test func nonsenseIsRefused() async throws {
    for vote in [
      Vote("v", [Branch<String, String>]()), Vote("v", panel("a"), minimum: 2), Vote("v", panel("a"), minimum: 0),
      Vote("v", panel("a"), weights: ["x": 1]), Vote("v", panel("a"), weights: ["v1": -1]),
      Vote("v", panel("a"), weights: ["v1": .nan]), Vote("v", panel("a"), stop: .adaptive(confidence: 2)),
    ] {
      do {
        _ = try await vote.run("?")
        Issue.record("it was held")
      } catch { #expect(RunFailure(error).label == "invalid_input") }
    }
    #expect(try await Vote("v", panel("a")).run("?").winner == "a")
  }

  @Test func whoIsOutWhenItIsOverIsCancelled() async throws {
    let clock = ManualClock()
    let slow = FunctionStep(
      "slow",
      in: { (_: String, run: Run) -> String in
        try await run.clock.sleep(for: .seconds(60))
        return "late"
      })
    let recorder = EventRecorder()
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    let voters = panel("a", "a") + [Branch("slow", slow)]
    let result = try await run.perform(Vote("v", voters, wave: .all), "?")
    #expect(result.winner == "a")
    #expect(result.cancelled == ["slow"])
    #expect(recorder.events.contains { if case .settled(dropped: 1) = $0.kind { true } else { false } })
    #expect(recorder.events.count { if case .voted = $0.kind { true } else { false } } == 2)
  }

  @Test func aBudgetEndsAVoteThatCannotBePaid() async throws {
    let model = ScriptedModel { _, index in
      .text(index == 0 ? "a" : "b").using(Usage(calls: 1, inputTokens: 1, outputTokens: 1))
    }
    let agent = Agent("a", model: model, instructions: "", limits: AgentLimits(reasks: 0))
    let run = Run(budget: Budget(calls: 2))
    let result = try await run.perform(Vote(agent, votes: 5, wave: .size(1), stop: .never), "?")
    #expect(model.requests.count == 2)
    #expect(result.failed.count == 3)
    #expect(Plan(Vote(agent, votes: 5).outline, input: InputBound(bytes: 1)).worst.calls == 5)
  }
}

@Suite struct CanonicalAnswerTests {
  @Test(
    arguments: [
      ("  Paris. ", "paris"), ("PARIS", "paris"), ("42", "42"), ("42.0", "42"), ("042", "042"), ("-0.50", "-0.5"),
      ("yes!", "yes"), ("是。", "是"), ("a  b\n c", "a b c"), ("...", "..."), ("1.", "1"),
    ])
  func texts(_ text: String, _ key: String) { #expect(CanonicalAnswer.key(of: .string(text)) == key) }

  @Test func otherValues() {
    #expect(CanonicalAnswer.key(of: .null) == nil)
    #expect(CanonicalAnswer.key(of: "  ") == nil)
    #expect(CanonicalAnswer.key(of: ["b": "Yes!", "a": 1, "c": nil]) == #"{"a":1,"b":"yes"}"#)
    #expect(CanonicalAnswer.key(of: 42.0) == CanonicalAnswer.key(of: 42))
  }
}
