import TurnoutCore

/// Folds events into lines: one for each branch of a fan-out, each routed answer and each step of a chain.
struct ProgressModel {
  struct Line {
    enum State { case active, succeeded, failed, cancelled }
    var state = State.active
    var path: String
    var started: Duration
    var ended: Duration?
    var tokens = 0
    var tail = ""

    func text(_ terminal: Terminal, width: Int = 200) -> String {
      let mark =
        switch state {
        case .active: terminal.cyan("…")
        case .succeeded: terminal.green("✓")
        case .failed: terminal.red("✗")
        case .cancelled: terminal.dim("-")
        }
      let time = ended.map { " \(DecisionView.milliseconds($0 - started))" } ?? ""
      let count = tokens > 0 ? " \(tokens) tokens" : ""
      let head = Terminal.fit(path, max(10, width - 30))
      let room = width - Terminal.columns(head) - time.count - count.count - 6
      let words = tail.isEmpty || room < 8 ? "" : "  \(Terminal.fit(tail.suffix(room), room))"
      return "\(mark) \(head)\(terminal.dim(time + count + words))"
    }
  }

  private var lines: [Int: Line] = [:]
  private var owners: [Int: Int] = [:]
  private var composites: Set<Int> = []
  private var ended: [Line] = []

  private static let containers: Set<StepKind> = [.parallel, .each, .split, .chain, .route]

  /// Adds an event and returns the line it completed, if it completed one.
  mutating func add(_ event: RunEvent) -> Line? {
    switch event.kind {
    case .started(let started):
      let parent = started.parent
      if Self.containers.contains(started.kind) { composites.insert(event.span) }
      if parent.map(composites.contains) ?? true, !Self.containers.contains(started.kind) {
        lines[event.span] = Line(path: event.path.description, started: event.time)
        owners[event.span] = event.span
      } else {
        owners[event.span] = parent.flatMap { owners[$0] }
      }
    case .text(let text):
      guard let owner = owners[event.span] else { return nil }
      let tail = (lines[owner]?.tail ?? "") + text
      lines[owner]?.tail = String(tail.suffix(160))
    case .reasked:
      if let owner = owners[event.span] { lines[owner]?.tail = "" }
    case .finished(let finished): return end(event, .succeeded, finished.usage)
    case .failed(let failed): return end(event, failed.failure.isCancellation ? .cancelled : .failed, failed.usage, failed.failure.message)
    default: break
    }
    return nil
  }

  private mutating func end(_ event: RunEvent, _ state: Line.State, _ usage: Usage, _ message: String? = nil) -> Line? {
    owners[event.span] = nil
    guard var line = lines.removeValue(forKey: event.span) else { return nil }
    line.state = state
    line.ended = event.time
    line.tokens = usage.inputTokens + usage.outputTokens
    line.tail = state == .failed ? message ?? "" : ""
    ended.append(line)
    return line
  }

  /// The lines that have ended since this was last asked.
  mutating func takeEnded() -> [Line] {
    defer { ended.removeAll() }
    return ended
  }

  /// The lines at work, the oldest first.
  func active(limit: Int) -> [Line] {
    Array(lines.sorted { $0.key < $1.key }.map(\.value).prefix(limit))
  }
}
