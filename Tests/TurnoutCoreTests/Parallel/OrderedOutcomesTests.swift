import Testing
import TurnoutCore
import TurnoutTesting

/// A step over a stream of inputs.
@Suite struct OrderedOutcomesTests {
  let executor = SeededExecutor()
  let clock = ManualClock()
  private let sleeper = FunctionStep(
    "sleeper",
    in: { (seconds: Int, run: Run) in
      try await run.clock.sleep(for: .seconds(abs(seconds)))
      if seconds < 0 { throw Broken("after \(-seconds)") }
      return seconds
    })

  /// Numbers that are made as they are read, and how many were.
  struct Numbers: AsyncSequence, Sendable {
    let count: Int
    var failsAtEnd = false
    let read = Gauge()

    struct Iterator: AsyncIteratorProtocol {
      let numbers: Numbers
      var next = 0
      mutating func next() async throws -> Int? {
        guard next < numbers.count else {
          if numbers.failsAtEnd { throw Broken("no more lines") }
          return nil
        }
        numbers.read.enter()
        defer { next += 1 }
        return next
      }
    }
    func makeAsyncIterator() -> Iterator { Iterator(numbers: self) }
  }

  private func stream(_ inputs: [Int]) -> AsyncStream<Int> {
    AsyncStream { continuation in
      for input in inputs { continuation.yield(input) }
      continuation.finish()
    }
  }

  private func start(
    _ inputs: [Int], atMost bound: Int = 8, window: Int? = nil, _ policy: FailurePolicy = .settle,
    seen: Journal<Int> = Journal()
  ) -> Started<[String]> {
    let run = Run(clock: RunClock(clock))
    let each = ForEach(sleeper, atMost: bound, onFailure: policy)
    let inputs = stream(inputs)
    return executor.start {
      try await each.withOutcomes(of: inputs, in: run, window: window) { outcomes in
        var all: [String] = []
        for try await outcome in outcomes {
          seen.add(all.count)
          all.append(outcome.output.map(String.init) ?? outcome.failure?.label ?? "")
        }
        return all
      }
    }
  }

  private func pass(_ seconds: Int) { executor.pass(seconds, on: clock) }

  @Test func outcomesComeInInputOrderAsSoonAsTheyCan() {
    let seen = Journal<Int>()
    let started = start([2, 1, -1, 4, 3], seen: seen)
    pass(1)
    #expect(seen.entries == [], "the first is still at work")
    pass(1)
    #expect(seen.entries == [0, 1, 2])
    pass(2)
    #expect(started.value == ["2", "1", "broken", "4", "3"])
  }

  @Test func noInputsAndOneInput() {
    #expect(start([]).value == [])
    let one = start([1], atMost: 0, window: 0)
    pass(1)
    #expect(one.value == ["1"])
  }

  @Test func noInputStartsAWindowAheadOfTheOldest() {
    let (gauge, gate) = (Gauge(), Gate())
    let step = FunctionStep("held") { (index: Int) in
      gauge.enter()
      if index == 0 { try await gate.wait() }
      return index
    }
    let started = executor.start {
      try await ForEach(step, atMost: 3).withOutcomes(of: Numbers(count: 50), in: Run(), window: 10) { outcomes in
        var all: [Int] = []
        for try await outcome in outcomes { all.append(try outcome.get()) }
        return all
      }
    }
    #expect(gauge.total == 10, "the others have ended and wait for the first")
    gate.open()
    executor.runUntilIdle()
    #expect(started.value == Array(0..<50))
  }

  @Test func aSlowReaderHoldsEverythingBack() {
    let (numbers, gate) = (Numbers(count: 1_000), Gate())
    let step = FunctionStep("step") { (index: Int) in index }
    let started = executor.start {
      try await ForEach(step, atMost: 2).withOutcomes(of: numbers, in: Run(), window: 4) { outcomes in
        try await gate.wait()
        return try await outcomes.reduce(into: 0) { count, _ in count += 1 }
      }
    }
    #expect(numbers.read.total <= 5)
    gate.open()
    executor.runUntilIdle()
    #expect(started.value == 1_000)
  }

  @Test func aReaderThatStopsCancelsWhatRuns() {
    let (gauge, numbers) = (Gauge(), Numbers(count: 1_000))
    let step = FunctionStep(
      "step",
      in: { (index: Int, run: Run) in
        gauge.enter()
        defer { gauge.leave() }
        if index > 2 { try await run.clock.sleep(for: .seconds(60)) }
        return index
      })
    let run = Run(clock: RunClock(clock))
    let started = executor.start {
      try await ForEach(step, atMost: 4).withOutcomes(of: numbers, in: run) { outcomes in
        for try await outcome in outcomes where outcome.output == 2 { return "enough" }
        return "all"
      }
    }
    #expect(started.value == "enough")
    #expect(gauge.current == 0, "nothing goes on")
    #expect(numbers.read.total < 30)
  }

  @Test func whatTheReaderThrowsIsThrown() {
    let started = executor.start {
      try await ForEach(FunctionStep("s") { (index: Int) in index }).withOutcomes(of: Numbers(count: 9), in: Run()) {
        outcomes in
        for try await outcome in outcomes where outcome.output == 3 { throw Broken("reader") }
      }
    }
    #expect(started.error as? Broken == Broken("reader"))
  }

  @Test func cancellationReachesEverything() {
    let started = start([9, 9, 9], atMost: 2)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
  }

  @Test func cancellationIsNotTakenForTheEndOfTheInputs() {
    let (silent, continuation) = AsyncStream.makeStream(of: Int.self)
    let run = Run(clock: RunClock(clock))
    let started = executor.start {
      try await ForEach(sleeper).withOutcomes(of: silent, in: run) {
        try await $0.reduce(into: 0) { $0 += $1.output ?? 0 }
      }
    }
    #expect(!started.isDone)
    started.cancel()
    executor.runUntilIdle()
    #expect(started.error is CancellationError)
    continuation.finish()
  }

  @Test func theFirstFailureEndsTheWhole() {
    let seen = Journal<Int>()
    let started = start([9, 1, -2, 9], .failFast, seen: seen)
    pass(1)
    #expect(!started.isDone)
    pass(1)
    #expect(started.error as? RunFailure == RunFailure(Broken("after 2")))
    #expect(seen.entries == [])
  }

  @Test func whatTheInputsThrowComesLast() async throws {
    let journal = Journal<Int>()
    let step = FunctionStep("s") { (index: Int) in index }
    await #expect(throws: Broken("no more lines")) {
      try await ForEach(step).withOutcomes(of: Numbers(count: 20, failsAtEnd: true), in: Run()) { outcomes in
        for try await outcome in outcomes { journal.add(try outcome.get()) }
      }
    }
    #expect(journal.entries == Array(0..<20))
  }

  @Test func policiesThatNeedTheNumberAreRefused() async {
    for policy in [FailurePolicy.quorum(1), .atLeast(1, by: .seconds(1))] {
      let error = await #expect(throws: TurnoutError.self) {
        try await ForEach(sleeper, onFailure: policy).withOutcomes(of: stream([0]), in: Run()) { _ in }
      }
      #expect(error?.label == "invalid_input")
    }
    await #expect(throws: TurnoutError.self) {
      try await ForEach(sleeper, timeout: .zero).withOutcomes(of: stream([0]), in: Run()) { _ in }
    }
  }

  @Test func timeoutsRetriesLabelsAndUsageWorkAsInAnArray() async throws {
    let tries = Gauge()
    let recorder = EventRecorder()
    let run = Run(sinks: [recorder])
    let step = FunctionStep(
      "s",
      in: { (index: Int, run: Run) in
        tries.enter()
        run.record(Usage(calls: 1))
        if tries.total == 1 { throw Broken() }
        return index
      })
    let each = ForEach(
      step, atMost: 1, retry: Retry(attempts: 2, delay: .zero, on: ["broken"]), label: { "\($0)-\($1)" })
    let names = try await each.withOutcomes(of: Numbers(count: 2), in: run) { outcomes in
      try await outcomes.reduce(into: []) { $0.append($1.name) }
    }
    #expect(names == ["0-0", "1-1"])
    #expect(run.usage.calls == 3)
    #expect(recorder.lines.first == "started each s")
    #expect(recorder.lines.last == "finished each s")
  }

  @Test(arguments: 1...60) func anyDelaysFailuresAndWindows(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let inputs = (0..<random.int(0...40)).map { _ in random.int(1...9) * (random.chance(20) ? -1 : 1) }
    let (bound, window) = (random.int(1...6), random.int(1...9))
    let (executor, clock, gauge) = (SeededExecutor(seed: seed), ManualClock(), Gauge())
    let run = Run(clock: RunClock(clock))
    let sleeper = sleeper
    let step = FunctionStep(
      "counted",
      in: { (seconds: Int, run: Run) in
        gauge.enter()
        defer { gauge.leave() }
        return try await run.perform(sleeper, seconds)
      })
    let stream = stream(inputs)
    let started = executor.start {
      try await ForEach(step, atMost: bound, onFailure: .settle).withOutcomes(of: stream, in: run, window: window) {
        try await $0.reduce(into: []) { $0.append($1.output ?? -1) }
      }
    }
    for _ in 0..<(inputs.count * 9 + 1) where !started.isDone {
      clock.advance(by: .seconds(1))
      executor.runUntilIdle()
    }
    #expect(started.value == inputs.map { max(-1, $0) })
    #expect(gauge.peak <= min(bound, window))
    #expect(gauge.total == inputs.count)
  }
}
