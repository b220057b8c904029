import TurnoutCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Learns a ``RouteHead`` from examples. The constants were chosen on several data sets at once; see docs/routing.md.
struct HeadTrainer: Sendable {
  /// A labelled text with its vector.
  struct Example: Sendable {
    let text: String
    let vector: [Float]
    let route: Int
  }

  /// A text that nobody labelled, with its vector.
  struct Unlabelled: Sendable {
    let text: String
    let vector: [Float]
  }

  /// How much of the whitening is none at all, so that few examples do not mislead it.
  var identity: Float = 0.8
  /// The share of words and pairs of words beside vectors.
  var wordShare: Float = 0.2
  /// How little the weights are held down.
  var looseness: Float = 10
  /// How much rare routes count: an example counts as `(mean size / size of its route)` to this power.
  var balance: Float = 0.5
  /// How much centroids count for a request of unknown words.
  var centroidWeight: Float = 40
  /// How many directions in which languages differ are taken out.
  var languageDirections = 4
  /// How many directions within routes are told apart when they are damped.
  var dampedDirections = 32
  /// How many directions have their shares multiplied two by two, at most; fewer for short vectors, which would else
  /// have many more products than numbers.
  var multipliedDirections = 32
  /// How much those products count beside the vector.
  var productWeight: Float = 3
  /// The most words and pairs of words; the ones that the most texts have are kept.
  var words = 4_096
  var search = LimitedMemoryBFGS()
  var selfTraining = SelfTraining()

  /// - Parameters:
  ///   - examples: at least one of every route.
  ///   - names: for each route, its name as a text with its vector, which counts as one more example.
  ///   - background: requests of no route, in two languages, the second half translations of the first.
  ///   - strangers: labelled requests of no route.
  ///   - guesses: requests that nobody labelled, as examples of what a head without them took them for.
  func head(
    _ examples: [Example], names: [Example], routes: Int, background: Background, strangers: [[Float]] = [],
    guesses: [SelfTraining.Guess] = []
  ) -> RouteHead {
    let removed = background.languageDirections(languageDirections)
    let mean = Vectors.mean(Self.means(examples.map { ($0.vector, $0.route) }, routes))
    let all = examples + names
    let placed = all.map { RouteHead.place($0.vector, mean, removed) }
    let labelled = zip(placed, all).map { ($0, $1.route) }
    let means = Self.means(labelled, routes)
    let whitening = whitening(labelled, means)
    let directions = VectorMatrix(multiplied(placed.map(whitening.apply)).map(whitening.apply))
    let words = knownWords(all.map(\.text), routes)
    let (vectorScale, wordScale) = ((1 - wordShare).squareRoot(), wordShare.squareRoot())

    var counts = [Float](repeating: 0, count: routes)
    for example in all { counts[example.route] += 1 }
    let usual = Float(all.count) / Float(max(routes, 1))
    let guesses = selfTraining.limited(guesses, labelled: counts)
    let taught = all + guesses.map(\.example)
    let rows = SoftmaxRegression.Rows(
      vectors: Matrix(
        (placed + guesses.map { RouteHead.place($0.example.vector, mean, removed) }).map { placed in
          (whitening.apply(placed) + RouteHead.products(placed, directions)).map { $0 * vectorScale }
        }),
      features: taught.map { example in
        SparseRow(
          entries: words.row(example.text).entries.map { .init(feature: $0.place, weight: $0.weight * wordScale) })
      },
      featureCount: words.hashes.count, classes: taught.map(\.route),
      weights: all.map { powf(usual / counts[$0.route], balance) } + guesses.map(\.weight))
    let fitted = SoftmaxRegression(looseness: looseness, hasBias: false, search: search).fit(rows, classes: routes)
    let dense = fitted.dense.transposed
    let weights = (0..<routes).map { route in
      let row = dense.row(route).map { $0 * vectorScale }
      return whitening.apply(Array(row[..<mean.count])) + row[mean.count...]
    }
    var worth = words
    worth.weights = fitted.sparse.values.map { $0 * wordScale }
    return RouteHead(
      mean: mean, removed: removed, directions: directions, weights: VectorMatrix(weights),
      centroids: VectorMatrix(means.map(Vectors.unit)), names: VectorMatrix(Array(placed[examples.count...])),
      strangers: VectorMatrix(strangers.map { RouteHead.place($0, mean, removed) }), words: worth,
      centroidWeight: centroidWeight)
  }

  /// The directions in which the rows lie most, scaled for products that count ``productWeight`` times.
  private func multiplied(_ rows: [[Float]]) -> [[Float]] {
    let scale = productWeight.squareRoot().squareRoot()
    let columns = rows.first?.count ?? 0
    let count = (0...max(0, multipliedDirections)).last { 2 * RouteHead.productCount($0) <= 3 * columns } ?? 0
    let principal = PrincipalDirections(of: Matrix(rows), count: count)
    return (0..<principal.directions.rows).map { principal.directions.row($0).map { $0 * scale } }
  }

  private static func means(_ vectors: [([Float], Int)], _ routes: Int) -> [[Float]] {
    var groups = [[[Float]]](repeating: [], count: routes)
    for (vector, route) in vectors { groups[route].append(vector) }
    return groups.map(Vectors.mean)
  }

  /// The covariance within routes, mixed with none at all.
  private func whitening(_ placed: [([Float], Int)], _ means: [[Float]]) -> Whitening {
    let rest = Matrix(placed.map { Vectors.subtract($0.0, means[$0.1]) })
    let dimension = rest.columns
    let trace = Vectors.dot(rest.values, rest.values)
    guard trace > 1e-6 else { return Whitening(directions: VectorMatrix([]), factors: []) }
    let principal = PrincipalDirections(
      of: rest, count: min(dampedDirections, dimension), scale: Float(dimension) / trace)
    // What the strongest directions leave is treated as equally strong in all others.
    let left = max(0, Float(dimension) - principal.strengths.reduce(0, +))
    let others = dimension > principal.strengths.count ? left / Float(dimension - principal.strengths.count) : 1
    func gain(_ strength: Float) -> Float { 1 / ((1 - identity) * strength + identity).squareRoot() }
    return Whitening(
      directions: VectorMatrix(values: principal.directions.values, dimension: dimension),
      factors: principal.strengths.map { gain($0) / gain(others) - 1 })
  }

  private struct Whitening {
    let directions: VectorMatrix
    let factors: [Float]

    func apply(_ vector: [Float]) -> [Float] {
      var result = vector
      for (row, share) in directions.similarities(to: vector).enumerated() {
        let change = factors[row] * share
        for index in result.indices { result[index] += change * directions.values[row * vector.count + index] }
      }
      return result
    }
  }

  /// The words and pairs of all texts with their rarity: `1 + log((1 + texts) / (1 + texts that have it))`.
  private func knownWords(_ texts: [String], _ routes: Int) -> WordWeights {
    var holders: [UInt64: Int] = [:]
    for text in texts { for hash in TextFeatures.counts(text).keys { holders[hash, default: 0] += 1 } }
    let hashes = holders.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(words).map(\.key)
    let all = Float(1 + texts.count)
    let rarities = hashes.map { logf(all / Float(1 + (holders[$0] ?? 0))) + 1 }
    return WordWeights(
      hashes: hashes, rarities: rarities, weights: [Float](repeating: 0, count: hashes.count * routes), routes: routes)
  }
}

/// Vectors of everyday requests of no route: the same ones in two languages.
struct Background: Sendable {
  let first: [[Float]]
  let second: [[Float]]

  var all: [[Float]] { first + second }

  /// The place of a request in ``all`` and that of its translation.
  func twins(of place: Int) -> [Int] { [place, place < first.count ? place + first.count : place - first.count] }

  /// The directions in which translations differ most.
  func languageDirections(_ count: Int) -> VectorMatrix {
    let differences = Matrix(zip(first, second).map { Vectors.subtract($1, $0) })
    guard differences.rows > 0, count > 0 else { return VectorMatrix([]) }
    let principal = PrincipalDirections(of: differences, count: count)
    return VectorMatrix(values: principal.directions.values, dimension: differences.columns)
  }
}
