import TurnoutCore

/// An evaluation as plain lines for a terminal, in columns.
///
/// ```swift
/// for line in EvaluationTable(evaluation).lines(width: 80) { print(line) }
/// ```
public struct EvaluationTable: Sendable {
  private let evaluation: RouteEvaluation
  private static let mostRoutes = 30
  private static let mostConfusions = 10

  /// A table of an evaluation.
  public init(_ evaluation: RouteEvaluation) { self.evaluation = evaluation }

  /// The lines, none of them wider than so many columns, at least 40.
  public func lines(width: Int) -> [String] {
    let width = max(40, width)
    let parts = [headline, routes(width), stages(width), confusions, failures].filter { !$0.isEmpty }
    return Array(parts.joined(separator: [""])).map { TextColumns.fit($0, width) }
  }

  private var headline: [String] {
    let used = evaluation.usage
    var rows = [
      ("accuracy in scope", Self.shown(evaluation.accuracy)),
      ("out of scope caught", Self.shown(evaluation.outOfScopeRecall)),
      ("right when none", Self.shown(evaluation.outOfScopePrecision)),
      ("none AUROC", evaluation.outOfScopeRanking.map { TextColumns.decimal($0, 4) } ?? "–"),
      ("decided surely", Self.shown(evaluation.coverage)),
      ("right when sure", Self.shown(evaluation.sureAccuracy)),
      ("calibration error", TextColumns.percent(evaluation.calibration.expectedError)),
      ("time p50 p90 p99", evaluation.latency.text),
      ("used", "\(used.calls) calls, \(used.inputTokens) + \(used.outputTokens) tokens, \(used.embeddings) embeddings"),
    ]
    if evaluation.several.total > 0 { rows.append(("several at once", Self.shown(evaluation.several))) }
    return rows.map { TextColumns.left($0, 20) + "  " + $1 }
  }

  /// The routes that do worst come first.
  private func routes(_ width: Int) -> [String] {
    let ranked = evaluation.perRoute.enumerated().sorted {
      ($0.element.f1 ?? 2, $0.offset) < ($1.element.f1 ?? 2, $1.offset)
    }
    let rows = ranked.prefix(Self.mostRoutes).map(\.element)
    let name = min(width - 39, max(5, rows.map { TextColumns.width($0.route.oneLine) }.max() ?? 5))
    func line(_ first: String, _ cells: [String]) -> String {
      TextColumns.left(first, max(1, name)) + cells.map { TextColumns.right($0, 11) }.joined()
    }
    let lines = rows.map {
      line(
        $0.route.oneLine,
        [
          String($0.rows), TextColumns.percent($0.precision.share), TextColumns.percent($0.recall.share),
        ])
    }
    let rest = evaluation.perRoute.count - rows.count
    return [line("route", ["rows", "precision", "recall"])] + lines + (rest > 0 ? ["and \(rest) more routes"] : [])
  }

  private func stages(_ width: Int) -> [String] {
    guard !evaluation.perStage.isEmpty else { return [] }
    let name = max(5, evaluation.perStage.map { TextColumns.width($0.stage.oneLine) }.max() ?? 5)
    func line(_ first: String, _ cells: [String]) -> String {
      TextColumns.left(first, min(name, max(1, width - 39))) + cells.map { TextColumns.right($0, 11) }.joined()
    }
    return [line("stage", ["decided", "right", "p50"])]
      + evaluation.perStage.map {
        line(
          $0.stage.oneLine,
          [
            TextColumns.percent($0.rows.share), TextColumns.percent($0.accuracy.share),
            TextColumns.time($0.latency.p50),
          ])
      }
  }

  private var confusions: [String] {
    let shown = evaluation.confusions.prefix(Self.mostConfusions)
    let rest = evaluation.confusions.count - shown.count
    return shown.flatMap { confusion in
      ["\(confusion.count) × \(confusion.expectedText.oneLine) → \(confusion.decidedText.oneLine)"]
        + confusion.texts.map { "    \($0.oneLine)" }
    } + (rest > 0 ? ["and \(rest) more confusions"] : [])
  }

  private var failures: [String] {
    let failed = evaluation.failures
    guard let first = failed.first?.failure else { return [] }
    return ["failed: \(failed.count); the first: \(first.message.oneLine)"]
  }

  private static func shown(_ proportion: Proportion) -> String {
    guard let interval = proportion.interval else { return "–" }
    let low = TextColumns.decimal(interval.lowerBound * 100, 1)
    let high = TextColumns.decimal(interval.upperBound * 100, 1)
    return "\(TextColumns.percent(proportion.share))  (\(low)–\(high))  \(proportion.count) of \(proportion.total)"
  }
}

extension LatencyPercentiles {
  var text: String { [p50, p90, p99].map { TextColumns.time($0) }.joined(separator: "  ") }
}
