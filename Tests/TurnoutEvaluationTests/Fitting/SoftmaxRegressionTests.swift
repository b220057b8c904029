import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct SoftmaxRegressionTests {
  private let exact = LimitedMemoryBFGS(steps: 1_000, gradientTolerance: 1e-7, valueTolerance: 0)

  private func rows(
    _ vectors: [[Float]], _ classes: [Int], features: [[(Int, Float)]]? = nil, weights: [Float]? = nil, count: Int = 0
  ) -> SoftmaxRegression.Rows {
    SoftmaxRegression.Rows(
      vectors: Matrix(vectors),
      features: (features ?? classes.map { _ in [] }).map { row in
        SparseRow(entries: row.map { .init(feature: $0.0, weight: $0.1) })
      }, featureCount: count, classes: classes, weights: weights ?? classes.map { _ in 1 })
  }

  private func logits(_ weights: SoftmaxRegression.Weights, _ rows: SoftmaxRegression.Rows, _ row: Int) -> [Double] {
    weights.bias.indices.map { column in
      var sum = Double(weights.bias[column])
      for (index, number) in rows.vectors.row(row).enumerated() {
        sum += Double(number) * Double(weights.dense[index, column])
      }
      for entry in rows.features[row].entries {
        sum += Double(entry.weight) * Double(weights.sparse[entry.feature, column])
      }
      return sum
    }
  }

  /// What is minimised, by its definition and in double precision.
  private func loss(_ weights: SoftmaxRegression.Weights, _ rows: SoftmaxRegression.Rows, looseness: Double) -> Double {
    var sum = 0.0
    for row in rows.classes.indices {
      let logits = logits(weights, rows, row)
      // The softmax as a limit-free sum: logits stay small here.
      let all = logits.reduce(0.0) { $0 + exponential($1 - logits[rows.classes[row]]) }
      sum += Double(rows.weights[row]) * logarithm(all)
    }
    let size = (weights.dense.values + weights.sparse.values).reduce(0.0) { $0 + Double($1) * Double($1) }
    return (sum + size / (2 * looseness)) / Double(rows.classes.count)
  }

  private func exponential(_ number: Double) -> Double {
    // (e^(x/1024))^1024 by its series, so that no library's own function is compared with itself.
    let small = number / 1_024
    var value = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)))
    for _ in 0..<10 { value *= value }
    return value
  }

  private func logarithm(_ number: Double) -> Double {
    var guess = 0.0
    for _ in 0..<60 { guess += 2 * (number - exponential(guess)) / (number + exponential(guess)) }
    return guess
  }

  @Test func nothingNearTheFoundWeightsIsBetter() {
    var random = SplitMix64(seed: 4)
    let data = rows(
      (0..<40).map { _ in random.vector(3) }, (0..<40).map { _ in random.int(0...2) },
      features: (0..<40).map { _ in [(random.int(0...3), random.share()), (4, 1)] },
      weights: (0..<40).map { _ in 0.5 + random.share() }, count: 5)
    let found = SoftmaxRegression(looseness: 2, search: exact).fit(data, classes: 3)
    let lowest = loss(found, data, looseness: 2)
    let step = 0.01
    // The slope in every direction, by differences, is nearly zero; the curvature is not.
    func check(_ change: (inout SoftmaxRegression.Weights, Float) -> Void, _ what: String) {
      var (up, down) = (found, found)
      change(&up, Float(step))
      change(&down, Float(-step))
      let (above, below) = (loss(up, data, looseness: 2), loss(down, data, looseness: 2))
      #expect(abs(above - below) / (2 * step) < 2e-3, "\(what)")
      #expect(above + below - 2 * lowest > 0, "\(what)")
    }
    for index in found.dense.values.indices { check({ $0.dense.values[index] += $1 }, "dense \(index)") }
    for index in found.sparse.values.indices { check({ $0.sparse.values[index] += $1 }, "sparse \(index)") }
    for index in found.bias.indices { check({ $0.bias[index] += $1 }, "bias \(index)") }
  }

  @Test(arguments: [2, 3, 15, 16, 17, 40])
  func separableClassesAreSeparated(classes: Int) {
    var random = SplitMix64(seed: classes)
    let middles = (0..<classes).map { _ in random.vector(24).map { 3 * $0 } }
    let labels = (0..<classes * 6).map { $0 % classes }
    let data = rows(labels.map { label in zip(middles[label], random.vector(24)).map { $0 + 0.3 * $1 } }, labels)
    let found = SoftmaxRegression().fit(data, classes: classes)
    #expect(found.dense.columns == classes && found.dense.rows == 24 && found.bias.count == classes)
    for row in labels.indices {
      let logits = logits(found, data, row)
      #expect(logits.firstIndex(of: logits.max() ?? 0) == labels[row])
    }
  }

  @Test func weightsMoveTheShares() {
    // The same vector under two labels: the bias alone decides, by how much each row counts.
    let data = rows([[0], [0], [0]], [0, 1, 1], weights: [6, 1, 1])
    let found = SoftmaxRegression(search: exact).fit(data, classes: 2)
    #expect(abs(exponential(Double(found.bias[0] - found.bias[1])) - 3) < 0.02)
    let even = SoftmaxRegression(search: exact).fit(rows([[0], [0], [0]], [0, 1, 1]), classes: 2)
    #expect(abs(exponential(Double(even.bias[1] - even.bias[0])) - 2) < 0.02)
  }

  @Test func withoutABiasItStaysZero() {
    let found = SoftmaxRegression(hasBias: false).fit(rows([[0], [0], [0]], [0, 1, 1]), classes: 2)
    #expect(found.bias == [0, 0])
    #expect(found.dense.values == [0, 0])
  }

  @Test func loosenessLetsWeightsGrow() {
    let data = rows([[1], [-1]], [0, 1])
    func size(_ looseness: Float) -> Float {
      SoftmaxRegression(looseness: looseness, search: exact).fit(data, classes: 2).dense.values[0]
    }
    #expect(size(0.01) < size(1) && size(1) < size(100))
    #expect(size(0.01) > 0)
  }

  @Test func sparseFeaturesAloneAreEnough() {
    let labels = (0..<30).map { $0 % 3 }
    let features = labels.enumerated().map { index, label in [(label, Float(1)), (3 + index % 4, Float(0.5))] }
    let data = rows(labels.map { _ in [] }, labels, features: features, count: 7)
    let found = SoftmaxRegression(looseness: 5, search: exact).fit(data, classes: 3)
    #expect(found.dense.values.isEmpty)
    for row in labels.indices {
      let logits = logits(found, data, row)
      #expect(logits.firstIndex(of: logits.max() ?? 0) == labels[row])
    }
    let lowest = loss(found, data, looseness: 5)
    for index in found.sparse.values.indices {
      for step in [Float(-0.02), 0.02] {
        var other = found
        other.sparse.values[index] += step
        #expect(loss(other, data, looseness: 5) > lowest - 1e-6)
      }
    }
  }

  @Test func aFeatureMeansWhatAColumnMeans() {
    var random = SplitMix64(seed: 8)
    let (vectors, labels) = ((0..<30).map { _ in random.vector(4) }, (0..<30).map { _ in random.int(0...2) })
    let dense = SoftmaxRegression(looseness: 1, search: exact).fit(rows(vectors, labels), classes: 3)
    let features = vectors.map { $0.enumerated().map { ($0, $1) } }
    let sparse = SoftmaxRegression(looseness: 1, search: exact)
      .fit(rows(vectors.map { _ in [0] }, labels, features: features, count: 4), classes: 3)
    #expect(zip(dense.dense.values, sparse.sparse.values).allSatisfy { abs($0 - $1) < 5e-3 })
  }

  @Test func oneClassAndNoRowsDoNotStopIt() {
    #expect(SoftmaxRegression().fit(rows([[1, 2]], [0]), classes: 1).dense.values.allSatisfy { $0 == 0 })
    #expect(SoftmaxRegression().fit(rows([], []), classes: 3).bias == [0, 0, 0])
  }
}
