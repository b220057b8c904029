import Testing
import TurnoutCore

@Suite struct AsyncOnceTests {
  let executor = SeededExecutor()
  let once = AsyncOnce<Int>()
  let gate = Gate()
  let makers = Gauge()

  private func get(_ number: Int) -> Started<Int> {
    let (once, gate, makers) = (once, gate, makers)
    return executor.start {
      try await once.get {
        makers.enter()
        try await gate.wait()
        return number
      }
    }
  }

  @Test func manyCallersHaveOneMaker() {
    let callers = (0..<100).map { get($0) }
    #expect(callers.allSatisfy { !$0.isDone })
    #expect(once.current == nil)
    gate.open()
    executor.runUntilIdle()
    #expect(callers.map(\.value) == Array(repeating: 0, count: 100))
    #expect(makers.total == 1)
    #expect(once.current == 0)
  }

  @Test func whatIsMadeIsKeptUntilItIsReset() async throws {
    #expect(try await once.get { 1 } == 1)
    #expect(try await once.get { 2 } == 1)
    once.reset()
    #expect(once.current == nil)
    #expect(try await once.get { 3 } == 3)
  }

  @Test func anErrorReachesEveryoneWhoWaits() {
    let (once, gate) = (once, gate)
    let maker = executor.start {
      try await once.get {
        try await gate.wait()
        throw Broken("no index")
      }
    }
    let waiters = (0..<5).map { get($0) }
    gate.open()
    executor.runUntilIdle()
    #expect(maker.error as? Broken == Broken("no index"))
    #expect(waiters.map { $0.error as? Broken } == Array(repeating: Broken("no index"), count: 5))
    #expect(makers.total == 0, "a waiter that gets the error must not make the value as well")
  }

  @Test func afterAnErrorTheNextTriesAgain() async throws {
    await #expect(throws: Broken.self) { try await once.get { throw Broken() } }
    #expect(try await once.get { 7 } == 7)
  }

  @Test func whenTheMakerIsCancelledAWaiterMakes() {
    let maker = get(0)
    let waiters = (1...3).map { get($0) }
    #expect(makers.total == 1)
    maker.cancel()
    executor.runUntilIdle()
    #expect(maker.error is CancellationError)
    #expect(makers.total == 2)
    #expect(waiters.allSatisfy { !$0.isDone })
    gate.open()
    executor.runUntilIdle()
    #expect(Set(waiters.map(\.value)).count == 1)
    #expect(waiters.allSatisfy { $0.value != nil })
  }

  @Test func aCancelledWaiterLeavesTheOthersWaiting() {
    let maker = get(0)
    let impatient = get(1)
    let patient = get(2)
    impatient.cancel()
    executor.runUntilIdle()
    #expect(impatient.error is CancellationError)
    #expect(!maker.isDone && !patient.isDone)
    gate.open()
    executor.runUntilIdle()
    #expect(maker.value == 0)
    #expect(patient.value == 0)
  }

  @Test func aResetWhileItIsMadeStillGivesEveryoneTheValue() {
    let callers = (0..<3).map { get($0) }
    once.reset()
    gate.open()
    executor.runUntilIdle()
    #expect(callers.map(\.value) == [0, 0, 0])
  }

  /// Cancellation between the check and the entry in the list must not be lost; threads are needed to meet there.
  @Test(.timeLimit(.minutes(1))) func cancellationIsNeverLost() async {
    for _ in 0..<300 {
      let once = AsyncOnce<Int>()
      let gate = Gate()
      let maker = Task {
        try await once.get {
          try await gate.wait()
          return 1
        }
      }
      await gate.waiters(1)
      let waiters = (0..<4).map { _ in Task { try await once.get { 2 } } }
      for waiter in waiters { waiter.cancel() }
      for waiter in waiters { _ = await waiter.result }
      gate.open()
      _ = await maker.result
    }
  }
}
