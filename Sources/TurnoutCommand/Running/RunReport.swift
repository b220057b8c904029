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
    if let error { object["error"] = ExitStatus.value(error) }
    return .object(object)
  }
}

/// Folds a run's events into what its report needs.
final class RunSummary: RunEventSink {
  struct State: Sendable {
    var id: String?
    var decision: RouteDecision?
    var usage = Usage.none
    /// What was used by branches that failed, lost or were cancelled, in a run that came to its end.
    var wasted = Usage.none
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
    fileprivate var waste: [Int: Usage] = [:]

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

    /// Passes what was wasted on to where it was wasted. What fails is wasted as a whole: a fan-out tells so itself.
    fileprivate mutating func settleWaste(of span: Int, failed usage: Usage?) {
      let inside = waste.removeValue(forKey: span) ?? .none
      guard let parent = parents[span] else {
        wasted = usage == nil ? inside : .none
        return
      }
      let lost = usage.map { fallbacks.contains(parent) ? $0 : .none } ?? inside
      if lost != .none { waste[parent, default: .none] += lost }
    }

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
        state.settleWaste(of: event.span, failed: nil)
        _ = state.end(event, output: finished.output)
        if finished.kind == .model, event.path.components.last == "local" { state.usesSmallModel = true }
        // A fan-out that succeeded with failed branches makes the run partial; one that failed fails by itself.
        if state.fanOuts.contains(event.span), state.branchesFailed[event.span, default: 0] > 0 {
          state.hasFailedBranches = true
        }
        if event.path.components.count == 1 { state.usage = finished.usage }
      case .failed(let failed):
        state.settleWaste(of: event.span, failed: failed.usage)
        if let parent = state.end(event, output: nil), !failed.failure.isCancellation {
          state.branchesFailed[parent, default: 0] += 1
          if state.fallbacks.contains(parent) {
            let name = event.path.components.dropLast().last ?? ""
            state.fallbackNotes.append("the fallback of \(name) answered, since \(failed.failure.message)")
          }
        }
        if event.path.components.count == 1 { state.usage = failed.usage }
      // What is tried again has not failed yet.
      case .retrying(let retrying) where retrying.kind != .model: state.branchesFailed[event.span, default: 0] -= 1
      case .fellBack(let change):
        state.fallbackNotes.append("\(change.to) answered for \(change.from), since \(change.failure.message)")
      case .wasted(let usage): state.waste[event.span, default: .none] += usage
      default: break
      }
    }
  }
}
