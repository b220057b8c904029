import TurnoutCore

/// An evaluation as one HTML file that needs nothing else: no network, no other files, light and dark.
///
/// ```swift
/// let html = EvaluationPage(evaluation, title: "Support").html
/// ```
/// Texts of requests are in it as they are, escaped; a policy in the page forbids it to load anything.
public struct EvaluationPage: Sendable {
  private let evaluation: RouteEvaluation
  private let title: String
  private static let mostConfusions = 50

  /// A page of an evaluation.
  public init(_ evaluation: RouteEvaluation, title: String = "Routing evaluation") {
    self.evaluation = evaluation
    self.title = title
  }

  /// The whole page.
  public var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" \
    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <title>\(HTMLText.escaped(title))</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body>
    <main>
    <h1>\(HTMLText.escaped(title))</h1>
    \(summary)
    \(ConfusionMatrix(evaluation).html)
    \(ReliabilityDiagram(evaluation.calibration).html)
    \(routes)
    \(confusions)
    \(stages)
    \(failures)
    </main>
    <script>
    \(PageStyle.script)
    </script>
    </body>
    </html>

    """
  }

  private var summary: String {
    let used = evaluation.usage
    let figures = [
      ("Accuracy in scope", HTMLText.share(evaluation.accuracy)),
      ("Out of scope caught", HTMLText.share(evaluation.outOfScopeRecall)),
      ("Out of scope when decided so", HTMLText.share(evaluation.outOfScopePrecision)),
      ("AUROC of none", evaluation.outOfScopeRanking.map { TextColumns.decimal($0, 4) } ?? "–"),
      ("Decided surely", HTMLText.share(evaluation.coverage)),
      ("Right when sure", HTMLText.share(evaluation.sureAccuracy)),
      ("Calibration error", TextColumns.percent(evaluation.calibration.expectedError)),
      ("Time p50, p90, p99", evaluation.latency.text),
      ("Used", "\(used.calls) calls, \(used.inputTokens) + \(used.outputTokens) tokens, \(used.embeddings) embeddings"),
    ]
    let several =
      evaluation.several.total == 0
      ? "" : " \(evaluation.several.count) of \(evaluation.several.total) decisions for several routes are right."
    let items = figures.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }.joined(separator: "\n")
    return """
      <p>\(evaluation.requests.count) requests, \(evaluation.accuracy.total) in scope and \
      \(evaluation.outOfScopeRecall.total) out of scope; \(evaluation.routes.count) routes; \
      \(evaluation.failures.count) failed.\(several) Small numbers are intervals at 95 %.</p>
      <dl>
      \(items)
      </dl>
      """
  }

  private var routes: String {
    let rows = evaluation.perRoute.map { route in
      "<tr><th scope=\"row\">\(HTMLText.isolated(route.route))</th>"
        + HTMLText.number("\(route.rows)", Double(route.rows))
        + HTMLText.number(HTMLText.share(route.precision), route.precision.share)
        + HTMLText.number(HTMLText.share(route.recall), route.recall.share)
        + HTMLText.number(route.f1.map { TextColumns.decimal($0, 3) } ?? "–", route.f1) + "</tr>"
    }
    return Self.table(
      "Routes", ["Route", "Requests", "Precision", "Recall", "F1"], rows, isSortable: true)
  }

  private var stages: String {
    let rows = evaluation.perStage.map { stage in
      "<tr><th scope=\"row\">\(HTMLText.isolated(stage.stage))</th><td>\(stage.rows.count)</td>"
        + "<td>\(TextColumns.percent(stage.rows.share))</td><td>\(HTMLText.share(stage.accuracy))</td>"
        + "<td>\(stage.latency.text)</td><td>\(stage.usage.calls)</td>"
        + "<td>\(stage.usage.inputTokens) + \(stage.usage.outputTokens)</td><td>\(stage.usage.embeddings)</td></tr>"
    }
    return Self.table(
      "Stages",
      ["Stage", "Decided", "Share", "Right", "Time p50, p90, p99", "Calls", "Tokens", "Embeddings"], rows)
  }

  private var confusions: String {
    let shown = evaluation.confusions.prefix(Self.mostConfusions)
    let rows = shown.map { confusion in
      let routes = confusion.decided.map(HTMLText.isolated).joined(separator: " + ")
      let decided = confusion.decided.isEmpty ? HTMLText.route(nil) : routes
      let texts = confusion.texts.map { "<li>\(HTMLText.isolated($0))</li>" }.joined()
      return "<tr><td>\(confusion.count)</td><td>\(HTMLText.route(confusion.expected))</td><td>\(decided)</td>"
        + "<td class=\"texts\"><ul>\(texts)</ul></td></tr>"
    }
    let rest = evaluation.confusions.count - shown.count
    return Self.table("Confusions", ["Requests", "Expected", "Decided", "Such as"], rows)
      + (rest > 0 ? "\n<p>And \(rest) more.</p>" : "")
  }

  private var failures: String {
    let failed = evaluation.failures
    let rows = failed.prefix(Self.mostConfusions).map { row in
      "<tr><td class=\"texts\">\(HTMLText.isolated(row.input))</td>"
        + "<td class=\"texts\">\(HTMLText.isolated(row.failure?.message ?? ""))</td></tr>"
    }
    guard !rows.isEmpty else { return "" }
    let rest = failed.count - rows.count
    return Self.table("Failed", ["Request", "Why"], Array(rows)) + (rest > 0 ? "\n<p>And \(rest) more.</p>" : "")
  }

  /// A section with a table; nothing without rows.
  private static func table(
    _ title: String, _ columns: [String], _ rows: [String], isSortable: Bool = false
  ) -> String {
    guard !rows.isEmpty else { return "" }
    let heads = columns.map { name in
      "<th scope=\"col\">\(isSortable ? "<button type=\"button\">\(name)</button>" : name)</th>"
    }
    return """
      <section>
      <h2>\(title)</h2>
      <div class="scroll"><table\(isSortable ? " class=\"sortable\"" : "")>
      <caption>\(title)</caption>
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }
}
