import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// Revisions, subtasks and gates of files.
@Suite struct PatternStepTests {
  private let none = TestModels(ScriptedModel([]))

  @Test("it revises by criteria until it passes") func criteria() async throws {
    let model = ScriptedModel { request, index in
      guard request.isAboutCriteria else { return .text("draft \(index)") }
      let passed = request.prompt.contains("draft 2")
      return .value([
        "reasoning": "so", "passed": .bool(passed), "score": .int(passed ? 9 : 2), "feedback": "longer",
      ])
    }
    let text = """
      turnout: 1
      run:
        refine:
          limit: 5
          criteria: [It is long.]
          detail: true
          agent: { instructions: a, prompt: "{{input.text}}" }
      """
    let result = try await run(text, "write", TestModels(model))
    #expect(result["output"] == "draft 2")
    #expect(result["passed"] == true)
    #expect(result["number"] == 2)
    #expect(result["evaluations"]?.array?.count == 2)
    #expect(model.requests[2].prompt.contains("Your answer so far:\ndraft 0\n\nWhat to change:\nlonger"))
  }

  @Test("the criteria's score must reach the bar too") func bar() async throws {
    let model = ScriptedModel { request, index in
      guard request.isAboutCriteria else { return .text("draft \(index)") }
      return .value(["reasoning": "so", "passed": true, "score": .int(index), "feedback": ""])
    }
    let text = """
      turnout: 1
      run: { refine: { bar: 5, criteria: [It is long.], detail: true, agent: { instructions: a } } }
      """
    let result = try await run(text, "write", TestModels(model))
    #expect(result["score"] == 5.0)
    #expect(result["number"] == 3)
  }

  private static let say =
    "tools: { say: { description: d, parameters: { words: string }, command: [echo, \"{{words}}\"] } }"

  private static func said(_ words: String) -> String { "tool: { name: say, arguments: { words: \"\(words)\" } }" }

  @Test(
    "an evaluator that is a program gives true or false, or a number",
    arguments: [("true", "", 1), ("false", "", 3), ("7", "bar: 5,", 1), ("7", "bar: 8,", 3), ("nonsense", "", 3)])
  func evaluators(_ words: String, _ bar: String, _ attempts: Int) async throws {
    let text = """
      turnout: 1
      \(Self.say)
      run: { refine: { \(bar) detail: true, evaluator: { \(Self.said(words)) }, text: "a {{input.feedback}}" } }
      """
    let result = try await run(text, "x", none)
    #expect(result["evaluations"]?.array?.count == attempts)
    #expect(result["passed"]?.bool == (attempts == 1))
  }

  @Test("workers get their task and the results they need") func orchestrate() async throws {
    let model = ScriptedModel([
      .value([
        "reasoning": "r",
        "tasks": [
          ["id": "one", "worker": "a", "task": "first", "needs": []],
          ["id": "two", "worker": "b", "task": "second", "needs": ["one"]],
        ],
      ])
    ])
    let text = """
      turnout: 1
      run:
        orchestrate:
          workers:
            a: { description: Does this, text: "a({{input.task}} of {{input.request}})" }
            b: { description: Does that, text: "b({{input.results.one}})" }
          combine: { text: "{{input.tasks}}" }
      """
    let tasks = try Value(json: try await run(text, "x", TestModels(model)).text)
    #expect(tasks.array?.map { $0["output"] } == ["a(first of x)", "b(a(first of x))"])
    #expect(model.requests[0].instructions.contains("- b: Does that"))
  }

  @Test("a gate stops, passes, and answers otherwise") func gates() async throws {
    func text(_ gate: String) -> String {
      "turnout: 1\n\(Self.say)\nrun: { chain: [ { name: g, gate: { \(gate) } }, { text: \"passed {{input}}\" } ] }\n"
    }
    let short = "when: { length: { at_most: 3 } }"
    #expect(try await run(text(short), "abc", none) == "passed abc")
    await #expect(throws: GateStop(gate: "g", reason: "its conditions do not hold")) {
      try await run(text(short), "abcd", none)
    }
    #expect(
      try await run(
        text("\(short), reason: long, otherwise: { text: \"{{input.value}} {{input.reason}}\" }"), "abcd", none)
        == "abcd long")
    #expect(try await run(text("check: { \(Self.said("true")) }"), "abcd", none) == "passed abcd")
    await #expect(throws: GateStop(gate: "g", reason: "no")) {
      try await run(text("check: { \(Self.said("false")) }, reason: \"no\""), "abcd", none)
    }
    let verdict = TestModels(ScriptedModel([.value(["passed": false, "reason": "it is rude"])]))
    let asked = "check: { agent: { instructions: a, output: { passed: boolean, reason: string } } }"
    #expect(
      try await run(text("\(asked), otherwise: { text: \"{{input.reason}}\" }"), "abcd", verdict) == "it is rude")
  }

  @Test("what a gate lets pass can be named later") func names() async throws {
    let text = """
      turnout: 1
      run:
        chain:
          - { name: first, text: "one {{input}}" }
          - { name: open, gate: { when: { words: one } } }
          - { text: "{{steps.open.output}} and {{steps.first.output}}" }
      """
    #expect(try await run(text, "x", none) == "one x and one x")
  }

  @Test("routers inside branches inside routers") func nesting() async throws {
    let inner = """
      route:
        by: rules
        rules: [{ route: deep, when: { words: deep } }]
        routes: { deep: { text: "deep {{input}}" } }
        otherwise: { text: "shallow {{input}}" }
      """
    let text = """
      turnout: 1
      run:
        route:
          by: rules
          rules: [{ route: many, when: { words: sea } }]
          routes:
            many:
              parallel:
                branches:
                  left:
      \(inner.split(separator: "\n").map { "              \($0)" }.joined(separator: "\n"))
                  right: { chain: [ { gate: { when: { words: deep } } }, { text: "right {{input}}" } ] }
          otherwise: { text: none }
      """
    let result = try await run(text, "the deep sea", none)
    #expect(result.array?.map { $0["output"] } == ["deep the deep sea", "right the deep sea"])
    #expect(try await run(text, "a lake", none) == "none")
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      BadFile(
        "nothing evaluates", "turnout: 1\nrun: { refine: { text: a } }\n",
        "2:16: the refine step \"flow\" needs criteria, what makes an answer good, or an evaluator, a step"),
      BadFile(
        "two that evaluate",
        "turnout: 1\nrun: { refine: { text: a, criteria: [b], evaluator: { agent: { instructions: c, output: { passed: boolean } } } } }\n",
        "2:37: the refine step \"flow\" has an evaluator, so criteria has no place"),
      BadFile(
        "too many attempts", "turnout: 1\nrun: { refine: { text: a, criteria: [b], limit: 1000 } }\n",
        "2:49: limit must be a whole number from 1 to 100"),
      BadFile(
        "no workers", "turnout: 1\nrun: { orchestrate: { workers: {}, combine: { text: a } } }\n",
        "2:32: the orchestrator \"flow\" has no workers"),
      BadFile(
        "a worker that nobody knows",
        "turnout: 1\nrun: { orchestrate: { workers: { w: { text: a } }, combine: { text: a } } }\n",
        "2:37: the worker \"w\" has no description: what the planner can give it to do"),
      BadFile(
        "no last step", "turnout: 1\nrun: { orchestrate: { workers: { w: { description: d, text: a } } } }\n",
        "2:21: the orchestrator \"flow\" needs workers, each a step with a description, and combine, a step"),
      BadFile(
        "a name that a subtask does not have",
        "turnout: 1\nrun: { orchestrate: { workers: { w: { description: d, text: \"{{input.tsk}}\" } }, combine: { text: a } } }\n",
        "2:61: {{input.tsk}} has no \"tsk\"; did you mean \"task\"?"),
      BadFile(
        "a gate that asks nothing", "turnout: 1\nrun: { chain: [ { gate: { reason: a } } ] }\n",
        "2:25: the gate \"1\" needs when, conditions that must hold, or check, a step that says true or false"),
      BadFile(
        "a gate beside a step", "turnout: 1\nrun: { chain: [ { text: a, gate: { when: { words: a } } } ] }\n",
        "2:25: a gate is a part of a chain by itself, so text has no place beside it"),
      BadFile(
        "a gate alone", "turnout: 1\nrun: { gate: { when: { words: a } } }\n",
        "2:14: a gate stands between the steps of a chain"),
      BadFile(
        "a gate by metadata", "turnout: 1\nrun: { chain: [ { gate: { when: { metadata: { a: [b] } } } } ] }\n",
        "2:35: unknown key \"metadata\" in when; known keys: words, pattern, script, length"),
    ])
  func bad(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }
}

extension ModelRequest {
  fileprivate var isAboutCriteria: Bool { instructions.contains("You evaluate an answer") }
}
