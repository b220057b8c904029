import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// `models:` with how a model is taken care of.
@Suite struct ModelCareTests {
  private func text(_ options: String, _ more: String = "") -> String {
    "turnout: 1\nmodels:\n  default: { model: openai:a\(options) }\n  other: openai:b\n\(more)run: { agent: { instructions: x } }\n"
  }

  /// One model under every name.
  private static func models(_ model: ScriptedModel) -> TestModels {
    TestModels(["openai:a": model, "openai:b": model, "openai:c": model])
  }

  @Test("another model answers when the first fails, and retries are shared") func fallback() async throws {
    let model = ScriptedModel { _, index in
      if index < 2 { throw ModelError.overloaded("m", "busy") }
      return .text("answer \(index)")
    }
    #expect(try await run(text(", retries: 0, fallback: [openai:c, other]"), "x", Self.models(model)) == "answer 2")
    let short = ScriptedModel { _, index in
      if index < 2 { throw ModelError.overloaded("m", "busy") }
      return .text("answer \(index)")
    }
    await #expect(throws: ModelError.self) {
      try await run(text(", retries: 0, fallback: other"), "x", Self.models(short))
    }
  }

  @Test("retries are made, as many as the file says") func retries() async throws {
    let model = ScriptedModel { _, index in
      if index < 1 { throw ModelError.server("m", "broken") }
      return .text("answer \(index)")
    }
    #expect(try await run(text(", retries: 1"), "x", Self.models(model)) == "answer 1")
    #expect(model.requests.count == 2)
  }

  @Test("answers are kept for requests that are made again, by all steps together") func cache() async throws {
    let flow = """
      turnout: 1
      models:
        default: { model: openai:a, cache: 10 }
        other: openai:b
      run:
        each:
          over: "{{input.list}}"
          at_most: 1
          agent: { instructions: x, prompt: "{{item}}" }
      """
    let model = ScriptedModel { request, index in .text("\(index)") }
    let input: Value = ["list": ["a", "b", "a", "c", "b"]]
    let result = try await Folder(["flow.yaml": flow]).workflow().run(input, Self.models(model))
    #expect(result.array?.map { $0["output"] ?? $0 } == ["0", "1", "0", "2", "1"], "\(result)")
    #expect(model.requests.count == 3)
    #expect(
      try complaints("turnout: 1\nmodels: { default: { model: openai:a, cache: 0 } }\nrun: { text: a }\n")
        == ["2:46: cache must be a whole number from 1 to 1000000"])
  }

  @Test("a plan counts attempts and fallbacks") func plan() throws {
    let workflow = try Folder(["flow.yaml": text(", retries: 3, fallback: other")]).workflow()
    let step = try workflow.step(models: NamedModels(StandardModels()))
    // Three calls by the agent; with a key missing, nothing is known of retries but what the file says.
    #expect((step.outline.asking?.calls ?? 0) == 3)
  }

  @Test(
    "what is read",
    arguments: [
      (
        ", first_token: 5s, between_tokens: 500ms, timeout: 2m",
        ModelTimeouts(first: .seconds(5), between: .milliseconds(500), total: .seconds(120))
      ),
      ("", ModelTimeouts()),
    ])
  func timeouts(_ options: String, _ limits: ModelTimeouts) throws {
    #expect(try Folder(["flow.yaml": text(options)]).workflow().modelOptions["default"]?.care.timeouts == limits)
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      BadFile(
        "no model", "turnout: 1\nmodels: { default: { retries: 2 } }\nrun: { text: a }\n",
        "2:20: the model \"default\" does not say which one it is: model: provider:model"),
      BadFile(
        "its own fallback",
        "turnout: 1\nmodels: { default: { model: openai:a, fallback: default } }\nrun: { text: a }\n",
        "2:49: the model \"default\" is its own fallback"),
      BadFile(
        "a fallback that nobody knows",
        "turnout: 1\nmodels: { default: { model: openai:a, fallback: [opnai:b] } }\nrun: { text: a }\n",
        "2:50: there is no provider \"opnai\"; did you mean \"openai\"?, or declare it under providers:"),
      BadFile(
        "too many retries", "turnout: 1\nmodels: { default: { model: openai:a, retries: 99 } }\nrun: { text: a }\n",
        "2:48: retries must be a whole number from 0 to 20"),
      BadFile(
        "a key that is none", "turnout: 1\nmodels: { default: { model: openai:a, retry: 2 } }\nrun: { text: a }\n",
        "2:39: unknown key \"retry\" in the model \"default\"; known keys: model, fallback, retries, first_token, between_tokens, timeout, cache"
      ),
      BadFile(
        "care for embeddings",
        "turnout: 1\nmodels: { embeddings: { model: openai:a, retries: 2 } }\nrun: { text: a }\n",
        "2:23: embeddings is the model that makes vectors; it has none of these options"),
    ])
  func bad(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }
}
