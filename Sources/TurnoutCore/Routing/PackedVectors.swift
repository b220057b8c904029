/// Vectors in half or a quarter of the memory: whole numbers of 16 or 8 bits, with a scale for each row.
///
/// Comparing a request with many examples waits for memory more than for arithmetic. A row's scale makes its product
/// with itself exact; between unit vectors of some hundred numbers a product is off by about a hundred-thousandth with 16
/// bits and by a thousandth with 8.
struct PackedVectors<Number: FixedWidthInteger & SignedInteger & SIMDScalar & Sendable>: Sendable {
  let count: Int
  private let dimension: Int
  private let scales: [Float]
  /// Four rows at a time, eight numbers of each in turn, zeros where a row or the last row ends: one stream of memory,
  /// and what a row is compared with is read once for four.
  private let numbers: [Number]
  /// How many numbers four rows take.
  private let stride: Int

  init(_ rows: [[Float]]) {
    count = rows.count
    dimension = rows.first?.count ?? 0
    stride = (dimension + 7) / 8 * 32
    var scales: [Float] = []
    scales.reserveCapacity(rows.count)
    var numbers = [Number](repeating: 0, count: (rows.count + 3) / 4 * stride)
    for (index, row) in rows.enumerated() {
      let square = Vectors.dot(row, row)
      // As large as the type holds, but no longer than 32,768: so the sum of the products of two rows fits 32 bits.
      let limit = Float(Number.max)
      let size = square > 0 ? min(limit / (row.map(abs).max() ?? 0), 32_768 / square.squareRoot()) : 0
      let start = index / 4 * stride + index % 4 * 8
      var product: Float = 0
      for (place, number) in row.prefix(dimension).enumerated() {
        let whole = PackedVector.whole(number * size, limit)
        numbers[start + place / 8 * 32 + place % 8] = Number(truncatingIfNeeded: whole)
        product += Float(whole) * number
      }
      scales.append(square == 0 ? 0 : square / product)
    }
    self.numbers = numbers
    self.scales = scales
  }

  /// The product of every row with a vector.
  func similarities(to vector: PackedVector) -> [Float] { similarities(to: vector, 0..<count) }

  /// The product of some rows with a vector, zeros for a vector of another dimension.
  func similarities(to vector: PackedVector, _ rows: Range<Int>) -> [Float] {
    [Float](unsafeUninitializedCapacity: rows.count) { products, made in
      write(rows, times: vector, to: products)
      made = rows.count
    }
  }

  /// Writes the product of some rows with a vector, zeros for a vector of another dimension.
  func write(_ rows: Range<Int>, times vector: PackedVector, to products: UnsafeMutableBufferPointer<Float>) {
    numbers.withUnsafeBufferPointer { numbers in
      vector.numbers.withUnsafeBufferPointer { own in
        guard let into = products.baseAddress, !rows.isEmpty else { return }
        guard vector.count == dimension, let numbers = numbers.baseAddress, let own = own.baseAddress else {
          return into.initialize(repeating: 0, count: rows.count)
        }
        for four in rows.lowerBound / 4...(rows.upperBound - 1) / 4 {
          let sums = SIMD4<Float>(Self.products(numbers + four * stride, own, stride))
          for row in max(rows.lowerBound, four * 4)..<min(rows.upperBound, four * 4 + 4) {
            into[row - rows.lowerBound] = sums[row % 4] * scales[row] * vector.scale
          }
        }
      }
    }
  }

  private static func products(
    _ rows: UnsafePointer<Number>, _ vector: UnsafePointer<Int16>, _ stride: Int
  ) -> SIMD4<Int32> {
    var sums = (SIMD8<Int32>.zero, SIMD8<Int32>.zero, SIMD8<Int32>.zero, SIMD8<Int32>.zero)
    var place = 0
    while place < stride {
      let own = eight(vector + place / 4)
      sums.0 &+= eight(rows + place) &* own
      sums.1 &+= eight(rows + place + 8) &* own
      sums.2 &+= eight(rows + place + 16) &* own
      sums.3 &+= eight(rows + place + 24) &* own
      place &+= 32
    }
    return SIMD4(sums.0.wrappedSum(), sums.1.wrappedSum(), sums.2.wrappedSum(), sums.3.wrappedSum())
  }

  /// Eight numbers; their products with eight others, added two by two, are one instruction.
  @inline(__always)
  private static func eight<N: FixedWidthInteger & SIMDScalar>(_ numbers: UnsafePointer<N>) -> SIMD8<Int32> {
    SIMD8(truncatingIfNeeded: UnsafeRawPointer(numbers).loadUnaligned(as: SIMD8<N>.self))
  }
}

/// A vector as whole numbers of 16 bits that are to be multiplied by its scale, to compare with packed rows.
struct PackedVector: Sendable {
  /// How many numbers the vector has.
  let count: Int
  /// The numbers, and zeros up to a multiple of eight.
  let numbers: [Int16]
  let scale: Float

  init(_ vector: [Float]) {
    let length = Vectors.dot(vector, vector).squareRoot()
    let size = length > 0 ? 32_767 / length : 0
    count = vector.count
    scale = length / 32_767
    numbers = [Int16](unsafeUninitializedCapacity: (vector.count + 7) / 8 * 8) { numbers, made in
      vector.withUnsafeBufferPointer { vector in
        for place in vector.indices {
          numbers[place] = Int16(truncatingIfNeeded: Self.whole(vector[place] * size, 32_767))
        }
      }
      for place in vector.count..<numbers.count { numbers[place] = 0 }
      made = numbers.count
    }
  }

  /// The nearest whole number between a limit of at most 32,767 and its negative; some whole number for what is none.
  @inline(__always)
  static func whole(_ number: Float, _ limit: Float) -> Int32 {
    // The order of the arguments keeps a number that is none from coming through. Beside 1.5 · 2²³, a float has room for
    // nothing but whole numbers, and these are its last bits.
    Int32(bitPattern: (max(-limit, min(limit, number)) + 12_582_912).bitPattern) &- 0x4B40_0000
  }
}
