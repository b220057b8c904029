import Testing

@testable import TurnoutCore

@Suite struct PackedVectorsTests {
  private func unit(_ dimension: Int, _ random: inout SplitMix64) -> [Float] {
    Vectors.unit((0..<dimension).map { _ in Float(random.uniform()) - 0.5 })
  }

  @Test func productsAreThoseOfTheVectorsButForRounding() {
    var random = SplitMix64(seed: 11)
    for round in 0..<60 {
      let (dimension, count) = (round % 3 == 0 ? 384 : random.int(1...40), random.int(1...11))
      // Rows of weights have any length.
      let rows = (0..<count).map { _ in
        let length = Float(random.uniform() * 50)
        return unit(dimension, &random).map { $0 * length }
      }
      let vector = unit(dimension, &random)
      let exact = rows.map { Vectors.dot($0, vector) }
      let asked = PackedVector(vector)
      let (narrow, wide) = (PackedVectors<Int8>(rows), PackedVectors<Int16>(rows))
      for (row, product) in exact.enumerated() {
        let length = Vectors.dot(rows[row], rows[row]).squareRoot()
        #expect(abs(wide.similarities(to: asked)[row] - product) <= 6e-5 * length)
        #expect(abs(narrow.similarities(to: asked)[row] - product) <= (dimension == 384 ? 1e-3 : 0.01) * length)
      }
      let first = random.int(0...count)
      let some = first..<random.int(first...count)
      #expect(
        narrow.similarities(to: asked, some) == Array(narrow.similarities(to: asked)[some]), "\(some) of \(count)")
    }
  }

  @Test func aRowIsAsLikeItselfAsCanBe() {
    var random = SplitMix64(seed: 12)
    for _ in 0..<50 {
      let rows = (0..<5).map { _ in unit(384, &random) }
      for (place, row) in rows.enumerated() {
        let product = PackedVectors<Int8>(rows).similarities(to: PackedVector(row))[place]
        #expect(abs(product - 1) < 2e-4)
      }
    }
  }

  @Test func aVectorOfAnotherDimensionIsLikeNothing() {
    let rows = PackedVectors<Int8>([[1, 0, 0], [0, 1, 0]])
    // Eight numbers take as much room as three.
    for dimension in [0, 1, 2, 4, 8, 9] {
      #expect(rows.similarities(to: PackedVector([Float](repeating: 1, count: dimension))) == [0, 0])
    }
    #expect(PackedVectors<Int8>([]).similarities(to: PackedVector([1])) == [])
    #expect(PackedVectors<Int16>([[], []]).similarities(to: PackedVector([])) == [0, 0])
  }

  @Test func sumsOfManyEqualNumbersFit() {
    let dimension = 65_536
    let row = [Float](repeating: 1 / 256, count: dimension)
    let asked = PackedVector(row)
    #expect(abs(PackedVectors<Int8>([row]).similarities(to: asked)[0] - 1) < 1e-3)
    #expect(abs(PackedVectors<Int16>([row, row.map { -$0 }]).similarities(to: asked)[1] + 1) < 1e-3)
    let lone = [Float](repeating: 0, count: dimension - 1) + [-1]
    #expect(abs(PackedVectors<Int16>([lone]).similarities(to: PackedVector(lone))[0] - 1) < 1e-3)
  }

  @Test func noNumberStopsIt() {
    let odd: [Float] = [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, 1, -1e-30]
    for one in odd {
      for other in odd {
        let rows = [[one, other, 1], [other, other, other]]
        _ = PackedVectors<Int8>(rows).similarities(to: PackedVector([other, one, one]))
        let wide = PackedVectors<Int16>(rows).similarities(to: PackedVector([1, 0, 0]))
        #expect(wide.count == 2)
      }
    }
    // Nor does it pass for a product like any other.
    #expect(PackedVectors<Int16>([[.nan, 1]]).similarities(to: PackedVector([0, 1])).allSatisfy { !$0.isFinite })
    #expect(PackedVectors<Int16>([[0, 1]]).similarities(to: PackedVector([.nan, 1])).allSatisfy { !$0.isFinite })
    #expect(PackedVectors<Int8>([[0, 0]]).similarities(to: PackedVector([1, 1])) == [0])
    #expect(PackedVectors<Int16>([[1, 1]]).similarities(to: PackedVector([0, 0])) == [0])
  }
}
