import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// Rules of a file decide before anything else is asked.
@Suite struct RuleRoutingTests {
  private static func file(_ rules: String..., by: String = "[rules, examples]") -> String {
    Desk.file("by: \(by)", "rules:\n" + rules.map { "      - \($0)" }.joined(separator: "\n"))
  }

  @Test("a rule decides before the examples are compared") func first() async throws {
    let models = TestModels()
    let text = Self.file("{ route: fix, name: our word, when: { words: [Price, Preis] } }")
    let fix = try await Desk.routed(text, "what is the PRICE of the phone", models)
    #expect(fix.answer == "fix")
    #expect(fix.decision.decidedBy == "rules")
    #expect(fix.decision.confidence == 1)
    #expect(fix.decision.reasoning == "rule 1 \"our word\" matches: the word \"Price\"")
    #expect(models.embeddings.requests.isEmpty)
    let buy = try await Desk.routed(text, "what does the phone cost", models)
    #expect(buy.answer == "buy")
    #expect(buy.decision.decidedBy == "examples")
    #expect(!models.embeddings.requests.isEmpty)
  }

  @Test("a rule for none goes to otherwise, and nothing else is asked") func none() async throws {
    let models = TestModels()
    let other = try await Desk.routed(
      Self.file("{ route: none, when: { words: lawyer } }"), "my lawyer asks what does the phone cost", models)
    #expect(other.answer == "other")
    #expect(other.decision.kind == .none)
    #expect(other.decision.decidedBy == "rules")
    #expect(models.embeddings.requests.isEmpty)
  }

  @Test("rules alone: what no rule matches goes to otherwise") func alone() async throws {
    let text = Self.file("{ route: buy, when: { words: price } }", by: "rules")
    #expect(try await Desk.routed(text, "the price").answer == "buy")
    #expect(try await Desk.routed(text, "my phone is broken").answer == "other")
    #expect(try await Desk.routed(text, "the prices").answer == "other")
  }

  @Test("the first rule wins, and a higher priority before it") func priority() async throws {
    let words = "when: { words: [phone] }"
    let order = Self.file("{ route: buy, \(words) }", "{ route: fix, \(words) }", by: "rules")
    #expect(try await Desk.routed(order, "a phone").answer == "buy")
    let ranked = Self.file("{ route: buy, \(words) }", "{ route: fix, priority: 1, \(words) }", by: "rules")
    let fix = try await Desk.routed(ranked, "a phone")
    #expect(fix.answer == "fix")
    #expect(fix.decision.reasoning == "rule 2 matches: the word \"phone\"")
    let lowered = Self.file("{ route: buy, priority: -1, \(words) }", "{ route: fix, \(words) }", by: "rules")
    #expect(try await Desk.routed(lowered, "a phone").answer == "fix")
  }

  @Test(
    "each condition, when it holds and when it does not",
    arguments: [
      ("{ words: 'in  stock' }", "is it in stock", "is it instock"),
      ("{ pattern: '\\b[A-Z]{2}-\\d{6}\\b' }", "order AB-123456", "order AB-12345"),
      ("{ script: han }", "手机多少钱", "the phone"),
      ("{ length: { at_least: 3, at_most: 4 } }", "abcd", "abcde"),
      ("{ length: { at_least: 3 } }", "abc", "ab"),
      ("{ length: { at_most: 3 } }", "abc", "abcd"),
      ("{ words: phone, length: { at_most: 10 } }", "my phone", "my phone is old"),
    ])
  func conditions(_ when: String, _ holds: String, _ doesNot: String) async throws {
    let text = Self.file("{ route: buy, when: \(when) }", by: "rules")
    #expect(try await Desk.routed(text, .string(holds)).answer == "buy")
    #expect(try await Desk.routed(text, .string(doesNot)).answer == "other")
  }

  @Test("metadata of the input, numbers and truth values too") func metadata() async throws {
    func answer(_ values: String, _ metadata: Value) async throws -> Value {
      let input: Value = ["messages": [["role": "user", "content": "hello"]], "metadata": metadata]
      let text = Self.file("{ route: buy, when: { metadata: { plan: \(values) } } }", by: "rules")
      return try await Desk.routed(text, input).answer
    }
    #expect(try await answer("[gold, silver]", ["plan": "silver"]) == "buy")
    #expect(try await answer("gold", ["plan": "gold"]) == "buy")
    #expect(try await answer("gold", ["plan": "Gold"]) == "other")
    #expect(try await answer("gold", ["site": "gold"]) == "other")
    #expect(try await answer("[3]", ["plan": 3]) == "buy")
    #expect(try await answer("[true]", ["plan": true]) == "buy")
    #expect(try await answer("gold", "gold") == "other")
  }

  @Test("the file's rules in order, with their names and priorities") func definition() throws {
    let folder = try Folder([
      "flow.yaml": Self.file(
        "{ route: buy, when: { words: a } }",
        "{ route: none, name: late, priority: 7, when: { length: { at_most: 2 } } }")
    ])
    guard case .route(let route) = try folder.workflow().root.kind else {
      Issue.record("the outermost step is no router")
      return
    }
    #expect(
      route.rules == [
        Rule(route: "buy", when: [.words(["a"])]),
        Rule(route: nil, when: [.length(0...2)], priority: 7, name: "late"),
      ])
  }
}
