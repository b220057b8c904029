import TurnoutEvaluation

/// Numbers that are the same in every run (Steele, Lea and Flood 2014).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Requests by route.
struct Drawn {
  let routes: [String]
  /// For each route, its requests.
  let examples: [[String]]

  /// All requests of these that have a route.
  init(_ requests: [LabelledRequest]) {
    let groups = Dictionary(grouping: requests.filter { $0.route != nil }, by: { $0.route ?? "" })
    routes = groups.keys.sorted()
    examples = routes.map { route in (groups[route] ?? []).map(\.input) }
  }

  private init(routes: [String], examples: [[String]]) {
    self.routes = routes
    self.examples = examples
  }

  /// A few of each route.
  func few(_ count: Int, seed: Int) -> Drawn {
    var random = Seeded(seed)
    return Drawn(routes: routes, examples: examples.map { Array($0.shuffled(using: &random).prefix(count)) })
  }

  /// Without the routes that have too few.
  func withAtLeast(_ count: Int) -> Drawn {
    let kept = routes.indices.filter { examples[$0].count >= count }
    return Drawn(routes: kept.map { routes[$0] }, examples: kept.map { examples[$0] })
  }
}
