#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What was learned from labelled requests: a linear head on the encoder's vectors and on words.
///
/// 1. **Place**: the mean is taken off a vector, the directions in which the encoder tells languages apart are taken
///    out, and the rest `p` gets length one.
/// 2. **Logits**: `W·[p, q] + U·t + c · (1 − known)⁴ · centroids·p`, where `q` are the products, two by two, of the
///    shares of `p` along a few directions, `t` are the weighted words and pairs of words, and `known` is the share of
///    the request's words that the head has met. A request in another language has few of them, and is judged by the
///    routes' means.
package struct RouteHead: Sendable {
  /// The mean of the routes' means.
  package var mean: [Float]
  /// Directions that are taken out, unit vectors at right angles.
  package var removed: VectorMatrix
  /// The directions whose shares are multiplied, scaled by how much the products count.
  package var directions: VectorMatrix
  /// A row of weights for each route: for the placed vector, then for the products.
  package var weights: VectorMatrix { didSet { packedWeights = PackedVectors(weights.rows) } }
  /// The unit mean of each route's placed examples.
  package var centroids: VectorMatrix { didSet { packedCentroids = PackedVectors(centroids.rows) } }
  /// Each route's name, placed.
  package var names: VectorMatrix
  /// Requests that belong to no route, placed.
  package var strangers: VectorMatrix
  /// What each known word or pair is worth for the routes.
  package var words: WordWeights
  /// How much the centroids count for a request of unknown words.
  package var centroidWeight: Float

  private var packedWeights: PackedVectors<Int16>
  private var packedCentroids: PackedVectors<Int16>

  package init(
    mean: [Float], removed: VectorMatrix, directions: VectorMatrix, weights: VectorMatrix, centroids: VectorMatrix,
    names: VectorMatrix, strangers: VectorMatrix, words: WordWeights, centroidWeight: Float
  ) {
    self.mean = mean
    self.removed = removed
    self.directions = directions
    self.weights = weights
    self.centroids = centroids
    self.names = names
    self.strangers = strangers
    self.words = words
    self.centroidWeight = centroidWeight
    packedWeights = PackedVectors(weights.rows)
    packedCentroids = PackedVectors(centroids.rows)
  }

  /// What the head makes of a request.
  package struct Reading: Sendable {
    /// The placed vector.
    package let placed: [Float]
    /// The same, to compare with packed vectors.
    let packed: PackedVector
    /// For each route, without what centroids add for unknown words.
    package let bare: [Float]
    /// For each route.
    package let logits: [Float]
    /// For each route, the product with its centroid; empty when all words are known, since only one is asked for then.
    let nearness: [Float]
  }

  package func read(_ vector: [Float], _ text: String) -> Reading {
    let placed = place(vector)
    let packed = PackedVector(placed)
    var bare = packedWeights.similarities(to: PackedVector(placed + Self.products(placed, directions)))
    let unknown = 1 - words.add(text, to: &bare)
    var logits = bare
    // Hardly anything for a request with some new words, all for one in a language that the head has not met.
    let lift = centroidWeight * unknown * unknown * unknown * unknown
    var nearness: [Float] = []
    if lift > 0 {
      nearness = packedCentroids.similarities(to: packed)
      for route in logits.indices { logits[route] += lift * nearness[route] }
    }
    return Reading(placed: placed, packed: packed, bare: bare, logits: logits, nearness: nearness)
  }

  /// The products, two by two, of a placed vector's shares along directions, so that they multiply with those of another
  /// vector to the square of what the shares themselves multiply to. They say what a plane between two routes cannot.
  package static func products(_ placed: [Float], _ directions: VectorMatrix) -> [Float] {
    let shares = directions.similarities(to: placed)
    return [Float](unsafeUninitializedCapacity: productCount(shares.count)) { products, made in
      shares.withUnsafeBufferPointer { shares in
        for place in shares.indices {
          products[made] = shares[place] * shares[place]
          let share = shares[place] * 1.414_213_6
          for other in 1..<shares.count - place { products[made + other] = share * shares[place + other] }
          made += shares.count - place
        }
      }
    }
  }

  /// How many products so many directions have.
  package static func productCount(_ directions: Int) -> Int { directions * (directions + 1) / 2 }

  /// The product of a request with a route's centroid.
  func nearness(of route: Int, in reading: Reading) -> Float {
    guard reading.nearness.isEmpty else { return reading.nearness[route] }
    return packedCentroids.similarities(to: reading.packed, route..<route + 1).first ?? 0
  }

  /// The vector where the head compares it.
  package func place(_ vector: [Float]) -> [Float] { Self.place(vector, mean, removed) }

  package static func place(_ vector: [Float], _ mean: [Float], _ removed: VectorMatrix) -> [Float] {
    var placed = Vectors.subtract(vector, mean)
    removed.remove(from: &placed)
    return Vectors.unit(placed)
  }
}

/// What words and pairs of words are worth for the routes.
package struct WordWeights: Sendable {
  /// The place of a word or pair, by its hash.
  package private(set) var places: [UInt64: Int]
  /// The hashes, by place.
  package let hashes: [UInt64]
  /// How rare each is: the logarithm of the inverse share of texts that have it.
  package let rarities: [Float]
  /// A row for each word or pair, a column for each route.
  package var weights: [Float]
  package let routes: Int

  /// - Parameter weights: a row for each hash, a column for each route.
  package init(hashes: [UInt64], rarities: [Float], weights: [Float], routes: Int) {
    self.hashes = hashes
    self.rarities = rarities
    self.weights = weights
    self.routes = routes
    places = Dictionary(zip(hashes, hashes.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The known words and pairs of a text with their weights, a row of length one, and which share of the words is known.
  package func row(_ text: String) -> (entries: [(place: Int, weight: Float)], known: Float) {
    let words = TextFeatures.words(text)
    let counts = TextFeatures.counts(words)
    var entries: [(place: Int, weight: Float)] = []
    entries.reserveCapacity(counts.count)
    for (hash, count) in counts {
      guard let place = places[hash] else { continue }
      entries.append((place, (1 + logf(Float(count))) * rarities[place]))
    }
    // A dictionary's order differs from run to run, and with it the last digits of a sum.
    entries.sort { $0.place < $1.place }
    let length = entries.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
    if length > 0 { for index in entries.indices { entries[index].weight /= length } }
    let known = words.count { places[$0] != nil }
    return (entries, words.isEmpty ? 0 : Float(known) / Float(words.count))
  }

  /// Adds what the words of a text are worth; gives the share of them that is known.
  func add(_ text: String, to logits: inout [Float]) -> Float {
    let row = row(text)
    guard logits.count == routes else { return row.known }
    weights.withUnsafeBufferPointer { weights in
      logits.withUnsafeMutableBufferPointer { logits in
        for entry in row.entries {
          let start = entry.place * routes
          for route in 0..<routes { logits[route] += entry.weight * weights[start + route] }
        }
      }
    }
    return row.known
  }
}
