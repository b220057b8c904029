import TurnoutCore
import TurnoutProviders

/// The last lines of a run for a person: what was decided, what it took, what went wrong.
struct SummaryView {
  let lines: [String]

  /// - Parameter showsTree: whether the tree of the run is shown; unless told, on a terminal and where there is more than
  ///   one step.
  init(_ report: RunReport, _ terminal: Terminal, showsTree: Bool? = nil) {
    var lines: [String] = []
    let tree = RunTreeView(report.summary.tree, terminal)
    if showsTree ?? (terminal.isTerminal && tree.isWorthShowing) { lines += tree.lines }
    if let error = report.error, !(error is CancellationError) { lines.append(Output.message(error)) }
    if let error = report.error as? RecordingError { lines += error.difference.map { "  " + $0 } }
    if report.summary.id != nil, terminal.isTerminal || showsTree == true {
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
      lines.append("turnout: interrupted" + Self.finished(report.output))
    }
    if report.status == .interrupted, terminal.isTerminal || showsTree == true, report.output != nil {
      lines.append(terminal.dim("interrupted" + Self.finished(report.output)))
    }
    lines += report.notes.map { terminal.dim("note: \($0)") }
    self.lines = lines
  }

  /// What had finished before a run was interrupted, by its paths.
  private static func finished(_ output: Value?) -> String {
    guard let paths = output?.array?.compactMap({ $0["path"]?.string }), !paths.isEmpty else { return "" }
    let more = paths.count > 10 ? " and \(paths.count - 10) more" : ""
    return "; \(paths.count) finished and \(paths.count == 1 ? "was" : "were") printed: "
      + paths.prefix(10).joined(separator: ", ") + more
  }
}
