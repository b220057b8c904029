import Testing
import TurnoutTesting

@Suite struct ManualClockTests {
  let clock = ManualClock()

  private func sleeper(_ seconds: Int) -> Task<ManualClock.Instant, any Error> {
    let clock = clock
    return Task {
      try await clock.sleep(for: .seconds(seconds))
      return clock.now
    }
  }

  @Test func standsStillUntilItIsMoved() async throws {
    let start = clock.now
    let sleeper = sleeper(10)
    await clock.sleepers(1)
    #expect(clock.now == start)
    clock.advance(by: .seconds(9))
    clock.advance(by: .seconds(2))
    #expect(try await sleeper.value == start.advanced(by: .seconds(11)))
  }

  @Test func wakesOnlyThoseWhoseTimeHasCome() async throws {
    let (short, long) = (sleeper(1), sleeper(5))
    await clock.sleepers(2)
    clock.advance(by: .seconds(1))
    _ = try await short.value
    await clock.sleepers(1)
    clock.advance(by: .seconds(4))
    _ = try await long.value
  }

  @Test func aTimeThatIsOverDoesNotWait() async throws {
    try await clock.sleep(for: .zero)
    try await clock.sleep(for: .seconds(-1))
    clock.advance(by: .seconds(3))
    try await clock.sleep(until: clock.now.advanced(by: .seconds(-2)), tolerance: nil)
  }

  @Test func cancellationEndsASleep() async {
    let sleeper = sleeper(1)
    await clock.sleepers(1)
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }

  /// Cancellation between the check and the entry in the list must not be lost.
  @Test(.timeLimit(.minutes(1))) func cancellationIsNeverLost() async {
    for _ in 0..<1_000 {
      let sleepers = (1...2).map(sleeper)
      for sleeper in sleepers { sleeper.cancel() }
      for sleeper in sleepers { _ = await sleeper.result }
    }
  }

  @Test func countsSleepersForSeveralWatchers() async {
    let clock = clock
    async let two: Void = clock.sleepers(2)
    async let three: Void = clock.sleepers(3)
    let sleepers = (1...3).map(sleeper)
    _ = await (two, three)
    for sleeper in sleepers { sleeper.cancel() }
  }

  @Test func instantsAreOrdered() {
    let start = clock.now
    let later = start.advanced(by: .seconds(2))
    #expect(start < later)
    #expect(start.duration(to: later) == .seconds(2))
    #expect(later.duration(to: start) == .seconds(-2))
    #expect(clock.minimumResolution == .zero)
  }
}
