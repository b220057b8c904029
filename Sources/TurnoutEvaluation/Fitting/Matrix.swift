/// Numbers in rows and columns, one row after another in memory.
struct Matrix: Sendable {
  let rows: Int
  let columns: Int
  var values: [Float]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Float](repeating: 0, count: rows * columns)
  }

  /// A matrix of rows that all have one length.
  init(_ rows: [[Float]]) {
    self.rows = rows.count
    columns = rows.first?.count ?? 0
    values = rows.flatMap { $0 }
  }

  subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  func row(_ index: Int) -> ArraySlice<Float> { values[index * columns..<(index + 1) * columns] }

  /// The rows at these places.
  func rows(_ places: [Int]) -> Matrix {
    var chosen = Matrix(rows: places.count, columns: columns)
    for (place, row) in places.enumerated() {
      chosen.values.replaceSubrange(place * columns..<(place + 1) * columns, with: self.row(row))
    }
    return chosen
  }

  /// Four rows by sixteen columns at a time, the sums in registers; long rows in pieces that stay in the cache.
  static func product(_ left: Matrix, _ right: Matrix, into result: inout Matrix) {
    let (rows, inner, columns) = (left.rows, left.columns, right.columns)
    guard inner == right.rows, result.rows == rows, result.columns == columns, rows > 0, columns > 0 else { return }
    guard inner > 0 else {
      for index in result.values.indices { result.values[index] = 0 }
      return
    }
    let piece = max(16, 65_536 / columns)
    left.values.withUnsafeBufferPointer { left in
      right.values.withUnsafeBufferPointer { right in
        result.values.withUnsafeMutableBufferPointer { result in
          guard let a = left.baseAddress, let b = right.baseAddress, let c = result.baseAddress else { return }
          for start in stride(from: 0, to: inner, by: piece) {
            let count = min(piece, inner - start)
            let tile = Tile(stride: inner, columns: columns, count: count, adds: start > 0)
            for row in stride(from: 0, to: rows, by: 4) {
              let (from, to) = (a + row * inner + start, c + row * columns)
              let height = min(4, rows - row)
              for column in stride(from: 0, to: columns - 15, by: 16) {
                let below = b + start * columns + column
                if height == 4 {
                  tile.four(from, below, to + column)
                } else {
                  for extra in 0..<height { tile.one(from + extra * inner, below, to + column + extra * columns) }
                }
              }
              for column in columns / 16 * 16..<columns {
                let below = b + start * columns + column
                for extra in 0..<height { tile.single(from + extra * inner, below, to + column + extra * columns) }
              }
            }
          }
        }
      }
    }
  }

  /// A piece of a product.
  private struct Tile {
    let stride: Int
    let columns: Int
    let count: Int
    let adds: Bool

    @inline(__always)
    private func load(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
      UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
    }

    @inline(__always)
    private func store(_ sums: SIMD16<Float>, _ pointer: UnsafeMutablePointer<Float>) {
      let whole = adds ? sums + load(pointer) : sums
      UnsafeMutableRawPointer(pointer).storeBytes(of: whole, as: SIMD16<Float>.self)
    }

    @inline(__always)
    func four(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>) {
      var first = SIMD16<Float>.zero
      var second = SIMD16<Float>.zero
      var third = SIMD16<Float>.zero
      var fourth = SIMD16<Float>.zero
      for index in 0..<count {
        let row = load(b + index * columns)
        first += row * a[index]
        second += row * a[stride + index]
        third += row * a[2 * stride + index]
        fourth += row * a[3 * stride + index]
      }
      store(first, c)
      store(second, c + columns)
      store(third, c + 2 * columns)
      store(fourth, c + 3 * columns)
    }

    @inline(__always)
    func one(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>) {
      var sums = SIMD16<Float>.zero
      for index in 0..<count { sums += load(b + index * columns) * a[index] }
      store(sums, c)
    }

    @inline(__always)
    func single(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>) {
      var sum: Float = adds ? c.pointee : 0
      for index in 0..<count { sum += a[index] * b[index * columns] }
      c.pointee = sum
    }
  }

  /// Rows and columns exchanged.
  var transposed: Matrix {
    var other = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { other.values[column * rows + row] = values[row * columns + column] }
    }
    return other
  }

  static func * (left: Matrix, right: Matrix) -> Matrix {
    var result = Matrix(rows: left.rows, columns: right.columns)
    product(left, right, into: &result)
    return result
  }
}
