import Tracing
import TurnoutCore

/// Turns events into spans. What it keeps is the spans that have begun and not ended.
struct OpenSpans {
  private let tracer: any Tracer
  private let context: ServiceContext
  private let timeline: RunTimeline
  private var spans: [Int: any Span] = [:]
  private var latest: Duration = .zero
  private var isFinished = false

  init(tracer: any Tracer, in context: ServiceContext, timeline: RunTimeline) {
    self.tracer = tracer
    self.context = context
    self.timeline = timeline
  }

  var count: Int { spans.count }

  mutating func receive(_ event: RunEvent) {
    guard !isFinished else { return }
    latest = max(latest, event.time)
    let instant = timeline.instant(event.time)
    switch event.kind {
    case .started(let started): start(started, event)
    case .finished(let finished):
      let attributes = SpanAttributes(finished.kind, status: "succeeded", usage: finished.usage)
      end(event.span, attributes, at: event.time)
    case .failed(let failed): fail(event.span, failed, at: event.time)
    case .decided(let decision): spans[event.span]?.updateAttributes { $0.merge(SpanAttributes(decision)) }
    case .reasked: spans[event.span]?.addEvent(SpanEvent(name: "turnout.reasked", at: instant))
    case .branching(let count): spans[event.span]?.updateAttributes { $0["turnout.branches"] = count }
    case .settled(let dropped):
      spans[event.span]?.addEvent(
        SpanEvent(name: "turnout.settled", at: instant, attributes: ["turnout.dropped": .int64(Int64(dropped))]))
    case .voted(let tally):
      spans[event.span]?.updateAttributes {
        $0["turnout.ballots"] = tally.arrived
        $0["turnout.answers"] = tally.answers
      }
    case .planned(let tasks): spans[event.span]?.updateAttributes { $0["turnout.subtasks"] = tasks.count }
    case .evaluated(let evaluated):
      spans[event.span]?.updateAttributes {
        $0["turnout.attempts"] = evaluated.attempt
        $0["turnout.passed"] = evaluated.passed
      }
    case .retrying(let retrying):
      spans[event.span]?.addEvent(
        SpanEvent(
          name: "turnout.retrying", at: instant, attributes: ["turnout.attempt": .int64(Int64(retrying.attempt))]))
    case .wasted(let usage):
      spans[event.span]?.updateAttributes {
        $0["turnout.wasted_tokens"] = usage.inputTokens.addingClamped(usage.outputTokens)
      }
    case .fellBack(let change):
      spans[event.span]?.addEvent(
        SpanEvent(name: "turnout.fell_back", at: instant, attributes: ["turnout.model": .string(change.to)]))
    case .text, .discarded: break
    }
  }

  /// Ends what is open, the innermost first, and takes no more events.
  mutating func finish(at time: Duration?) {
    isFinished = true
    let end = max(latest, time ?? latest)
    // A step's number is always larger than that of the step around it.
    for span in spans.keys.sorted(by: >) { self.end(span, ["turnout.status": "unfinished"], at: end) }
  }

  private mutating func start(_ started: RunEvent.Started, _ event: RunEvent) {
    // Two runs into one sink would lose a span here; it is ended instead.
    end(event.span, ["turnout.status": "unfinished"], at: event.time)
    let parent = started.parent.flatMap { spans[$0]?.context }
    let span: any Span = tracer.startSpan(
      started.kind.name.labelWord, context: parent ?? context, ofKind: started.kind == .model ? .client : .internal,
      at: timeline.instant(event.time))
    span.updateAttributes { $0.merge(SpanAttributes(started, path: event.path)) }
    spans[event.span] = span
  }

  private mutating func fail(_ span: Int, _ failed: RunEvent.Failed, at time: Duration) {
    let isCancellation = failed.failure.isCancellation
    var attributes = SpanAttributes(
      failed.kind, status: isCancellation ? "cancelled" : "failed", usage: failed.usage)
    // Branches that are not needed any more are cancelled; that is no error.
    if !isCancellation, let open = spans[span] {
      let failure = LabelOnly(label: failed.failure.label.labelWord)
      attributes["error.type"] = failure.label
      open.setStatus(SpanStatus(code: .error, message: failure.label))
      open.recordError(failure, attributes: [:], at: timeline.instant(time))
    }
    end(span, attributes, at: time)
  }

  private mutating func end(_ span: Int, _ attributes: SpanAttributes, at time: Duration) {
    guard let open = spans.removeValue(forKey: span) else { return }
    open.updateAttributes { $0.merge(attributes) }
    open.end(at: timeline.instant(time))
  }
}

/// What a tracer is told of a failure; its message may quote a prompt or an answer.
private struct LabelOnly: Error, CustomStringConvertible {
  let label: String
  var description: String { label }
}
