/// Vectors of a length of at most one in half the memory: whole numbers of 16 bits.
///
/// Comparing a request with hundreds of examples waits for memory more than for arithmetic. A product is off by about
/// a hundred-thousandth. The sums of whole numbers fit 32 bits, since no vector is longer than one.
struct PackedVectors: Sendable {
  let count: Int
  private let values: [Int16]
  private let dimension: Int

  private static let scale: Float = 32_767

  init(_ rows: [[Float]]) {
    count = rows.count
    dimension = rows.first?.count ?? 0
    values = rows.flatMap(Self.pack)
  }

  /// A vector to compare with packed ones.
  static func pack(_ vector: [Float]) -> [Int16] {
    [Int16](unsafeUninitializedCapacity: vector.count) { packed, made in
      vector.withUnsafeBufferPointer { vector in
        for index in vector.indices {
          // The order of the two arguments keeps a number that is none from coming through.
          let number = max(-scale, min(scale, vector[index] * scale))
          packed[index] = Int16(number < 0 ? number - 0.5 : number + 0.5)
        }
      }
      made = vector.count
    }
  }

  /// The product of every row with a packed vector.
  func similarities(to vector: [Int16]) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { products, made in
      write(0..<count, times: vector, to: products)
      made = count
    }
  }

  /// Writes the product of some rows with a packed vector, zeros for a vector of another dimension.
  func write(_ rows: Range<Int>, times vector: [Int16], to products: UnsafeMutableBufferPointer<Float>) {
    values.withUnsafeBufferPointer { values in
      vector.withUnsafeBufferPointer { vector in
        guard let into = products.baseAddress else { return }
        guard vector.count == dimension, let values = values.baseAddress, let vector = vector.baseAddress else {
          return into.initialize(repeating: 0, count: rows.count)
        }
        for (place, row) in rows.enumerated() {
          into[place] = Float(Self.product(values + row * dimension, vector, dimension)) / (Self.scale * Self.scale)
        }
      }
    }
  }

  private static func product(_ left: UnsafePointer<Int16>, _ right: UnsafePointer<Int16>, _ count: Int) -> Int32 {
    var sum: Int32 = 0
    var start = 0
    // Pieces of one size become instructions on eight numbers at once.
    while start + 32 <= count {
      var piece: Int32 = 0
      for index in 0..<32 { piece &+= Int32(left[start &+ index]) &* Int32(right[start &+ index]) }
      sum &+= piece
      start += 32
    }
    while start < count {
      sum &+= Int32(left[start]) &* Int32(right[start])
      start += 1
    }
    return sum
  }
}
