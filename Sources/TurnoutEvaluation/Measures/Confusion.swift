public import TurnoutCore

/// A way of being wrong: what was expected and what was decided instead.
public struct Confusion: Sendable, Hashable, ValueConvertible {
  /// The route the requests belong to; nil for none.
  public let expected: String?
  /// What was decided; empty for none, more than one for a decision for several.
  public let decided: [String]
  /// How many requests.
  public let count: Int
  /// The first three of them.
  public let texts: [String]

  /// `expected`, `decided`, `count` and `texts`.
  public var value: Value {
    [
      "expected": expected.map { .string($0) } ?? .null, "decided": .array(decided.map { .string($0) }),
      "count": .int(count), "texts": .array(texts.map { .string($0) }),
    ]
  }

  /// What was decided in words: the routes, or `none`.
  public var decidedText: String { decided.isEmpty ? RouteTable.none : decided.joined(separator: " + ") }

  /// What was expected in words: the route, or `none`.
  public var expectedText: String { expected ?? RouteTable.none }

  private struct Pair: Hashable {
    let expected: String?
    let decided: [String]
  }

  /// All of them, the most frequent first; requests that failed are not among them.
  static func all(_ requests: [EvaluatedRequest]) -> [Confusion] {
    let wrong = requests.filter { $0.kind != nil && !$0.isRight }
    let confusions = Dictionary(grouping: wrong) { Pair(expected: $0.expected, decided: $0.routes) }.map { pair, rows in
      Confusion(
        expected: pair.expected, decided: pair.decided, count: rows.count, texts: rows.prefix(3).map(\.input))
    }
    return confusions.sorted { left, right in
      let (one, other) = (
        (right.count, left.expectedText, left.decidedText), (left.count, right.expectedText, right.decidedText)
      )
      // Routes may read like two joined ones; without an order among these, no two reports would be alike.
      return one == other ? left.decided.lexicographicallyPrecedes(right.decided) : one < other
    }
  }
}
