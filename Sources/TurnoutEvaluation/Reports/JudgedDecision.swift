public import TurnoutCore

/// A labelled request and what was decided about it, or why nothing was.
public struct JudgedDecision: Sendable {
  /// The request.
  public let request: LabelledRequest
  /// The decision, or the failure of deciding.
  public let result: Result<RouteDecision, RunFailure>

  /// A decision about a request.
  public init(_ request: LabelledRequest, _ decision: RouteDecision) {
    self.request = request
    result = .success(decision)
  }

  /// A failure of deciding about a request.
  public init(_ request: LabelledRequest, failure: RunFailure) {
    self.request = request
    result = .failure(failure)
  }

  /// The decision, or nil.
  public var decision: RouteDecision? { try? result.get() }

  /// The failure, or nil.
  public var failure: RunFailure? { if case .failure(let failure) = result { failure } else { nil } }

  /// Whether it was decided rightly: none for a request of no route, else the request's route, alone or among several.
  public var isRight: Bool {
    guard let decision else { return false }
    guard let expected = request.route else { return decision.kind == .none }
    return decision.routes.contains(expected)
  }
}
