import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct MatrixTests {
  private static func random(_ rows: Int, _ columns: Int, _ random: inout SplitMix64) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    for index in matrix.values.indices { matrix.values[index] = random.share() * 2 - 1 }
    return matrix
  }

  private static func plain(_ left: Matrix, _ right: Matrix) -> [Double] {
    (0..<left.rows).flatMap { row in
      (0..<right.columns).map { column in
        (0..<left.columns).reduce(0.0) { $0 + Double(left[row, $1]) * Double(right[$1, column]) }
      }
    }
  }

  static let shapes: [[Int]] = [
    [1, 1, 1], [1, 5, 1], [3, 1, 2], [4, 4, 16], [5, 7, 17], [8, 16, 32], [2, 3, 15], [7, 2, 31], [4, 100, 16],
    [6, 33, 48], [9, 5, 3], [1, 40, 16], [3, 64, 33],
  ]

  @Test(arguments: shapes)
  func aProductIsThatOfThreeLoops(shape: [Int]) {
    var random = SplitMix64(seed: shape.reduce(0, +))
    let (left, right) = (Self.random(shape[0], shape[1], &random), Self.random(shape[1], shape[2], &random))
    let product = left * right
    #expect(product.rows == shape[0] && product.columns == shape[2])
    let expected = Self.plain(left, right)
    #expect(zip(product.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
  }

  @Test func anyShapeWillDo() {
    var random = SplitMix64(seed: 77)
    for _ in 0..<150 {
      let (rows, inner, columns) = (random.int(0...13), random.int(0...40), random.int(0...50))
      let (left, right) = (Self.random(rows, inner, &random), Self.random(inner, columns, &random))
      let expected = Self.plain(left, right)
      let product = left * right
      #expect(product.values.count == expected.count)
      #expect(zip(product.values, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 }, "\(rows) \(inner) \(columns)")
    }
  }

  @Test func longRowsComeInPieces() {
    var random = SplitMix64(seed: 78)
    // 65,536 / 1,040 columns are 63 rows a piece.
    let (left, right) = (Self.random(5, 150, &random), Self.random(150, 1_040, &random))
    let expected = Self.plain(left, right)
    #expect(zip((left * right).values, expected).allSatisfy { abs(Double($0) - $1) < 1e-3 })
  }

  @Test(arguments: [0, 1, 20])
  func whatStoodInTheResultIsGone(inner: Int) {
    var random = SplitMix64(seed: 79)
    let (left, right) = (Self.random(5, inner, &random), Self.random(inner, 19, &random))
    var result = Self.random(5, 19, &random)
    Matrix.product(left, right, into: &result)
    #expect(result.values == (left * right).values)
  }

  @Test func matricesThatDoNotFitAreLeftAlone() {
    var result = Matrix([[1, 2], [3, 4]])
    Matrix.product(Matrix(rows: 2, columns: 3), Matrix(rows: 2, columns: 2), into: &result)
    #expect(result.values == [1, 2, 3, 4])
    Matrix.product(Matrix(rows: 3, columns: 2), Matrix(rows: 2, columns: 2), into: &result)
    #expect(result.values == [1, 2, 3, 4])
  }

  @Test func rowsAndColumnsAreExchanged() {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.transposed.values == [1, 4, 2, 5, 3, 6])
    #expect(matrix.transposed.transposed.values == matrix.values)
    #expect(Array(matrix.row(1)) == [4, 5, 6])
    #expect(matrix[0, 2] == 3)
    #expect(matrix.rows([1, 0, 1]).values == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(Matrix([]).transposed.values.isEmpty)
  }
}
