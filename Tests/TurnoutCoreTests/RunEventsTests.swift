import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct RunEventsTests {
  let recorder = EventRecorder()

  @Test func aStepIsBetweenTwoEvents() async throws {
    let clock = ManualClock()
    let step = FunctionStep("double") { (number: Int) in
      clock.advance(by: .milliseconds(20))
      return number * 2
    }
    let run = Run(id: "r", clock: RunClock(clock), sinks: [recorder])
    clock.advance(by: .milliseconds(5))
    #expect(try await run.perform(step, 4) == 8)
    #expect(
      recorder.events.map { $0.value.json() } == [
        #"{"seq":1,"time_ms":5,"span":1,"path":"double","event":"started","kind":"function","name":"double"}"#,
        #"{"seq":2,"time_ms":25,"span":1,"path":"double","event":"finished","kind":"function","duration_ms":20,"#
          + #""usage":{"calls":0,"input_tokens":0,"output_tokens":0,"cached_tokens":0,"reasoning_tokens":0,"embeddings":0},"#
          + #""output":8}"#,
      ])
  }

  @Test func aFailureIsTold() async {
    let step = FunctionStep("fail") { (_: Int) -> Int in throw Broken("no luck") }
    await #expect(throws: Broken("no luck")) { try await step.run(1, sinks: [recorder]) }
    #expect(recorder.lines == ["started fail", "failed fail"])
    #expect(recorder.events.last?.value["error"] == ["label": "broken", "message": "no luck"])
  }

  @Test func stepsInsideHavePathsAndParents() async throws {
    let inner = FunctionStep("inner") { (number: Int) in number + 1 }
    let outer = FunctionStep(
      "outer",
      in: { (number: Int, run: Run) in
        let one = try await run.perform(inner, number)
        return try await run.perform(inner, one, as: "again")
      })
    #expect(try await outer.then(inner).run(0, sinks: [recorder]) == 3)
    #expect(
      recorder.lines == [
        "started outer, inner", "started outer, inner/outer", "started outer, inner/outer/inner",
        "finished outer, inner/outer/inner", "started outer, inner/outer/again", "finished outer, inner/outer/again",
        "finished outer, inner/outer", "started outer, inner/inner", "finished outer, inner/inner",
        "finished outer, inner",
      ])
    let parents = recorder.events.compactMap { event -> Int? in
      guard case .started(let started) = event.kind else { return nil }
      return started.parent ?? 0
    }
    #expect(parents == [0, 1, 2, 2, 1])
  }

  @Test func nothingStartsInACancelledTask() async {
    let executor = SeededExecutor()
    let (recorder, gate, ran) = (recorder, Gate(), Gauge())
    let started = executor.start {
      try? await gate.wait()
      try await FunctionStep("step") { (_: Int) in ran.enter() }.run(1, sinks: [recorder])
    }
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(ran.total == 0)
    #expect(recorder.events.isEmpty)
  }

  @Test func cancellationInsideIsAFailureWithItsOwnLabel() {
    let executor = SeededExecutor()
    let (recorder, gate) = (recorder, Gate())
    let started = executor.start {
      try await FunctionStep("wait") { (_: Int) in try await gate.wait() }.run(1, sinks: [recorder])
    }
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    #expect(recorder.lines == ["started wait", "failed wait"])
    #expect(recorder.events.last?.value["error"]?["label"] == "cancelled")
  }

  @Test func everySinkGetsEverythingItWants() async throws {
    let silent = EventRecorder(wantsText: false)
    let run = Run(sinks: [recorder, silent])
    #expect(run.isObserved && run.wantsText)
    await run.emit(.text("a"))
    await run.emit(.settled(dropped: 1))
    await run.emit(.text("b"))
    #expect(recorder.text == "ab")
    #expect(silent.lines == ["settled "])
    #expect(!Run(sinks: [silent]).wantsText)
    #expect(!Run().isObserved)
  }

  @Test func otherEventsAsValues() async {
    let run = Run(clock: RunClock(ManualClock()), sinks: [recorder])
    await run.emit(.text("more"))
    await run.emit(.reasked(complaint: "too long"))
    await run.emit(.settled(dropped: 3))
    await run.emit(.decided(RouteDecision(.none, by: "otherwise")))
    let head = #""time_ms":0,"span":0,"path":"""#
    #expect(
      recorder.events.map { $0.value.json() } == [
        #"{"seq":1,\#(head),"event":"text","text":"more"}"#,
        #"{"seq":2,\#(head),"event":"reasked","complaint":"too long"}"#,
        #"{"seq":3,\#(head),"event":"settled","dropped":3}"#,
        #"{"seq":4,\#(head),"event":"decided","decision":{"kind":"none","routes":[],"decided_by":"otherwise","#
          + #""confidence":null,"margin":null,"scores":{},"reasoning":null,"evidence":[]}}"#,
      ])
  }
}
