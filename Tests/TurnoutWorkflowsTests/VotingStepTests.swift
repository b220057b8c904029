import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// Votes, judges, medoids, best_of and mixtures of files.
@Suite struct VotingStepTests {
  @Test("one step several times, by a part of its answer; the rest is spared") func vote() async throws {
    let model = ScriptedModel { _, index in
      .text("{\"reasoning\":\"\(index)\",\"answer\":\"\(index == 1 ? "8" : "9.0")\"}")
    }
    let text = """
      turnout: 1
      run:
        vote:
          votes: 5
          by: answer
          wave: 1
          detail: true
          agent: { instructions: a, output: { reasoning: string, answer: string } }
      """
    let result = try await run(text, "how many", TestModels(model))
    #expect(result["winner"]?["answer"] == "9.0")
    #expect(result["agreement"] == 0.75)
    #expect(result["saved"] == 1)
    #expect(model.requests.count == 4)
  }

  @Test("several voters with weights, and a step that breaks a tie") func voters() async throws {
    func text(_ more: String) -> String {
      "turnout: 1\nrun: { vote: { voters: { a: { text: yes }, b: { text: No. }, c: { text: no } }, \(more) } }\n"
    }
    let none = TestModels(ScriptedModel([]))
    #expect(try await run(text("stop: never"), "?", none) == "No.")
    #expect(try await run(text("weights: { a: 3 }"), "?", none) == "yes")
    #expect(
      try await run(text("weights: { a: 2 }, tie: { text: \"{{input.answers}}\" }"), "?", none, failing: true).string?
        .contains("the one that was chosen is none of them") == true)
  }

  @Test("a judge finds the best in both orders") func judge() async throws {
    let model = ScriptedModel { request, _ in
      let shown = request.prompt
      let isFirst =
        (shown.firstRange(of: "good")?.lowerBound ?? shown.endIndex)
        < (shown.firstRange(of: "Answer B")?.lowerBound ?? shown.endIndex)
      return .text("{\"reasoning\":\"so\",\"better\":\"\(isFirst ? "A" : "B")\"}")
    }
    let text = "turnout: 1\nrun: { judge: { criteria: [x], branches: { a: { text: bad }, b: { text: good } } } }\n"
    #expect(try await run(text, "?", TestModels(model)) == "good")
    #expect(model.requests.count == 2)
  }

  @Test("the best of several, by a step's score") func bestOf() async throws {
    let model = ScriptedModel { request, index in
      request.prompt.contains("score it") ? .text("{\"score\":\(index)}") : .text("draft \(index)")
    }
    let text = """
      turnout: 1
      run:
        best_of:
          times: 3
          bar: 3
          agent: { instructions: a }
          verifier: { agent: { instructions: a, prompt: "score it: {{input.output}}", output: { score: integer } } }
      """
    #expect(try await run(text, "?", TestModels(model)) == "draft 2")
  }

  @Test("layers read the layer before") func mixture() async throws {
    let text = """
      turnout: 1
      run:
        mixture:
          layers:
            - { a: { text: "a {{input.request}}" }, b: { text: "b {{input.request}}" } }
            - { c: { text: "{{input.answers}}" } }
          combine: { text: "{{input.text}}" }
      """
    #expect(try await run(text, "?", TestModels(ScriptedModel([]))) == "Answer 1:\n[\"a ?\",\"b ?\"]")
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      BadFile(
        "nobody votes", "turnout: 1\nrun: { vote: { votes: 3 } }\n",
        "2:14: the step \"flow\" needs exactly one of \(StepReader.kinds.joined(separator: ", "))"),
      BadFile(
        "no number of votes", "turnout: 1\nrun: { vote: { text: a } }\n",
        "2:14: the vote \"flow\" needs voters, or one step and votes"),
      BadFile(
        "no voters", "turnout: 1\nrun: { vote: { voters: {} } }\n", "2:24: the vote \"flow\" has no voters"),
      BadFile(
        "a weight of a stranger", "turnout: 1\nrun: { vote: { voters: { anna: { text: a } }, weights: { ana: 2 } } }\n",
        "2:58: there is no voter \"ana\"; did you mean \"anna\"?"),
      BadFile(
        "a part that no answer has",
        "turnout: 1\nrun: { vote: { votes: 3, by: anser, agent: { instructions: a, output: { answer: string } } } }\n",
        "2:30: by: {{anser}} has no \"anser\"; did you mean \"answer\"?"),
      BadFile(
        "a rule that is none", "turnout: 1\nrun: { vote: { votes: 3, stop: decide, text: a } }\n",
        "2:32: stop cannot be \"decide\"; did you mean \"decided\"?"),
      BadFile(
        "more must answer than there are", "turnout: 1\nrun: { vote: { votes: 3, minimum: 4, text: a } }\n",
        "2:35: minimum must be a whole number from 1 to 3"),
      BadFile(
        "a judge without criteria", "turnout: 1\nrun: { judge: { times: 2, text: a } }\n",
        "2:15: the judge \"flow\" has no criteria: what makes an answer good"),
      BadFile(
        "a verifier that gives no number",
        "turnout: 1\nrun: { best_of: { times: 2, text: a, verifier: { text: b } } }\n",
        "2:48: the verifier gives a string, and not a number or an object with a score"),
    ])
  func bad(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }
}

/// Runs a file; with `failing` the message of what it throws.
private func run(_ text: String, _ input: Value, _ models: TestModels, failing: Bool) async throws -> Value {
  do { return try await run(text, input, models) } catch { return .string(RunFailure(error).message) }
}
