/// A run's pieces of work as a tree, made from its events: how long each took, what it used, and what of that was for
/// nothing.
///
/// ```swift
/// let recorder = EventRecorder()
/// _ = try await Run(sinks: [recorder]).perform(step, input)
/// let tree = RunTree(recorder.events)
/// for span in tree.criticalPath { print(span.path, span.duration) }
/// print(tree.wasted.calls)
/// ```
/// Memory is bounded: of the pieces inside another at most ``width`` are kept, those that failed and those that took
/// longest; a fan-out of a million branches has the numbers of all of them and the lines of a few.
public struct RunTree: Sendable {
  /// One piece of work.
  public struct Span: Sendable {
    /// Its number in the run.
    public let id: Int
    /// The piece around it; nil for the outermost.
    public let parent: Int?
    /// Where in the tree of steps it is.
    public let path: RunPath
    /// What kind of work.
    public let kind: StepKind
    /// Which branch of a fan-out it is, from 0; nil for everything else.
    public let branch: Int?
    /// When it began, counted from the beginning of the run.
    public let start: Duration
    /// When it ended; nil while it runs.
    public fileprivate(set) var end: Duration?
    /// What became of it.
    public fileprivate(set) var state = State.running
    /// What it used, everything inside included.
    public fileprivate(set) var usage = Usage.none
    /// What was used inside of it for nothing: by branches that failed, lost or were cancelled, and by attempts that were
    /// tried again.
    public fileprivate(set) var wasted = Usage.none
    /// Why it failed.
    public fileprivate(set) var failure: RunFailure?
    /// How many branches it has, when it is a fan-out.
    public fileprivate(set) var branches: Int?
    /// The pieces inside of it that are not kept.
    public fileprivate(set) var omitted = Omitted()
    /// The pieces inside of it that have ended, as far as they are kept.
    fileprivate var ended: [Int] = []
    fileprivate var running: Set<Int> = []
    /// What attempts have used that were tried again, by branches, until it is known whether the branch succeeds.
    fileprivate var attempts: [Int: Usage] = [:]
    fileprivate var isRetried = false

    /// How long it took; zero while it runs.
    public var duration: Duration { end.map { $0 - start } ?? .zero }
  }

  /// What became of a piece of work.
  public enum State: String, Sendable {
    /// It has not ended.
    case running
    /// It ended well.
    case succeeded
    /// It failed.
    case failed
    /// It failed and was tried again.
    case retried
    /// It failed, and a fallback answered for it.
    case replaced
    /// It was cancelled, or not needed any more.
    case cancelled
  }

  /// Pieces of work that are only counted.
  public struct Omitted: Sendable, Hashable {
    /// How many.
    public fileprivate(set) var count = 0
    /// How many of them failed for good.
    public fileprivate(set) var failed = 0
  }

  /// How many pieces inside another are kept.
  public let width: Int
  /// How many pieces are kept in all, as far as they have ended.
  public let limit: Int
  /// The number of the outermost piece.
  private var root: Int?
  private var spans: [Int: Span] = [:]

  /// An empty tree.
  public init(width: Int = 24, limit: Int = 2_000) {
    self.width = max(1, width)
    self.limit = max(1, limit)
  }

  /// The tree of events that came.
  public init(_ events: some Sequence<RunEvent>, width: Int = 24) {
    self.init(width: width)
    for event in events { add(event) }
  }

  /// The outermost piece of work; nil before the run began.
  public var outermost: Span? { root.flatMap { spans[$0] } }
  /// What the whole run used for nothing.
  public var wasted: Usage { outermost?.wasted ?? .none }
  /// How many pieces are kept.
  public var count: Int { spans.count }

  /// The pieces inside another that are kept: in the order in which they began, branches in that of their inputs.
  public func children(of span: Span) -> [Span] {
    (span.ended + span.running).compactMap { spans[$0] }.sorted {
      ($0.branch != nil && $1.branch != nil && $0.branch != $1.branch)
        ? ($0.branch ?? 0) < ($1.branch ?? 0) : $0.id < $1.id
    }
  }

  /// Takes an event; they must come in their order.
  public mutating func add(_ event: RunEvent) {
    switch event.kind {
    case .started(let started): start(started, event)
    case .finished(let finished): end(event, .succeeded, finished.usage, nil)
    case .failed(let failed):
      let isReplaced = spans[event.span]?.parent.flatMap { spans[$0]?.kind } == .fallback
      let isRetried = spans[event.span]?.isRetried ?? false
      let state: State =
        failed.failure.isCancellation ? .cancelled : isRetried ? .retried : isReplaced ? .replaced : .failed
      end(event, state, failed.usage, failed.failure)
    case .branching(let count): spans[event.span]?.branches = count
    case .retrying(let retrying) where retrying.kind != .model: spans[event.span]?.isRetried = true
    case .wasted(let usage): spans[event.span]?.wasted += usage
    default: break
    }
  }

  private mutating func start(_ started: RunEvent.Started, _ event: RunEvent) {
    if started.parent == nil, root == nil { root = event.span }
    spans[event.span] = Span(
      id: event.span, parent: started.parent, path: event.path, kind: started.kind, branch: started.index,
      start: event.time)
    if let parent = started.parent { spans[parent]?.running.insert(event.span) }
  }

  private mutating func end(_ event: RunEvent, _ state: State, _ usage: Usage, _ failure: RunFailure?) {
    guard var span = spans[event.span] else { return }
    span.end = event.time
    span.state = state
    span.usage = usage
    span.failure = failure
    spans[event.span] = span
    guard let parent = span.parent else { return }
    spans[parent]?.running.remove(event.span)
    spans[parent]?.ended.append(event.span)
    lose(span, in: parent)
    if spans.count > limit { forget(inside: event.span) }
    crowd(in: parent)
  }

  /// Adds up what was for nothing. A fan-out tells itself of its branches that failed, all their attempts included.
  private mutating func lose(_ span: Span, in parent: Int) {
    switch span.state {
    case .retried: spans[parent]?.attempts[span.branch ?? -1, default: .none] += span.usage
    case .replaced: spans[parent]?.wasted += span.usage
    case .succeeded, .running:
      if span.wasted != .none { spans[parent]?.wasted += span.wasted }
      if spans[parent]?.attempts.isEmpty == false,
        let lost = spans[parent]?.attempts.removeValue(forKey: span.branch ?? -1)
      {
        spans[parent]?.wasted += lost
      }
    case .failed, .cancelled:
      if spans[parent]?.attempts.isEmpty == false { spans[parent]?.attempts[span.branch ?? -1] = nil }
    }
  }

  /// Lets the least telling piece inside of another go, when there are too many.
  private mutating func crowd(in parent: Int) {
    guard let kept = spans[parent]?.ended, kept.count > width else { return }
    let ended = kept.compactMap { spans[$0] }
    // The one that ended last may have decided how long the whole took.
    let last = ended.max { ($0.end ?? .zero, $0.id) < ($1.end ?? .zero, $1.id) }?.id
    let least = ended.filter { $0.id != last }.min { Self.weight($0) < Self.weight($1) }
    guard let least else { return }
    forget(inside: least.id)
    spans[least.id] = nil
    spans[parent]?.ended.removeAll { $0 == least.id }
    spans[parent]?.omitted.count += 1
    if least.state == .failed { spans[parent]?.omitted.failed += 1 }
  }

  private static func weight(_ span: Span) -> (Int, Duration, Int) {
    (span.state == .failed ? 1 : 0, span.duration, -span.id)
  }

  private mutating func forget(inside id: Int) {
    guard let children = spans[id]?.ended, !children.isEmpty else { return }
    for child in children {
      forget(inside: child)
      if spans[child]?.state == .failed { spans[id]?.omitted.failed += 1 }
      spans[child] = nil
    }
    spans[id]?.omitted.count += children.count
    spans[id]?.ended = []
  }
}
