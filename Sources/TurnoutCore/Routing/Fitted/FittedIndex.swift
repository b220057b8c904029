#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How surely a request belongs to any route, from four signs:
///
/// `s = lead + 5 · centroid + 5 · examples − 10 · background`, where `lead` is the best logit less the mean of all,
/// without what centroids add for unknown words; `centroid` the product with the best route's centroid; `examples` the
/// mean product with the 3 nearest examples of the best 5 routes; `background` that with the 3 nearest requests of no
/// route.
package enum Belonging {
  package static func sum(lead: Float, centroid: Float, examples: Float, background: Float) -> Float {
    lead + 5 * centroid + 5 * examples - 10 * background
  }

  /// How many of the best routes are asked for their examples.
  static let routes = 5
  /// How many of the nearest count.
  static let nearest = 3
}

/// A fitted head with the examples of a table, and the bars that were fitted with it.
package struct FittedIndex: Sendable {
  private let head: RouteHead
  private let scale: RouteScale
  private let examples: VectorMatrix
  private let places: [Range<Int>]
  private let background: VectorMatrix

  /// - Parameters:
  ///   - examples: each route's vectors.
  ///   - background: vectors of requests of no route.
  package init(head: RouteHead, scale: RouteScale, examples: [[[Float]]], background: [[Float]]) {
    self.head = head
    self.scale = scale
    var places: [Range<Int>] = []
    for route in examples {
      let start = places.last?.upperBound ?? 0
      places.append(start..<start + route.count)
    }
    self.places = places
    self.examples = VectorMatrix(examples.flatMap { $0 }.map(head.place))
    self.background = VectorMatrix(background.map(head.place) + head.strangers.rows)
  }

  /// The signs of one request, for whoever sets the bars.
  package struct Signs: Sendable {
    /// For each route.
    package let logits: [Float]
    /// The best route.
    package let best: Int
    /// How surely it is any route; see ``Belonging``.
    package let belonging: Float
    let ranked: [Int]
    let similarities: [Int: [Float]]
  }

  /// - Parameter known: places in the background that must not count, since the request itself is there; the head's own
  ///   strangers come after the background.
  package func signs(_ vector: [Float], _ text: String, without known: [Int] = []) -> Signs {
    let reading = head.read(vector, text)
    let ranked = Self.best(Belonging.routes, of: reading.logits)
    var similarities: [Int: [Float]] = [:]
    var near: [Float] = []
    for route in ranked {
      let own = examples.similarities(to: reading.placed, places[route])
      similarities[route] = own
      near += own
      near.append(head.names.similarities(to: reading.placed, route..<route + 1).first ?? 0)
    }
    let best = ranked.first ?? 0
    let mean = reading.bare.reduce(0, +) / Float(max(reading.bare.count, 1))
    var strange = background.similarities(to: reading.placed)
    for place in known where strange.indices.contains(place) { strange[place] = -1 }
    let belonging = Belonging.sum(
      lead: reading.bare[best] - mean, centroid: reading.nearness[best],
      examples: near.meanOfLargest(Belonging.nearest),
      background: strange.meanOfLargest(Belonging.nearest))
    return Signs(
      logits: reading.logits, best: best, belonging: belonging, ranked: ranked, similarities: similarities)
  }

  func score(_ vector: [Float], _ text: String) -> ExampleScore {
    let signs = signs(vector, text)
    let any = scale.probabilityOfAny(signs.belonging)
    let routes = scale.probabilities(signs.logits).map { $0 * any }
    return ExampleScore(routes: routes, none: 1 - any, isNone: any < 0.5, similarities: signs.similarities)
  }

  private static func best(_ count: Int, of logits: [Float]) -> [Int] {
    var best: [Int] = []
    for route in logits.indices {
      guard best.count < count || logits[route] > logits[best[best.count - 1]] else { continue }
      let place = best.firstIndex { logits[route] > logits[$0] } ?? best.count
      best.insert(route, at: place)
      if best.count > count { best.removeLast() }
    }
    return best
  }
}

/// How logits and signs become probabilities, and which of them decide.
package struct RouteScale: Sendable, Hashable {
  /// What logits are divided by before the softmax.
  package var temperature: Float
  /// The ``Belonging`` below which no route is meant: its probability is one half there.
  package var bar: Float
  /// How fast the probability rises at the bar.
  package var slope: Float

  package init(temperature: Float, bar: Float, slope: Float) {
    self.temperature = temperature
    self.bar = bar
    self.slope = slope
  }

  /// The probability that any route is meant; zero for what is no number.
  package func probabilityOfAny(_ belonging: Float) -> Double {
    belonging.isNaN ? 0 : 1 / (1 + exp(Double(-slope * (belonging - bar))))
  }

  /// The softmax of the logits over the temperature; equal shares for what are no numbers.
  package func probabilities(_ logits: [Float]) -> [Double] {
    guard logits.allSatisfy(\.isFinite) else { return logits.map { _ in 1 / Double(logits.count) } }
    let highest = logits.max() ?? 0
    let weights = logits.map { exp(Double(($0 - highest) / temperature)) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}
