import Testing
import TurnoutCore
import TurnoutTesting

/// A router with two routes, the other keys of its block in front.
enum Desk {
  static let routes = """
        routes:
          buy:
            title: Advice
            description: Before buying
            examples: [what does the phone cost, price of the phone, is the phone in stock]
            text: "buy"
          fix:
            title: Repairs
            description: Trouble
            examples: [my phone is broken, my screen is cracked, repair my phone]
            text: "fix"
    """

  /// A file whose router has these lines first.
  static func file(_ lines: String..., otherwise: String = "other") -> String {
    let block = lines.map { "    \($0)\n" }.joined()
    return "turnout: 1\nrun:\n  route:\n\(block)\(routes)\n    otherwise: { text: \"\(otherwise)\" }\n"
  }

  /// The answer and the decision.
  static func routed(
    _ text: String, _ input: Value, _ models: TestModels = TestModels()
  ) async throws -> (answer: Value, decision: RouteDecision) {
    let recorder = EventRecorder()
    let answer = try await run(text, input, models, sinks: [recorder])
    let decisions = recorder.events.compactMap { if case .decided(let decision) = $0.kind { decision } else { nil } }
    return (answer, try #require(decisions.first))
  }
}

extension TestModels {
  /// Decision models by reference.
  init(deciding decisions: [String: ScriptedDecisions]) {
    self.init()
    self.decisions = decisions
  }

  /// One decision model, as files here name it.
  init(_ decisions: ScriptedDecisions) { self.init(deciding: ["openai:d": decisions]) }
}
