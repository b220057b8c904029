import TurnoutCore
import TurnoutEvaluation

/// A route decision for a person: the routes on offer with their scores, who decided, and why.
struct DecisionView {
  private let decision: RouteDecision
  private let duration: Duration?
  private let terminal: Terminal

  init(_ decision: RouteDecision, _ duration: Duration?, _ terminal: Terminal) {
    self.decision = decision
    self.duration = duration
    self.terminal = terminal
  }

  var text: String { ([headline] + rows + reasons).joined(separator: "\n") }

  private var headline: String {
    let target = decision.routes.isEmpty ? "none of these" : decision.routes.joined(separator: " and ")
    let sure = decision.confidence.map { ", confidence \(Self.decimal($0))" } ?? ""
    let time = duration.map { ", \(Self.milliseconds($0))" } ?? ""
    return terminal.bold(terminal.green("→ \(target)"))
      + terminal.dim("  decided by \(decision.decidedBy)\(sure)\(time)")
  }

  private var rows: [String] {
    var scores = decision.scores.map { ($0.route, $0.score) }
    guard !scores.isEmpty else { return [] }
    let rest = 1 - scores.reduce(0) { $0 + $1.1 }
    if rest > -0.001 { scores.append((RouteTable.none, max(0, rest))) }
    let width = scores.map { TextColumns.width($0.0) }.max() ?? 0
    return scores.map { name, score in
      let isChosen = decision.routes.contains(name) || (decision.routes.isEmpty && name == RouteTable.none)
      let bar = String(repeating: "█", count: Int((min(max(score, 0), 1) * 24).rounded()))
      let padded = name + String(repeating: " ", count: width - TextColumns.width(name))
      return "  \(isChosen ? terminal.bold(padded) : padded)  \(Self.decimal(score))  \(terminal.cyan(bar))"
    }
  }

  private var reasons: [String] {
    var lines: [String] = []
    if let reasoning = decision.reasoning { lines.append("  \(reasoning)") }
    return (lines + decision.notes.map { "  \($0)" }).map(terminal.dim)
  }

  static func decimal(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
  }

  static func milliseconds(_ duration: Duration) -> String {
    let milliseconds = duration.milliseconds
    if milliseconds >= 1_000 { return "\((milliseconds / 100).rounded() / 10) s" }
    return milliseconds >= 10 ? "\(Int(milliseconds.rounded())) ms" : "\((milliseconds * 10).rounded() / 10) ms"
  }
}
