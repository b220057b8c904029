import Testing
import TurnoutTesting

@testable import TurnoutCore

/// The gate by itself: calls and durations go in, delays and permissions come out.
@Suite struct HedgeGateTests {
  /// The value in a class, since expectations cannot change a value.
  private final class Gate {
    private var value: HedgeGate
    init(_ rule: HedgeDelay, share: Double) { value = HedgeGate(rule, share: share) }

    @discardableResult func begin() -> Duration { value.begin() }
    func takeExtra() -> Bool { value.takeExtra() }
    func ended(after duration: Duration) { value.ended(after: duration) }
  }

  @Test func aFixedDelayStays() {
    let gate = Gate(.after(.seconds(2)), share: 1)
    for number in 0..<200 {
      #expect(gate.begin() == .seconds(2))
      gate.ended(after: .milliseconds(number))
    }
  }

  @Test func theDelayIsLearnedOnceEnoughIsKnown() {
    let gate = Gate(.p95(until: .seconds(9)), share: 1)
    for number in 1...19 { gate.ended(after: .seconds(number)) }
    #expect(gate.begin() == .seconds(9))
    gate.ended(after: .seconds(20))
    #expect(gate.begin() == .seconds(19), "19 of 20 took no longer")
    for number in 21...100 { gate.ended(after: .seconds(number)) }
    #expect(gate.begin() == .seconds(95))
  }

  @Test func whatIsLongAgoIsForgotten() {
    let gate = Gate(.p95(until: .seconds(9)), share: 1)
    for _ in 0..<HedgeGate.memory { gate.ended(after: .seconds(100)) }
    for _ in 0..<HedgeGate.memory { gate.ended(after: .seconds(1)) }
    #expect(gate.begin() == .seconds(1))
  }

  @Test func theFirstCallMayHaveOneAndThenTheShareDecides() {
    let gate = Gate(.after(.zero), share: 0.05)
    let taken = (1...100).filter { _ in
      gate.begin()
      return gate.takeExtra()
    }
    #expect(taken == [1, 20, 40, 60, 80, 100])
  }

  @Test func aShareOfNothingAllowsOne() {
    let gate = Gate(.after(.zero), share: 0)
    gate.begin()
    #expect([gate.takeExtra(), gate.takeExtra()] == [true, false])
    for _ in 0..<1_000 { gate.begin() }
    #expect(!gate.takeExtra())
  }

  @Test func aLongCalmSavesNoMoreThanTheBurst() {
    let gate = Gate(.after(.zero), share: 0.5)
    for _ in 0..<10_000 { gate.begin() }
    #expect((0..<50).count { _ in gate.takeExtra() } == Int(HedgeGate.burst))
  }

  @Test(arguments: 1...100) func extraCallsNeverExceedTheirShare(seed: Int) {
    var random = SplitMix64(seed: seed)
    let share = Double(random.int(0...100)) / 100
    let gate = Gate(.p95(until: .seconds(1)), share: share)
    var (calls, extra) = (0, 0)
    for _ in 0..<500 {
      if random.chance(50) {
        gate.begin()
        calls += 1
        gate.ended(after: .milliseconds(random.int(0...5_000)))
      } else if gate.takeExtra() {
        extra += 1
      }
      #expect(Double(extra) <= 1 + share * Double(calls) + 1e-6)
    }
  }
}
