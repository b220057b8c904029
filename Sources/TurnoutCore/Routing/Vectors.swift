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
    let count = min(left.count, right.count)
    return [Float](unsafeUninitializedCapacity: count) { difference, made in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          for index in 0..<count { difference[index] = left[index] - right[index] }
        }
      }
      made = count
    }
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

  /// The product of some rows with a vector, zeros for a vector of another dimension.
  package func similarities(to vector: [Float], _ rows: Range<Int>) -> [Float] {
    values.withUnsafeBufferPointer { values in
      vector.withUnsafeBufferPointer { vector in
        guard vector.count == dimension, let values = values.baseAddress, let vector = vector.baseAddress else {
          return [Float](repeating: 0, count: rows.count)
        }
        return rows.map { Vectors.dot(values + $0 * dimension, vector, dimension) }
      }
    }
  }

  /// Takes out of a vector what lies along the rows, which are unit vectors at right angles.
  func remove(from vector: inout [Float]) {
    let shares = similarities(to: vector)
    guard vector.count == dimension else { return }
    values.withUnsafeBufferPointer { values in
      vector.withUnsafeMutableBufferPointer { vector in
        for row in 0..<count {
          let share = shares[row]
          for index in 0..<dimension { vector[index] -= share * values[row * dimension + index] }
        }
      }
    }
  }
}

extension Sequence<Float> {
  /// The mean of the largest few, at most four; zero for none.
  func meanOfLargest(_ count: Int) -> Float {
    let count = Swift.min(count, 4)
    guard count > 0 else { return 0 }
    // Without an array: this runs for every route.
    var best = SIMD4<Float>(repeating: -.infinity)
    var found = 0
    for value in self where value > best[count - 1] {
      var place = count - 1
      while place > 0, best[place - 1] < value {
        best[place] = best[place - 1]
        place -= 1
      }
      best[place] = value
      found += 1
    }
    let kept = Swift.min(found, count)
    guard kept > 0 else { return 0 }
    return (0..<kept).reduce(0) { $0 + best[$1] } / Float(kept)
  }
}

/// The places of the few highest values, the highest first and the first of equals first.
func highest<Number: Comparable>(_ count: Int, of values: [Number]) -> [Int] {
  var best: [Int] = []
  guard count > 0 else { return best }
  best.reserveCapacity(count + 1)
  for place in values.indices {
    guard best.count < count || values[place] > values[best[best.count - 1]] else { continue }
    var rank = best.count
    while rank > 0, values[best[rank - 1]] < values[place] { rank -= 1 }
    best.insert(place, at: rank)
    if best.count > count { best.removeLast() }
  }
  return best
}
