import TurnoutCore

/// Plain multinomial logistic regression on centred vectors: what a fit is measured against, since anyone can have it.
///
/// ```swift
/// let baseline = LogisticBaseline([([1, 0], 0), ([0, 1], 1)], routes: 2)
/// baseline.best(for: [0.9, 0.2])   // 0
/// ```
/// The rows' mean is taken off, and what is left is scaled to a mean square length of one. Minimises
/// `C · Σ −log p(y|x) + ½ · ‖W‖²` over the weights and a bias, which is not held down.
public struct LogisticBaseline: Sendable {
  private let mean: [Float]
  private let scale: Float
  private let weights: VectorMatrix
  private let bias: [Float]

  /// Learns from rows. One whose vector is of another length than the first, or whose route is out of range, is left
  /// out.
  /// - Parameters:
  ///   - rows: vectors, each with its route, from 0.
  ///   - routes: how many routes there are.
  ///   - looseness: the `C` of the formula.
  public init(_ rows: [(vector: [Float], route: Int)], routes: Int, looseness: Float = 10) {
    let dimension = rows.first?.vector.count ?? 0
    let rows = rows.filter { $0.vector.count == dimension && $0.route >= 0 && $0.route < routes }
    let mean = Vectors.mean(rows.map(\.vector))
    let centred = rows.map { Vectors.subtract($0.vector, mean) }
    let square = centred.reduce(Float(0)) { $0 + Vectors.dot($1, $1) } / Float(max(rows.count, 1))
    let scale = square > 1e-12 ? 1 / square.squareRoot() : 1
    self.mean = mean
    self.scale = scale
    guard !rows.isEmpty, dimension > 0 else {
      weights = VectorMatrix([])
      bias = []
      return
    }
    // A baseline must not lose for want of steps.
    let search = LimitedMemoryBFGS(memory: 10, steps: 500, gradientTolerance: 1e-6, valueTolerance: 1e-7)
    let fitted = SoftmaxRegression(looseness: max(looseness, 1e-6), hasBias: true, search: search).fit(
      .init(
        vectors: Matrix(centred.map { $0.map { $0 * scale } }),
        features: [SparseRow](repeating: SparseRow(entries: []), count: rows.count), featureCount: 0,
        classes: rows.map(\.route), weights: [Float](repeating: 1, count: rows.count)),
      classes: routes)
    weights = VectorMatrix(values: fitted.dense.transposed.values, dimension: dimension)
    bias = fitted.bias
  }

  /// The likeliest route, the first of equals; nil for a vector of another length.
  public func best(for vector: [Float]) -> Int? {
    guard vector.count == mean.count, weights.count > 0 else { return nil }
    let placed = Vectors.subtract(vector, mean).map { $0 * scale }
    let logits = zip(weights.similarities(to: placed), bias).map { $0 + $1 }
    return logits.indices.max { logits[$0] < logits[$1] || logits[$0] == logits[$1] && $0 > $1 }
  }
}
