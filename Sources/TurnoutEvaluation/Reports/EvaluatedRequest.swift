public import TurnoutCore

/// One row of a report: a labelled request, what was decided about it, and whether that is right.
public struct EvaluatedRequest: Sendable, Hashable {
  /// What the person asks.
  public let input: String
  /// The route it belongs to; nil for none.
  public let expected: String?
  /// Its line in the file of requests; 0 when it comes from none.
  public let line: Int
  /// What was decided; nil when deciding failed.
  public let kind: RouteDecision.Kind?
  /// The routes decided for; empty for none.
  public let routes: [String]
  /// How sure the decision is; nil where that is not known.
  public let confidence: Double?
  /// How much speaks for none: what the routes' scores lack to 1, or without scores what the confidence says; nil
  /// without both.
  public let noneScore: Double?
  /// The route that would be taken if none could not be: the one with the best score, or the first decided for.
  public let best: String?
  /// Whether the selector stands by it.
  public let isSure: Bool
  /// The stage that decided; empty when deciding failed.
  public let decidedBy: String
  /// Whether the decision is right: none for a request of no route, else its route, alone or among several.
  public let isRight: Bool
  /// How long deciding took, to a tenth of a microsecond.
  public let duration: Duration
  /// What deciding used.
  public let usage: Usage
  /// Why deciding failed, or nil.
  public let failure: RunFailure?

  /// The row of a decision.
  public init(_ judged: JudgedDecision) {
    let decision = judged.decision
    self.init(
      input: judged.request.input, expected: judged.request.route, line: judged.request.line, kind: decision?.kind,
      routes: decision?.routes ?? [], confidence: decision?.confidence, noneScore: decision.flatMap(Self.noneScore),
      best: decision.flatMap(Self.best), isSure: decision?.isSure ?? false, decidedBy: decision?.decidedBy ?? "",
      isRight: judged.isRight, duration: decision?.duration ?? .zero, usage: decision?.usage ?? .none,
      failure: judged.failure)
  }

  init(
    input: String, expected: String?, line: Int, kind: RouteDecision.Kind?, routes: [String], confidence: Double?,
    noneScore: Double?, best: String?, isSure: Bool, decidedBy: String, isRight: Bool, duration: Duration, usage: Usage,
    failure: RunFailure?
  ) {
    self.input = input
    self.expected = expected
    self.line = line
    self.kind = kind
    self.routes = routes
    self.confidence = confidence.flatMap { $0.isFinite ? $0 : nil }
    self.noneScore = noneScore.flatMap { $0.isFinite ? $0 : nil }
    self.best = best
    self.isSure = isSure
    self.decidedBy = decidedBy
    self.isRight = isRight
    // As it is written, so that a report that is read again is the same report.
    self.duration = duration.value.double.flatMap { Duration(milliseconds: $0) } ?? .zero
    self.usage = usage
    self.failure = failure
  }

  private static func noneScore(_ decision: RouteDecision) -> Double? {
    if !decision.scores.isEmpty { return 1 - decision.scores.reduce(0) { $0 + $1.score } }
    return decision.confidence.map { decision.kind == .none ? $0 : 1 - $0 }
  }

  private static func best(_ decision: RouteDecision) -> String? {
    decision.scores.max { $0.score < $1.score }?.route ?? decision.routes.first
  }
}
