import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct TiedMeasureTests {
  @Test(arguments: 0..<60) func calibrationIsThatOfItsDefinition(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let levels = random.int(0...4)
    let rows = (0..<random.int(1...12)).map { _ in
      (confidence: Double(random.int(0...levels)) / 4, isRight: random.chance(50))
    }
    for bins in 1...14 {
      // Each row counts for the mean rightness of the rows as sure as it.
      let sorted = rows.sorted { $0.confidence < $1.confidence }.map { row in
        let same = rows.filter { $0.confidence == row.confidence }
        return (row.confidence, Double(same.count { $0.isRight }) / Double(same.count))
      }
      let count = min(bins, rows.count)
      var expected = 0.0
      for bin in 0..<count {
        // Row i is in the bin that a round of dealing sizes to the bins gives it.
        let sizes = (0..<count).map { position in sorted.indices.count { $0 % count == position } }
        let start = sizes[..<bin].reduce(0, +)
        let part = sorted[start..<start + sizes[bin]]
        expected += abs(part.reduce(0) { $0 + $1.0 } - part.reduce(0) { $0 + $1.1 }) / Double(rows.count)
      }
      let calibration = Calibration(rows, bins: bins)
      #expect(calibration.bins.count == count)
      #expect(abs(try #require(calibration.expectedError) - expected) < 1e-12, "seed \(seed), \(bins) bins")
    }
  }

  @Test func oneConfidenceForAllHasOneRightness() {
    let calibration = Calibration((0..<30).map { (0.5, $0 < 15) })
    #expect(calibration.bins.count == 15 && calibration.bins.allSatisfy { $0.rows == 2 && $0.accuracy == 0.5 })
    #expect(calibration.expectedError == 0)
    let odd = Calibration([(.infinity, true), (-.infinity, false), (.nan, true), (1, true)])
    #expect(odd.bins.map(\.rows) == [1] && odd.expectedError == 0)
  }

  @Test(arguments: 0..<60) func aPercentileIsTheShortestTimeThatCoversItsShare(seed: Int) {
    var random = SplitMix64(seed: seed)
    let times = (0..<random.int(1...130)).map { _ in Duration.milliseconds(random.int(0...random.int(0...50))) }
    func shortest(_ p: Int) -> Duration? {
      times.filter { time in times.count { $0 <= time } * 100 >= p * times.count }.min()
    }
    let found = LatencyPercentiles(times)
    #expect([found.p50, found.p90, found.p99] == [50, 90, 99].map(shortest), "seed \(seed)")
    #expect(found.count == times.count && found.p50 <= found.p90 && found.p90 <= found.p99)
  }

  /// Every way of giving three rows one of three scores and one of three kinds.
  @Test func pointsOfEveryTinyInputAreCounted() {
    let kinds = [-1.0, 0, .infinity].flatMap { score in
      [(true, true), (true, false), (false, false)].map {
        OperatingPoints.Row(noneScore: score, isInScope: $0.0, isRight: $0.1)
      }
    }
    let inputs = kinds.flatMap { one in kinds.flatMap { two in kinds.map { [one, two, $0] } } }
    for rows in inputs + kinds.map({ [$0] }) {
      let points = OperatingPoints(rows).points
      #expect(points.map(\.threshold) == [nil] + Set(rows.map(\.noneScore)).sorted(by: >).map { $0 })
      for point in points {
        let passed = rows.filter { row in point.threshold.map { row.noneScore < $0 } ?? true }
        let inScope = rows.count { $0.isInScope }
        #expect(point.kept == Proportion(passed.count { $0.isInScope }, of: inScope))
        #expect(point.accuracy == Proportion(passed.count { $0.isInScope && $0.isRight }, of: inScope))
        let out = rows.count - inScope
        #expect(point.caught == Proportion(out - passed.count { !$0.isInScope }, of: out))
      }
    }
  }
}
