import Synchronization
import TurnoutCore
import TurnoutWorkflows

/// What is left to say when a run is over.
struct RunReport: Sendable {
  enum Status: String { case succeeded, partial, failed, interrupted }

  let status: Status
  let output: Value?
  let error: (any Error)?
  let summary: RunSummary.State
  /// Whether progress was shown.
  var wasWatched = false

  init(_ summary: RunSummary, output: Value) {
    self.summary = summary.state
    self.output = output
    error = nil
    status = self.summary.hasFailedBranches ? .partial : .succeeded
  }

  init(_ summary: RunSummary, error: any Error) {
    self.summary = summary.state
    self.error = error
    // What the branches of a fan-out did produce is kept by its error; an interrupted run has it from its events.
    output = (error as? any LabelledError & ValueConvertible)?.value ?? self.summary.finishedBranches
    status = error is CancellationError ? .interrupted : .failed
  }

  /// What a person should know about the output.
  var notes: [String] {
    let small = "local is a very small model, whose prose is not to be believed; name a better one with --model"
    // Who watched the run has seen which fallbacks answered.
    return summary.notes + (wasWatched ? [] : summary.fallbackNotes) + (summary.usesSmallModel ? [small] : [])
  }

  var exitStatus: Int32 {
    switch status {
    case .succeeded, .partial: 0
    case .interrupted: 130
    case .failed: error.map(ExitStatus.of) ?? 1
    }
  }

  var value: Value {
    var object: ValueObject = [
      "run": summary.id.map { .string($0) } ?? .null, "status": .string(status.rawValue), "output": output ?? .null,
    ]
    object["decision"] = summary.decision?.value
    if !notes.isEmpty { object["notes"] = .array(notes.map { .string($0) }) }
    object["usage"] = summary.usage.value
    if summary.wasted != .none { object["wasted"] = summary.wasted.value }
    object["duration_ms"] = summary.duration.value
    let critical = summary.tree.criticalPath
    if critical.count > 1 || critical.first?.parent != nil {
      object["critical_path"] = .array(
        critical.map { ["path": .string($0.path.description), "duration_ms": $0.duration.value] })
    }
    if let error { object["error"] = ExitStatus.value(error) }
    return .object(object)
  }
}

/// Folds a run's events into what its report needs.
final class RunSummary: RunEventSink {
  struct State: Sendable {
    var id: String?
    var decision: RouteDecision?
    /// What was done, how long it took and what it used.
    var tree = RunTree()
    var duration = Duration.zero
    var hasFailedBranches = false
    var notes: [String] = []
    var fallbackNotes: [String] = []
    var usesSmallModel = false
    fileprivate var fallbacks: Set<Int> = []
    fileprivate var fanOuts: Set<Int> = []
    fileprivate var chains: Set<Int> = []
    fileprivate var parents: [Int: Int] = [:]
    /// Where a piece of work belongs among those beside it: branches by their inputs, steps of chains as they began.
    fileprivate var ranks: [Int: Int] = [:]
    fileprivate var finished: [Int: [Part]] = [:]
    /// How many branches of a fan-out have failed for good.
    fileprivate var branchesFailed: [Int: Int] = [:]
    fileprivate var retried: Set<Int> = []

    /// What the run used.
    var usage: Usage { tree.outermost?.usage ?? .none }
    /// What was used by branches that failed, lost or were cancelled, in a run that came to its end.
    var wasted: Usage { tree.outermost?.state == .succeeded ? tree.wasted : .none }

    /// What was produced before the run ended badly.
    fileprivate struct Part {
      let rank: Int
      let outputs: [Value]
    }

    /// What branches and steps of chains produced before the run ended badly, in the order of the inputs and of the
    /// steps; what is inside of something that finished is part of it.
    var finishedBranches: Value? {
      // What never ended is nobody's part yet.
      let all = finished.sorted { $0.key < $1.key }.flatMap { Self.ordered($0.value) }
      return all.isEmpty ? nil : .array(all)
    }

    private static func ordered(_ parts: [Part]) -> [Value] { parts.sorted { $0.rank < $1.rank }.flatMap(\.outputs) }

    /// Takes note that a piece of work ended, and returns in which one it was.
    fileprivate mutating func end(_ event: RunEvent, output: Value?) -> Int? {
      let inside = finished.removeValue(forKey: event.span) ?? []
      let parent = parents.removeValue(forKey: event.span)
      let isPart = parent.map { fanOuts.contains($0) || chains.contains($0) } ?? false
      let own: [Value]? =
        isPart
        ? output.map { [["path": .string(event.path.description), "status": "succeeded", "output": $0]] } : nil
      let kept = own ?? Self.ordered(inside)
      let rank = ranks.removeValue(forKey: event.span) ?? event.span
      if !kept.isEmpty { finished[parent ?? 0, default: []].append(Part(rank: rank, outputs: kept)) }
      return parent
    }
  }

  let wantsText = false
  private let folded = Mutex(State())

  var state: State { folded.withLock { $0 } }

  func began(_ id: String) { folded.withLock { $0.id = id } }

  func receive(_ event: RunEvent) async {
    folded.withLock { state in
      state.duration = event.time
      state.tree.add(event)
      switch event.kind {
      case .started(let started):
        if [StepKind.parallel, .each, .split].contains(started.kind) { state.fanOuts.insert(event.span) }
        if started.kind == .chain { state.chains.insert(event.span) }
        if started.kind == .fallback { state.fallbacks.insert(event.span) }
        state.parents[event.span] = started.parent
        state.ranks[event.span] = started.index
      case .decided(let decision):
        if state.decision == nil { state.decision = decision }
        state.notes += decision.notes
      case .finished(let finished):
        _ = state.end(event, output: finished.output)
        if finished.kind == .model, event.path.components.last == "local" { state.usesSmallModel = true }
        // A fan-out that succeeded with failed branches makes the run partial; one that failed fails by itself.
        if state.fanOuts.contains(event.span), state.branchesFailed[event.span, default: 0] > 0 {
          state.hasFailedBranches = true
        }
      case .failed(let failed):
        // What is tried again has not failed yet.
        let isRetried = state.retried.remove(event.span) != nil
        if let parent = state.end(event, output: nil), !failed.failure.isCancellation, !isRetried {
          state.branchesFailed[parent, default: 0] += 1
          if state.fallbacks.contains(parent) {
            let name = event.path.components.dropLast().last ?? ""
            state.fallbackNotes.append("the fallback of \(name) answered, since \(failed.failure.message)")
          }
        }
      case .retrying(let retrying) where retrying.kind != .model: state.retried.insert(event.span)
      case .fellBack(let change):
        state.fallbackNotes.append("\(change.to) answered for \(change.from), since \(change.failure.message)")
      default: break
      }
    }
  }
}
