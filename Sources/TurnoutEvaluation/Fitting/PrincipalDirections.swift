import TurnoutCore

/// The directions in which rows vary most, by subspace iteration (Golub and Van Loan, Matrix Computations, 8.2.4).
///
/// Exact enough for directions that a fit only damps; deterministic, since the beginning is.
struct PrincipalDirections: Sendable {
  /// Unit vectors, the strongest first, each as a row.
  let directions: Matrix
  /// How strong each is: the eigenvalue.
  let strengths: [Float]

  /// - Parameters:
  ///   - rows: vectors; what is looked at is the sum of their products with themselves, times the scale.
  ///   - count: how many directions, at most as many as there are rows.
  init(of rows: Matrix, count: Int, scale: Float = 1, rounds: Int = 12) {
    let dimension = rows.columns
    let count = min(count, dimension, rows.rows)
    let transposed = rows.transposed
    // Few rows are cheaper one after the other than as a square of the dimension.
    let square = rows.rows < dimension ? nil : transposed * rows
    func image(_ basis: Matrix) -> Matrix { square.map { basis * $0 } ?? basis * transposed * rows }

    var noise = SplitMix64(seed: 1)
    var basis = Matrix(rows: count, columns: dimension)
    for index in basis.values.indices { basis.values[index] = Float(noise.uniform()) - 0.5 }
    Self.orthogonalise(&basis)
    for _ in 0..<rounds {
      basis = image(basis)
      Self.orthogonalise(&basis)
    }
    let last = image(basis)
    let strengths = (0..<count).map { scale * max(0, Vectors.dot(Array(basis.row($0)), Array(last.row($0)))) }
    let order = strengths.indices.sorted { strengths[$0] > strengths[$1] }
    directions = basis.rows(order)
    self.strengths = order.map { strengths[$0] }
  }

  /// Gram and Schmidt's process, twice over, which is enough in single precision.
  private static func orthogonalise(_ basis: inout Matrix) {
    for row in 0..<basis.rows {
      var vector = Array(basis.row(row))
      for _ in 0..<2 {
        for above in 0..<row {
          let other = Array(basis.row(above))
          let share = Vectors.dot(vector, other)
          for index in vector.indices { vector[index] -= share * other[index] }
        }
      }
      vector = Vectors.unit(vector)
      basis.values.replaceSubrange(row * basis.columns..<(row + 1) * basis.columns, with: vector)
    }
  }
}
