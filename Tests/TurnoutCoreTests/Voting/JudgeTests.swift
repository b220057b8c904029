import Testing
import TurnoutCore
import TurnoutTesting

/// Judges, medoids, the best of several and mixtures.
@Suite struct JudgeTests {
  private let given = Candidates("Say hello.", answers: ["Hello!", "Hm", "Good day"])

  /// Prefers the answer that holds a text, whichever place it is shown in.
  private func fair(_ text: String) -> ScriptedModel {
    ScriptedModel { request, _ in
      let shown = request.prompt
      let (a, b) = (shown.firstRange(of: "Answer A")?.lowerBound, shown.firstRange(of: "Answer B")?.lowerBound)
      guard let a, let b, let found = shown.firstRange(of: text)?.lowerBound else {
        return .text(#"{"reasoning":"none of them","better":"tie"}"#)
      }
      let better = found > max(a, b) ? (b > a ? "B" : "A") : (b > a ? "A" : "B")
      return .text(#"{"reasoning":"it is friendlier","better":"\#(better)"}"#)
    }
  }

  @Test func everyPairIsAskedInBothOrders() async throws {
    let model = fair("Good day")
    let judge = Judge<String, String>(by: ["It is friendly."], model: model)
    let result = try await judge.run(given)
    #expect(result.winner == "Good day")
    #expect(result.scores.map(\.score) == [0.5, 0.5, 2])
    #expect(model.requests.count == 6)
    #expect(result.verdicts.map(\.isConsistent) == [true, true, true])
    #expect(result.calls == 6)
  }

  @Test func whoPrefersAPlacePrefersNobody() async throws {
    let biased = ScriptedModel { _, _ in .text(#"{"reasoning":"the first","better":"A"}"#) }
    let result = try await Judge<String, String>(by: ["It is good."], model: biased).run(given)
    #expect(result.scores.map(\.score) == [1, 1, 1])
    #expect(result.verdicts.allSatisfy { !$0.isConsistent && $0.winnerName == nil })
    #expect(result.winner == "Hello!", "of equals the first")
  }

  @Test func aKnockoutAsksLess() async throws {
    let model = fair("Good day")
    let result = try await Judge<String, String>(by: ["It is friendly."], model: model, method: .knockout).run(given)
    #expect(result.winner == "Good day")
    #expect(model.requests.count == 4)
  }

  @Test func scoresAreGivenOneByOne() async throws {
    let model = ScriptedModel { request, _ in
      .text(#"{"reasoning":"so","score":\#(request.prompt.contains("Hm") ? 2 : 7)}"#)
    }
    let result = try await Judge<String, String>(by: ["It is friendly."], model: model, method: .scores).run(given)
    #expect(result.scores.map(\.score) == [7, 2, 7])
    #expect(result.winner == "Hello!")
  }

  @Test func whoAnswersNeitherIsAskedAgainAndThenIsAnError() async throws {
    let model = ScriptedModel { _, _ in .text("both are nice") }
    let judge = Judge<String, String>(by: ["It is friendly."], model: model, reasks: 1)
    let error = await #expect(throws: FanOutError<String>.self) {
      try await judge.run(Candidates("?", answers: ["a", "b"]))
    }
    #expect(model.requests.count == 4, "two orders, each asked again once")
    #expect(error?.outcomes.count == 2, "the candidates are kept")
    #expect(error?.failure.message.contains("it answered no question") == true)
  }

  @Test func oneCandidateIsBestAndNoneAnError() async throws {
    let model = ScriptedModel { _, _ in .text("") }
    let judge = Judge<String, String>(by: ["x"], model: model)
    #expect(try await judge.run(Candidates("?", answers: ["a"])).winner == "a")
    #expect(model.requests.isEmpty)
    await #expect(throws: FanOutError<String>.self) { try await judge.run(Candidates("?", answers: [])) }
    let many = Candidates("?", answers: (0..<17).map { "\($0)" })
    await #expect(throws: FanOutError<String>.self) { try await judge.run(many) }
  }
}

@Suite struct BestOfTests {
  @Test func theFirstThatIsGoodEnoughWins() async throws {
    let model = ScriptedModel { _, index in .text(String(repeating: "a", count: index + 1)) }
    let writer = Agent("w", model: model, instructions: "")
    let result = try await BestOf(writer, times: 5, bar: 3) { Double($0.count) }.run("?")
    #expect(result.winner == "aaa")
    #expect(result.passed)
    #expect(result.number == 3)
    #expect(model.requests.count == 3)
    #expect(result.scores == [1, 2, 3, nil, nil])
  }

  @Test func elseTheBest() async throws {
    let model = ScriptedModel { _, index in .text(["a", "ccc", "bb"][index]) }
    let writer = Agent("w", model: model, instructions: "")
    let result = try await BestOf(writer, times: 3, bar: 9) { Double($0.count) }.run("?")
    #expect(result.winner == "ccc")
    #expect(!result.passed)
  }

  @Test func aScoreThatIsNoNumberNeverWins() async throws {
    let step = FunctionStep("s") { (_: String) in "x" }
    await #expect(throws: FanOutError<String>.self) { try await BestOf(step, times: 2) { _ in Double.nan }.run("?") }
    await #expect(throws: TurnoutError.self) { try await BestOf(step, times: 0) { _ in 1 }.run("?") }
  }
}

@Suite struct MixtureTests {
  private typealias Given = Candidates<String, String>

  @Test func layersReadWhatTheLayerBeforeAnswered() async throws {
    func step(_ name: String) -> Branch<Given, String> {
      Branch(name, FunctionStep(name) { (given: Given) in "\(name)(\(given.answers.joined(separator: ",")))" })
    }
    let mixture = Mixture(
      layers: [[step("a"), step("b")], [step("c"), step("d")]], combiningBy: step("end").step)
    #expect(try await mixture.run("?") == "end(c(a(),b()),d(a(),b()))")
  }

  @Test func whoFailsIsOneAnswerFewer() async throws {
    let ill = Branch<Given, String>("ill", FunctionStep("ill") { (_: Given) in throw TurnoutError.invalidInput("ill") })
    let well = Branch<Given, String>("well", FunctionStep("well") { (given: Given) in "\(given.answers.count)" })
    #expect(try await Mixture(layers: [[ill, well], [well]], combiningBy: well.step).run("?") == "1")
    await #expect(throws: FanOutError<String>.self) {
      try await Mixture(layers: [[ill]], combiningBy: well.step).run("?")
    }
    let none = Mixture(layers: [], combiningBy: well.step)
    await #expect(throws: TurnoutError.self) { try await none.run("?") }
  }
}

extension ModelRequest {
  /// The last thing a person said.
  fileprivate var prompt: String {
    messages.reversed().lazy.compactMap { if case .user(let text) = $0 { text } else { nil } }.first ?? ""
  }
}
