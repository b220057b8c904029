import Testing
import TurnoutCore
import TurnoutTesting

/// A step, and another that answers when it fails.
struct FallbackTests {
  private struct Broken: Error {}

  private let broken = FunctionStep("first") { (_: String) -> String in throw Broken() }
  private let second = FunctionStep("second") { (input: String) in "second: \(input)" }

  @Test func theFirstAnswersWhenItCan() async throws {
    let first = FunctionStep("first") { (input: String) in "first: \(input)" }
    let never = FunctionStep("second") { (_: String) -> String in
      Issue.record("the fallback ran")
      return ""
    }
    #expect(try await first.fallback(to: never).run("x") == "first: x")
  }

  @Test func theSecondAnswersWhenTheFirstFails() async throws {
    let recorder = EventRecorder()
    #expect(try await broken.fallback(to: second).run("x", sinks: [recorder]) == "second: x")
    let events = recorder.events.map { "\($0.value["event"]?.text ?? "") \($0.path)" }
    #expect(
      events == [
        "started first", "started first/function", "failed first/function", "started first/fallback",
        "finished first/fallback", "finished first",
      ])
  }

  @Test func theSecondsErrorIsTheWholes() async {
    let alsoBroken = FunctionStep("second") { (_: String) -> String in throw TurnoutError.invalidInput("also") }
    let error = await #expect(throws: TurnoutError.self) { try await broken.fallback(to: alsoBroken).run("x") }
    #expect(error?.description == "also")
  }

  @Test func cancellationIsNoReasonToFallBack() async {
    let cancelled = FunctionStep("first") { (_: String) -> String in throw CancellationError() }
    let never = FunctionStep("second") { (_: String) -> String in
      Issue.record("the fallback ran")
      return ""
    }
    await #expect(throws: CancellationError.self) { try await cancelled.fallback(to: never).run("x") }
  }

  @Test func whatTheFirstUsedIsCounted() async throws {
    let spends = FunctionStep(
      "first",
      in: { (_: String, run: Run) -> String in
        run.record(Usage(calls: 1, inputTokens: 7))
        throw Broken()
      })
    let run = Run()
    _ = try await run.perform(spends.fallback(to: second), "x")
    #expect(run.usage.inputTokens == 7)
  }

  @Test func bothAreInTheOutline() {
    let outline = broken.fallback(to: second).outline
    #expect(outline.kind == .fallback)
    #expect(outline.children.map(\.name) == ["first", "second"])
  }
}
