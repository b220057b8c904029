import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct PrincipalDirectionsTests {
  /// Rows whose products with themselves have these eigenvalues, and the eigenvectors.
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
    // The sum of the products of these rows with themselves has these values.
    let rows = Matrix(zip(values, axes).map { value, axis in axis.map { $0 * value.squareRoot() } })
    return (rows, axes)
  }

  @Test(arguments: [1, 2, 3])
  func knownDirectionsAreFound(seed: Int) {
    let values: [Float] = [100, 40, 16, 6, 2, 1, 0.5, 0.1]
    let (rows, axes) = matrix(values, seed: seed)
    let found = PrincipalDirections(of: rows, count: 4)
    #expect(found.directions.rows == 4 && found.directions.columns == 8)
    for place in 0..<4 {
      #expect(abs(found.strengths[place] - values[place]) < 1e-3 * values[place])
      #expect(abs(abs(Vectors.dot(Array(found.directions.row(place)), axes[place])) - 1) < 1e-3)
    }
  }

  /// Fewer rows than numbers in a row are looked at in another order, which must make no difference.
  @Test func fewRowsAreAsGoodAsMany() {
    let (rows, _) = matrix([100, 40, 16, 6, 2, 1, 0.5, 0.1], seed: 7)
    let few = rows.rows([0, 1, 2])
    var many = Matrix(rows: 8, columns: 8)
    for row in 0..<3 { for column in 0..<8 { many[row, column] = few[row, column] } }
    let (found, same) = (PrincipalDirections(of: few, count: 3), PrincipalDirections(of: many, count: 3))
    for place in 0..<3 {
      #expect(abs(found.strengths[place] - same.strengths[place]) < 1e-3 * same.strengths[place])
      let product = Vectors.dot(Array(found.directions.row(place)), Array(same.directions.row(place)))
      #expect(abs(abs(product) - 1) < 1e-3)
    }
    #expect(PrincipalDirections(of: few, count: 9).strengths.count == 3)
    #expect(abs(PrincipalDirections(of: few, count: 1, scale: 0.5).strengths[0] - same.strengths[0] / 2) < 0.05)
  }

  @Test func directionsAreUnitVectorsAtRightAngles() {
    let (rows, _) = matrix([9, 8.9, 3, 3, 3, 1], seed: 5)
    let found = PrincipalDirections(of: rows, count: 5)
    let products = found.directions * found.directions.transposed
    for row in 0..<5 {
      for column in 0..<5 { #expect(abs(products[row, column] - (row == column ? 1 : 0)) < 1e-4) }
    }
    #expect(found.strengths == found.strengths.sorted(by: >))
  }

  @Test func noMoreDirectionsThanDimensions() {
    let (rows, _) = matrix([3, 2], seed: 6)
    let found = PrincipalDirections(of: rows, count: 10)
    #expect(found.directions.rows == 2)
    #expect(abs(found.strengths.reduce(0, +) - 5) < 1e-3)
    #expect(PrincipalDirections(of: rows, count: 0).strengths.isEmpty)
    #expect(PrincipalDirections(of: Matrix([]), count: 3).strengths.isEmpty)
  }

  @Test func withoutVarianceThereIsNoStrength() {
    let found = PrincipalDirections(of: Matrix(rows: 4, columns: 4), count: 2)
    #expect(found.strengths == [0, 0])
    #expect(found.directions.values.allSatisfy { $0.isFinite })
  }

  @Test func oneDirectionOfManyIsEnough() {
    let (rows, axes) = matrix([5, 0, 0, 0, 0], seed: 7)
    let found = PrincipalDirections(of: rows, count: 3)
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
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    #expect((0..<1_000).allSatisfy { _ in (0..<1).contains(generator.uniform()) })
  }
}
