import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTesting
import TurnoutWorkflows

/// Decision models of a file.
@Suite struct DecisionRoutingTests {
  private static let decides = Desk.file("by: decision", "decision: openai:d")

  @Test("a decision model chooses, with probabilities") func chooses() async throws {
    let model = ScriptedDecisions(words: ["cost": "buy", "broken": "fix"])
    let buy = try await Desk.routed(Self.decides, "what does it cost", TestModels(model))
    #expect(buy.answer == "buy")
    #expect(buy.decision.decidedBy == "decision")
    #expect(buy.decision.confidence == 0.95)
    #expect(model.requests.map(\.text) == ["what does it cost"])
    #expect(model.requests.first?.choices.map(\.value) == ["buy", "fix", "none"])
    #expect(model.requests.first?.choices.first?.description.hasPrefix("Advice: Before buying") == true)
    #expect(try await Desk.routed(Self.decides, "sing", TestModels(model)).answer == "other")
  }

  @Test("a name of the file's own for the decision model") func alias() async throws {
    let model = ScriptedDecisions { _ in ("fix", 0.9) }
    let text = "models: { judge: \"openai:d\" }\n" + Desk.file("by: decision", "decision: judge")
    #expect(try await Desk.routed(text, "hello", TestModels(model)).answer == "fix")
  }

  @Test("after the examples, which leave it the best few routes") func cascade() async throws {
    let routes = """
          routes:
            a: { examples: [apples and pears], text: a }
            b: { examples: [bread and butter], text: b }
            c: { examples: [cheese and wine], text: c }
      """
    let model = ScriptedDecisions { _ in ("b", 0.9) }
    func text(_ candidates: String) -> String {
      "turnout: 1\nrun:\n  route:\n    by: [examples, decision]\n    decision: openai:d\n    bar: { examples: 1 }\n"
        + "\(candidates)\(routes)\n    otherwise: { text: other }\n"
    }
    let two = try await Desk.routed(text("    candidates: 2\n"), "bread butter cheese", TestModels(model))
    #expect(two.answer == "b")
    #expect(model.requests.last?.choices.map(\.value).sorted() == ["b", "c", "none"])
    _ = try await Desk.routed(text(""), "bread butter cheese", TestModels(model))
    #expect(model.requests.last?.choices.map(\.value).sorted() == ["a", "b", "c", "none"])
  }

  @Test("each stage has its bar") func bars() async throws {
    let decisions = ScriptedDecisions { _ in ("buy", 0.7) }
    var models = TestModels(["ollama:c": ScriptedModel { _, _ in .value(["reasoning": "r", "route": "fix"]) }])
    models.decisions = ["openai:d": decisions]
    func text(_ bar: Double) -> String {
      Desk.file("by: [decision, model]", "decision: openai:d", "model: ollama:c", "bar: { decision: \(bar) }")
    }
    #expect(try await Desk.routed(text(0.65), "hello", models).decision.decidedBy == "decision")
    let passed = try await Desk.routed(text(0.75), "hello", models)
    #expect(passed.decision.decidedBy == "model")
    #expect(passed.answer == "fix")
    let plain = Desk.file("by: [decision, model]", "decision: openai:d", "model: ollama:c")
    #expect(try await Desk.routed(plain, "hello", models).decision.decidedBy == "decision")
  }

  @Test("the model says how likely its answer was only where it has a bar") func modelBar() async throws {
    for (bar, asks) in [("bar: { model: 0.5 }", true), ("sticky: false", false)] {
      let chooser = ScriptedModel("scripted", capabilities: ModelCapabilities(logProbabilities: true)) { _, _ in
        .value(["reasoning": "r", "route": "fix"])
      }
      let text = Desk.file("by: model", "model: ollama:c", bar)
      #expect(try await Desk.routed(text, "hello", TestModels(["ollama:c": chooser])).answer == "fix")
      #expect(chooser.requests.map(\.logProbabilities) == [asks])
    }
  }

  @Test("a number is the examples' bar, as one in a mapping") func exampleBar() async throws {
    let model = ScriptedDecisions { _ in ("fix", 0.9) }
    for bar in ["1", "{ examples: 1 }"] {
      let text = Desk.file("by: [examples, decision]", "decision: openai:d", "bar: \(bar)")
      #expect(try await Desk.routed(text, "what does the phone cost", TestModels(model)).answer == "fix")
    }
    let text = Desk.file("by: [examples, decision]", "decision: openai:d", "bar: 0.1")
    #expect(try await Desk.routed(text, "what does the phone cost", TestModels(model)).answer == "buy")
  }

  @Test("a resolver without decision models says so") func unsupported() throws {
    struct Plain: ModelResolver {
      func languageModel(_ reference: String, in workflow: Workflow) -> any LanguageModel { ScriptedModel([]) }
      func embeddingModel(_ reference: String, in workflow: Workflow) -> any EmbeddingModel { ScriptedEmbeddings() }
    }
    let workflow = try Folder(["flow.yaml": Self.decides]).workflow()
    let error = #expect(throws: ModelError.self) { _ = try workflow.router(models: Plain()) }
    #expect(error.map { "\($0)" }?.contains("there are no decision models here") == true)
  }

  @Suite struct Standard {
    private let models = StandardModels(keys: KeyRing(environment: ["OPENAI_API_KEY": Remains.key]))

    private func model(_ reference: String, _ head: String = "") throws -> any DecisionModel {
      let workflow = try Folder(["flow.yaml": head + "turnout: 1\nrun: { text: a }\n"]).workflow()
      return try models.decisionModel(reference, in: workflow)
    }

    @Test("OpenAI's decide over its own wire") func openAI() throws {
      let model = try model("openai:gpt-x")
      #expect(model is OpenAIDecisionModel)
      #expect(model.name == "openai:gpt-x")
    }

    @Test("all others over System One") func others() throws {
      let declared = try model("mine:judge-1", "providers: { mine: { base_url: \"http://127.0.0.1:9/v1\" } }\n")
      #expect(declared is SystemOneModel)
      #expect(declared.name == "mine:judge-1")
      #expect(try model("ollama:judge") is SystemOneModel)
    }

    @Test("a file's own openai is OpenAI's wire at another address") func declaredOpenAI() throws {
      let declared = try model("openai:x", "providers: { openai: { base_url: \"http://127.0.0.1:9/v1\" } }\n")
      #expect(declared is OpenAIDecisionModel)
    }

    @Test(
      "what cannot decide",
      arguments: [
        ("local", "no local model decides; name a provider:model"), ("local:x", "no local model decides"),
        ("groq:x", "GROQ_API_KEY"), ("nobody:x", "there is no such provider"),
        ("judge", "a model's name is provider:model"),
      ])
    func refused(_ reference: String, _ words: String) throws {
      let error = #expect(throws: ModelError.self) { _ = try model(reference) }
      #expect(error.map { "\($0)" }?.contains(words) == true, "\(error.map { "\($0)" } ?? "")")
    }
  }
}
