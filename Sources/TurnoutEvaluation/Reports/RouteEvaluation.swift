public import TurnoutCore

/// How well requests were routed: every measure, and the row of every request.
///
/// ```swift
/// let judged = try await RouteEvaluator().evaluate(labelled.requests) { try await router.decide($0.input) }
/// let evaluation = RouteEvaluation(judged: judged, routes: table.routes.map(\.name))
/// print(evaluation.accuracy.share ?? 0, evaluation.confusions.first?.texts ?? [])
/// ```
/// A request is *in scope* when it belongs to a route. A decision for several routes is right when the request's route
/// is among them. A request whose deciding failed is wrong, and neither sure nor caught; it has no confidence and no
/// score, and is in no confusion.
public struct RouteEvaluation: Sendable, Hashable {
  /// The routes, in the order of their table.
  public let routes: [String]
  /// Every request, in the order of the input.
  public let requests: [EvaluatedRequest]

  /// Of the requests in scope, those that are right; one decided for none is wrong.
  public let accuracy: Proportion
  /// Of all requests, those that are right.
  public let overallAccuracy: Proportion
  /// Of the requests out of scope, those decided for none.
  public let outOfScopeRecall: Proportion
  /// Of the requests decided for none, those out of scope.
  public let outOfScopePrecision: Proportion
  /// How well the *none* score tells requests out of scope from those in scope; see ``ScoreRanking``.
  public let outOfScopeRanking: Double?
  /// Of all requests, those decided surely.
  public let coverage: Proportion
  /// Of the requests decided surely, those that are right.
  public let sureAccuracy: Proportion
  /// Of the decisions for several routes, those that are right.
  public let several: Proportion
  /// Whether confidence means what it says.
  public let calibration: Calibration
  /// How long deciding took, for requests that did not fail.
  public let latency: LatencyPercentiles
  /// What all decisions used.
  public let usage: Usage
  /// Every route, in the order of the table.
  public let perRoute: [RouteMeasure]
  /// Every stage that decided, the busiest first.
  public let perStage: [StageMeasure]
  /// The ways of being wrong, the most frequent first.
  public let confusions: [Confusion]
  /// What other thresholds of the *none* score would bring.
  public let operatingPoints: OperatingPoints

  /// An evaluation of decisions.
  /// - Parameter routes: the names of the routes, in the order of their table.
  public init(judged: [JudgedDecision], routes: [String]) {
    self.init(requests: judged.map { EvaluatedRequest($0) }, routes: routes)
  }

  /// An evaluation of rows.
  public init(requests: [EvaluatedRequest], routes: [String]) {
    self.requests = requests
    self.routes = routes
    let decided = requests.filter { $0.kind != nil }
    let inScope = requests.filter { $0.expected != nil }
    let outOfScope = requests.filter { $0.expected == nil }
    let refused = decided.filter { $0.kind == RouteDecision.Kind.none }
    let sure = decided.filter(\.isSure)
    let plural = decided.filter { $0.kind == .several }
    accuracy = .right(inScope)
    overallAccuracy = .right(requests)
    outOfScopeRecall = .right(outOfScope)
    outOfScopePrecision = .right(refused)
    outOfScopeRanking = ScoreRanking.areaUnderCurve(
      positives: outOfScope.compactMap(\.noneScore), negatives: inScope.compactMap(\.noneScore))
    coverage = Proportion(sure.count, of: requests.count)
    sureAccuracy = .right(sure)
    several = .right(plural)
    calibration = Calibration(decided.compactMap { row in row.confidence.map { ($0, row.isRight) } })
    latency = LatencyPercentiles(decided.map(\.duration))
    usage = requests.reduce(into: .none) { $0 += $1.usage }
    perRoute = RouteMeasure.all(requests, routes: routes)
    perStage = StageMeasure.all(requests)
    confusions = Confusion.all(requests)
    operatingPoints = OperatingPoints(
      requests.compactMap { row in
        row.noneScore.map {
          OperatingPoints.Row(
            noneScore: $0, isInScope: row.expected != nil, isRight: row.expected != nil && row.best == row.expected)
        }
      })
  }

  /// The requests whose deciding failed.
  public var failures: [EvaluatedRequest] { requests.filter { $0.kind == nil } }
}

extension Proportion {
  fileprivate static func right(_ rows: [EvaluatedRequest]) -> Proportion {
    Proportion(rows.count { $0.isRight }, of: rows.count)
  }
}
