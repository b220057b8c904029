import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct OperatingPointTests {
  @Test func pointsByHand() throws {
    let points = OperatingPoints([
      .init(noneScore: 0.1, isInScope: true, isRight: true), .init(noneScore: 0.2, isInScope: true, isRight: false),
      .init(noneScore: 0.5, isInScope: true, isRight: true), .init(noneScore: 0.5, isInScope: false, isRight: false),
      .init(noneScore: 0.9, isInScope: false, isRight: false),
    ])
    #expect(points.points.map(\.threshold) == [nil, 0.9, 0.5, 0.2, 0.1])
    let all = try #require(points.keeping(1))
    #expect(all.threshold == 0.9 && all.caught == Proportion(1, of: 2) && all.accuracy == Proportion(2, of: 3))
    let most = try #require(points.keeping(0.6))
    #expect(most.threshold == 0.5 && most.caught == Proportion(2, of: 2) && most.kept == Proportion(2, of: 3))
    #expect(points.catching(0.9)?.accuracy == Proportion(1, of: 3))
    #expect(points.catching(0)?.threshold == nil)
    #expect(points.catching(1.1) == nil && points.keeping(1.1) == nil)
  }

  @Test func bothKindsAreNeeded() {
    #expect(OperatingPoints([]).keeping(0.5) == nil && OperatingPoints([]).catching(0.5) == nil)
    let inScope = OperatingPoints([.init(noneScore: 0.1, isInScope: true, isRight: true)])
    #expect(inScope.keeping(0.5) == nil && inScope.catching(0) == nil)
    let nan = OperatingPoints([.init(noneScore: .nan, isInScope: false, isRight: false)])
    #expect(nan.points.count == 1 && nan.keeping(0) == nil)
  }

  @Test(arguments: 0..<60) func pointsAreThoseOfEveryThreshold(seed: Int) {
    var random = SplitMix64(seed: seed)
    let rows = (0..<random.int(2...40)).map { _ in
      let isInScope = random.chance(60)
      return OperatingPoints.Row(
        noneScore: Double(random.int(0...10)) / 10, isInScope: isInScope, isRight: isInScope && random.chance(80))
    }
    let (inScope, outside) = (rows.filter(\.isInScope), rows.filter { !$0.isInScope })
    guard !inScope.isEmpty, !outside.isEmpty else { return }
    let points = OperatingPoints(rows)
    let thresholds = Set(rows.map(\.noneScore)).union([2])
    for share in [0.0, 0.3, 0.5, 0.95, 1] {
      func kept(_ threshold: Double) -> Int { inScope.count { $0.noneScore < threshold } }
      func caught(_ threshold: Double) -> Int { outside.count { $0.noneScore >= threshold } }
      let keeping = thresholds.filter { Double(kept($0)) / Double(inScope.count) >= share }
      #expect(points.keeping(share)?.caught.count == keeping.map(caught).max(), "seed \(seed), \(share)")
      let catching = thresholds.filter { Double(caught($0)) / Double(outside.count) >= share }
      #expect(points.catching(share)?.kept.count == catching.map(kept).max(), "seed \(seed), \(share)")
      let right = catching.map { threshold in inScope.count { $0.noneScore < threshold && $0.isRight } }
      #expect(points.catching(share)?.accuracy.count == right.max(), "seed \(seed), \(share)")
    }
  }
}
