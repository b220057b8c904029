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
  private struct RouteVectors: Sendable {
    let centroid: [Float]
    let examples: VectorMatrix
    let spread: Float
  }

  private let mean: [Float]
  private let language: [Float]
  private let background: VectorMatrix
  private let routes: [RouteVectors]

  private static let centroidWeight: Float = 0.7
  private static let nearest = 2
  private static let backgroundWeight: Float = 0.5
  private static let backgroundNearest = 3
  private static let spreads: ClosedRange<Float> = 0.3...0.8
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
    background = VectorMatrix((english + chinese).map(place))
    routes = examples.map { examples in
      let placed = examples.map(place)
      return RouteVectors(
        centroid: Vectors.unit(Vectors.mean(placed)), examples: VectorMatrix(placed), spread: Self.spread(placed))
    }
  }

  func score(_ vector: [Float]) -> ExampleScore {
    let placed = Self.place(vector, mean: mean, language: language)
    let outside = background.similarities(to: placed).meanOfLargest(Self.backgroundNearest)
    var similarities: [Int: [Float]] = [:]
    similarities.reserveCapacity(routes.count)
    var logits: [Double] = []
    logits.reserveCapacity(routes.count + 1)
    for (place, route) in routes.enumerated() {
      let near = route.examples.similarities(to: placed)
      let similarity = Self.similarity(centroid: Vectors.dot(route.centroid, placed), near)
      logits.append(Self.sharpness * Double((similarity - Self.backgroundWeight * outside) / route.spread))
      similarities[place] = near
    }
    logits.append(Self.sharpness * Self.noneEvidence)
    let highest = logits.max() ?? 0
    let weights = logits.map { exp($0 - highest) }
    let sum = weights.reduce(0, +)
    let scores = weights.map { $0 / sum }
    let none = scores.last ?? 0
    return ExampleScore(
      routes: scores.dropLast(), none: none, isNone: none > scores.dropLast().max() ?? 0, similarities: similarities)
  }

  private static func similarity(centroid: Float, _ near: [Float]) -> Float {
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
    return min(max(total / Float(examples.count), spreads.lowerBound), spreads.upperBound)
  }
}

/// What a request scored against the examples of a table.
struct ExampleScore: Sendable {
  /// The probability of each route, in the order of the table.
  let routes: [Double]
  /// The probability that none is meant.
  let none: Double
  /// Whether that is the decision.
  let isNone: Bool
  /// How like the request the examples are, by route; at least of the best three routes.
  let similarities: [Int: [Float]]

  /// The score with each route at another place.
  func placed(_ places: [Int]) -> ExampleScore {
    var moved = [Double](repeating: 0, count: routes.count)
    for (route, place) in places.enumerated() { moved[place] = routes[route] }
    let near = Dictionary(uniqueKeysWithValues: similarities.map { (places[$0], $1) })
    return ExampleScore(routes: moved, none: none, isNone: isNone, similarities: near)
  }
}
