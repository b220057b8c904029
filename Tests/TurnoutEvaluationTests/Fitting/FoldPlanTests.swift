import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutEvaluation

@Suite struct FoldPlanTests {
  private func set(
    routes: Int, each count: Int, strangers: Int = 0, spread: Float = 0.1, examples: Int = 2
  ) async throws -> FittingSet {
    var clusters = Clusters(routes: routes, dimension: 24, spread: spread, seed: routes * 100 + count)
    let table = try clusters.table(examples: examples)
    let cases = clusters.cases(of: count - examples) + clusters.strangers(strangers)
    return try await FittingSet(table, cases, clusters.embeddings, in: Run()) { _, _ in }
  }

  private func results(_ set: FittingSet, folds: Int, trainer: HeadTrainer = HeadTrainer()) -> [FoldResult] {
    let plan = FoldPlan(set, folds: folds)
    return (0..<plan.count).map { plan.result(of: $0, set, trainer) }
  }

  @Test(arguments: [(6, 9, 4), (3, 2, 4), (5, 7, 3), (1, 4, 2), (2, 12, 12)])
  func everyRequestIsHeldOutOnce(routes: Int, count: Int, folds: Int) async throws {
    let set = try await set(routes: routes, each: count)
    let seen = results(set, folds: folds).flatMap(\.inScope)
    #expect(seen.count == routes * count)
    if folds <= count {
      for route in 0..<routes { #expect(seen.count { $0.route == route } == count) }
    }
  }

  @Test func foldsAreOfOneSize() async throws {
    let set = try await set(routes: 6, each: 10)
    let plan = FoldPlan(set, folds: 4)
    let sizes = (0..<4).map { plan.result(of: $0, set, HeadTrainer()).inScope.count }
    #expect(sizes.reduce(0, +) == 60)
    #expect(sizes.allSatisfy { (14...16).contains($0) }, "\(sizes)")
  }

  /// Labels drawn by lot: whoever had seen a request would know its route, and whoever had not can only guess.
  @Test func noHeadIsAskedWhatItHasSeen() async throws {
    var random = SplitMix64(seed: 21)
    let (routes, dimension) = (8, 96)
    var vectors: [String: [Float]] = [:]
    let table = try RouteTable(
      (0..<routes).map { route in
        let texts = (0..<8).map { "t\(route)x\($0)" }
        for text in texts { vectors[text] = random.vector(dimension) }
        return RouteDescription("route\(route)", examples: texts)
      })
    for text in RoutingBackground.english + RoutingBackground.chinese { vectors[text] = random.vector(dimension) }
    let set = try await FittingSet(table, [], ScriptedEmbeddings(vectors), in: Run()) { _, _ in }
    // The head of everything has learned its own examples by heart.
    let head = HeadTrainer().head(set.rows, names: set.names, routes: routes, background: set.background)
    let known = set.rows.count { row in
      let logits = head.read(row.vector, row.text).logits
      return logits.firstIndex(of: logits.max() ?? 0) == row.route
    }
    #expect(known > 58, "\(known) of 64")
    let seen = results(set, folds: 4).flatMap(\.inScope)
    #expect(seen.count == 64)
    let right = seen.count { $0.best == $0.route }
    #expect(right < 22, "\(right) of 64, where 8 are to be expected")
    // An example among those compared with would lift this far above the others.
    let whole = FittedIndex(
      head: head, scale: .unfitted, examples: set.examples.map { $0.map(\.vector) }, background: set.background.all)
    let own = set.rows.map { whole.signs($0.vector, $0.text).belonging }
    #expect((seen.map(\.belonging).max() ?? 0) < (own.min() ?? 0))
  }

  @Test func wholeRoutesAreLeftOutWithoutStrangers() async throws {
    let set = try await set(routes: 6, each: 8)
    let plan = FoldPlan(set, folds: 4)
    #expect(plan.count == 8)
    let results = results(set, folds: 4)
    #expect(results[..<4].allSatisfy { $0.inside.isEmpty && $0.outside.isEmpty && !$0.inScope.isEmpty })
    #expect(results[4...].allSatisfy { !$0.inside.isEmpty && !$0.outside.isEmpty && $0.inScope.isEmpty })
    let (inside, outside) = (results.flatMap(\.inside), results.flatMap(\.outside))
    #expect(inside.count + outside.count == 48, "each request once, on one side")
    // A left-out route's requests belong less.
    let meanInside = inside.reduce(0, +) / Float(inside.count)
    #expect(outside.reduce(0, +) / Float(outside.count) < meanInside - 2)
  }

  /// What is taken for a request of a route is not learned as one of another's where that route is left out.
  @Test func guessesAreLeftOutWithTheirRoutes() async throws {
    let set = try await set(routes: 4, each: 6, spread: 0.2)
    let plan = FoldPlan(set, folds: 2)
    let plain = results(set, folds: 2)
    var leftOut = 0
    for route in 0..<4 {
      let guesses = set.rows.filter { $0.route == route }.map { SelfTraining.Guess(example: $0, weight: 0.5) }
      let same = (0..<plan.count).map { index in
        let taught = plan.result(of: index, set, HeadTrainer(), guesses: guesses)
        return taught.inScope.map(\.logits) == plain[index].inScope.map(\.logits)
          && taught.inside == plain[index].inside && taught.outside == plain[index].outside
      }
      #expect(!same[0] && !same[1], "heads of all routes learn from them")
      #expect(same[2] != same[3], "one of the others does not know the route")
      leftOut += same[2] ? 1 : 0
    }
    #expect(leftOut == 2)
  }

  @Test func eachHeadHasATeacherThatHasNotSeenWhatItIsAsked() async throws {
    let plan = FoldPlan(try await set(routes: 3, each: 4), folds: 4)
    #expect(plan.count == 7)
    #expect((0...plan.count).map(plan.teacher) == [0, 1, 2, 3, 0, 1, 2, 7])
  }

  @Test func enoughStrangersSpareThat() async throws {
    let set = try await set(routes: 6, each: 6, strangers: 20)
    #expect(FoldPlan(set, folds: 4).count == 4)
    #expect(results(set, folds: 4).allSatisfy { $0.outside.isEmpty })
  }

  @Test(arguments: [(1, 4), (2, 4), (3, 7), (4, 8), (9, 8)])
  func fewRoutesLeaveFewGroups(routes: Int, count: Int) async throws {
    let set = try await set(routes: routes, each: 3)
    #expect(FoldPlan(set, folds: 4).count == count)
  }

  @Test func aPlanIsTheSameEveryTime() async throws {
    let set = try await set(routes: 4, each: 6, spread: 0.3)
    let (one, other) = (results(set, folds: 3), results(set, folds: 3))
    #expect(one.flatMap(\.inScope).map(\.logits) == other.flatMap(\.inScope).map(\.logits))
    #expect(one.flatMap(\.inScope).map(\.belonging) == other.flatMap(\.inScope).map(\.belonging))
    #expect(one.flatMap(\.outside) == other.flatMap(\.outside))
  }
}
