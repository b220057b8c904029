public import TurnoutCore

/// How one route fares. A decision for several routes counts for each of them.
public struct RouteMeasure: Sendable, Hashable, ValueConvertible {
  /// The route.
  public let route: String
  /// How many requests belong to it.
  public let rows: Int
  /// Of the requests decided for it, those that belong to it.
  public let precision: Proportion
  /// Of the requests that belong to it, those decided for it.
  public let recall: Proportion

  /// The harmonic mean of precision and recall, `2·right / (2·right + wrongly decided for it + missed)`; nil when no
  /// request belongs to it and none was decided for it.
  public var f1: Double? {
    let sum = precision.total + recall.total
    return sum == 0 ? nil : 2 * Double(recall.count) / Double(sum)
  }

  /// `route`, `rows`, `precision`, `recall` and `f1`.
  public var value: Value {
    [
      "route": .string(route), "rows": .int(rows), "precision": precision.value, "recall": recall.value,
      "f1": f1.roundedValue,
    ]
  }

  /// Every route's measure, in the order of the routes.
  static func all(_ requests: [EvaluatedRequest], routes: [String]) -> [RouteMeasure] {
    var counts: [String: (rows: Int, decided: Int, right: Int)] = [:]
    for request in requests {
      if let expected = request.expected { counts[expected, default: (0, 0, 0)].rows += 1 }
      for route in Set(request.routes) {
        counts[route, default: (0, 0, 0)].decided += 1
        if route == request.expected { counts[route, default: (0, 0, 0)].right += 1 }
      }
    }
    return routes.map { route in
      let count = counts[route] ?? (0, 0, 0)
      return RouteMeasure(
        route: route, rows: count.rows, precision: Proportion(count.right, of: count.decided),
        recall: Proportion(count.right, of: count.rows))
    }
  }
}

/// How one stage of a cascade fares: the requests it decided.
public struct StageMeasure: Sendable, Hashable, ValueConvertible {
  /// The stage's word, such as `rules`, `examples` or `model`.
  public let stage: String
  /// The requests it decided, of all that were decided.
  public let rows: Proportion
  /// Of the requests it decided, those that are right.
  public let accuracy: Proportion
  /// What these requests used, earlier stages included.
  public let usage: Usage
  /// How long these requests took, earlier stages included.
  public let latency: LatencyPercentiles

  /// `stage`, `rows`, `accuracy`, `usage` and `latency`.
  public var value: Value {
    [
      "stage": .string(stage), "rows": rows.value, "accuracy": accuracy.value, "usage": usage.value,
      "latency": latency.value,
    ]
  }

  /// Every stage's measure; the stage that decided most comes first.
  static func all(_ requests: [EvaluatedRequest]) -> [StageMeasure] {
    let decided = requests.filter { $0.kind != nil }
    let measures = Dictionary(grouping: decided, by: \.decidedBy).map { stage, rows in
      StageMeasure(
        stage: stage, rows: Proportion(rows.count, of: decided.count),
        accuracy: Proportion(rows.count { $0.isRight }, of: rows.count),
        usage: rows.reduce(into: .none) { $0 += $1.usage }, latency: LatencyPercentiles(rows.map(\.duration)))
    }
    return measures.sorted { ($1.rows.count, $0.stage) < ($0.rows.count, $1.stage) }
  }
}
