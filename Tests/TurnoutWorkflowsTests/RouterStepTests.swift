import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct RouterStepTests {
  private static let routes = """
        routes:
          buy:
            title: Advice
            description: Before buying
            examples: [what does the phone cost, price of the phone, is the phone in stock]
            text: "buy({{input}})"
          fix:
            description: Trouble
            examples: [my phone is broken, my screen is cracked, repair my phone]
            text: "fix({{input}})"
    """
  private static func file(_ by: String, otherwise: String = "{ text: \"other({{input}})\" }") -> String {
    let model = by.contains("model") ? "    model: chooser\n" : ""
    return
      "turnout: 1\nmodels: { chooser: \"ollama:c\" }\nrun:\n  route:\n    by: \(by)\n\(model)\(routes)\n    otherwise: \(otherwise)\n"
  }

  private static func choosing(_ route: String) -> ScriptedModel {
    ScriptedModel { _, _ in .value(["reasoning": "so I think", "route": .string(route)]) }
  }

  /// The answer and the decision.
  private func routed(
    _ text: String, _ input: Value, _ chooser: ScriptedModel = ScriptedModel([])
  ) async throws -> (answer: Value, decision: RouteDecision) {
    let recorder = EventRecorder()
    let answer = try await run(text, input, TestModels(["ollama:c": chooser]), sinks: [recorder])
    let decisions = recorder.events.compactMap { if case .decided(let decision) = $0.kind { decision } else { nil } }
    return (answer, try #require(decisions.first))
  }

  @Test("by examples") func examples() async throws {
    let buy = try await routed(Self.file("examples"), "what is the price of the phone")
    #expect(buy.answer == "buy(what is the price of the phone)")
    #expect(buy.decision.routes == ["buy"])
    #expect(buy.decision.decidedBy == "examples")
    #expect(buy.decision.scores.map(\.route) == ["buy", "fix"])
    #expect(buy.decision.evidence.first?.text == "price of the phone")
    let fix = try await routed(Self.file("examples"), "the screen of my phone is cracked")
    #expect(fix.answer == "fix(the screen of my phone is cracked)")
  }

  @Test("what fits no route goes to the step of otherwise") func otherwiseStep() async throws {
    let other = try await routed(Self.file("examples"), "please sing something")
    #expect(other.answer == "other(please sing something)")
    #expect(other.decision.kind == .none)
    #expect(other.decision.routes == [])
  }

  @Test("otherwise can name a route") func otherwiseRoute() async throws {
    let other = try await routed(Self.file("examples", otherwise: "fix"), "please sing something")
    #expect(other.answer == "fix(please sing something)")
    #expect(other.decision.routes == [])
  }

  @Test("by a model, with the routes' descriptions and examples") func model() async throws {
    let chooser = Self.choosing("fix")
    let fix = try await routed(Self.file("model"), "hello", chooser)
    #expect(fix.answer == "fix(hello)")
    #expect(fix.decision.reasoning == "so I think")
    let instructions = try #require(chooser.requests.first?.instructions)
    for words in ["- buy (Advice): Before buying", "- fix: Trouble", "such as: my phone is broken"] {
      #expect(instructions.contains(words))
    }
    let none = try await routed(Self.file("model"), "hello", Self.choosing("none"))
    #expect(none.answer == "other(hello)")
  }

  @Test("a cascade asks the model only when the examples are unsure") func cascade() async throws {
    let chooser = Self.choosing("fix")
    let sure = try await routed(Self.file("[examples, model]"), "what is the price of the phone", chooser)
    #expect(sure.answer == "buy(what is the price of the phone)")
    #expect(chooser.requests.isEmpty)
    let barred = Self.file("[examples, model]").replacing("model: chooser", with: "model: chooser\n    bar: 1")
    let unsure = try await routed(barred, "what is the price of the phone", chooser)
    #expect(unsure.answer == "fix(what is the price of the phone)")
    #expect(unsure.decision.decidedBy == "model")
    #expect(unsure.decision.scores.map(\.route) == ["buy", "fix"])
    #expect(chooser.requests.count == 1)
  }

  @Test("a router only decides when it is asked to") func decides() async throws {
    let folder = try Folder(["flow.yaml": Self.file("examples"), "text.yaml": "turnout: 1\nrun: { text: a }\n"])
    let models = TestModels(["ollama:c": ScriptedModel([])])
    let router = try #require(try folder.workflow().router(models: models))
    #expect(try await router.decide("repair my phone").routes == ["fix"])
    #expect(try folder.workflow("text.yaml").router(models: models) == nil)
    #expect(try folder.workflow().isRouter)
    #expect(try !folder.workflow("text.yaml").isRouter)
  }

  @Test("routers inside of routes, and paths of events") func nested() async throws {
    let text = """
      turnout: 1
      run:
        route:
          by: model
          routes:
            desk:
              description: a
              route: { by: model, routes: { late: { description: b, text: late } }, otherwise: { text: "inner {{input}}" } }
          otherwise: desk
      """
    let recorder = EventRecorder()
    let answers = [("desk", 0), ("none", 1)]
    let model = ScriptedModel { _, index in .value(["reasoning": "r", "route": .string(answers[index].0)]) }
    #expect(try await run(text, "hello", TestModels(model), sinks: [recorder]) == "inner hello")
    let paths = recorder.events.compactMap { if case .decided = $0.kind { $0.path.description } else { nil } }
    #expect(paths == ["flow", "flow/desk"])
    #expect(recorder.events.last?.path.description == "flow")
  }

  @Test("an input that is no text is routed by its JSON") func object() async throws {
    let other = try await routed(Self.file("model"), ["words": "price"], Self.choosing("buy"))
    #expect(other.answer == "buy({\"words\":\"price\"})")
  }
}
