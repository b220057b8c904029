import TurnoutCore
import TurnoutEvaluation

/// Ten examples a route, drawn from a set again and again, and scored on requests that are never fitted on.
struct FewExamples {
  private let bench: Bench
  private let set: DataSet
  private let drawn: Drawn
  private let inScope: [LabelledRequest]

  static let count = 10
  /// How many more requests of `train` a fit sees without their labels, where it sees any.
  static let silent = 5_000

  /// What one draw came to.
  private struct Result {
    var fitted: [Scored] = []
    /// Fitted on requests without labels too.
    var taught: [Scored] = []
    var examples: [Scored] = []
    var regression: [(route: String, isRight: Bool)] = []
    var centroids: [(route: String, isRight: Bool)] = []
  }

  init(_ bench: Bench, _ part: Part) throws {
    self.bench = bench
    set = try bench.data.set(part)
    drawn = Drawn(set.train)
    inScope = set.valid.filter { $0.route != nil }
  }

  /// How well routes are told apart.
  func inScope(target: Double) async throws -> Section { inScope(try await results(), target) }

  /// The same, and how well requests of no route are told from the others.
  func sections(target: Double) async throws -> [Section] {
    let results = try await results()
    var withStrangers: [[Scored]] = []
    for seed in 0..<bench.seeds {
      let (table, fitted, _) = try await bench.fit(
        drawn.few(Self.count, seed: seed), strangers: set.strangers, as: "\(set.name), draw \(seed + 1) with strangers")
      withStrangers.append(try await Scoring.score(set.valid, table, bench.vectors, fit: fitted.fit))
    }
    return [
      inScope(results, target), outOfScope("no requests of no route to fit on", results.map(\.fitted)),
      outOfScope("\(set.strangers.count) requests of no route to fit on", withStrangers),
      outOfScope("\(Self.silent) requests without labels to fit on", results.map(\.taught)),
    ]
  }

  private func results() async throws -> [Result] {
    var results: [Result] = []
    for seed in 0..<bench.seeds {
      let few = drawn.few(Self.count, seed: seed)
      let (table, fitted, _) = try await bench.fit(few, as: "\(set.name), draw \(seed + 1) of \(bench.seeds)")
      var result = Result()
      result.fitted = try await Scoring.score(set.valid, table, bench.vectors, fit: fitted.fit)
      let (_, taught, _) = try await bench.fit(
        few, unlabelled: silent(besides: few, seed: seed),
        as: "\(set.name), draw \(seed + 1) with \(Self.silent) requests without labels")
      result.taught = try await Scoring.score(set.valid, table, bench.vectors, fit: taught.fit)
      result.examples = try await Scoring.score(inScope, table, bench.vectors, fit: nil)
      let rows = few.examples.enumerated().flatMap { route, texts in
        texts.compactMap { text in bench.vectors.vector(text).map { (vector: $0, route: route) } }
      }
      let regression = LogisticBaseline(rows, routes: few.routes.count)
      result.regression = judged(few) { regression.best(for: $0) }
      let centroids = Centroids(rows, routes: few.routes.count)
      result.centroids = judged(few) { centroids.best(for: $0) }
      results.append(result)
    }
    return results
  }

  /// Requests of `train` that were not drawn, those of no route among them: as they come in.
  private func silent(besides few: Drawn, seed: Int) -> [String] {
    let known = Set(few.examples.joined())
    var random = Seeded(seed)
    return Array(
      set.train.map(\.input).filter { !known.contains($0) }.shuffled(using: &random).prefix(Self.silent))
  }

  private func judged(_ few: Drawn, _ best: ([Float]) -> Int?) -> [(route: String, isRight: Bool)] {
    inScope.map { request in
      let route = bench.vectors.vector(request.input).flatMap(best).map { few.routes[$0] }
      return (request.route ?? "", route == request.route)
    }
  }

  private func inScope(_ results: [Result], _ target: Double) -> Section {
    func mean(_ number: (Result) -> Double) -> Figure { .mean(MeanInterval(results.map(number))) }
    func share(_ rows: [(route: String, isRight: Bool)]) -> Double {
      Double(rows.count { $0.isRight }) / Double(max(rows.count, 1))
    }
    return Section(
      title:
        "\(set.name): \(Self.count) examples a route, \(bench.seeds) draws, in scope, none not offered; mean ± 95 %",
      lines: [
        Line("fitted", mean { $0.fitted.accuracy }, .atLeast(target)),
        Line("fitted, every route weighing alike", mean { $0.fitted.balancedAccuracy }, .atLeast(target)),
        Line("the same with \(Self.silent) requests without labels", mean { $0.taught.accuracy }, .atLeast(target)),
        Line("what these add, draw by draw", mean { $0.taught.accuracy - $0.fitted.accuracy }),
        Line("with them, every route weighing alike", mean { $0.taught.balancedAccuracy }),
        Line("logistic regression", mean { share($0.regression) }),
        Line("logistic regression, every route weighing alike", mean { Balanced.accuracy($0.regression) }),
        Line("fitted less logistic regression, draw by draw", mean { $0.fitted.accuracy - share($0.regression) }),
        Line(
          "the same, every route weighing alike",
          mean { $0.fitted.balancedAccuracy - Balanced.accuracy($0.regression) }),
        Line("the examples' rule, not fitted", mean { $0.examples.accuracy }),
        Line("centroids", mean { share($0.centroids) }),
      ])
  }

  private func outOfScope(_ what: String, _ draws: [[Scored]]) -> Section {
    func mean(_ number: ([Scored]) -> Double) -> MeanInterval { MeanInterval(draws.map(number)) }
    return Section(
      title: "\(set.name): out of scope, \(Self.count) examples a route, \(what)",
      lines: [
        Line("area under the curve of none", .score(mean(\.areaUnderCurve)), .atLeast(0.96)),
        Line("caught while 95 % in scope are kept", .mean(mean { $0.caughtKeeping95 }), .atLeast(78)),
        Line("caught at the bar of the fit", .mean(mean { $0.strangers.share(\.isNone) })),
        Line("right in scope at the bar of the fit", .mean(mean { $0.inScope.share(\.isRight) })),
      ])
  }
}

extension [Scored] {
  fileprivate var caughtKeeping95: Double { points.keeping(0.95)?.caught.share ?? .nan }
}

/// The nearest of the routes' means, of centred vectors.
struct Centroids {
  private let mean: [Float]
  private let centroids: [[Float]]

  init(_ rows: [(vector: [Float], route: Int)], routes: Int) {
    var groups = [[[Float]]](repeating: [], count: routes)
    for row in rows { groups[row.route].append(row.vector) }
    let means = groups.map { Plain.mean($0) }
    let mean = Plain.mean(means)
    self.mean = mean
    centroids = means.map { Plain.unit(zip($0, mean).map { $0 - $1 }) }
  }

  func best(for vector: [Float]) -> Int? {
    let placed = Plain.unit(zip(vector, mean).map { $0 - $1 })
    let products = centroids.map { Plain.dot($0, placed) }
    return products.indices.max { products[$0] < products[$1] }
  }
}
