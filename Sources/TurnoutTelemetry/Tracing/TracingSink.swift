import Synchronization
public import Tracing
public import TurnoutCore

/// Makes a span of every piece of a run's work, in swift-distributed-tracing.
///
/// ```swift
/// let spans = TracingSink(tracer: InstrumentationSystem.tracer)
/// defer { spans.finish() }
/// let reply = try await Run(sinks: [spans]).perform(support, question)
/// ```
///
/// A span is named by the kind of its step (`agent`, `model`, `tool`, `route`…), is a child of the step around it, and
/// begins and ends at the times of the run's own events; the outermost is a child of the span in which the sink was made.
/// So events that were kept can be turned into the same spans later.
///
/// | attribute | where |
/// |---|---|
/// | `turnout.step.kind`, `turnout.step.name`, `turnout.path`, `turnout.status` | every span |
/// | `gen_ai.operation.name` | agents (`invoke_agent`), models (`chat`), tools (`execute_tool`) |
/// | `gen_ai.agent.name`, `gen_ai.tool.name`, `gen_ai.provider.name`, `gen_ai.request.model` | as they apply |
/// | `gen_ai.usage.input_tokens`, `gen_ai.usage.output_tokens`, cached and reasoning tokens | models |
/// | `turnout.usage.calls`, `turnout.usage.input_tokens`, `turnout.usage.output_tokens` | the steps around them |
/// | `turnout.route`, `turnout.route.kind`, `turnout.route.decided_by`, `turnout.route.confidence` | routers |
/// | `error.type`, with the error status | steps that failed |
///
/// Failures are recorded by their label, without the message. Prompts, outputs and a router's reasons are never
/// recorded; names and paths are.
///
/// A sink serves one run, since the numbers of its spans begin anew in the next.
public final class TracingSink: RunEventSink {
  private let spans: Mutex<OpenSpans>

  /// A sink for one run.
  /// - Parameters:
  ///   - tracer: who makes the spans.
  ///   - context: what the outermost span is a child of; the current context unless it is given.
  ///   - start: when the run's clock began to count; make the sink with the run, or say when it was.
  public init(
    tracer: any Tracer, in context: ServiceContext? = nil, startingAt start: some TracerInstant = DefaultTracerClock.now
  ) {
    spans = Mutex(
      OpenSpans(
        tracer: tracer, in: context ?? .current ?? .topLevel, timeline: RunTimeline(startingAt: start)))
  }

  /// Never: streamed text does not belong in spans.
  public var wantsText: Bool { false }

  /// Begins, changes or ends a span.
  public func receive(_ event: RunEvent) async { spans.withLock { $0.receive(event) } }

  /// Ends the spans of steps that never ended, such as those of a run that was left behind, and ignores whatever else
  /// comes. Spans that ended are not touched, so that this may always be called.
  /// - Parameter time: when, by the run's clock; the time of the last event unless it is given.
  public func finish(at time: Duration? = nil) { spans.withLock { $0.finish(at: time) } }

  /// The number of spans that have begun and not ended.
  public var openSpans: Int { spans.withLock { $0.count } }
}
