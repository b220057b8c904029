import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct ChainStepTests {
  @Test("each step gets what the one before produced, and can name all that came before") func chain() async throws {
    let text = """
      turnout: 1
      run:
        chain:
          - { name: one, text: "1({{input}})" }
          - text: "2({{input}})"
          - { name: 三, text: "3({{input}})" }
          - text: "{{request}} | {{steps.one.output}} | {{steps.三.output}} | {{input}}"
      """
    #expect(try await run(text, "in") == "in | 1(in) | 3(2(1(in))) | 3(2(1(in)))")
  }

  @Test("what a step produced is a value with members") func members() async throws {
    let text = """
      turnout: 1
      run:
        chain:
          - name: facts
            agent: { instructions: a, output: { who: string, tags: { type: array, items: string } } }
          - { name: list, each: { over: "{{steps.facts.output.tags}}", text: "<{{item}}>" } }
          - text: "{{steps.facts.output.who}} {{steps.facts.output}} {{input}}"
      """
    let model = ScriptedModel([.value(["who": "Ada", "tags": ["x", "y"]])])
    let result = try await run(text, "in", TestModels(model)).text
    #expect(
      result.hasPrefix("Ada {\"who\":\"Ada\",\"tags\":[\"x\",\"y\"]} [{\"status\":\"succeeded\",\"output\":\"<x>\""))
  }

  @Test("a chain inside a chain sees the outer steps, and its own stay inside") func nested() async throws {
    let text = """
      turnout: 1
      run:
        chain:
          - { name: a, text: outer }
          - chain:
              - { name: inside, text: "{{steps.a.output}}>" }
              - { name: a, text: inner }
              - text: "{{steps.inside.output}}{{steps.a.output}}"
          - text: "{{input}} {{steps.a.output}}"
      """
    #expect(try await run(text) == "outer>inner outer")
    let leaking = text.replacing("\"{{input}} {{steps.a.output}}\"", with: "\"{{steps.inside.output}}\"")
    #expect(try complaints(leaking) == ["9:13: {{steps.inside.output}} names no step; steps before this one: a"])
  }

  @Test("steps in events are called by their names or numbers") func paths() async throws {
    let recorder = EventRecorder()
    _ = try await run("turnout: 1\nrun: { chain: [{ text: a }, { name: b, text: c }] }\n", sinks: [recorder])
    let paths = recorder.events.compactMap { if case .started = $0.kind { $0.path.description } else { nil } }
    #expect(paths == ["flow", "flow/1", "flow/b"])
  }

  @Test("a member that is missing when it runs is an error with the name") func missing() async throws {
    let error = try #require(
      await failure { try await run("turnout: 1\nrun: { text: \"{{input.name}}\" }\n", ["nome": 1]) })
    #expect(
      error
        == RunFailure(label: "invalid_input", message: "the template name {{input.name}} has no value in this input"))
  }

  @Test("what is filled in is never read as a template") func injection() async throws {
    #expect(try await run("turnout: 1\nrun: { text: \"<{{input}}>\" }\n", "{{request}} }} {{") == "<{{request}} }} {{>")
  }

  @Test("a fallback answers with the same input when the step fails") func fallback() async throws {
    let text = """
      turnout: 1
      run:
        agent: { instructions: a }
        fallback:
          tool: { name: missing }
          fallback: { text: "sorry about {{input}}" }
      tools: { missing: { description: a, command: [turnout-no-such-program] } }
      """
    let model = ScriptedModel([.failure(ModelError.refused("scripted", "no"))])
    let recorder = EventRecorder()
    #expect(try await run(text, "x", TestModels(model), sinks: [recorder]) == "sorry about x")
    let failed = recorder.events.compactMap { if case .failed = $0.kind { $0.path.description } else { nil } }
    #expect(failed == ["flow/agent/scripted", "flow/agent", "flow/fallback/tool"])
  }
}
