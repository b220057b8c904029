/// Where a request should go, and why: a value that explains itself.
public struct RouteDecision: Sendable, Hashable {
  /// What was decided.
  public enum Kind: String, Sendable {
    /// One of the routes.
    case route
    /// None of them; the router's `otherwise` answers.
    case none
    /// Two or more at once.
    case several
  }

  /// What was decided.
  public var kind: Kind
  /// The chosen routes; empty for none.
  public var routes: [String]
  /// Who decided, such as `rules`, `examples` or `model`; `otherwise` when nobody gave a usable answer.
  public var decidedBy: String
  /// How sure the decision is, from 0 to 1; nil where the selector cannot tell.
  public var confidence: Double?
  /// Every route's score in the order of the routes; what they sum to and what is missing to 1 is the selector's.
  public var scores: [RouteScore]
  /// Why, in words.
  public var reasoning: String?
  /// What the decision rests on, such as the nearest examples.
  public var evidence: [RouteEvidence]
  /// What else to know, such as that only the beginning of the request was read.
  public var notes: [String]
  /// What deciding used: calls of models and texts embedded; counted by the router.
  public var usage = Usage.none
  /// How long deciding took; measured by the router.
  public var duration = Duration.zero
  /// Whether the selector stands by it; an unsure decision passes to the next stage of a cascade.
  public var isSure: Bool

  /// A decision.
  public init(
    _ kind: Kind, routes: [String] = [], by decidedBy: String, confidence: Double? = nil, scores: [RouteScore] = [],
    reasoning: String? = nil, evidence: [RouteEvidence] = [], notes: [String] = [], isSure: Bool = true
  ) {
    self.kind = kind
    self.routes = routes
    self.decidedBy = decidedBy
    self.confidence = confidence
    self.scores = scores
    self.reasoning = reasoning
    self.evidence = evidence
    self.notes = notes
    self.isSure = isSure
  }

  /// How far the best answer is ahead of the second best, *none* included, by scores; nil without scores.
  public var margin: Double? {
    guard !scores.isEmpty else { return nil }
    var best = [-Double.infinity, -Double.infinity]
    for score in scores.map(\.score) + [1 - scores.reduce(0) { $0 + $1.score }] {
      if score > best[0] { best = [score, best[0]] } else if score > best[1] { best[1] = score }
    }
    return best[0] - best[1]
  }
}

/// A route's score in a decision.
public struct RouteScore: Sendable, Hashable {
  /// The route's name.
  public let route: String
  /// Its score; for examples and models the probability that it is meant.
  public let score: Double

  /// A score.
  public init(_ route: String, _ score: Double) {
    self.route = route
    self.score = score
  }
}

/// An example that a decision rests on.
public struct RouteEvidence: Sendable, Hashable, ValueConvertible {
  /// The route it speaks for.
  public let route: String
  /// The example's text, as the route declares it.
  public let text: String
  /// How like the request it is, from -1 to 1.
  public let similarity: Double

  /// Evidence.
  public init(route: String, text: String, similarity: Double) {
    self.route = route
    self.text = text
    self.similarity = similarity
  }

  public var value: Value {
    ["route": .string(route), "text": .string(text), "similarity": .double(similarity.rounded(toPlaces: 4))]
  }
}

extension RouteDecision: ValueConvertible {
  public var value: Value {
    var object: ValueObject = [
      "kind": .string(kind.rawValue), "routes": .array(routes.map { .string($0) }), "decided_by": .string(decidedBy),
      "confidence": confidence.map { .double($0.rounded(toPlaces: 4)) } ?? .null,
      "margin": margin.map { .double($0.rounded(toPlaces: 4)) } ?? .null,
      "scores": .object(ValueObject(scores.map { ($0.route, .double($0.score.rounded(toPlaces: 4))) })),
      "reasoning": reasoning.map { .string($0) } ?? .null, "evidence": evidence.value,
    ]
    if duration > .zero {
      object["duration_ms"] = duration.value
      object["usage"] = usage.value
    }
    if !notes.isEmpty { object["notes"] = .array(notes.map { .string($0) }) }
    if !isSure { object["is_sure"] = false }
    return .object(object)
  }
}

extension Double {
  func rounded(toPlaces places: Int) -> Double {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}
