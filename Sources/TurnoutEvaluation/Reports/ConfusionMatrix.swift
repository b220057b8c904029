import TurnoutCore

/// What was expected against what was decided, as a table whose cells are the darker the more requests they hold.
struct ConfusionMatrix {
  private let evaluation: RouteEvaluation
  private static let mostRoutes = 60

  init(_ evaluation: RouteEvaluation) { self.evaluation = evaluation }

  private struct Cell: Hashable {
    let expected: String?
    let decided: String?
  }

  /// The matrix as a section, over the routes that are in a confusion, and none; nothing when nothing is confused.
  var html: String {
    let ranked = confusedRoutes
    let shown = Set(ranked.prefix(Self.mostRoutes))
    let order = evaluation.routes.filter(shown.contains).map(Optional.some) + [nil]
    guard !evaluation.confusions.isEmpty else { return "" }
    let counts = counts
    let largest = counts.filter { $0.key.expected != $0.key.decided }.values.max() ?? 1
    let heads = order.map { "<th scope=\"col\"><span>\(HTMLText.route($0))</span></th>" }.joined()
    let rows = order.map { expected in
      let cells = order.map { decided in
        cell(counts[Cell(expected: expected, decided: decided)] ?? 0, of: largest, isRight: expected == decided)
      }
      return "<tr><th scope=\"row\">\(HTMLText.route(expected))</th>\(cells.joined())</tr>"
    }
    return """
      <section>
      <h2>Confusion matrix</h2>
      <p>\(note(shown: order.count - 1, confused: ranked.count))</p>
      <div class="scroll"><table class="matrix">
      <caption>Rows are what was expected, columns what was decided</caption>
      <thead><tr><td></td>\(heads)</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div>
      </section>
      """
  }

  private func note(shown: Int, confused: Int) -> String {
    var note = "\(shown) of \(evaluation.routes.count) routes"
    note += confused > shown ? ", those in the most of \(confused) with confusions" : ", all that were confused"
    if evaluation.several.total > 0 {
      note += "; a decision for several counts for the right one, else for its first"
    }
    return note + "."
  }

  /// Routes that are in a confusion, those with the most requests first.
  private var confusedRoutes: [String] {
    var wrong: [String: Int] = [:]
    for confusion in evaluation.confusions {
      for name in [confusion.expected, confusion.decided.first].compactMap({ $0 }) {
        wrong[name, default: 0] += confusion.count
      }
    }
    let ranked = evaluation.routes.enumerated().filter { wrong[$0.element] != nil }
    return ranked.sorted { (wrong[$1.element] ?? 0, $0.offset) < (wrong[$0.element] ?? 0, $1.offset) }.map(\.element)
  }

  private var counts: [Cell: Int] {
    var counts: [Cell: Int] = [:]
    for row in evaluation.requests where row.kind != nil {
      counts[Cell(expected: row.expected, decided: row.isRight ? row.expected : row.routes.first), default: 0] += 1
    }
    return counts
  }

  private func cell(_ count: Int, of largest: Int, isRight: Bool) -> String {
    guard count > 0 else { return "<td></td>" }
    if isRight { return "<td class=\"right\">\(count)</td>" }
    let heat = TextColumns.decimal(0.15 + 0.6 * Double(count) / Double(largest), 2)
    return "<td style=\"background:rgba(214,69,65,\(heat))\">\(count)</td>"
  }
}
