import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct MeasureTests {
  @Test func wilsonsIntervalIsAsPublished() throws {
    // 8 of 10 and 0 of 10: 0.4902–0.9433 and 0–0.2775.
    let some = try #require(Proportion(8, of: 10).interval)
    #expect(abs(some.lowerBound - 0.4902) < 5e-5 && abs(some.upperBound - 0.9433) < 5e-5)
    let none = try #require(Proportion(0, of: 10).interval)
    #expect(none.lowerBound == 0 && abs(none.upperBound - 0.2775) < 5e-5)
    #expect(Proportion(10, of: 10).interval?.upperBound == 1)
    #expect(Proportion(0, of: 0).interval == nil && Proportion(0, of: 0).share == nil)
    #expect(Proportion(5, of: 3) == Proportion(3, of: 3) && Proportion(-1, of: 3).count == 0)
    #expect(Proportion(8, of: 10).value["low"] == 0.4902)
  }

  @Test func theIntervalHoldsTheShare() {
    for total in 1...60 {
      for count in 0...total {
        let proportion = Proportion(count, of: total)
        #expect(proportion.interval?.contains(proportion.share ?? -1) == true, "\(count) of \(total)")
      }
    }
  }

  @Test(arguments: 0..<60) func theAreaIsThatOfAllPairs(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let positives = (0..<random.int(1...30)).map { _ in Double(random.int(0...8)) / 8 }
    let negatives = (0..<random.int(1...30)).map { _ in Double(random.int(0...8)) / 8 }
    var wins = 0.0
    for positive in positives {
      for negative in negatives { wins += positive > negative ? 1 : positive == negative ? 0.5 : 0 }
    }
    let expected = wins / Double(positives.count * negatives.count)
    let area = try #require(ScoreRanking.areaUnderCurve(positives: positives, negatives: negatives))
    #expect(abs(area - expected) < 1e-12, "seed \(seed)")
  }

  @Test func theAreaNeedsBothKinds() {
    #expect(ScoreRanking.areaUnderCurve(positives: [], negatives: [1]) == nil)
    #expect(ScoreRanking.areaUnderCurve(positives: [1], negatives: []) == nil)
    #expect(ScoreRanking.areaUnderCurve(positives: [.nan], negatives: [1]) == nil)
    #expect(ScoreRanking.areaUnderCurve(positives: [2], negatives: [1]) == 1)
  }

  @Test func calibrationByHand() throws {
    let calibration = Calibration([(0.9, true), (0.2, false), (0.6, false), (0.8, true), (0.4, true)], bins: 2)
    #expect(calibration.bins.map(\.rows) == [3, 2])
    // |0.4 − 1/3| · 3/5 + |0.85 − 1| · 2/5
    let error = try #require(calibration.expectedError)
    #expect(abs(error - (0.04 + 0.06)) < 1e-12)
    #expect(abs(calibration.bins[0].confidence - 0.4) < 1e-12 && calibration.bins[1].accuracy == 1)
    #expect(Calibration([]).expectedError == nil && Calibration([(.nan, true)]).bins.isEmpty)
    #expect(Calibration([(0.5, true)], bins: 0).bins.count == 1)
  }

  @Test(arguments: 0..<40) func theOrderOfRowsChangesNoCalibration(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    var rows = (0..<random.int(1...100)).map { _ in (Double(random.int(0...5)) / 5, random.chance(60)) }
    let first = try #require(Calibration(rows.map { (confidence: $0.0, isRight: $0.1) }).expectedError)
    rows.shuffle(using: &random)
    let calibration = Calibration(rows.map { (confidence: $0.0, isRight: $0.1) })
    let second = try #require(calibration.expectedError)
    #expect(abs(second - first) < 1e-9, "seed \(seed)")
    let sizes = calibration.bins.map(\.rows)
    #expect(sizes.reduce(0, +) == rows.count && sizes.count == min(15, rows.count))
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func percentilesAreTimesThatWereMeasured() {
    let hundred = LatencyPercentiles((1...100).reversed().map { .milliseconds($0) })
    #expect(hundred.p50 == .milliseconds(50) && hundred.p90 == .milliseconds(90) && hundred.p99 == .milliseconds(99))
    let ten = LatencyPercentiles((1...10).map { .milliseconds($0) })
    #expect(ten.p50 == .milliseconds(5) && ten.p90 == .milliseconds(9) && ten.p99 == .milliseconds(10))
    #expect(LatencyPercentiles([]).p99 == .zero)
    #expect(LatencyPercentiles([.seconds(1)]).p50 == .seconds(1))
  }

  @Test(arguments: [(0, 0, 1.0), (5, 0, 0.0625), (1, 9, 0.021484375), (3, 3, 1.0), (4, 1, 0.375)])
  func theTestOfPairsIsExact(gained: Int, lost: Int, expected: Double) {
    let pairs =
      Array(repeating: (first: false, second: true), count: gained)
      + Array(repeating: (first: true, second: false), count: lost) + [(first: true, second: true)]
    let comparison = PairedComparison(pairs)
    #expect(comparison.gained == gained && comparison.lost == lost && comparison.total == gained + lost + 1)
    #expect(abs(comparison.probability - expected) < 1e-12)
    #expect(comparison.interval?.contains(comparison.difference ?? 2) == true)
  }

  @Test func manyPairsDoNotVanish() {
    let even = (0..<20_000).map { (first: $0 % 2 == 0, second: $0 % 2 == 1) }
    #expect(PairedComparison(even).probability == 1)
    let onesided = (0..<20_000).map { _ in (first: false, second: true) }
    #expect(PairedComparison(onesided).probability < 1e-300)
    #expect(PairedComparison([]).difference == nil && PairedComparison([]).interval == nil)
  }

  @Test func theIntervalOfAMeanIsStudents() throws {
    let interval = try #require(MeanInterval([1, 2, 3, 4, 5]).interval)
    // 3 ± 2.7764 · 1.5811 / √5
    #expect(abs(interval.lowerBound - 1.0368) < 1e-4 && abs(interval.upperBound - 4.9632) < 1e-4)
    #expect(MeanInterval([1]).interval == nil && MeanInterval([1]).mean == 1)
    #expect(MeanInterval([]).mean == nil && MeanInterval([]).deviation == nil)
    #expect(MeanInterval([1, .infinity]).interval == nil)
    // Beyond the table: 40 degrees of freedom have 2.0211.
    let many = MeanInterval((0..<41).map { Double($0 % 2) })
    let (range, mean) = (try #require(many.interval), try #require(many.mean))
    let deviation = try #require(many.deviation)
    #expect(abs((range.upperBound - mean) * 41.0.squareRoot() / deviation - 2.0211) < 1e-4)
  }
}
