public import TurnoutCore

extension RouteEvaluation: ValueConvertible {
  /// The version of the report's format; it changes when a key changes its meaning or goes.
  public static let version = 1

  /// The report as JSON.
  ///
  /// `turnout_evaluation` is the format's version, 1. `requests` and `failed` are counts. `accuracy` (in scope),
  /// `overall_accuracy`, `coverage`, `sure_accuracy`, `several` and, in `out_of_scope`, `recall` and `precision` are
  /// each a ``Proportion``; `out_of_scope` has `auroc` too. `calibration`, `latency`, `usage`, `per_route`,
  /// `per_stage` and `confusions` are as their types say. `operating_points` lists what is caught while 95 % and 99 %
  /// are kept (`keeping`) and what is kept while 90 % are caught (`catching`). `routes` are the names, and `rows` has
  /// every request. Measures have 4 decimals, rows all of them.
  public var value: Value {
    [
      "turnout_evaluation": .int(Self.version), "requests": .int(requests.count), "failed": .int(failures.count),
      "accuracy": accuracy.value, "overall_accuracy": overallAccuracy.value,
      "out_of_scope": [
        "recall": outOfScopeRecall.value, "precision": outOfScopePrecision.value,
        "auroc": outOfScopeRanking.roundedValue,
      ],
      "coverage": coverage.value, "sure_accuracy": sureAccuracy.value, "several": several.value,
      "calibration": calibration.value, "latency": latency.value, "usage": usage.value,
      "operating_points": .array(statedPoints), "per_route": perRoute.value, "per_stage": perStage.value,
      "confusions": confusions.value, "routes": .array(routes.map { .string($0) }), "rows": requests.value,
    ]
  }

  private var statedPoints: [Value] {
    let keeping = [0.95, 0.99].map { ("keeping", $0, operatingPoints.keeping($0)) }
    let catching = [0.9].map { ("catching", $0, operatingPoints.catching($0)) }
    return (keeping + catching).compactMap { word, share, point in
      guard let point, case .object(var object) = point.value else { return nil }
      object[word] = .double(share)
      return .object(object)
    }
  }

  /// Reads a report as ``value`` writes it: the routes and the rows, from which every measure follows.
  /// - Throws: ``EvaluationError`` that names what is missing or wrong.
  public init(value: Value) throws {
    let reader = try ReportReader(value, at: "report")
    guard value["turnout_evaluation"] != nil else {
      throw EvaluationError.unreadable("report: turnout_evaluation is missing; this is no report of an evaluation")
    }
    let version = try reader.int("turnout_evaluation")
    guard version == Self.version else {
      throw EvaluationError.unreadable(
        "report: it has version \(version) and only \(Self.version) can be read; make the report anew")
    }
    let rows = try reader.array("rows").enumerated().map { position, row in
      try EvaluatedRequest(try ReportReader(row, at: "report: rows[\(position)]"))
    }
    self.init(requests: rows, routes: try reader.strings("routes"))
  }

  /// Reads the file of a report, of at most 2 GiB.
  /// - Throws: ``EvaluationError`` that names the file and what is wrong.
  public init(contentsOf path: String) throws {
    var bytes: [UInt8] = []
    do {
      try FileBytes.read(path, limit: 2 << 30) { bytes.append(contentsOf: $0) }
      try self.init(value: try Value(json: bytes))
    } catch let failure as FileBytes.Failure {
      throw EvaluationError.unreadable("\(path): \(failure.message)")
    } catch {
      throw EvaluationError.unreadable("\(path): \(error)")
    }
  }
}
