import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct RaceStepTests {
  /// Slow for prompts with "slow" in them, and fails for those with "bad".
  private static let models = TestModels(
    ScriptedModel { request, _ in
      if request.prompt.contains("bad") { return .failure(ModelError.overloaded("scripted", "no")) }
      return .text("did \(request.prompt)").delayed(by: request.prompt.contains("slow") ? .seconds(600) : .zero)
    })

  @Test("the first branch that succeeds answers") func race() async throws {
    let text = """
      turnout: 1
      run:
        race:
          branches:
            a: { agent: { instructions: a, prompt: slow } }
            b: { agent: { instructions: a, prompt: bad } }
            c: { agent: { instructions: a, prompt: "{{input}}" } }
      """
    let recorder = EventRecorder()
    #expect(try await run(text, "work", Self.models, sinks: [recorder]) == "did work")
    #expect(recorder.events.contains { if case .wasted(let usage) = $0.kind { usage.calls == 1 } else { false } })
    let folder = try Folder(["flow.yaml": text])
    #expect(try folder.workflow().summary == "3 agents, 1 race")
  }

  @Test("a race in which all fail fails") func allFail() async throws {
    let text = "turnout: 1\nrun: { race: { branches: { a: { agent: { instructions: a, prompt: bad } } } } }\n"
    #expect(try #require(await failure { try await run(text, "x", Self.models) }).label == "unsettled")
  }

  @Test("a second attempt answers when the first takes long") func hedge() async throws {
    let text = "turnout: 1\nrun: { hedge: { after: 20ms, agent: { instructions: a, prompt: \"{{input}}\" } } }\n"
    let models = TestModels(
      ScriptedModel { _, index in .text("answer \(index)").delayed(by: index == 0 ? .seconds(600) : .zero) })
    let recorder = EventRecorder()
    #expect(try await run(text, "x", models, sinks: [recorder]) == "answer 1")
    let paths = recorder.events.compactMap { if case .started = $0.kind { $0.path.description } else { nil } }
    #expect(paths.contains("flow/first") && paths.contains("flow/second"))
  }

  @Test("a branch that takes too long fails, and may be tried again") func efforts() async throws {
    func text(_ step: String) -> String { "turnout: 1\nrun:\n  \(step)\n" }
    let agent = "agent: { instructions: a, prompt: \"{{input}}\" }"
    let once = TestModels(
      ScriptedModel { _, index in
        index == 0 ? .failure(ModelError.overloaded("scripted", "no")) : .text("attempt \(index + 1)")
      })
    let each = text("each: { retry: { attempts: 2, delay: 1ms, backoff: 1, limit: 1s }, \(agent) }")
    #expect(try await run(each, ["x"], once)[0]?["output"] == "attempt 2")
    let slow = text("each: { on_failure: settle, timeout: 20ms, \(agent) }")
    #expect(
      try await run(slow, ["slow", "x"], Self.models).array?.map { $0["error"]?["label"] } == ["timed_out", nil])
    let panel = text("parallel: { on_failure: settle, timeout: 20ms, branches: { a: { \(agent) } } }")
    #expect(try await run(panel, "slow", Self.models)[0]?["error"]?["label"] == "timed_out")
    let split = text("split: { on_failure: settle, timeout: 20ms, join: false, \(agent) }")
    #expect(try await run(split, "slow", Self.models)[0]?["error"]?["label"] == "timed_out")
    let race = text("race: { timeout: 20ms, branches: { a: { \(agent) } } }")
    #expect(try #require(await failure { try await run(race, "slow", Self.models) }).message.contains("within 0.02 s"))
  }

  @Test("plans count attempts") func plan() throws {
    let folder = try Folder([
      "flow.yaml": """
      turnout: 1
      run:
        race:
          retry: 3
          branches:
            a: { hedge: { after: 1s, agent: { instructions: a, turns: 1 } } }
            b: { each: { retry: 2, over: "{{input}}", text: x } }
      """
    ])
    func worst(_ step: some Step<Value, Value>) -> Int? { Plan(step.outline, input: InputBound(["a"])).worst.calls }
    #expect(worst(try folder.workflow().step(models: Self.models)) == 6)
  }

  @Test(
    "what is wrong, with its place",
    arguments: [
      ("race: {}", ["2:14: the race \"flow\" has no branches"]),
      ("race: { branches: {} }", ["2:26: the race \"flow\" has no branches"]),
      (
        "race: { branches: { a: { text: x } }, at_most: 2 }",
        ["2:46: unknown key \"at_most\" in the race \"flow\"; known keys: branches, timeout, retry"]
      ),
      (
        "race: { branches: { a: { text: x } }, timeout: -1s }",
        ["2:55: timeout must be a time such as 500ms, 30s or 2m"]
      ),
      ("hedge: { text: x }", ["2:15: the hedge \"flow\" does not say after which time a second attempt begins"]),
      ("hedge: { after: soon, text: x }", ["2:24: after must be a time such as 500ms, 30s or 2m"]),
      ("hedge: { after: 1s, extra: 2, text: x }", ["2:35: extra must be a number from 0.0 to 1.0"]),
      ("hedge: { after: 1s, learn: maybe, text: x }", ["2:35: learn must be true or false"]),
      ("each: { text: x, retry: 0 }", ["2:32: the number of attempts must be a whole number from 1 to 20"]),
      ("each: { text: x, retry: {} }", ["2:32: retry does not say how many attempts there are"]),
      (
        "each: { text: x, retry: { attempts: 2, backoff: 0.5 } }",
        ["2:56: backoff must be a number from 1.0 to 10.0"]
      ),
      (
        "each: { text: x, retry: { attempt: 2 } }",
        [
          "2:32: retry does not say how many attempts there are",
          "2:34: unknown key \"attempt\" in retry; did you mean \"attempts\"?",
        ]
      ),
      ("split: { text: x, timeout: 0s }", ["2:35: timeout must be a time such as 500ms, 30s or 2m"]),
    ])
  func complaints(step: String, expected: [String]) throws {
    #expect(try TurnoutWorkflowsTests.complaints("turnout: 1\nrun: { \(step) }\n") == expected)
  }

  private static func tools(_ readOnly: String, _ step: String) -> String {
    """
    turnout: 1
    tools:
      pay: { description: pays, command: [pay]\(readOnly) }
    run:
      hedge:
        after: 1s
        \(step)
    """
  }

  @Test(
    "what must not happen twice is not hedged",
    arguments: [
      "tool: { name: pay }", "agent: { instructions: a, tools: [pay] }",
      "chain: [{ text: a }, { parallel: { branches: { a: { tool: { name: pay } } } } }]",
      "text: a\n    fallback: { tool: { name: pay } }",
    ])
  func sideEffects(step: String) throws {
    let complaint =
      "6:5: a second attempt would call the tool \"pay\" twice; write read_only: true there if it only reads"
    #expect(try TurnoutWorkflowsTests.complaints(Self.tools("", step)) == [complaint])
    #expect(try TurnoutWorkflowsTests.complaints(Self.tools(", read_only: true", step)) == [])
    let folder = try Folder(["flow.yaml": Self.tools(", read_only: true", step)])
    _ = try folder.workflow().step(models: Self.models)
  }
}
