import Testing
import TurnoutTesting

@testable import TurnoutCore

/// A provider with a bucket of requests, as those with limits have it, and calls that take a while.
private struct Provider {
  let capacity: Double
  let rate: Double
  let tells: Bool
  var level: Double
  var time = Duration.zero

  init(_ capacity: Double, _ rate: Double, tells: Bool = true) {
    (self.capacity, self.rate, self.tells) = (capacity, rate, tells)
    level = capacity
  }

  mutating func ask(_ now: Duration) -> (isRefused: Bool, limits: RateLimits?) {
    level = min(capacity, level + rate * (now - time).inSeconds)
    time = now
    let isRefused = level < 1
    if !isRefused { level -= 1 }
    let window = RateLimits.Window(
      limit: Int(capacity), remaining: Int(level), reset: .seconds((capacity - level) / rate))
    return (isRefused, tells ? RateLimits(requests: window) : nil)
  }
}

/// Runs calls through a gate against a provider, event by event, in no time.
private struct Simulation {
  var gate: GateState
  var provider: Provider
  let latency: Duration
  var now = Duration.zero
  var ends: [(time: Duration, ticket: Int, refused: Bool, limits: RateLimits?)] = []
  var tries: [Int: (run: String, left: Bool)] = [:]
  var done: [String: [Duration]] = [:]
  var asked = 0
  var refused = 0
  var peak = 0

  init(_ provider: Provider, settings: GateSettings = GateSettings(), latency: Duration) {
    gate = GateState(settings, at: .zero)
    self.provider = provider
    self.latency = latency
  }

  mutating func enter(_ run: String, interactive: Bool = false) {
    tries[gate.enter(run: run, tokens: 0, isInteractive: interactive)] = (run, true)
  }

  /// Until nobody waits; what was refused asks again.
  mutating func finish(limit: Duration = .seconds(100_000)) {
    while now < limit {
      for ticket in gate.admit(now) {
        asked += 1
        let answer = provider.ask(now)
        if answer.isRefused { refused += 1 }
        ends.append((now + latency, ticket, answer.isRefused, answer.limits))
      }
      peak = max(peak, gate.inFlight)
      let wait = gate.wait(now).map { now + max($0, .microseconds(1)) }
      let next = ends.map(\.time).min()
      guard let time = [wait, next].compactMap(\.self).min() else { return }
      now = time
      while let place = ends.firstIndex(where: { $0.time <= now }) {
        let end = ends.remove(at: place)
        let run = tries[end.ticket]?.run ?? ""
        gate.end(
          end.ticket,
          end.refused ? .refused(wait: nil, limits: end.limits) : .answered(tokens: nil, limits: end.limits),
          at: now)
        if end.refused { enter(run) } else { done[run, default: []].append(now) }
      }
    }
  }
}

@Suite struct GateStateTests {
  @Test(arguments: [50, 200, 800]) func `A bucket whose state is told is used up to the brim and hardly ever overrun`(
    latency: Int
  ) {
    var simulation = Simulation(Provider(60, 10), latency: .milliseconds(latency))
    for _ in 0..<1_200 { simulation.enter("run") }
    simulation.finish()
    #expect(simulation.done["run"]?.count == 1_200)
    // 60 at once and 10 a second for the rest: 114 s.
    #expect(simulation.now < .seconds(114 * 1.05))
    #expect(simulation.now > .seconds(113))
    #expect(simulation.refused * 100 < simulation.asked, "\(simulation.refused) of \(simulation.asked)")
  }

  @Test func `Two runs that share a key get their shares`() throws {
    var simulation = Simulation(Provider(60, 10), latency: .milliseconds(200))
    for _ in 0..<900 { simulation.enter("many") }
    for _ in 0..<300 { simulation.enter("few") }
    simulation.finish()
    let few = try #require(simulation.done["few"])
    #expect(few.count == 300 && simulation.done["many"]?.count == 900)
    // Each gets half as long as both want something: 600 calls take 54 s.
    let last = try #require(few.last)
    #expect(last < .seconds(60))
    #expect((simulation.done["many"] ?? []).count { $0 <= last } < 330)
  }

  @Test func `Somebody who waits is served before those nobody waits for`() throws {
    var simulation = Simulation(Provider(60, 10), latency: .milliseconds(200))
    for _ in 0..<600 { simulation.enter("batch") }
    for _ in 0..<30 { simulation.enter("person", interactive: true) }
    simulation.finish()
    let last = try #require(simulation.done["person"]?.last)
    #expect(last < .seconds(5))
    #expect(simulation.done["batch"]?.count == 600)
    #expect(simulation.done["batch"]?.contains { $0 < last } == true, "the others have their turns too")
  }

  @Test func `A provider that tells nothing is learned from refusals`() {
    var simulation = Simulation(Provider(20, 20, tells: false), latency: .milliseconds(100))
    for _ in 0..<600 { simulation.enter("run") }
    simulation.finish()
    #expect(simulation.done["run"]?.count == 600)
    #expect(simulation.refused < simulation.asked / 3)
    #expect(simulation.now < .seconds(120), "29 s are the least")
  }

  @Test func `It starts with few and grows while all goes well`() {
    var simulation = Simulation(
      Provider(1e6, 1e6, tells: false), settings: GateSettings(concurrency: 200, start: 4), latency: .seconds(1))
    for _ in 0..<2_000 { simulation.enter("run") }
    _ = simulation.gate.admit(.zero)
    #expect(simulation.gate.inFlight == 4)
    simulation = Simulation(
      Provider(1e6, 1e6, tells: false), settings: GateSettings(concurrency: 200, start: 4), latency: .seconds(1))
    for _ in 0..<2_000 { simulation.enter("run") }
    simulation.finish()
    #expect(simulation.peak == 200)
    #expect(simulation.now < .seconds(30))
  }

  @Test func `A set number of requests a minute is kept`() {
    var simulation = Simulation(
      Provider(1e6, 1e6, tells: false), settings: GateSettings(requestsPerMinute: 600), latency: .milliseconds(10))
    for _ in 0..<3_000 { simulation.enter("run") }
    simulation.finish()
    let times = simulation.done["run"] ?? []
    #expect(times.count == 3_000)
    for (index, time) in times.enumerated() where index + 600 < times.count {
      #expect(times[index + 600] - time >= .seconds(59.9), "no minute has more than 600")
    }
    #expect(simulation.now < .seconds(330))
  }

  @Test func `Tokens count too, and what an answer did not need comes back`() {
    var gate = GateState(GateSettings(start: 100, tokensPerMinute: 6_000), at: .zero)
    let tickets = (0..<10).map { _ in gate.enter(run: "r", tokens: 300, isInteractive: false) }
    let first = gate.admit(.zero)
    #expect(first == Array(tickets.prefix(2)), "a tenth at once")
    #expect(gate.wait(.zero) == .seconds(300 / 90.0))
    for ticket in first { gate.end(ticket, .answered(tokens: 150, limits: nil), at: .zero) }
    #expect(gate.admit(.zero).count == 1, "what was estimated too high is given back")
    #expect(gate.admit(.seconds(3.4)).count == 1)
  }

  @Test func `A refusal that says how long is waited for, up to the longest pause`() {
    for (asked, waited) in [(5, 5.0), (500, 120.0)] {
      var gate = GateState(GateSettings(), at: .zero)
      let ticket = gate.enter(run: "r", tokens: 0, isInteractive: false)
      _ = gate.admit(.zero)
      gate.end(ticket, .refused(wait: .seconds(asked), limits: nil), at: .zero)
      _ = gate.enter(run: "r", tokens: 0, isInteractive: false)
      #expect(gate.admit(.seconds(waited - 0.1)) == [])
      #expect(gate.wait(.zero) == .seconds(waited))
      #expect(gate.admit(.seconds(waited)).count == 1)
    }
  }

  @Test(arguments: 0..<200) func `Whatever happens, nobody goes twice and nobody is forgotten`(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let most = random.int(1...6)
    var gate = GateState(
      GateSettings(
        concurrency: most, start: random.int(1...6), requestsPerMinute: random.chance(30) ? random.int(10...600) : nil),
      at: .zero)
    var (now, waiting, flying, gone): (Duration, Set<Int>, Set<Int>, Set<Int>) = (.zero, [], [], [])
    for step in 0..<400 {
      now += .milliseconds(random.int(0...500))
      let isEnding = step > 250
      if !isEnding, random.chance(50) {
        waiting.insert(gate.enter(run: "r\(random.int(0...3))", tokens: 0, isInteractive: random.chance(20)))
      }
      if random.chance(10), let ticket = waiting.randomElement(using: &random) {
        gate.leave(ticket)
        waiting.remove(ticket)
      }
      if random.chance(60), let ticket = flying.randomElement(using: &random) {
        let ending: GateState.Ending = random.pick([
          .answered(tokens: nil, limits: nil), .refused(wait: nil, limits: nil), .other,
          .refused(wait: .seconds(random.int(0...2)), limits: RateLimits(requests: .init(limit: 10, remaining: 0))),
        ])
        gate.end(ticket, ending, at: now)
        flying.remove(ticket)
      }
      for ticket in gate.admit(now) {
        #expect(waiting.remove(ticket) != nil, "only who waits goes")
        #expect(gone.insert(ticket).inserted)
        flying.insert(ticket)
      }
      #expect(flying.count <= most && gate.inFlight == flying.count && gate.waitingCount == waiting.count)
    }
    // Time alone lets everybody go in the end.
    for _ in 0..<4_000 where !waiting.isEmpty || !flying.isEmpty {
      for ticket in flying { gate.end(ticket, .answered(tokens: nil, limits: nil), at: now) }
      flying = []
      for ticket in gate.admit(now) {
        waiting.remove(ticket)
        flying.insert(ticket)
      }
      now += gate.wait(now).map { max($0, .milliseconds(1)) } ?? .milliseconds(1)
    }
    #expect(waiting.isEmpty && flying.isEmpty)
  }
}

@Suite struct RateGateTests {
  private func gated(_ gate: RateGate, _ body: @escaping @Sendable () async throws -> Void = {}) -> some LanguageModel {
    struct Model: LanguageModel {
      let name = "m"
      let body: @Sendable () async throws -> Void
      func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
        try await body()
        return ModelResponse(text: "hi")
      }
    }
    return Model(body: body).gated(by: gate)
  }

  @Test func `No more are on their way than the gate allows, and all come through`() async throws {
    let (gate, gauge) = (RateGate(GateSettings(concurrency: 3, start: 3)), Gauge())
    let model = gated(gate) {
      gauge.enter()
      await Task.yield()
      gauge.leave()
    }
    let calls = FunctionStep<Int, String>(
      "ask", in: { _, run in try await run.ask(model, ModelRequest(messages: [.user("x")])).text })
    let outcomes = try await ForEach(calls, atMost: 50).run(Array(0..<500))
    #expect(outcomes.allSatisfy { $0.output == "hi" })
    #expect(gauge.peak <= 3 && gauge.total == 500)
    #expect(gate.counts == (0, 0))
  }

  @Test(arguments: 0..<40) func `Who is cancelled keeps nobody up`(seed: Int) throws {
    let (executor, clock) = (SeededExecutor(seed: seed), ManualClock())
    let gate = RateGate(
      GateSettings(concurrency: 2, start: 2, requestsPerMinute: 60), clock: RunClock(clock))
    let model = gated(gate) { try await clock.sleep(until: clock.now.advanced(by: .seconds(1)), tolerance: nil) }
    let calls = (0..<8).map { _ in
      executor.start { try await Run().ask(model, ModelRequest(messages: [.user("x")])).text }
    }
    var random = SplitMix64(seed: UInt64(seed))
    var cancelled: Set<Int> = []
    for second in 0..<40 {
      if second < 6, random.chance(60) {
        let index = random.int(0...7)
        if !calls[index].isDone {
          calls[index].cancel()
          cancelled.insert(index)
        }
      }
      executor.runUntilIdle()
      executor.pass(1, on: clock)
    }
    for (index, call) in calls.enumerated() {
      if cancelled.contains(index) {
        #expect(call.error is CancellationError, "call \(index)")
      } else {
        #expect(call.value == "hi", "call \(index)")
      }
    }
    #expect(gate.counts == (0, 0))
  }
}
