import TurnoutCore

/// A fit of three routes in four dimensions, written by hand: each route has an axis, and the last one is for strangers.
enum FitSample {
  static let routes = [
    RouteDescription("price", examples: ["what does it cost", "any discount"]),
    RouteDescription("repair", examples: ["the screen is broken", "it will not start"]),
    RouteDescription("delivery", examples: ["where is my parcel", "when does it arrive"]),
  ]

  /// Vectors near each route's axis, and one of a stranger.
  static let vectors: [String: [Float]] = [
    "what does it cost": [1, 0, 0, 0], "any discount": [0.9, 0.1, 0, 0.1],
    "the screen is broken": [0, 1, 0, 0], "it will not start": [0.1, 0.9, 0.1, 0],
    "where is my parcel": [0, 0, 1, 0], "when does it arrive": [0, 0.1, 0.9, 0.1],
    "how much": [0.95, 0.05, 0.02, 0], "a crack": [0.02, 0.95, 0.03, 0], "my order": [0, 0.04, 0.97, 0],
    "price or repair": [0.8, 0.75, 0, 0], "the sky": [0.05, 0.02, 0.01, 1],
  ]

  static func axis(_ place: Int) -> [Float] { (0..<4).map { $0 == place ? 1 : 0 } }

  static let words: WordWeights = {
    let hashes = TextFeatures.counts("cost broken parcel").keys.sorted()
    return WordWeights(
      hashes: hashes, rarities: hashes.indices.map { 1 + Float($0) / 4 },
      weights: hashes.indices.flatMap { [Float($0), 0.5, -Float($0)] }, routes: 3)
  }()

  static let head = RouteHead(
    mean: [0, 0, 0, 0], removed: VectorMatrix([]), directions: VectorMatrix([]),
    weights: VectorMatrix([0, 1, 2].map { axis($0).map { $0 * 12 } }),
    centroids: VectorMatrix([0, 1, 2].map(axis)), names: VectorMatrix([0, 1, 2].map(axis)),
    strangers: VectorMatrix([axis(3)]),
    words: WordWeights(hashes: [], rarities: [], weights: [], routes: 3), centroidWeight: 0)

  /// A head with something in every part.
  static let richHead = RouteHead(
    mean: [0.1, -0.2, 0.3, 0.05], removed: VectorMatrix([axis(3)]),
    directions: VectorMatrix([axis(0), [0, 0.6, 0.8, 0]]),
    weights: VectorMatrix([
      [1.5, -2, 0.25, 7, 3, -1, 0.5], [0, 0, 0, 0, 0, 0, 0], [-3, 1e-6, 4, 0.125, 2, 2, -7],
    ]), centroids: head.centroids,
    names: head.names, strangers: VectorMatrix([[0.6, 0.8, 0, 0], [0, 0, -0.6, 0.8]]), words: words, centroidWeight: 40)

  static func fit(
    _ routes: [RouteDescription] = routes, encoder: String = "scripted-embeddings", dimension: Int = 4,
    head: RouteHead = head, bar: Double = 0.7
  ) throws -> RouteFit {
    RouteFit(
      encoder: encoder, dimension: dimension, table: try RouteTable(routes),
      size: .init(inScope: 60, outOfScope: 7, unlabelled: 5),
      expectation: .init(accuracy: 0.9, interval: 0.82...0.95, caught: 0.8), head: head,
      scale: RouteScale(temperature: 1.5, bar: 2.25, slope: 0.75), bar: bar)
  }

}

/// The value with another one at a path of keys; nil removes it.
func changed(_ value: Value, _ path: [String], to other: Value?) -> Value {
  guard let key = path.first, case .object(var members) = value else { return other ?? .null }
  members[key] = path.count == 1 ? other : changed(members[key] ?? .null, Array(path.dropFirst()), to: other)
  return .object(members)
}
