import Testing
import TurnoutEvaluation

@Suite("Logistic regression as a baseline")
struct LogisticBaselineTests {
  private static let rows: [(vector: [Float], route: Int)] = [
    ([1, 0.1, 0], 0), ([0.9, 0, 0.2], 0), ([0, 1, 0.1], 1), ([0.2, 0.9, 0], 1), ([0.1, 0, 1], 2), ([0, 0.2, 0.9], 2),
  ]

  @Test("tells routes apart, also for vectors it has not seen")
  func tellsApart() {
    let baseline = LogisticBaseline(Self.rows, routes: 3)
    for row in Self.rows { #expect(baseline.best(for: row.vector) == row.route) }
    #expect(baseline.best(for: [0.8, 0.3, 0.1]) == 0)
    #expect(baseline.best(for: [0.3, 0.8, 0.1]) == 1)
    #expect(baseline.best(for: [0.1, 0.3, 0.8]) == 2)
  }

  @Test("what all vectors have in common, and their size, changes nothing")
  func isCentredAndScaled() {
    let moved = Self.rows.map { (vector: $0.vector.map { 30 + 0.01 * $0 }, route: $0.route) }
    let baseline = LogisticBaseline(moved, routes: 3)
    for row in moved { #expect(baseline.best(for: row.vector) == row.route) }
  }

  @Test("the bias goes by how often a route occurs")
  func hasBias() {
    let same: [Float] = [1, 1]
    let baseline = LogisticBaseline(
      [(same, 0), (same, 1), (same, 1), (same, 1)].map { (vector: $0.0, route: $0.1) }, routes: 2)
    #expect(baseline.best(for: same) == 1)
  }

  @Test("rows that do not fit are left out, and a vector of another length has no route")
  func survivesAnything() {
    let baseline = LogisticBaseline(Self.rows + [([1], 0), ([0, 0, 1], 7), ([0, 0, 1], -1)], routes: 3)
    #expect(baseline.best(for: [0.8, 0.3, 0.1]) == 0)
    #expect(baseline.best(for: [1]) == nil)
    #expect(LogisticBaseline([], routes: 3).best(for: [1]) == nil)
    #expect(LogisticBaseline([], routes: 0).best(for: []) == nil)
    #expect(LogisticBaseline([([1, 2], 0)], routes: 1, looseness: 0).best(for: [1, 2]) == 0)
  }
}
