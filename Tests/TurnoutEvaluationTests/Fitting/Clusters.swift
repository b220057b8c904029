import TurnoutCore
import TurnoutTesting

extension SplitMix64 {
  /// From 0 up to 1.
  mutating func share() -> Float { Float(next() >> 40) / Float(1 << 24) }

  /// Near the normal distribution, as a sum of twelve (its variance is one).
  mutating func normal() -> Float { (0..<12).reduce(-6) { sum, _ in sum + share() } }

  mutating func vector(_ count: Int) -> [Float] { (0..<count).map { _ in normal() } }

  mutating func permuted<T>(_ items: [T]) -> [T] { items.shuffled(using: &self) }
}

/// Requests of invented routes: each text has a vector near its route's middle, and no word in common with another.
struct Clusters {
  let dimension: Int
  let middles: [[Float]]
  let spread: Float
  private(set) var vectors: [String: [Float]] = [:]
  private var random: SplitMix64
  private var made = 0

  init(routes: Int, dimension: Int = 32, spread: Float, seed: Int = 1) {
    self.dimension = dimension
    self.spread = spread
    var random = SplitMix64(seed: seed)
    middles = (0..<routes).map { _ in Vectors.unit(random.vector(dimension)) }
    self.random = random
    for route in 0..<routes { vectors["route \(route)"] = middles[route] }
    // The background stands around, in no route's place.
    for text in RoutingBackground.english + RoutingBackground.chinese { vectors[text] = self.random.vector(dimension) }
  }

  static func name(_ route: Int) -> String { "route_\(route)" }

  private mutating func text(_ vector: [Float]) -> String {
    made += 1
    // Words of letters only, since the vectors alone shall tell routes apart.
    let text = "q" + String(made, radix: 26).map { "\($0)x" }.joined()
    vectors[text] = Vectors.unit(vector)
    return text
  }

  mutating func request(of route: Int) -> String {
    let noise = random.vector(dimension)
    return text(zip(middles[route], noise).map { $0 + spread * $1 })
  }

  mutating func stranger() -> String { text(random.vector(dimension)) }

  mutating func cases(of count: Int) -> [(input: String, route: String?)] {
    middles.indices.flatMap { route in (0..<count).map { _ in (request(of: route), Self.name(route)) } }
  }

  mutating func strangers(_ count: Int) -> [(input: String, route: String?)] {
    (0..<count).map { _ in (stranger(), nil) }
  }

  mutating func table(examples count: Int) throws -> RouteTable {
    try RouteTable(
      middles.indices.map { route in
        RouteDescription(Self.name(route), examples: (0..<count).map { _ in request(of: route) })
      })
  }

  var embeddings: ScriptedEmbeddings { ScriptedEmbeddings(vectors) }
}
