import TurnoutCore
import TurnoutEvaluation

/// A labelled request with what a selector made of it.
struct Scored {
  /// The route it belongs to; nil for none.
  let route: String?
  /// The likeliest route, whether or not none is likelier.
  let best: String
  /// The probability of the likeliest route.
  let probability: Double
  /// The probability that none is meant.
  let none: Double
  /// Whether the decision was none.
  let isNone: Bool

  /// Whether the likeliest route is the right one.
  var isBestRight: Bool { best == route }
  /// Whether the decision is right, none for a request of no route included.
  var isRight: Bool { isNone ? route == nil : isBestRight }
  /// How sure the decision is.
  var confidence: Double { isNone ? none : probability }
}

extension [Scored] {
  var inScope: [Scored] { filter { $0.route != nil } }
  var strangers: [Scored] { filter { $0.route == nil } }

  /// The share in scope whose likeliest route is right.
  var accuracy: Double { inScope.share(\.isBestRight) }

  /// The same with every route weighing alike.
  var balancedAccuracy: Double { Balanced.accuracy(inScope.map { ($0.route ?? "", $0.isBestRight) }) }

  var points: OperatingPoints {
    OperatingPoints(
      map { .init(noneScore: $0.none, isInScope: $0.route != nil, isRight: $0.isBestRight) })
  }

  var areaUnderCurve: Double {
    ScoreRanking.areaUnderCurve(positives: strangers.map(\.none), negatives: inScope.map(\.none)) ?? .nan
  }

  func proportion(_ holds: (Scored) -> Bool) -> Proportion { Proportion(count(where: holds), of: count) }
  func share(_ holds: (Scored) -> Bool) -> Double { proportion(holds).share ?? .nan }
}

/// Accuracy with every route weighing alike.
enum Balanced {
  static func accuracy(_ rows: [(route: String, isRight: Bool)]) -> Double {
    let shares = Dictionary(grouping: rows, by: \.route).values.map { rows in
      Double(rows.count { $0.isRight }) / Double(rows.count)
    }
    return shares.sorted().reduce(0, +) / Double(max(shares.count, 1))
  }
}

/// Decides about labelled requests.
enum Scoring {
  static func score(
    _ requests: [LabelledRequest], _ table: RouteTable, _ vectors: some EmbeddingModel, fit: RouteFit?
  ) async throws -> [Scored] {
    let selector = ExamplesSelector(vectors, fit: fit)
    let run = Run()
    var scored: [Scored] = []
    for request in requests {
      let decision = try await selector.select(RouteRequest(request.input), among: table, in: run)
      guard let best = decision.scores.max(by: { $0.score < $1.score }) else { continue }
      let none =
        decision.kind == .none ? decision.confidence ?? 0 : 1 - decision.scores.reduce(0) { $0 + $1.score }
      scored.append(
        Scored(
          route: request.route, best: best.route, probability: best.score, none: none, isNone: decision.kind == .none))
    }
    return scored
  }
}
