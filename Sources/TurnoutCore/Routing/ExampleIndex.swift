#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The examples of a route table as vectors, and the rule that scores a request against them.
///
/// No training: a request is compared with each route's centroid and nearest examples, and with a background of
/// everyday requests that belong to no route.
///
/// 1. All vectors are centred on the mean of the background and the routes' means, lose the direction in which the
///    encoder separates English from Chinese, and get length one.
/// 2. The similarity of a request `q` to a route is `0.7 · q·centroid + 0.3 · mean of the 2 nearest examples`.
/// 3. The evidence is `(similarity − 0.5 · mean of the 3 nearest background requests) / spread`, where a route's spread
///    is the mean similarity of its own examples to its other ones, so that broad routes are not at a disadvantage.
/// 4. Probabilities are the softmax of `12 · evidence`, with `12 · 0.5` for none.
struct ExampleIndex: Sendable {
  private let mean: [Float]
  private let language: [Float]
  private let background: PackedVectors<Int16>
  private let centroids: PackedVectors<Int16>
  private let examples: PackedVectors<Int16>
  /// Where each route's examples are.
  private let places: [Range<Int>]
  private let spreads: [Float]

  private static let centroidWeight: Float = 0.7
  private static let nearest = 2
  private static let backgroundWeight: Float = 0.5
  private static let backgroundNearest = 3
  private static let spreadRange: ClosedRange<Float> = 0.3...0.8
  private static let loneSpread: Float = 0.5
  private static let sharpness = 12.0
  private static let noneEvidence = 0.5

  /// An index from unit vectors; every route must have at least one example, and all vectors one dimension.
  init(english: [[Float]], chinese: [[Float]], routes examples: [[[Float]]]) {
    let mean = Vectors.mean(english + chinese + examples.map(Vectors.mean))
    let language = Vectors.unit(Vectors.subtract(Vectors.mean(chinese), Vectors.mean(english)))
    let place = { Self.place($0, mean: mean, language: language) }
    self.mean = mean
    self.language = language
    background = PackedVectors((english + chinese).map(place))
    let placed = examples.map { $0.map(place) }
    centroids = PackedVectors(placed.map { Vectors.unit(Vectors.mean($0)) })
    spreads = placed.map(Self.spread)
    places = ExamplePlaces.of(placed)
    self.examples = PackedVectors(placed.flatMap { $0 })
  }

  func score(_ vector: [Float]) -> ExampleScore {
    let placed = PackedVector(Self.place(vector, mean: mean, language: language))
    let outside = background.similarities(to: placed).meanOfLargest(Self.backgroundNearest)
    let nearness = centroids.similarities(to: placed)
    let similarities = examples.similarities(to: placed)
    var scores = [Double](repeating: 0, count: spreads.count)
    for route in scores.indices {
      let similarity = Self.similarity(centroid: nearness[route], similarities[places[route]])
      scores[route] = Self.sharpness * Double((similarity - Self.backgroundWeight * outside) / spreads[route])
    }
    let noneLogit = Self.sharpness * Self.noneEvidence
    let highest = max(noneLogit, scores.max() ?? noneLogit)
    var sum = exp(noneLogit - highest)
    var none = sum
    for route in scores.indices {
      scores[route] = exp(scores[route] - highest)
      sum += scores[route]
    }
    none /= sum
    for route in scores.indices { scores[route] /= sum }
    let ranked = TurnoutCore.highest(ExampleScore.shown, of: scores)
    return ExampleScore(
      routes: scores, none: none, isNone: ranked.first.map { none > scores[$0] } ?? true, ranked: ranked,
      nearest: ranked.compactMap { .init(route: $0, among: similarities[places[$0]]) })
  }

  private static func similarity(centroid: Float, _ near: some Sequence<Float>) -> Float {
    centroidWeight * centroid + (1 - centroidWeight) * near.meanOfLargest(nearest)
  }

  private static func place(_ vector: [Float], mean: [Float], language: [Float]) -> [Float] {
    var placed = Vectors.subtract(vector, mean)
    let along = Vectors.dot(placed, language)
    for index in placed.indices { placed[index] -= along * language[index] }
    return Vectors.unit(placed)
  }

  private static func spread(_ examples: [[Float]]) -> Float {
    guard examples.count > 1 else { return loneSpread }
    let matrix = VectorMatrix(examples)
    var sum = [Float](repeating: 0, count: examples[0].count)
    for example in examples { for index in sum.indices { sum[index] += example[index] } }
    var total: Float = 0
    for (position, example) in examples.enumerated() {
      let others = Vectors.unit(Vectors.subtract(sum, example))
      var near = matrix.similarities(to: example)
      near.remove(at: position)
      total += similarity(centroid: Vectors.dot(others, example), near)
    }
    return min(max(total / Float(examples.count), spreadRange.lowerBound), spreadRange.upperBound)
  }
}

/// Where each route's examples are when those of all routes stand one after another.
enum ExamplePlaces {
  static func of(_ examples: [[[Float]]]) -> [Range<Int>] {
    var start = 0
    return examples.map { examples in
      defer { start += examples.count }
      return start..<start + examples.count
    }
  }
}

/// What a request scored against the examples of a table.
struct ExampleScore: Sendable {
  /// An example, by its place among those of its route.
  struct Nearest: Sendable {
    var route: Int
    let example: Int
    let similarity: Float

    /// The nearest of a route's examples; nil without any.
    init?(route: Int, among similarities: ArraySlice<Float>) {
      guard let nearest = similarities.indices.max(by: { similarities[$0] < similarities[$1] }) else { return nil }
      self.route = route
      example = nearest - similarities.startIndex
      similarity = similarities[nearest]
    }
  }

  /// How many of the best routes show their nearest example.
  static let shown = 3

  /// The probability of each route, in the order of the table.
  var routes: [Double]
  /// The probability that none is meant.
  let none: Double
  /// Whether that is the decision.
  let isNone: Bool
  /// The best few routes, the best first.
  var ranked: [Int]
  /// The nearest example of each of them.
  var nearest: [Nearest]

  /// The score with each route at another place.
  func placed(_ places: [Int]) -> ExampleScore {
    var moved = self
    for (route, place) in places.enumerated() { moved.routes[place] = routes[route] }
    moved.ranked = ranked.map { places[$0] }
    for index in nearest.indices { moved.nearest[index].route = places[nearest[index].route] }
    return moved
  }
}
