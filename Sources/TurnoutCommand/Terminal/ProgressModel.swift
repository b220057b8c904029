import TurnoutCore
import TurnoutEvaluation

/// Folds events into what a person is shown: decisions, and a line for each branch, answer and step at work.
struct ProgressModel {
  /// Something that stays on the screen.
  enum Entry {
    case decision(RouteDecision)
    case line(ProgressLine)

    func text(_ terminal: Terminal, width: Int) -> String {
      switch self {
      case .decision(let decision): DecisionView(decision, nil, terminal).text
      case .line(let line): line.text(terminal, width: width)
      }
    }
  }

  /// Whether every branch has a line of its own when it ends, however many there are.
  let keepsAll: Bool
  private var lines: [Int: ProgressLine] = [:]
  private var retried: Set<Int> = []
  private var owners: [Int: Int] = [:]
  private var composites: Set<Int> = []
  private var fallbacks: Set<Int> = []
  private var parents: [Int: Int] = [:]
  private var fanOuts: [Int: FanOutProgress] = [:]
  private var ended: [Entry] = []
  private var runBegan: ContinuousClock.Instant?

  private static let containers: Set<StepKind> = [
    .parallel, .each, .split, .race, .hedge, .vote, .judge, .medoid, .bestOf, .mixture, .refine, .orchestrate,
    .chain, .route, .fallback,
  ]

  init(keepsAll: Bool) { self.keepsAll = keepsAll }

  /// Adds an event and returns what it completed, if it completed something.
  mutating func add(_ event: RunEvent) -> Entry? {
    if runBegan == nil { runBegan = ContinuousClock.now - event.time }
    switch event.kind {
    case .started(let started): start(event, started)
    case .decided(let decision): return keep(.decision(decision))
    case .text(let text):
      guard let owner = owners[event.span] else { return nil }
      let tail = (lines[owner]?.tail ?? "") + text
      lines[owner]?.tail = String(tail.suffix(160))
    case .branching(let count):
      fanOuts[event.span] = FanOutProgress(path: event.path.description, count: count, began: event.time)
    case .reasked, .discarded:
      if let owner = owners[event.span] { lines[owner]?.tail = "" }
    case .retrying(let retrying) where retrying.kind != .model: retried.insert(event.span)
    case .finished(let finished):
      // What a line has used so far is known call by call.
      if finished.kind == .model, let owner = owners[event.span] { lines[owner]?.usage += finished.usage }
      return end(event, .succeeded, finished.usage, "")
    case .failed(let failed):
      // What a fallback answers for has not gone wrong for the run.
      let isReplaced = parents[event.span].map(fallbacks.contains) ?? false
      let isRetried = retried.remove(event.span) != nil
      let state: ProgressLine.State =
        failed.failure.isCancellation ? .cancelled : isRetried ? .retried : isReplaced ? .replaced : .failed
      return end(event, state, failed.usage, state == .cancelled ? "" : failed.failure.message)
    default: break
    }
    return nil
  }

  private mutating func start(_ event: RunEvent, _ started: RunEvent.Started) {
    let isContainer = Self.containers.contains(started.kind)
    if isContainer { composites.insert(event.span) }
    if started.kind == .fallback { fallbacks.insert(event.span) }
    parents[event.span] = started.parent
    if started.parent.map(composites.contains) ?? true, !isContainer {
      lines[event.span] = ProgressLine(path: event.path.description, started: event.time)
      owners[event.span] = event.span
    } else {
      owners[event.span] = started.parent.flatMap { owners[$0] }
    }
  }

  private mutating func end(
    _ event: RunEvent, _ state: ProgressLine.State, _ usage: Usage, _ message: String
  ) -> Entry? {
    owners[event.span] = nil
    let fanOut = fanOuts.removeValue(forKey: event.span)
    // An attempt that is tried again is not the end of its branch.
    let parent = parents.removeValue(forKey: event.span)
    if let parent, state != .retried {
      fanOuts[parent]?.advance(event.time, hasFailed: state == .failed)
    }
    guard var line = lines.removeValue(forKey: event.span) else {
      // A wide fan-out has one line in the place of its branches'.
      guard let fanOut, !keepsAll, fanOut.count > Self.widest else { return nil }
      var line = ProgressLine(path: fanOut.path, started: fanOut.began)
      (line.state, line.ended, line.usage) = (state, event.time, usage)
      line.tail = "\(fanOut.count) branches"
      return keep(.line(line))
    }
    line.state = state
    line.ended = event.time
    line.usage = usage
    line.tail = message
    // Of a fan-out that does not fit on the screen only what went wrong stays there; the rest is in its bar.
    if let parent, state == .succeeded || state == .cancelled, !keepsAll, isWide(parent) { return nil }
    return keep(.line(line))
  }

  /// More branches than this are not told one by one.
  private static let widest = 24

  private func isWide(_ span: Int) -> Bool { (fanOuts[span]?.count ?? 0) > Self.widest }

  private mutating func keep(_ entry: Entry) -> Entry {
    ended.append(entry)
    return entry
  }

  /// What has ended since this was last asked.
  mutating func takeEnded() -> [Entry] {
    defer { ended.removeAll() }
    return ended
  }

  /// What is at work, the oldest first; before it, how far fan-outs are that do not fit on the screen.
  func active(limit: Int, _ terminal: Terminal, width: Int) -> [String] {
    let wide = fanOuts.sorted { $0.key < $1.key }.map(\.value).filter { $0.count > limit }.prefix(3)
      .map { $0.text(terminal, width: width) }
    let now = runBegan.map { ContinuousClock.now - $0 }
    let narrow = lines.sorted { $0.key < $1.key }.prefix(limit).map { $0.value.text(terminal, width: width, now: now) }
    return wide + narrow
  }
}

/// How far a fan-out is, and how long the rest will take if it goes on like this.
struct FanOutProgress {
  let path: String
  let count: Int
  let began: Duration
  private var done = 0
  private var failed = 0
  private var last = Duration.zero

  init(path: String, count: Int, began: Duration) {
    self.path = path
    self.count = count
    self.began = began
  }

  mutating func advance(_ now: Duration, hasFailed: Bool) {
    done += 1
    if hasFailed { failed += 1 }
    last = now
  }

  func text(_ terminal: Terminal, width: Int) -> String {
    let left = done > 0 ? (last - began) / done * (count - done) : nil
    let estimate = left.map { terminal.dim(", about \(DecisionView.milliseconds($0)) left") } ?? ""
    let wrong = failed > 0 ? terminal.red(", \(failed) failed") : ""
    let short = "\(terminal.cyan("…")) \(Terminal.fit(path, max(8, min(30, width - 50))))  \(done) of \(count)\(wrong)"
    // What does not fit is left out, the bar first.
    if width < 50 { return short }
    let whole = "\(terminal.cyan("…")) \(Terminal.fit(path, 30))  \(bar) \(done) of \(count)\(wrong)\(estimate)"
    return TextColumns.width(Terminal.plain(whole)) < width ? whole : short
  }

  private var bar: String {
    let full = count > 0 ? min(20, 20 * done / count) : 0
    return String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
  }
}

/// A piece of work on one line: its state, path, time, tokens and the end of what it writes.
struct ProgressLine {
  enum State { case active, succeeded, failed, retried, replaced, cancelled }

  var state = State.active
  var path: String
  var started: Duration
  var ended: Duration?
  var usage = Usage.none
  var tail = ""

  func text(_ terminal: Terminal, width: Int, now: Duration? = nil) -> String {
    let mark =
      switch state {
      case .active: terminal.cyan("…")
      case .succeeded: terminal.green("✓")
      case .failed: terminal.red("✗")
      case .retried: terminal.dim("↻")
      case .replaced: terminal.dim("↪")
      case .cancelled: terminal.dim("-")
      }
    let time = (ended ?? now).map { "  \(DecisionView.milliseconds($0 - started))" } ?? ""
    let tokens = usage.inputTokens + usage.outputTokens
    let count = (tokens > 0 ? "  \(tokens) tokens" : "") + (usage.cost == .zero ? "" : "  \(usage.cost)")
    let head = Terminal.fit(path, max(10, width - time.count - count.count - 4))
    let room = width - TextColumns.width(head) - time.count - count.count - 6
    let words = tail.isEmpty || room < 8 ? "" : "  \(Terminal.fit(tail.suffix(room), room))"
    return "\(mark) \(head)\(terminal.dim(time + count + words))"
  }
}
