import InMemoryTracing
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

@Suite struct TracingTimeTests {
  private let tracer = InMemoryTracer()

  /// Two steps of 2 and 3 seconds one after the other, the events of which are kept.
  private func recordedChain() async throws -> [RunEvent] {
    let clock = ManualClock()
    let recorder = EventRecorder()
    let wait = { @Sendable (name: String, seconds: Int) in
      FunctionStep<Int, Int>(
        name,
        in: { number, run in
          try await run.clock.sleep(for: .seconds(seconds))
          return number
        })
    }
    let run = Run(clock: RunClock(clock), sinks: [recorder])
    async let done = run.perform(Chain("both", wait("first", 2), wait("second", 3)), 1)
    await clock.sleepers(1)
    clock.advance(by: .seconds(2))
    await clock.sleepers(1)
    clock.advance(by: .seconds(3))
    _ = try await done
    return recorder.events
  }

  private func replay(_ events: some Sequence<RunEvent>) async -> TracingSink {
    let sink = TracingSink(tracer: tracer, in: .topLevel, startingAt: .someday)
    for event in events { await sink.receive(event) }
    return sink
  }

  @Test func timesAreThoseOfTheEvents() async throws {
    _ = await replay(try await recordedChain())
    #expect(tracer.span("both")?.milliseconds == [0, 5_000])
    #expect(tracer.span("both/first")?.milliseconds == [0, 2_000])
    #expect(tracer.span("both/second")?.milliseconds == [2_000, 5_000])
  }

  @Test func aReplayGivesTheSameSpans() async throws {
    let events = try await recordedChain()
    _ = await replay(events)
    let first = tracer.popFinishedSpans().map { "\($0.keys) \($0.milliseconds)" }
    _ = await replay(events)
    #expect(tracer.finishedSpans.map { "\($0.keys) \($0.milliseconds)" } == first)
    #expect(first.count == 3)
  }

  @Test func aSinkCountsFromWhenItWasMade() async throws {
    let before = DefaultTracerClock.now
    let sink = TracingSink(tracer: tracer, in: .topLevel)
    let after = DefaultTracerClock.now
    for event in try await recordedChain() { await sink.receive(event) }
    let start = try #require(tracer.span("both")).startInstant.nanosecondsSinceEpoch
    #expect((before.nanosecondsSinceEpoch...after.nanosecondsSinceEpoch).contains(start))
  }

  @Test func unfinishedSpansEndWithTheLastEvent() async throws {
    // Everything up to and with the start of the second step.
    let events = try await recordedChain().prefix(4)
    let sink = await replay(events)
    #expect(sink.openSpans == 2)
    sink.finish()
    #expect(sink.openSpans == 0)
    #expect(tracer.activeSpans.isEmpty)
    #expect(tracer.finishedSpans.map { $0.text("turnout.path") } == ["both/first", "both/second", "both"])
    #expect(
      tracer.finishedSpans.map { $0.text("turnout.status") } == ["succeeded", "unfinished", "unfinished"])
    #expect(tracer.span("both")?.milliseconds == [0, 2_000])
  }

  @Test func theEndOfUnfinishedSpansCanBeGiven() async throws {
    let sink = await replay(try await recordedChain().prefix(4))
    sink.finish(at: .seconds(4))
    #expect(tracer.span("both/second")?.milliseconds == [2_000, 4_000])
  }

  @Test func noSpanEndsBeforeItBegins() async throws {
    let sink = await replay(try await recordedChain().prefix(4))
    sink.finish(at: .seconds(-4))
    #expect(tracer.span("both/second")?.milliseconds == [2_000, 2_000])
  }

  @Test func afterTheEndNothingIsTakenAndNothingChanges() async throws {
    let events = try await recordedChain()
    let sink = await replay(events)
    sink.finish()
    sink.finish(at: .seconds(60))
    for event in events { await sink.receive(event) }
    #expect(tracer.finishedSpans.count == 3)
    #expect(tracer.activeSpans.isEmpty)
    #expect(tracer.span("both")?.milliseconds == [0, 5_000])
  }

  @Test func aRunThatIsLeftBehindCanBeClosed() async throws {
    let clock = ManualClock()
    let sink = TracingSink(tracer: tracer, in: .topLevel, startingAt: .someday)
    let run = Run(clock: RunClock(clock), sinks: [sink])
    let work = Task { try await run.perform(Workflows.writer(.text("done").delayed(by: .seconds(9))), "hello") }
    await clock.sleepers(1)
    clock.advance(by: .seconds(1))
    sink.finish(at: run.clock.now)
    #expect(tracer.tree == ["writer < nothing", "writer/local < writer"])
    #expect(tracer.span("writer")?.milliseconds == [0, 1_000])
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
    #expect(tracer.finishedSpans.count == 2)
  }

  @Test func twoRunsInOneSinkLoseNoSpan() async throws {
    let events = try await recordedChain()
    let sink = await replay(events.prefix(4))
    for event in events { await sink.receive(event) }
    #expect(tracer.finishedSpans.count == 6)
    #expect(tracer.activeSpans.isEmpty)
    #expect(sink.openSpans == 0)
  }

  @Test func eventsThatBeginInTheMiddleDoNoHarm() async throws {
    let sink = await replay(try await recordedChain().dropFirst())
    #expect(tracer.tree == ["both/first < nothing", "both/second < nothing"])
    #expect(sink.openSpans == 0)
  }
}
