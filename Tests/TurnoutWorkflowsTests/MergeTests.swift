import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// Requests for two things at once, and what `otherwise` can say of the decision.
@Suite struct MergeTests {
  private static let both = "My screen is broken today. And what does it cost?"
  private static func file(_ lines: String...) -> String {
    Desk.file("by: decision", "decision: openai:d", lines.joined(separator: "\n    "))
      .replacing("text: \"buy\"", with: "text: \"buy({{input}})\"")
      .replacing("text: \"fix\"", with: "text: \"fix({{input}})\"")
  }
  private static let models = TestModels(ScriptedDecisions(words: ["cost": "buy", "broken": "fix"]))

  @Test("join puts the answers one after another, in the order of the request") func join() async throws {
    let answer = try await Desk.routed(Self.file("merge: join"), .string(Self.both), Self.models)
    #expect(answer.decision.kind == .several)
    #expect(answer.decision.routes == ["fix", "buy"])
    #expect(answer.answer == .string("fix(\(Self.both))\n\nbuy(\(Self.both))"))
  }

  @Test("without merge, a request takes one route") func without() async throws {
    let answer = try await Desk.routed(Self.file("sticky: false"), .string(Self.both), Self.models)
    #expect(answer.decision.routes.count == 1)
  }

  @Test("a request for one thing is not merged") func one() async throws {
    let answer = try await Desk.routed(Self.file("merge: { text: merged }"), "what does it cost", Self.models)
    #expect(answer.answer == "buy(what does it cost)")
  }

  @Test("a step gets the answers and their text") func step() async throws {
    let text = try await Desk.routed(
      Self.file("merge: { text: \"[{{input.text}}] of {{request}}\" }"), .string(Self.both), Self.models)
    #expect(text.answer == .string("[fix(\(Self.both))\n\nbuy(\(Self.both))] of \(Self.both)"))
    let each = "{ over: \"{{input.answers}}\", text: \"{{item.route}}/{{item.title}}: {{item.output}}\" }"
    let list = try await Desk.routed(Self.file("merge: { each: \(each) }"), .string(Self.both), Self.models)
    #expect(
      list.answer.array?.map { $0["output"] } == [
        .string("fix/Repairs: fix(\(Self.both))"), .string("buy/Advice: buy(\(Self.both))"),
      ])
  }

  @Test("an agent merges, with a path of its own") func agent() async throws {
    var models = TestModels(ScriptedModel { request, _ in .text("merged \(request.prompt)") })
    models.decisions = Self.models.decisions
    let recorder = EventRecorder()
    let text = Self.file("merge: { agent: { instructions: Make one of them, prompt: \"{{input.text}}\" } }")
    let answer = try await run(text, .string(Self.both), models, sinks: [recorder])
    #expect(answer == .string("merged fix(\(Self.both))\n\nbuy(\(Self.both))"))
    let paths = Set(recorder.events.map(\.path.description))
    for path in ["flow/fix", "flow/buy", "flow/merge"] { #expect(paths.contains(path), "\(paths.sorted())") }
  }

  @Test("a language model names several routes only where they can be merged") func model() async throws {
    let chooser = ScriptedModel { request, _ in
      let asked = request.instructions.contains("\"also\"")
      return .value(
        asked ? ["reasoning": "r", "route": "buy", "also": ["fix"]] : ["reasoning": "r", "route": "buy"])
    }
    let models = TestModels(["ollama:c": chooser])
    let merged = Desk.file("by: model", "model: ollama:c", "merge: join")
    #expect(try await Desk.routed(merged, "hello", models).answer == "buy\n\nfix")
    #expect(try await Desk.routed(Desk.file("by: model", "model: ollama:c"), "hello", models).answer == "buy")
  }

  @Test("the steps of a merge are counted") func counted() throws {
    let folder = try Folder(["flow.yaml": Self.file("merge: { chain: [{ text: a }, { text: b }] }")])
    #expect(try folder.workflow().summary == "1 chain, 1 router, 2 routes, 5 texts")
  }

  @Test("otherwise asks back by the titles of the nearest routes") func nearest() async throws {
    let ask = Desk.file(otherwise: "Is it about {{decision.nearest}}? We do {{decision.routes}}.")
    let other = try await Desk.routed(ask, "repair the song of the cracked stars please my my")
    #expect(other.decision.kind == .none)
    #expect(other.answer == "Is it about Repairs, Advice? We do Advice, Repairs.")
  }

  @Test("the two nearest of many, and all in the order of the file, by name without a title") func many() async throws {
    let text = """
      turnout: 1
      run:
        route:
          by: decision
          decision: openai:d
          routes:
            zoo: { description: a, text: a }
            ape: { description: b, title: Apes, text: b }
            bee: { description: c, text: c }
          otherwise: { text: "{{decision.nearest}} | {{decision.routes}} | {{decision.reasoning}}" }
      """
    struct Sure: ModelResolver {
      func languageModel(_ reference: String, in workflow: Workflow) -> any LanguageModel { ScriptedModel([]) }
      func embeddingModel(_ reference: String, in workflow: Workflow) -> any EmbeddingModel { ScriptedEmbeddings() }
      func decisionModel(_ reference: String, in workflow: Workflow) -> any DecisionModel { Fixed() }
    }
    struct Fixed: DecisionModel {
      let name = "fixed"
      func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
        let shares = ["none": 0.7, "bee": 0.15, "ape": 0.1, "zoo": 0.05]
        return .choice("none", probabilities: shares.map { DecisionProbability($0.key, $0.value) }, usage: .none)
      }
    }
    let workflow = try Folder(["flow.yaml": text]).workflow()
    func answer(_ step: some Step<Value, Value>) async throws -> Value { try await step.run("hello") }
    #expect(try await answer(try workflow.step(models: Sure())) == "bee, Apes | zoo, Apes, bee | ")
  }

  @Test("without scores the first routes of the file; and the reasoning") func reasoning() async throws {
    let text = Desk.file(
      "by: rules", "rules: [{ route: none, name: no songs, when: { words: song } }]",
      otherwise: "{{decision.nearest}} | {{decision.reasoning}}")
    #expect(
      try await Desk.routed(text, "a song").answer
        == "Advice, Repairs | rule 1 \"no songs\" matches: the word \"song\"")
  }

  @Test("deeper steps of otherwise know the decision, another router's otherwise its own") func nested() async throws {
    let text = """
      turnout: 1
      run:
        route:
          by: rules
          rules: [{ route: none, when: { words: song } }]
          routes: { outer: { text: a } }
          otherwise:
            chain:
              - text: "{{decision.routes}}"
              - route:
                  by: rules
                  rules: [{ route: none, when: { words: outer } }]
                  routes: { inner: { text: a } }
                  otherwise: { text: "{{input}} then {{decision.routes}}" }
      """
    #expect(try await run(text, "a song") == "outer then inner")
  }
}
