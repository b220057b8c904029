import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ChainGateTests {
  private let double = FunctionStep("double") { (text: String) in text + text }
  private let shout = FunctionStep("shout") { (text: String) in text.uppercased() }

  private func chain() -> some Step<String, String> {
    double.gate("short") { $0.count <= 6 ? nil : "it has \($0.count) characters" }.then(shout)
  }

  @Test func whatPassesGoesOnUnchanged() async throws {
    #expect(try await chain().run("abc") == "ABCABC")
  }

  @Test func whatDoesNotPassEndsTheChain() async throws {
    let recorder = EventRecorder()
    await #expect(throws: GateStop(gate: "short", reason: "it has 8 characters")) {
      try await chain().run("abcd", sinks: [recorder])
    }
    let failed = recorder.events.compactMap { event in
      if case .failed(let failed) = event.kind, failed.kind == .gate { failed.failure } else { nil }
    }
    #expect(failed == [RunFailure(label: "stopped", message: "the gate short stopped it: it has 8 characters")])
    #expect(!recorder.lines.contains { $0.hasPrefix("started") && $0.hasSuffix("/shout") })
  }

  @Test func aStoppedChainCanHaveAnAnswerOfItsOwn() async throws {
    let recorder = EventRecorder()
    let chain = chain().whenStopped { "stopped at \($0.gate): \($0.reason)" }
    #expect(try await chain.run("abcd", sinks: [recorder]) == "stopped at short: it has 8 characters")
    #expect(try await chain.run("ab") == "ABAB")
    #expect(recorder.lines.last?.hasPrefix("finished") == true)
  }

  @Test func otherErrorsAreNotAnswered() async {
    let broken = FunctionStep("broken") { (_: String) -> String in throw Broken() }
    let chain = broken.gate("open") { _ in nil }.whenStopped { _ in "never" }
    await #expect(throws: Broken.self) { try await chain.run("x") }
  }

  @Test func aStepCanBeTheCheck() async throws {
    let model = ScriptedModel([.value(["passed": false, "reason": "it is rude"])])
    let schema = Schema.object("Verdict", [.init("passed", .boolean), .init("reason", .string())])
    let agent = Agent<String, Value>(
      "censor", model: model, output: .shaped(schema), instructions: { _, _ in "Is it polite?" },
      prompt: { text, _ in text })
    let verdict = agent.then(
      FunctionStep("read") { (value: Value) in
        GateVerdict(passed: value["passed"]?.bool ?? false, reason: value["reason"]?.text ?? "")
      })
    let chain = double.then(TurnoutCore.Gate("polite", by: verdict)).then(shout)
    await #expect(throws: GateStop(gate: "polite", reason: "it is rude")) { try await chain.run("abc") }
    #expect(chain.outline.children[0].children[1].children[0].children[0].model == "scripted")
  }

  @Test func theInnermostChainAnswers() async throws {
    let inner = chain().whenStopped { _ in "inner" }
    let outer = inner.gate("known") { $0 == "inner" ? "inside" : nil }.whenStopped { "outer: \($0.reason)" }
    #expect(try await outer.run("abcd") == "outer: inside")
    #expect(try await outer.run("a") == "AA")
  }
}
