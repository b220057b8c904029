public import Metrics
import Synchronization
public import TurnoutCore

/// Counts and times what happens in runs, in swift-metrics.
///
/// ```swift
/// let metrics = MetricsSink()
/// let reply = try await Run(sinks: [metrics]).perform(support, question)
/// ```
///
/// | metric | type | labels |
/// |---|---|---|
/// | `turnout.steps` | counter | `kind`, `status` (`succeeded`, `failed` or `cancelled`) |
/// | `turnout.step.duration` | timer | `kind` |
/// | `turnout.model.calls` | counter | |
/// | `turnout.model.tokens` | counter | `direction` (`input` or `output`) |
/// | `turnout.model.reasks` | counter | |
/// | `turnout.route.decisions` | counter | `decided_by`, `kind` (`route`, `none` or `several`) |
/// | `turnout.route.confidence` | recorder | `decided_by` |
/// | `turnout.branches.dropped` | counter | |
/// | `turnout.branches.retries` | counter | |
/// | `turnout.failures` | counter | `kind`, `label`; cancellations are not failures |
///
/// Steps, models, tools, routes and runs are not labels: their names come from files and requests, and every new name
/// would be a time series kept for ever. A value of a label that is not a short word, or one too many, is `other`.
///
/// Tokens and calls are counted when a call of a model ends. A step fails once for each step around it, too.
///
/// One sink serves all runs of a program; each metric is made once, when it is first needed.
public final class MetricsSink: RunEventSink {
  private struct State {
    var fold = MetricsFold()
    var instruments: [MetricKey: Instrument] = [:]
  }

  private let factory: (any MetricsFactory)?
  private let state = Mutex(State())

  /// A sink.
  /// - Parameter factory: where metrics are made; the factory of the `MetricsSystem` unless it is given, asked for when
  ///   a metric is first needed, so that the program may bootstrap it after it has made the sink.
  public init(factory: (any MetricsFactory)? = nil) { self.factory = factory }

  /// Never: streamed text is not counted.
  public var wantsText: Bool { false }

  /// Counts and times what the event tells.
  public func receive(_ event: RunEvent) async {
    let updates = state.withLock { state in
      state.fold.samples(of: event.kind).map { sample in
        let instrument =
          state.instruments[sample.metric] ?? Instrument(for: sample, factory: factory ?? MetricsSystem.factory)
        state.instruments[sample.metric] = instrument
        return (instrument, sample.amount)
      }
    }
    for (instrument, amount) in updates { instrument.record(amount) }
  }
}
