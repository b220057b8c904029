import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct SplitTests {
  private let manual = "# One\n\nfirst part\n\n\n# Two\n\nsecond part\n"

  @Test func theOutputsAreADocumentAgain() async throws {
    let shout = FunctionStep("shout") { (text: String) in text.uppercased() + "\n\n" }
    let document = try await Split(shout).run(manual)
    #expect(document.text == manual.uppercased())
    #expect(document.sections.map(\.text) == ["# One\n\nfirst part", "# Two\n\nsecond part"])
    #expect(document.value.array?.count == 2)
  }

  @Test func aSectionThatFailsStaysAsItWas() async throws {
    let picky = FunctionStep("picky") { (text: String) -> String in
      if text.contains("first") { throw Broken() }
      return "done"
    }
    let document = try await Split(picky, onFailure: .settle).run(manual)
    #expect(document.text == "# One\n\nfirst part\n\n\ndone\n")
    #expect(document.outcomes.map { $0.failure?.label } == ["broken", nil])
  }

  @Test func sectionsAreWorkedOnAtOnceAndJoinedInOrder() {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let step = FunctionStep(
      "slow",
      in: { (text: String, run: Run) in
        try await run.clock.sleep(for: text.hasPrefix("a") ? .seconds(2) : .seconds(1))
        return text
      })
    let split = Split(step, by: DocumentSplitter(limit: 3), atMost: 2)
    let run = Run(clock: RunClock(clock))
    let started = executor.start { try await run.perform(split, "a\n\nb\n\nc") }
    for _ in 0..<2 {
      clock.advance(by: .seconds(1))
      executor.runUntilIdle()
    }
    #expect(started.value?.text == "a\n\nb\n\nc")
    #expect(started.value?.outcomes.map(\.duration) == [.seconds(2), .seconds(1), .seconds(1)])
  }

  @Test func anEmptyDocumentAsksNobody() async throws {
    let asked = Gauge()
    let document = try await Split(
      FunctionStep("s") { (text: String) in
        asked.enter(); return text
      }
    ).run("")
    #expect(document.text == "")
    #expect(asked.total == 0)
  }

  @Test func sectionsAreNumberedInPaths() async throws {
    let recorder = EventRecorder()
    let split = Split(FunctionStep("s") { (text: String) in text }, name: "translate", atMost: 1)
    _ = try await split.run(manual, sinks: [recorder])
    #expect(
      recorder.lines.filter { $0.hasPrefix("started") } == [
        "started translate", "started translate/0", "started translate/1",
      ])
    #expect(split.outline.kind == .split)
    #expect(split.outline.children.map(\.name) == ["s"])
  }
}
