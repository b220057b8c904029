import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct PrincipalDirectionsTests {
  /// A symmetric matrix with these eigenvalues, and its eigenvectors as rows.
  private func matrix(_ values: [Float], seed: Int) -> (Matrix, [[Float]]) {
    var random = SplitMix64(seed: seed)
    var axes: [[Float]] = []
    for _ in values {
      var vector = random.vector(values.count)
      for _ in 0..<2 {
        for axis in axes {
          let share = Vectors.dot(vector, axis)
          vector = zip(vector, axis).map { $0 - share * $1 }
        }
      }
      axes.append(Vectors.unit(vector))
    }
    var covariance = Matrix(rows: values.count, columns: values.count)
    for (value, axis) in zip(values, axes) {
      for row in axis.indices {
        for column in axis.indices { covariance[row, column] += value * axis[row] * axis[column] }
      }
    }
    return (covariance, axes)
  }

  @Test(arguments: [1, 2, 3])
  func knownDirectionsAreFound(seed: Int) {
    let values: [Float] = [100, 40, 16, 6, 2, 1, 0.5, 0.1]
    let (covariance, axes) = matrix(values, seed: seed)
    let found = PrincipalDirections(of: covariance, count: 4)
    #expect(found.directions.rows == 4 && found.directions.columns == 8)
    for place in 0..<4 {
      #expect(abs(found.strengths[place] - values[place]) < 1e-3 * values[place])
      #expect(abs(abs(Vectors.dot(Array(found.directions.row(place)), axes[place])) - 1) < 1e-3)
    }
  }

  @Test func directionsAreUnitVectorsAtRightAngles() {
    let (covariance, _) = matrix([9, 8.9, 3, 3, 3, 1], seed: 5)
    let found = PrincipalDirections(of: covariance, count: 5)
    let products = found.directions * found.directions.transposed
    for row in 0..<5 {
      for column in 0..<5 { #expect(abs(products[row, column] - (row == column ? 1 : 0)) < 1e-4) }
    }
    #expect(found.strengths == found.strengths.sorted(by: >))
  }

  @Test func noMoreDirectionsThanDimensions() {
    let (covariance, _) = matrix([3, 2], seed: 6)
    let found = PrincipalDirections(of: covariance, count: 10)
    #expect(found.directions.rows == 2)
    #expect(abs(found.strengths.reduce(0, +) - 5) < 1e-3)
    #expect(PrincipalDirections(of: covariance, count: 0).strengths.isEmpty)
    #expect(PrincipalDirections(of: Matrix([]), count: 3).strengths.isEmpty)
  }

  @Test func withoutVarianceThereIsNoStrength() {
    let found = PrincipalDirections(of: Matrix(rows: 4, columns: 4), count: 2)
    #expect(found.strengths == [0, 0])
    #expect(found.directions.values.allSatisfy { $0.isFinite })
  }

  @Test func oneDirectionOfManyIsEnough() {
    let (covariance, axes) = matrix([5, 0, 0, 0, 0], seed: 7)
    let found = PrincipalDirections(of: covariance, count: 3)
    #expect(abs(abs(Vectors.dot(Array(found.directions.row(0)), axes[0])) - 1) < 1e-4)
    #expect(found.strengths[1] < 1e-4 && found.strengths[2] < 1e-4)
    #expect(found.directions.values.allSatisfy { $0.isFinite })
  }

  @Test func languagesDifferInTheirDirection() {
    var random = SplitMix64(seed: 8)
    let first = (0..<20).map { _ in random.vector(12) }
    let shift = Vectors.unit(random.vector(12))
    let second = first.map { vector in zip(vector, shift).map { $0 + 2 * $1 } }
    let found = Background(first: first, second: second).languageDirections(1)
    #expect(found.count == 1)
    #expect(abs(abs(Vectors.dot(found.rows[0], shift)) - 1) < 1e-3)
    #expect(Background(first: [], second: []).languageDirections(4).count == 0)
    #expect(Background(first: first, second: second).languageDirections(0).count == 0)
  }

  @Test func theGeneratorIsThatOfItsAuthors() {
    // The first numbers for the seed 1234567, as published with the algorithm.
    var generator = TurnoutEvaluation.SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect((0..<1_000).allSatisfy { _ in (0..<1).contains(generator.uniform()) })
  }
}
