/// Arithmetic on vectors of one dimension, sixteen numbers at a time.
package enum Vectors {
  package static func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = SIMD16<Float>.zero
    var index = 0
    while index + 16 <= count {
      let a = UnsafeRawPointer(left + index).loadUnaligned(as: SIMD16<Float>.self)
      let b = UnsafeRawPointer(right + index).loadUnaligned(as: SIMD16<Float>.self)
      sum += a * b
      index += 16
    }
    var total = sum.sum()
    while index < count {
      total += left[index] * right[index]
      index += 1
    }
    return total
  }

  package static func dot(_ left: [Float], _ right: [Float]) -> Float {
    let count = min(left.count, right.count)
    return left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
        return dot(left, right, count)
      }
    }
  }

  /// The vector with length one; a vector without length stays as it is.
  package static func unit(_ vector: [Float]) -> [Float] {
    let length = dot(vector, vector).squareRoot()
    guard length > 1e-9 else { return vector }
    return vector.map { $0 / length }
  }

  package static func mean(_ vectors: [[Float]]) -> [Float] {
    guard let first = vectors.first else { return [] }
    var sum = [Float](repeating: 0, count: first.count)
    for vector in vectors { for index in sum.indices { sum[index] += vector[index] } }
    return sum.map { $0 / Float(vectors.count) }
  }

  package static func subtract(_ left: [Float], _ right: [Float]) -> [Float] {
    zip(left, right).map { $0 - $1 }
  }
}

/// Vectors of one dimension in one block of memory, one after another.
package struct VectorMatrix: Sendable, Hashable {
  package let values: [Float]
  package let count: Int
  package let dimension: Int

  package init(_ rows: [[Float]]) {
    count = rows.count
    dimension = rows.first?.count ?? 0
    values = rows.flatMap { $0 }
  }

  /// Vectors that stand one after another already; the numbers must be so many times the dimension.
  package init(values: [Float], dimension: Int) {
    self.values = values
    self.dimension = dimension
    count = dimension > 0 ? values.count / dimension : 0
  }

  /// The vectors.
  package var rows: [[Float]] { (0..<count).map { Array(values[$0 * dimension..<($0 + 1) * dimension]) } }

  /// The product of every row with a vector.
  package func similarities(to vector: [Float]) -> [Float] { similarities(to: vector, 0..<count) }

  /// The product of some rows with a vector.
  package func similarities(to vector: [Float], _ rows: Range<Int>) -> [Float] {
    guard vector.count == dimension, dimension > 0 else { return [Float](repeating: 0, count: rows.count) }
    return [Float](unsafeUninitializedCapacity: rows.count) { products, made in
      values.withUnsafeBufferPointer { values in
        vector.withUnsafeBufferPointer { vector in
          guard let values = values.baseAddress, let vector = vector.baseAddress else { return }
          for row in rows { products[row - rows.lowerBound] = Vectors.dot(values + row * dimension, vector, dimension) }
          made = rows.count
        }
      }
    }
  }

  /// Takes out of a vector what lies along the rows, which are unit vectors at right angles.
  func remove(from vector: inout [Float]) {
    for (row, share) in similarities(to: vector).enumerated() {
      for index in vector.indices { vector[index] -= share * values[row * dimension + index] }
    }
  }
}

extension Collection<Float> {
  /// The mean of the largest few; zero for none.
  func meanOfLargest(_ count: Int) -> Float {
    var best = [Float](repeating: -.infinity, count: Swift.min(count, self.count))
    guard !best.isEmpty else { return 0 }
    for value in self where value > best[best.count - 1] {
      var place = best.count - 1
      while place > 0, best[place - 1] < value {
        best[place] = best[place - 1]
        place -= 1
      }
      best[place] = value
    }
    return best.reduce(0, +) / Float(best.count)
  }
}
