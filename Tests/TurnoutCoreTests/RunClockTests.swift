import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct RunClockTests {
  let clock = ManualClock()
  let executor = SeededExecutor()

  @Test func timeCountsFromItsStart() {
    clock.advance(by: .seconds(5))
    let run = RunClock(clock)
    #expect(run.now == .zero)
    clock.advance(by: .milliseconds(250))
    #expect(run.now == .milliseconds(250))
  }

  @Test func whatIsInTimeIsReturned() {
    let (run, clock) = (RunClock(clock), clock)
    let started = executor.start {
      try await run.timeout(after: .seconds(2)) {
        try await run.sleep(for: .seconds(1))
        return "done"
      }
    }
    #expect(!started.isDone)
    clock.advance(by: .seconds(1))
    executor.runUntilIdle()
    #expect(started.value == "done")
  }

  @Test func whatIsLateIsCancelled() {
    let (run, clock, cancelled) = (RunClock(clock), clock, Gauge())
    let started = executor.start {
      try await run.timeout(after: .seconds(2)) {
        do { try await run.sleep(for: .seconds(3)) } catch {
          cancelled.enter()
          throw error
        }
      }
    }
    clock.advance(by: .milliseconds(1_999))
    executor.runUntilIdle()
    #expect(!started.isDone)
    clock.advance(by: .milliseconds(1))
    executor.runUntilIdle()
    #expect(started.error as? TurnoutError == .timedOut(after: .seconds(2)))
    #expect(cancelled.total == 1)
  }

  @Test func errorsPassThrough() async {
    let run = RunClock(clock)
    await #expect(throws: Broken("own")) { try await run.timeout(after: .seconds(2)) { throw Broken("own") } }
  }

  @Test func cancellationPassesThrough() {
    let run = RunClock(clock)
    let started = executor.start {
      try await run.timeout(after: .seconds(2)) { try await run.sleep(for: .seconds(1)) }
    }
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
  }

  /// An optional result that is nil must not be taken for the end of the time.
  @Test func nilIsAResult() async throws {
    let run = RunClock(clock)
    let result = try await run.timeout(after: .seconds(2)) { () -> Int? in nil }
    #expect(result == nil)
  }

  @Test func theRealClockSleeps() async throws {
    let run = RunClock()
    let before = run.now
    try await run.sleep(for: .milliseconds(2))
    #expect(run.now - before >= .milliseconds(2))
  }
}
