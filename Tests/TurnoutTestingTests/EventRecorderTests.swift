import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct EventRecorderTests {
  @Test func keepsEventsInOrder() async {
    let recorder = EventRecorder()
    let run = Run(sinks: [recorder])
    for number in 0..<5 { await run.emit(.settled(dropped: number)) }
    #expect(recorder.events.map(\.sequence) == [1, 2, 3, 4, 5])
    #expect(recorder.text == "")
  }

  @Test func joinsStreamedText() async throws {
    let recorder = EventRecorder()
    let model = ScriptedModel([.stream(["Hel", "lo"])])
    _ = try await Agent("a", model: model, instructions: "Greet.").run("hi", sinks: [recorder])
    #expect(recorder.text == "Hello")
  }

  @Test func mayWantNoText() async {
    let recorder = EventRecorder(wantsText: false)
    let run = Run(sinks: [recorder])
    #expect(!run.wantsText)
    await run.emit(.text("a"))
    #expect(recorder.events.isEmpty)
  }
}
