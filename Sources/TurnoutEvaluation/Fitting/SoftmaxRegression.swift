import TurnoutCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Multinomial logistic regression on dense vectors and sparse features.
///
/// Minimises `1/n · (Σ wᵢ · −log p(yᵢ|xᵢ) + 1/(2C) · (‖W‖² + ‖U‖²))` over the weights `W` of the dense part, `U` of the
/// sparse part and the bias, which is not held down.
struct SoftmaxRegression: Sendable {
  /// How little the weights are held down.
  var looseness: Float = 10
  /// Whether each class has a number of its own beside the weights.
  var hasBias = true
  var search = LimitedMemoryBFGS()

  /// What is fitted: rows of vectors, their features, their classes and how much each row counts.
  struct Rows: Sendable {
    var vectors: Matrix
    var features: [SparseRow]
    var featureCount: Int
    var classes: [Int]
    var weights: [Float]
  }

  /// The weights: a row for each number of a vector, a row for each feature, a column for each class.
  struct Weights: Sendable {
    var dense: Matrix
    var sparse: Matrix
    var bias: [Float]
  }

  func fit(_ rows: Rows, classes count: Int) -> Weights {
    // Whole sixteens make the product twice as quick; the columns beyond the last class stay zero.
    let columns = (count + 15) / 16 * 16
    let (dimension, features) = (rows.vectors.columns, rows.featureCount)
    let transposed = rows.vectors.transposed
    let held = dimension * columns
    let shareOfRow = 1 / Float(max(rows.vectors.rows, 1))
    let decay = shareOfRow / looseness
    var logits = Matrix(rows: rows.vectors.rows, columns: columns)
    var dense = Matrix(rows: dimension, columns: columns)
    var change = Matrix(rows: dimension, columns: columns)

    let found = search.minimum(from: [Float](repeating: 0, count: held + (features + 1) * columns)) { place, gradient in
      dense.values.replaceSubrange(0..<held, with: place[..<held])
      Matrix.product(rows.vectors, dense, into: &logits)
      let loss = place.withUnsafeBufferPointer { place in
        gradient.withUnsafeMutableBufferPointer { gradient in
          Self.errors(
            rows, &logits, hasBias, count, columns, UnsafeBufferPointer(rebasing: place[held...]),
            UnsafeMutableBufferPointer(rebasing: gradient[held...]), shareOfRow)
        }
      }
      Matrix.product(transposed, logits, into: &change)
      gradient.replaceSubrange(0..<held, with: change.values)
      let kept = held + features * columns
      for index in 0..<kept { gradient[index] += decay * place[index] }
      let size = place.withUnsafeBufferPointer { place in
        place.baseAddress.map { Vectors.dot($0, $0, kept) } ?? 0
      }
      return loss + decay / 2 * size
    }

    var weights = Weights(
      dense: Matrix(rows: dimension, columns: count), sparse: Matrix(rows: features, columns: count), bias: [])
    for row in 0..<dimension + features {
      for column in 0..<count {
        let value = found[row * columns + column]
        if row < dimension {
          weights.dense[row, column] = value
        } else {
          weights.sparse[row - dimension, column] = value
        }
      }
    }
    weights.bias = Array(found[(held + features * columns)...].prefix(count))
    return weights
  }

  /// Adds the sparse part and the bias to the logits, puts each row's weighted errors in their place, and writes the
  /// gradient of the sparse part and the bias; gives the loss.
  private static func errors(
    _ rows: Rows, _ logits: inout Matrix, _ hasBias: Bool, _ count: Int, _ columns: Int,
    _ rest: UnsafeBufferPointer<Float>,
    _ gradient: UnsafeMutableBufferPointer<Float>, _ shareOfRow: Float
  ) -> Float {
    for index in gradient.indices { gradient[index] = 0 }
    let bias = rows.featureCount * columns
    var loss = 0.0
    logits.values.withUnsafeMutableBufferPointer { logits in
      for row in rows.classes.indices {
        let line = UnsafeMutableBufferPointer(rebasing: logits[row * columns..<(row + 1) * columns])
        for column in 0..<count { line[column] += rest[bias + column] }
        for entry in rows.features[row].entries {
          let start = entry.feature * columns
          for column in 0..<count { line[column] += entry.weight * rest[start + column] }
        }
        var highest = -Float.infinity
        for column in 0..<count { highest = max(highest, line[column]) }
        let own = line[rows.classes[row]] - highest
        var sum: Float = 0
        for column in 0..<count {
          line[column] = expf(line[column] - highest)
          sum += line[column]
        }
        let weight = rows.weights[row] * shareOfRow
        loss += Double(weight * (logf(sum) - own))
        let scale = weight / sum
        for column in 0..<count { line[column] *= scale }
        line[rows.classes[row]] -= weight
        for column in count..<columns { line[column] = 0 }
        if hasBias { for column in 0..<count { gradient[bias + column] += line[column] } }
        for entry in rows.features[row].entries {
          let start = entry.feature * columns
          for column in 0..<count { gradient[start + column] += entry.weight * line[column] }
        }
      }
    }
    return Float(loss)
  }
}

/// The features of a text that are not zero.
struct SparseRow: Sendable, Hashable {
  struct Entry: Sendable, Hashable {
    let feature: Int
    let weight: Float
  }
  var entries: [Entry]
}
