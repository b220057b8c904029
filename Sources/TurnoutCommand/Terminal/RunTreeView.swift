import TurnoutCore
import TurnoutEvaluation

/// A finished run for a person: the tree of its steps with times, tokens and costs, which of them decided how long it
/// took, and what was wasted.
struct RunTreeView {
  private let tree: RunTree
  private let critical: Set<Int>
  private let terminal: Terminal

  /// The most lines for what is inside of one step, and in all.
  private static let widest = 12
  private static let longest = 60

  init(_ tree: RunTree, _ terminal: Terminal) {
    self.tree = tree
    self.terminal = terminal
    critical = Set(tree.criticalPath.map(\.id))
  }

  /// Whether there is more to see than one step.
  var isWorthShowing: Bool {
    guard let outermost = tree.outermost else { return false }
    return !Self.isLeaf(outermost) && outermost.usage.calls > 1 || outermost.branches ?? 0 > 1
  }

  private static func isLeaf(_ span: RunTree.Span) -> Bool {
    [StepKind.agent, .model, .tool, .gate].contains(span.kind)
  }

  var lines: [String] {
    guard let outermost = tree.outermost else { return [] }
    var rows: [(cells: [String], span: RunTree.Span?)] = []
    add(outermost, lead: "", below: "", to: &rows)
    let hasCost = outermost.usage.cost != .zero
    let columns = hasCost ? [0, 1, 2, 3, 4] : [0, 1, 2, 4]
    let widths = columns.map { column in rows.map { TextColumns.width($0.cells[column]) }.max() ?? 0 }
    let width = terminal.isTerminal ? terminal.width : 200
    let lines = rows.map { row in
      let cells = zip(columns, widths).map { column, width in
        switch column {
        case 0: TextColumns.left(row.cells[column], width)
        // The last one may be as long as there is room.
        case 4: row.cells[column]
        default: TextColumns.right(row.cells[column], width)
        }
      }
      let mark = row.span.map { critical.contains($0.id) } ?? false ? "●" : " "
      var line = Terminal.fit("\(mark) \(cells.joined(separator: "  "))", width)
      while line.last == " " { line.removeLast() }
      return coloured(line, row.span)
    }
    return lines + [path, waste].compactMap(\.self)
  }

  private func coloured(_ line: String, _ span: RunTree.Span?) -> String {
    switch span?.state {
    case .failed: terminal.red(line)
    case .cancelled, .retried, .replaced, nil: terminal.dim(line)
    case .succeeded, .running: line
    }
  }

  private func add(
    _ span: RunTree.Span, lead: String, below: String, to rows: inout [(cells: [String], span: RunTree.Span?)]
  ) {
    rows.append((cells(of: span, lead), span))
    let inside = Self.isLeaf(span) ? [] : shown(inside: span)
    let left = span.omitted.count + tree.children(of: span).count - inside.count
    for (index, child) in inside.enumerated() {
      if rows.count >= Self.longest { break }
      let isLast = index == inside.count - 1 && (left == 0 || Self.isLeaf(span))
      add(child, lead: below + (isLast ? "└─ " : "├─ "), below: below + (isLast ? "   " : "│  "), to: &rows)
    }
    if !Self.isLeaf(span), left > 0, !inside.isEmpty {
      let failed = span.omitted.failed > 0 ? ", \(span.omitted.failed) of them failed" : ""
      rows.append((["\(below)└─ \(left) more\(failed)", "", "", "", ""], nil))
    }
  }

  /// The pieces inside that say most, in their order: those on the critical path, those that failed, the longest.
  private func shown(inside span: RunTree.Span) -> [RunTree.Span] {
    let all = tree.children(of: span)
    guard all.count > Self.widest else { return all }
    func weight(_ span: RunTree.Span) -> (Int, Duration) {
      (critical.contains(span.id) ? 2 : span.state == .failed ? 1 : 0, span.duration)
    }
    let chosen = Set(all.sorted { weight($0) > weight($1) }.prefix(Self.widest).map(\.id))
    return all.filter { chosen.contains($0.id) }
  }

  private func cells(of span: RunTree.Span, _ lead: String) -> [String] {
    let usage = span.usage
    let tokens = usage.inputTokens + usage.outputTokens
    let note: String =
      switch span.state {
      case .failed, .retried, .replaced:
        "\(span.state == .failed ? "failed" : span.state == .retried ? "tried again" : "replaced"): "
          + Terminal.fit(span.failure?.message ?? "", 120)
      case .cancelled: "cancelled"
      case .running: "not finished"
      case .succeeded: span.branches.map { "\($0) branches" } ?? ""
      }
    return [
      lead + Terminal.fit(span.path.components.last ?? "", 40),
      span.end == nil ? "" : DecisionView.milliseconds(span.duration), tokens > 0 ? "\(tokens) tokens" : "",
      usage.cost == .zero ? "" : "\(usage.cost)", note,
    ]
  }

  private var path: String? {
    let steps = tree.criticalPath
    guard steps.count > 1 || (steps.first?.path.components.count ?? 0) > 1 else { return nil }
    let root = (tree.outermost?.path.components.count ?? 0)
    let parts = steps.prefix(12).map { step in
      "\(step.path.components.dropFirst(root).joined(separator: "/")) \(DecisionView.milliseconds(step.duration))"
    }
    let more = steps.count > 12 ? " → \(steps.count - 12) more" : ""
    return terminal.dim("● critical path: ") + parts.joined(separator: " → ") + more
  }

  private var waste: String? {
    let wasted = tree.wasted
    guard wasted.calls > 0 else { return nil }
    let tokens = wasted.inputTokens + wasted.outputTokens
    let cost = wasted.cost == .zero ? "" : ", \(wasted.cost)"
    return terminal.dim("  wasted: ") + "\(wasted.calls) call\(wasted.calls == 1 ? "" : "s"), \(tokens) tokens\(cost)"
  }
}
