import TurnoutCore
import TurnoutProviders

/// The last lines of a run for a person: what was decided, what it took, what went wrong.
struct SummaryView {
  let lines: [String]

  init(_ report: RunReport, _ terminal: Terminal) {
    var lines: [String] = []
    if let error = report.error, !(error is CancellationError) { lines.append(Output.message(error)) }
    if let error = report.error as? RecordingError { lines += error.difference.map { "  " + $0 } }
    if report.summary.id != nil, terminal.isTerminal {
      let mark = [.failed, .interrupted].contains(report.status) ? terminal.red("✗") : terminal.green("✓")
      let usage = report.summary.usage
      var parts = ["\(report.status.rawValue) in \(DecisionView.milliseconds(report.summary.duration))"]
      if let decision = report.summary.decision {
        parts.append("answered by \(decision.routes.isEmpty ? "otherwise" : decision.routes.joined(separator: ", "))")
      }
      if usage.calls > 0 {
        parts.append("\(usage.calls) calls, \(usage.inputTokens) tokens in, \(usage.outputTokens) out")
      }
      if usage.cost != .zero { parts.append("\(usage.cost)") }
      let wasted = report.summary.wasted
      if wasted.calls > 0 {
        parts.append("\(wasted.calls) calls wasted" + (wasted.cost == .zero ? "" : ", \(wasted.cost)"))
      }
      lines.append("\(mark) " + terminal.dim(parts.joined(separator: " · ")))
    } else if report.status == .interrupted {
      lines.append("turnout: interrupted" + (report.output == nil ? "" : "; what had finished was printed"))
    }
    lines += report.notes.map { terminal.dim("note: \($0)") }
    self.lines = lines
  }
}
