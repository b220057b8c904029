import TurnoutCore

/// Which requests each head of a cross-validation is trained on, and asked about.
///
/// There are as many ordinary folds as wanted, each leaving out its share of every route. Without enough requests that are
/// out of scope there are as many again that leave out whole routes besides, whose requests then play the strangers.
struct FoldPlan: Sendable {
  private let folds: Int
  private let routeGroups: Int
  private let foldOfRow: [Int]
  private let groupOfRoute: [Int]

  /// How many heads there are.
  var count: Int { folds + routeGroups }

  /// Fewer routes than this leave too little when some are left out.
  static let fewestRoutes = 3

  init(_ set: FittingSet, folds: Int) {
    self.folds = folds
    routeGroups = !set.hasEnoughNulls && set.routes >= Self.fewestRoutes ? min(folds, set.routes) : 0
    var generator = SplitMix64(seed: 1)
    var foldOfRow = [Int](repeating: 0, count: set.rows.count)
    let byRoute = Dictionary(grouping: set.rows.indices, by: { set.rows[$0].route })
    for route in 0..<set.routes {
      // Each route begins with another fold, so that small routes do not all fall into the first ones.
      for (turn, row) in (byRoute[route] ?? []).shuffled(using: &generator).enumerated() {
        foldOfRow[row] = (turn + route) % folds
      }
    }
    self.foldOfRow = foldOfRow
    var groupOfRoute = [Int](repeating: 0, count: set.routes)
    for (turn, route) in (0..<set.routes).shuffled(using: &generator).enumerated() {
      groupOfRoute[route] = turn % max(routeGroups, 1)
    }
    self.groupOfRoute = groupOfRoute
  }

  /// The number of the head whose guesses the head of this number may learn from: it has seen nothing of what the other
  /// is asked about, and knows all routes, since a route's requests never all fall into one fold. The head of everything,
  /// after all others, has its like as its teacher.
  func teacher(of index: Int) -> Int { index < count ? index % folds : count }

  /// What the head of this number makes of what it has not seen.
  ///
  /// - Parameter guesses: what its teacher takes unlabelled requests for.
  func result(
    of index: Int, _ set: FittingSet, _ trainer: HeadTrainer, guesses: [SelfTraining.Guess] = []
  ) -> FoldResult {
    index < folds ? leavingRows(index, set, trainer, guesses) : leavingRoutes(index - folds, set, trainer, guesses)
  }

  private func leavingRows(
    _ fold: Int, _ set: FittingSet, _ trainer: HeadTrainer, _ guesses: [SelfTraining.Guess]
  ) -> FoldResult {
    let (held, kept) = cut(set, at: fold)
    let (index, routes) = index(kept, guesses, set, trainer, without: held)
    return FoldResult(head: index?.head, inScope: seen(held, index, routes))
  }

  /// Rows are left out too, so that the requests of the routes that stay are as new to the head as the strangers are.
  private func leavingRoutes(
    _ group: Int, _ set: FittingSet, _ trainer: HeadTrainer, _ guesses: [SelfTraining.Guess]
  ) -> FoldResult {
    let (held, kept) = cut(set, at: group)
    let (index, routes) = index(
      kept.filter { groupOfRoute[$0.route] != group }, guesses, set, trainer, without: held)
    let strange = held.filter { groupOfRoute[$0.route] == group }
    return FoldResult(
      inside: seen(held, index, routes).map(\.belonging),
      outside: index.map { index in strange.map { index.signs($0.vector, $0.text).belonging } } ?? [])
  }

  /// The rows that a fold leaves out, and the others.
  private func cut(
    _ set: FittingSet, at fold: Int
  ) -> (held: [HeadTrainer.Example], kept: [HeadTrainer.Example]) {
    func rows(_ isHeld: Bool) -> [HeadTrainer.Example] {
      set.rows.indices.filter { (foldOfRow[$0] == fold) == isHeld }.map { set.rows[$0] }
    }
    return (rows(true), rows(false))
  }

  private func seen(_ held: [HeadTrainer.Example], _ index: FittedIndex?, _ routes: [Int]) -> [FoldResult.Seen] {
    let places = Dictionary(uniqueKeysWithValues: routes.enumerated().map { ($1, $0) })
    return held.compactMap { row -> FoldResult.Seen? in
      guard let index, let route = places[row.route] else { return nil }
      let signs = index.signs(row.vector, row.text)
      return FoldResult.Seen(logits: signs.logits, route: route, best: signs.best, belonging: signs.belonging)
    }
  }

  /// An index over the routes that are left, and which these are. What is taken for a request of another route is left
  /// out with it: a head that was taught it would find no stranger strange.
  private func index(
    _ rows: [HeadTrainer.Example], _ guesses: [SelfTraining.Guess], _ set: FittingSet, _ trainer: HeadTrainer,
    without held: [HeadTrainer.Example]
  ) -> (FittedIndex?, [Int]) {
    let routes = Set(rows.map(\.route)).sorted()
    let places = Dictionary(uniqueKeysWithValues: routes.enumerated().map { ($1, $0) })
    func moved(_ example: HeadTrainer.Example) -> HeadTrainer.Example? {
      places[example.route].map { HeadTrainer.Example(text: example.text, vector: example.vector, route: $0) }
    }
    guard !routes.isEmpty else { return (nil, []) }
    let head = trainer.head(
      rows.compactMap(moved), names: set.names.compactMap(moved), routes: routes.count, background: set.background,
      strangers: set.strangers.map(\.vector),
      guesses: guesses.compactMap { guess in moved(guess.example).map { .init(example: $0, weight: guess.weight) } })
    let texts = Set(held.map(\.text))
    let examples = routes.map { set.examples[$0].filter { !texts.contains($0.text) }.map(\.vector) }
    return (FittedIndex(head: head, scale: .unfitted, examples: examples, background: set.background.all), routes)
  }
}
