import InMemoryTracing
import Testing
import Tracing
import TurnoutCore
import TurnoutTelemetry
import TurnoutTesting

@Suite struct TracingFailureTests {
  private let tracer = InMemoryTracer()

  private func sink() -> TracingSink { TracingSink(tracer: tracer, in: .topLevel, startingAt: .someday) }

  @Test func failuresAreErrorsByLabel() async throws {
    let step = Workflows.writer(.failure(ModelError.rateLimited("local", canary)))
    await #expect(throws: ModelError.self) { try await step.run("hello", sinks: [sink()]) }
    #expect(tracer.finishedSpans.count == 2)
    for span in tracer.finishedSpans {
      #expect(span.text("error.type") == "rate_limited")
      #expect(span.text("turnout.status") == "failed")
      #expect(span.status == SpanStatus(code: .error, message: "rate_limited"))
      #expect(span.errors.map { "\($0.error)" } == ["rate_limited"])
      #expect(span.errors.map(\.instant.nanosecondsSinceEpoch) == [span.endInstant.nanosecondsSinceEpoch])
    }
  }

  @Test func cancelledWorkIsNoError() async throws {
    let clock = ManualClock()
    let sink = sink()
    let run = Run(clock: RunClock(clock), sinks: [sink])
    let work = Task { try await run.perform(Workflows.writer(.text("done").delayed(by: .seconds(3))), "hello") }
    await clock.sleepers(1)
    #expect(sink.openSpans == 2)
    work.cancel()
    await #expect(throws: CancellationError.self) { try await work.value }
    #expect(tracer.finishedSpans.map { $0.text("turnout.status") } == ["cancelled", "cancelled"])
    #expect(tracer.finishedSpans.allSatisfy { $0.status == nil && $0.errors.isEmpty && $0.text("error.type") == nil })
    #expect(sink.openSpans == 0)
  }

  @Test func droppedBranchesAreToldOnTheirFanOut() async throws {
    let clock = ManualClock()
    _ = try await Run(clock: RunClock(clock), sinks: [sink()]).perform(Workflows.race(clock), [0, 1, 2])
    let span = try #require(tracer.span("race"))
    #expect(span.text("turnout.status") == "succeeded")
    #expect(span.events.map(\.name) == ["turnout.settled"])
    #expect(span.events.first?.attributes.get("turnout.dropped") == .int64(2))
    #expect(try #require(tracer.span("race/1")).text("turnout.status") == "cancelled")
  }

  @Test func aToolThatFailsFailsAlone() async throws {
    let support = Workflows.support(tool: { throw Broken("server") })
    _ = try await support.run("hello", sinks: [sink()])
    #expect(try #require(tracer.span("support/consult/look_up")).text("error.type") == "server")
    #expect(tracer.finishedSpans.count { $0.status?.code == .error } == 1)
  }

  @Test func labelsThatAreSentencesAreOther() async throws {
    let step = FunctionStep<Int, Int>("work") { _ in throw Broken("what a person wrote") }
    await #expect(throws: Broken.self) { try await step.run(1, sinks: [sink()]) }
    #expect(try #require(tracer.span("work")).text("error.type") == "other")
  }
}
