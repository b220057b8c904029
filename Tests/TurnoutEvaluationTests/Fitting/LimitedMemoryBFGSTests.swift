import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct LimitedMemoryBFGSTests {
  private let exact = LimitedMemoryBFGS(steps: 500, gradientTolerance: 1e-6, valueTolerance: 0)

  @Test func aBowlEndsAtItsBottom() {
    let bottom: [Float] = [3, -2, 0.5]
    let found = exact.minimum(from: [0, 0, 0]) { place, gradient in
      gradient = zip(place, bottom).map { 2 * ($0 - $1) }
      return zip(place, bottom).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(zip(found, bottom).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test(arguments: [1, 2, 5, 20, 60])
  func narrowValleysEndAtTheirBottom(count: Int) {
    var random = SplitMix64(seed: count)
    // Curvatures from 1 to 1,000.
    let curves = (0..<count).map { powerOfTen(3 * Float($0) / Float(max(1, count - 1))) }
    let bottom = random.vector(count)
    let found = exact.minimum(from: random.vector(count)) { place, gradient in
      for index in place.indices { gradient[index] = curves[index] * (place[index] - bottom[index]) }
      return place.indices.reduce(0) { $0 + curves[$1] * (place[$1] - bottom[$1]) * (place[$1] - bottom[$1]) / 2 }
    }
    #expect(zip(found, bottom).allSatisfy { abs($0 - $1) < 5e-3 })
  }

  private func powerOfTen(_ exponent: Float) -> Float {
    // Three halvings are enough for a test.
    (0..<Int(exponent * 4)).reduce(1) { value, _ in value * 1.778_279_4 }
  }

  @Test func theBananaEndsAtItsEnd() {
    let found = exact.minimum(from: [-1.2, 1]) { place, gradient in
      let (x, y) = (place[0], place[1])
      let bend = y - x * x
      gradient = [-2 * (1 - x) - 400 * x * bend, 200 * bend]
      return (1 - x) * (1 - x) + 100 * bend * bend
    }
    #expect(abs(found[0] - 1) < 1e-2 && abs(found[1] - 1) < 2e-2, "\(found)")
  }

  @Test func theBeginningIsKeptWhereNothingIsBetter() {
    let flat = exact.minimum(from: [4, 5]) { _, gradient in
      gradient = [0, 0]
      return 7
    }
    #expect(flat == [4, 5])
    #expect(exact.minimum(from: []) { _, _ in 0 } == [])
  }

  @Test func whatIsNoNumberEndsIt() {
    let nothing = exact.minimum(from: [1]) { _, gradient in
      gradient = [.nan]
      return .nan
    }
    #expect(nothing == [1])
    // A wall: beyond 2 there are no numbers, and the bottom is at 1.9.
    let wall = exact.minimum(from: [-30]) { place, gradient in
      gradient = [2 * (place[0] - 1.9)]
      return place[0] > 2 ? .nan : (place[0] - 1.9) * (place[0] - 1.9)
    }
    #expect(abs(wall[0] - 1.9) < 1e-2)
  }

  @Test func aSlopeWithoutEndIsLeft() {
    let found = LimitedMemoryBFGS(steps: 5).minimum(from: [0]) { place, gradient in
      gradient = [-1]
      return -place[0]
    }
    #expect(found[0].isFinite && found[0] > 0)
  }

  @Test func stepsAreCounted() {
    let calls = Counter()
    let search = LimitedMemoryBFGS(steps: 3, valueTolerance: 0)
    _ = search.minimum(from: [-1.2, 1]) { place, gradient in
      calls.add()
      let (x, y) = (place[0], place[1])
      gradient = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
      return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
    }
    #expect(calls.total <= 1 + 3 * 20)
    #expect(calls.total >= 4)
  }
}
