/// Arithmetic on vectors, written here so that nothing is measured beside itself.
enum Plain {
  static func dot(_ left: [Float], _ right: [Float]) -> Float {
    let count = min(left.count, right.count)
    return left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
        return dot(left, right, count)
      }
    }
  }

  static func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) -> Float {
    var sum = SIMD16<Float>.zero
    var index = 0
    while index + 16 <= count {
      sum +=
        UnsafeRawPointer(left + index).loadUnaligned(as: SIMD16<Float>.self)
        * UnsafeRawPointer(right + index).loadUnaligned(as: SIMD16<Float>.self)
      index += 16
    }
    var total = sum.sum()
    while index < count {
      total += left[index] * right[index]
      index += 1
    }
    return total
  }

  /// A row of products for each row of a matrix; gives the largest, so that none can be left out.
  static func product(_ rows: [Float], _ vector: [Float], into products: inout [Float]) -> Float {
    let dimension = vector.count
    guard dimension > 0, rows.count >= products.count * dimension else { return 0 }
    rows.withUnsafeBufferPointer { rows in
      vector.withUnsafeBufferPointer { vector in
        guard let rows = rows.baseAddress, let vector = vector.baseAddress else { return }
        for row in products.indices { products[row] = dot(rows + row * dimension, vector, dimension) }
      }
    }
    return products.max() ?? 0
  }

  static func unit(_ vector: [Float]) -> [Float] {
    let length = dot(vector, vector).squareRoot()
    return length > 1e-9 ? vector.map { $0 / length } : vector
  }

  static func mean(_ vectors: [[Float]]) -> [Float] {
    guard let first = vectors.first else { return [] }
    var sum = [Float](repeating: 0, count: first.count)
    for vector in vectors { for index in sum.indices { sum[index] += vector[index] } }
    return sum.map { $0 / Float(vectors.count) }
  }
}
