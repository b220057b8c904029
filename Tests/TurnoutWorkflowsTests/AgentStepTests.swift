import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct AgentStepTests {
  @Test("an agent sends its instructions and the input, and answers with the text") func plain() async throws {
    let model = ScriptedModel([.text("Good morning.")])
    #expect(
      try await run("turnout: 1\nrun: { agent: { instructions: Be polite. } }\n", "hello", TestModels(model))
        == "Good morning.")
    #expect(model.requests.map(\.instructions) == ["Be polite."])
    #expect(model.requests.map(\.prompt) == ["hello"])
    #expect(model.requests.first?.tools == [])
    #expect(model.requests.first?.output == nil)
    #expect(model.requests.first?.settings == ModelSettings())
  }

  @Test("prompt and instructions are templates; an input that is no text is JSON in them") func templates() async throws
  {
    let model = ScriptedModel([.text("ok")])
    let text = """
      turnout: 1
      run:
        agent:
          instructions: You know {{request.who}}.
          prompt: |
            Who: {{ input.who }}
            All: {{input}}
      """
    _ = try await run(text, ["who": "Ada", "tags": ["a", 1]], TestModels(model))
    #expect(model.requests.map(\.instructions) == ["You know Ada."])
    #expect(model.requests.map(\.prompt) == ["Who: Ada\nAll: {\"who\":\"Ada\",\"tags\":[\"a\",1]}"])
  }

  @Test("settings reach the model") func settings() async throws {
    let model = ScriptedModel([.text("ok")])
    let text = """
      turnout: 1
      run:
        agent: { instructions: a, temperature: 0, seed: 7, max_tokens: 50, stop: ["\\n\\n", END] }
      """
    _ = try await run(text, "hello", TestModels(model))
    #expect(
      model.requests.first?.settings
        == ModelSettings(temperature: 0, seed: 7, maxOutputTokens: 50, stop: ["\n\n", "END"]))
  }

  private static let shape = """
    turnout: 1
    run:
      agent:
        instructions: a
        reasks: 1
        output:
          effects: { type: array, items: string, minItems: 1, maxItems: 2, description: What changes }
          severity: { type: integer, minimum: 0, maximum: 10 }
          mood: { enum: [good, bad] }
          size: { type: number, minimum: 0.5 }
          sure: boolean
          note: string?
          place: { properties: { city: { type: string, minLength: 1, maxLength: 9 } }, optional: true }
          rest: any
    """

  @Test("an output shape is asked for as a schema") func schema() async throws {
    let answer: Value = [
      "effects": ["a"], "severity": 3, "mood": "good", "size": 0.5, "sure": true, "note": nil, "place": nil,
      "rest": [1],
    ]
    let model = ScriptedModel([.value(answer)])
    let result = try await run(Self.shape, "hello", TestModels(model))
    #expect(result["severity"] == 3)
    #expect(result["effects"] == ["a"])
    let properties: [Schema.Property] = [
      .init("effects", .described("What changes", .array(.string(), minimumCount: 1, maximumCount: 2))),
      .init("severity", .integer(0...10)), .init("mood", .choice(["good", "bad"])),
      .init("size", .number(minimum: 0.5)),
      .init("sure", .boolean), .init("note", .optional(.string())),
      .init(
        "place",
        .optional(.object(name: "place", properties: [.init("city", .string(minimumLength: 1, maximumLength: 9))]))),
      .init("rest", .any),
    ]
    #expect(model.requests.first?.output == .object(name: "Output", properties: properties))
  }

  @Test("an answer of another shape is sent back once, as declared, and then fails") func reask() async throws {
    let model = ScriptedModel([.text("{\"effects\": []}"), .text("no JSON at all")])
    let error = try #require(await failure { try await run(Self.shape, "hello", TestModels(model)) })
    #expect(error.label == "invalid_output")
    #expect(model.requests.count == 2)
  }

  @Test("an answer must begin as it should") func opening() async throws {
    let text = "turnout: 1\nrun: { agent: { instructions: a, opens_with: \"[Sales] \" } }\n"
    let model = ScriptedModel([.text("Hello"), .text("[Sales] Hello")])
    #expect(try await run(text, "hello", TestModels(model)) == "[Sales] Hello")
    #expect(model.requests.count == 2)
    let continuing = ScriptedModel([.text("Hello")], capabilities: ModelCapabilities(continuation: true))
    #expect(try await run(text, "hello", TestModels(continuing)) == "[Sales] Hello")
    #expect(continuing.requests.first?.messages.last == .assistant("[Sales] "))
  }

  private static let tools = """
    turnout: 1
    tools:
      show:
        description: Shows a file
        parameters: { name: { type: string, description: Its name }, times: integer? }
        command: [sh, -c, 'cat "$1"; echo " x$2"', sh, "{{name}}", "{{times}}"]
      fails: { description: Fails, command: [sh, -c, "echo no luck >&2; exit 3"] }
      slow: { description: Sleeps, command: [sleep, "60"], timeout: 50ms }
    run: { agent: { instructions: a, tools: [show, fails, slow], turns: 3 } }
    """

  @Test("tools are programs in the file's folder; what they print goes back to the model") func toolCalls() async throws
  {
    let folder = try Folder(["flow.yaml": Self.tools, "a b.txt": "the text"])
    let model = ScriptedModel([
      .calls([
        ToolCall(id: "1", name: "show", arguments: "{\"name\": \"a b.txt\", \"times\": 2}"),
        ToolCall(id: "2", name: "show", arguments: "{\"name\": \"a b.txt\"}"),
        ToolCall(id: "3", name: "show", arguments: "{\"nome\": 1}"), ToolCall(id: "4", name: "fails", arguments: ""),
        ToolCall(id: "5", name: "slow", arguments: "{}"), ToolCall(id: "6", name: "other", arguments: "{}"),
      ]),
      .text("done"),
    ])
    #expect(try await folder.workflow().run("hello", TestModels(model)) == "done")
    #expect(model.requests.first?.tools.map(\.name) == ["show", "fails", "slow"])
    let results = model.requests.last?.messages.compactMap { message -> String? in
      if case .toolResult(let result) = message { result.content } else { nil }
    }
    #expect(results?.count == 6)
    #expect(results?.prefix(2) == ["the text x2", "the text x"])
    #expect(results?[2].hasPrefix("error: ") == true)
    #expect(results?[3].contains("no luck") == true)
    #expect(results?[4] == "error: sleep took longer than 0.05 s and was ended")
    #expect(results?[5] == "error: there is no tool \"other\"; the tools are: show, fails, slow")
  }

  @Test("an agent that only calls tools ends at its turns") func turns() async throws {
    let model = ScriptedModel { _, _ in .call("fails") }
    let error = try #require(await failure { try await run(Self.tools, "hello", TestModels(model)) })
    #expect(error.label == "turn_limit")
    #expect(model.requests.count == 3)
  }

  @Test("models are named by alias, by reference, and by the input") func models() async throws {
    let text = """
      turnout: 1
      models: { default: "ollama:a", careful: "ollama:b", embeddings: local }
      inputs: [{ name: x }, { name: y, model: careful }]
      run:
        chain:
          - each: { agent: { instructions: a, model: "{{item.model}}", prompt: "{{item.name}}" } }
          - agent: { instructions: a, model: careful, prompt: careful }
          - agent: { instructions: a, model: "vllm:c", prompt: direct }
          - agent: { instructions: a, prompt: default }
      """
    func model(_ name: String) -> ScriptedModel { ScriptedModel { request, _ in .text("\(name):\(request.prompt)") } }
    let (a, b, c) = (model("a"), model("b"), model("c"))
    let models = TestModels(["ollama:a": a, "ollama:b": b, "vllm:c": c])
    let folder = try Folder(["flow.yaml": text])
    let workflow = try folder.workflow()
    #expect(try await workflow.run(try #require(workflow.inputs), models) == "a:default")
    #expect(a.requests.map(\.prompt) == ["x", "default"])
    #expect(b.requests.map(\.prompt) == ["y", "careful"])
    #expect(c.requests.map(\.prompt) == ["direct"])
    let error = try #require(await failure { try await workflow.run([["name": "z", "model": "other"]], models) })
    #expect(error.message == "the input names the model \"other\", which the file does not declare")
  }

  @Test("a file that names no model uses the small one of this machine") func defaultModel() throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { agent: { instructions: a } }\n"])
    #expect(throws: ModelError.notFound("local", "the test has no such model")) {
      try folder.workflow().step(models: TestModels())
    }
  }
}

/// Why work failed.
func failure(_ body: () async throws -> some Any) async -> RunFailure? {
  do {
    _ = try await body()
    return nil
  } catch { return RunFailure(error) }
}
