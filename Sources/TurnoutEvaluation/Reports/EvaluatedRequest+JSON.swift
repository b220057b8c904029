public import TurnoutCore

extension EvaluatedRequest: ValueConvertible {
  /// `input`, `line`, `expected`, `kind` (`route`, `none`, `several` or `failed`), `routes`, `right`, `confidence`,
  /// `none_score`, `best`, `sure`, `decided_by`, `duration_ms`, `usage`, and `error` where deciding failed.
  public var value: Value {
    var object: ValueObject = [
      "input": .string(input), "line": .int(line), "expected": expected.map { .string($0) } ?? .null,
      "kind": .string(kind?.rawValue ?? "failed"), "routes": .array(routes.map { .string($0) }),
      "right": .bool(isRight), "confidence": confidence.map { .double($0) } ?? .null,
      "none_score": noneScore.map { .double($0) } ?? .null, "best": best.map { .string($0) } ?? .null,
      "sure": .bool(isSure), "decided_by": .string(decidedBy), "duration_ms": duration.value, "usage": usage.value,
    ]
    object["error"] = failure?.value
    return .object(object)
  }

  /// Reads a row as ``value`` writes it.
  init(_ reader: ReportReader) throws {
    let word = try reader.string("kind")
    guard word == "failed" || RouteDecision.Kind(rawValue: word) != nil else {
      throw reader.error("kind", "route, none, several or failed was expected")
    }
    self.init(
      input: try reader.string("input"), expected: try reader.optional("expected", reader.string),
      line: try reader.int("line"), kind: RouteDecision.Kind(rawValue: word), routes: try reader.strings("routes"),
      confidence: try reader.optional("confidence", reader.double),
      noneScore: try reader.optional("none_score", reader.double), best: try reader.optional("best", reader.string),
      isSure: try reader.bool("sure"), decidedBy: try reader.string("decided_by"), isRight: try reader.bool("right"),
      duration: try reader.duration("duration_ms"), usage: try reader.usage("usage"),
      failure: try reader.optional("error") { key in
        let error = try reader.object(key)
        return RunFailure(label: try error.string("label"), message: try error.string("message"))
      })
  }
}
