import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct BarChooserTests {
  private let chooser = BarChooser(catching: 0.8, losing: 0.1, sureness: 0.95)

  private func seen(_ logits: [Float], _ route: Int, belonging: Float = 10) -> FoldResult.Seen {
    FoldResult.Seen(
      logits: logits, route: route, best: logits.firstIndex(of: logits.max() ?? 0) ?? 0, belonging: belonging)
  }

  private func bars(
    _ seen: [FoldResult.Seen], inside: [Float] = [], outside: [Float] = [], strangers: [Float] = [],
    source: StrangerSource = .routes, by chooser: BarChooser? = nil
  ) -> BarChooser.Bars {
    (chooser ?? self.chooser).bars(seen, inside: inside, outside: outside, strangers: strangers, source: source)
  }

  @Test(arguments: [(0, 1), (0.1, 1), (0.11, 2), (0.5, 5), (0.95, 10), (1, 10), (2, 10), (-1, 1)] as [(Double, Float)])
  func aQuantileIsTheValueSoManyLieBelowOrAt(share: Double, value: Float) {
    #expect(BarChooser.quantile((1...10).map { Float($0) }, share) == value)
  }

  @Test func quantilesOfFewValues() {
    #expect(BarChooser.quantile([], 0.5) == 0)
    #expect(BarChooser.quantile([4], 0) == 4)
    #expect(BarChooser.quantile([4], 1) == 4)
  }

  /// Published values of the interval, and its limits.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    (20, 20, 0.8389, 1), (5, 10, 0.2366, 0.7634),
  ])
  func theIntervalIsThatOfWilson(hits: Int, count: Int, low: Double, high: Double) throws {
    let interval = try #require(Proportion(hits, of: count).interval)
    #expect(abs(interval.lowerBound - low) < 6e-5, "\(interval)")
    #expect(abs(interval.upperBound - high) < 6e-5, "\(interval)")
  }

  @Test(arguments: [0.25, 1, 2, 6] as [Float])
  func aKnownTemperatureIsFound(temperature: Float) {
    var random = SplitMix64(seed: Int(temperature * 100))
    let scale = RouteScale(temperature: temperature, bar: 0, slope: 1)
    let requests = (0..<1_900).map { _ -> FoldResult.Seen in
      let logits = random.vector(4).map { 1.5 * temperature * $0 }
      var rest = Double(random.share())
      let route = scale.probabilities(logits).firstIndex { share in
        rest -= share
        return rest < 0
      }
      return seen(logits, route ?? 3)
    }
    let found = bars(requests).scale.temperature
    #expect(abs(found / temperature - 1) < 0.15, "\(found)")
  }

  @Test func strangersSetTheBar() {
    let requests = (0..<100).map { seen([5, 0], 0, belonging: Float($0)) }
    let strangers = (0..<50).map { Float($0) }
    let found = bars(requests, strangers: strangers, source: .nulls)
    #expect(found.scale.bar == Float(39).nextUp, "the fortieth of fifty is caught, the next is not")
    #expect(found.expectation.caught == 0.8)
    #expect(found.expectation.accuracy == 0.6, "forty of a hundred are below the bar as well")
    #expect(found.noneFrom == "set on 50 requests that belong to no route")
  }

  @Test func leftOutRoutesSetTheBarWithoutStrangers() {
    let requests = (0..<100).map { seen([5, 0], 0, belonging: 100 + Float($0)) }
    let found = bars(requests, inside: requests.map(\.belonging), outside: (0..<10).map { Float($0) })
    #expect(found.scale.bar == Float(7).nextUp)
    #expect(found.expectation.caught == 0.8 && found.expectation.accuracy == 1)
    #expect(found.noneFrom.hasPrefix("set by leaving whole routes out in turn"))
    #expect(!found.noneFrom.contains("held back"))
  }

  @Test func theBarIsHeldBackForRequestsInScope() {
    let inside = (1...100).map { Float($0) }
    let found = bars(
      inside.map { seen([5, 0], 0, belonging: $0) }, inside: inside, outside: (50..<150).map { Float($0) })
    #expect(found.scale.bar == 10, "a tenth may be lost")
    #expect(found.noneFrom.hasSuffix("held back to keep 90 % of those in scope"))
    #expect(found.expectation.accuracy == 0.91)
    #expect(found.expectation.caught == 0)
  }

  @Test func fewStrangersCountWithTheLeftOut() {
    let inside = (0..<100).map { 100 + Float($0) }
    let alone = bars(inside.map { seen([5, 0], 0, belonging: $0) }, inside: inside, outside: [1, 2, 3, 4])
    let joined = bars(
      inside.map { seen([5, 0], 0, belonging: $0) }, inside: inside, outside: [1, 2, 3, 4], strangers: [8, 9, 10, 11])
    #expect(alone.scale.bar == Float(4).nextUp && joined.scale.bar == Float(10).nextUp)
  }

  /// Where everyday requests play the strangers, the bar stands between the two kinds.
  @Test func everydayRequestsSetABarBetween() {
    let requests = (11...30).map { seen([5, 0], 0, belonging: Float($0)) }
    let apart = bars(requests, strangers: (1...10).map { Float($0) - 10 }, source: .everyday)
    #expect(abs(apart.scale.bar - (Float(-2).nextUp + 12) / 2) < 1e-5)
    #expect(apart.noneFrom == "set on everyday requests, since there are too few routes to leave some out")
    let mixed = bars(requests, strangers: (1...10).map { Float($0) + 30 }, source: .everyday)
    #expect(mixed.scale.bar == 12)
    #expect(mixed.noneFrom.hasSuffix("held back to keep 90 % of those in scope"))
  }

  @Test func tooFewRoutesAreSaidToBeSo() {
    let requests = (1...20).map { seen([5, 0], 0, belonging: Float($0)) }
    let found = bars(requests)
    #expect(found.noneFrom == "keeps 90 % of those in scope")
    #expect(found.scale.bar == 2)
    #expect(found.scale.slope == 1)
    #expect(found.expectation.caught == nil)
  }

  @Test func theSlopeIsSteepWhereBothKindsAreApart() {
    let requests = (0..<40).map { seen([5, 0], 0, belonging: 10 + Float($0)) }
    let apart = bars(requests, strangers: (0..<40).map { -50 + Float($0) }, source: .nulls)
    let mixed = bars(requests, strangers: (0..<40).map { 5 + Float($0) }, source: .nulls)
    #expect(apart.scale.slope > 3 * mixed.scale.slope)
    #expect(mixed.scale.slope > 0)
  }

  @Test func aboveTheSureBarDecisionsAreRightAsOftenAsWanted() {
    var random = SplitMix64(seed: 6)
    let scale = RouteScale(temperature: 1, bar: 0, slope: 1)
    let requests = (0..<2_000).map { _ -> FoldResult.Seen in
      let logits = random.vector(5).map { 2 * $0 }
      var rest = Double(random.share())
      let route = scale.probabilities(logits).firstIndex { share in
        rest -= share
        return rest < 0
      }
      return seen(logits, route ?? 4, belonging: 50 + random.normal())
    }
    for sureness in [0.7, 0.9] {
      let found = bars(
        requests, strangers: (0..<40).map { -Float($0) }, source: .nulls,
        by: BarChooser(catching: 0.8, losing: 0.1, sureness: sureness))
      let sure = requests.filter {
        let share = found.scale.probabilities($0.logits)[$0.best] * found.scale.probabilityOfAny($0.belonging)
        return share >= found.sure
      }
      let right = Double(sure.count { $0.best == $0.route }) / Double(sure.count)
      #expect(right >= sureness && right < sureness + 0.01, "\(right)")
      #expect(abs(found.coverage - Double(sure.count) / 2_000) < 1e-9)
    }
  }

  @Test func decisionsOfOneConfidenceAreSureTogether() {
    // One right and nine wrong, all alike: the right one must not lower the bar for the others.
    let requests = (0..<10).map { seen([3, 0], $0 == 0 ? 0 : 1) }
    let found = bars(requests, strangers: [-10], source: .nulls)
    #expect(found.sure == 0.99)
    #expect(found.coverage == 0)
  }

  @Test func theSureBarStaysWithinItsLimits() {
    let right = bars(
      (0..<10).map { seen([0.01, 0, 0, 0, 0], 0, belonging: Float($0)) }, strangers: [-9], source: .nulls)
    #expect(right.sure >= 0.3)
    let wrong = bars((0..<10).map { seen([9, 0], 1, belonging: Float($0)) }, strangers: [-9], source: .nulls)
    #expect(wrong.sure == 0.99)
    #expect(wrong.expectation.accuracy == 0)
  }

  @Test func whatIsLostToNoneIsNotRight() {
    let found = bars((0..<10).map { seen([5, 0], 0, belonging: Float($0)) }, strangers: [4.5], source: .nulls)
    #expect(found.expectation.accuracy == 0.5)
    #expect(found.expectation.interval == Proportion(5, of: 10).interval)
  }

  @Test func nothingSeenDoesNotStopIt() {
    let found = bars([])
    #expect(found.scale == RouteScale(temperature: 1, bar: 0, slope: 1))
    #expect(found.expectation == .init(accuracy: 0, interval: 0...1, caught: nil))
    #expect(found.coverage == 0)
    let strange = bars([], strangers: [1, 1, 1], source: .nulls)
    #expect(strange.scale.bar == Float(1).nextUp && strange.scale.slope.isFinite)
  }

  @Test func equalSignsDoNotStopIt() {
    let found = bars((0..<30).map { seen([1, 1, 1], $0 % 3, belonging: 2) }, strangers: [2, 2, 2], source: .nulls)
    #expect(found.scale.temperature.isFinite && found.scale.temperature > 0)
    #expect(found.scale.slope.isFinite && found.scale.slope > 0)
    #expect(found.expectation.accuracy == 0 && found.expectation.caught == 1)
  }
}
