import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct CircuitTests {
  private func opened(_ settings: CircuitSettings = CircuitSettings(failures: 3)) -> CircuitState {
    var state = CircuitState(settings)
    for _ in 0..<settings.failures {
      #expect(state.admit(.zero) == .go)
      state.end(.failed, wasProbe: false, at: .zero)
    }
    return state
  }

  @Test func `It opens after failures in a row, and not for others`() {
    var state = CircuitState(CircuitSettings(failures: 3))
    for ending: CircuitState.Ending in [.failed, .failed, .succeeded, .failed, .unknown, .failed] {
      #expect(state.admit(.zero) == .go)
      state.end(ending, wasProbe: false, at: .zero)
    }
    #expect(state.admit(.zero) == .go, "two in a row, whatever else happened between them")
    state.end(.failed, wasProbe: false, at: .zero)
    #expect(state.admit(.seconds(1)) == .refused(.seconds(4)))
  }

  @Test func `One call tries, and the others wait for what becomes of it`() {
    var state = opened()
    #expect(state.admit(.seconds(5)) == .probe)
    #expect(state.admit(.seconds(5)) == .refused(.zero))
    state.end(.succeeded, wasProbe: true, at: .seconds(6))
    #expect(state.admit(.seconds(6)) == .go)
  }

  @Test func `It stays open longer each time that a try fails`() {
    var state = opened(CircuitSettings(failures: 3, pause: .seconds(5), longestPause: .seconds(15)))
    var now = Duration.seconds(5)
    for pause in [10, 15, 15] {
      #expect(state.admit(now) == .probe)
      state.end(.failed, wasProbe: true, at: now)
      #expect(state.admit(now) == .refused(.seconds(pause)))
      now += .seconds(pause)
    }
    #expect(state.admit(now) == .probe)
    state.end(.succeeded, wasProbe: true, at: now)
    for _ in 0..<3 { state.end(.failed, wasProbe: false, at: now) }
    #expect(state.admit(now) == .refused(.seconds(5)), "once closed, it begins with the short pause again")
  }

  @Test func `A try that was cancelled leaves it to the next`() {
    var state = opened()
    #expect(state.admit(.seconds(5)) == .probe)
    state.end(.unknown, wasProbe: true, at: .seconds(5))
    #expect(state.admit(.seconds(5)) == .probe)
  }

  @Test func `A call from before that succeeds late does not close it`() {
    var state = opened()
    state.end(.succeeded, wasProbe: false, at: .seconds(1))
    #expect(state.admit(.seconds(1)) == .refused(.seconds(4)))
  }

  @Test(arguments: 0..<200) func `There is never more than one try, and it closes in the end`(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var state = CircuitState(CircuitSettings(failures: random.int(1...5)))
    var now = Duration.zero
    var flying: [Bool] = []
    for _ in 0..<300 {
      now += .milliseconds(random.int(0...4_000))
      switch state.admit(now) {
      case .go: flying.append(false)
      case .probe:
        #expect(!flying.contains(true))
        flying.append(true)
      case .refused: break
      }
      if !flying.isEmpty, random.chance(60) {
        let wasProbe = flying.remove(at: random.int(0...flying.count - 1))
        state.end(random.pick([.failed, .failed, .succeeded, .unknown]), wasProbe: wasProbe, at: now)
      }
    }
    for wasProbe in flying { state.end(.unknown, wasProbe: wasProbe, at: now) }
    now += .seconds(1_000)
    let last = state.admit(now)
    state.end(.succeeded, wasProbe: last == .probe, at: now)
    #expect(state.admit(now) == .go)
  }

  @Test func `Whoever is refused is told so, and the request never leaves`() async throws {
    let clock = ManualClock()
    let model = ScriptedModel("m") { _, index in
      if index < 2 { throw ModelError.overloaded("m", "busy") }
      return .text("back")
    }
    let circuit = Circuit(CircuitSettings(failures: 2), clock: RunClock(clock))
    let agent = Agent("a", model: model.guarded(by: circuit), instructions: "x")
    for _ in 0..<2 { await #expect(throws: ModelError.self) { try await agent.run("x") } }
    let error = await #expect(throws: ModelError.self) { try await agent.run("x") }
    #expect(error?.label == "unavailable")
    #expect(
      error?.description
        == "m: it has failed several times in a row and is not asked for now; it is tried again in 5.0 s")
    #expect(model.requests.count == 2)
    clock.advance(by: .seconds(5))
    #expect(try await agent.run("x") == "back")
  }

  @Test func `A request that is wrong says nothing of the provider`() async throws {
    let model = ScriptedModel("m") { _, _ in throw ModelError.refused("m", "bad request") }
    let agent = Agent("a", model: model.guarded(by: Circuit(CircuitSettings(failures: 1))), instructions: "x")
    for _ in 0..<5 {
      let error = await #expect(throws: ModelError.self) { try await agent.run("x") }
      #expect(error?.label == "refused")
    }
  }
}
