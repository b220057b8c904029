public import Logging
public import TurnoutCore

/// Writes a run's events to a logger: constant messages, with the data as metadata.
///
/// ```swift
/// var logger = Logger(label: "support")
/// logger[metadataKey: "request"] = "4711"
/// let reply = try await Run(sinks: [LogSink(logger: logger)]).perform(support, question)
/// ```
/// A finished step then reads
///
/// ```text
/// debug support: request=4711 duration_ms=812.4 input_tokens=310 kind=model output_tokens=42 path=support/consult/model span=4
/// ```
///
/// | level | what |
/// |---|---|
/// | trace | a step started |
/// | debug | a step finished or was cancelled, a router decided, a fan-out settled, work went unused; the message of a failure |
/// | notice | a model was asked again, a branch is tried again |
/// | warning | a step failed, by the label of its failure |
///
/// Prompts, outputs, streamed text, complaints and a router's reasons are never written. The message of a failure is, at
/// debug only and cut to 200 characters, since it may quote what a person or a model wrote. Names and paths are written
/// as they are: a fan-out whose branches are labelled by their input puts that label into the path. A failure that goes
/// through several steps is told once for each.
///
/// The sink keeps nothing, so one can serve many runs; metadata on the logger tells them apart.
public struct LogSink: RunEventSink {
  private let logger: Logger

  /// A sink that writes to a logger, which the program makes.
  public init(logger: Logger) { self.logger = logger }

  /// Never: streamed text does not belong in logs.
  public var wantsText: Bool { false }

  /// Writes an entry; for a failure two.
  public func receive(_ event: RunEvent) async {
    switch event.kind {
    case .started(let started): logger.trace("step started", metadata: metadata(of: started, at: event))
    case .finished(let finished):
      logger.debug("step finished", metadata: metadata(finished.kind, finished.duration, finished.usage, at: event))
    case .failed(let failed): log(failed, at: event)
    case .decided(let decision): logger.debug("route decided", metadata: metadata(of: decision, at: event))
    case .branching(let count):
      logger.trace("fan-out began", metadata: place(event).adding(["count": .stringConvertible(count)]))
    case .settled(let dropped):
      logger.debug("fan-out settled", metadata: place(event).adding(["dropped": .stringConvertible(dropped)]))
    case .voted(let tally):
      logger.trace(
        "ballot counted",
        metadata: place(event).adding([
          "arrived": .stringConvertible(tally.arrived), "votes": .stringConvertible(tally.votes),
          "answers": .stringConvertible(tally.answers),
        ]))
    case .planned(let tasks):
      logger.debug("subtasks planned", metadata: place(event).adding(["count": .stringConvertible(tasks.count)]))
    case .evaluated(let evaluated):
      logger.debug(
        "attempt evaluated",
        metadata: place(event).adding([
          "attempt": .stringConvertible(evaluated.attempt), "passed": .stringConvertible(evaluated.passed),
        ]))
    case .reasked: logger.notice("model asked again", metadata: place(event))
    case .retrying(let retrying):
      let label = Logger.MetadataValue.string(retrying.failure.label.labelWord)
      logger.notice(
        retrying.kind == .model ? "model call tried again" : "branch tried again",
        metadata: place(event).adding(["attempt": .stringConvertible(retrying.attempt), "label": label]))
    case .wasted(let usage):
      logger.debug(
        "work went unused",
        metadata: place(event).adding([
          "calls": .stringConvertible(usage.calls), "input_tokens": .stringConvertible(usage.inputTokens),
          "output_tokens": .stringConvertible(usage.outputTokens),
        ]))
    case .fellBack(let change):
      let label = Logger.MetadataValue.string(change.failure.label.labelWord)
      logger.notice(
        "another model asked",
        metadata: place(event).adding(["from": .string(change.from), "to": .string(change.to), "label": label]))
    case .discarded: logger.debug("answer begun anew", metadata: place(event))
    case .text: break
    }
  }

  private func log(_ failed: RunEvent.Failed, at event: RunEvent) {
    let metadata = metadata(failed.kind, failed.duration, failed.usage, at: event)
    if failed.failure.isCancellation {
      logger.debug("step cancelled", metadata: metadata)
      return
    }
    let label = Logger.MetadataValue.string(failed.failure.label.labelWord)
    logger.warning("step failed", metadata: metadata.adding(["label": label]))
    logger.debug(
      "step failed because",
      metadata: place(event).adding(["label": label, "message": .string(failed.failure.message.bounded(to: 200))]))
  }

  private func place(_ event: RunEvent) -> Logger.Metadata {
    ["path": .string(event.path.description), "span": .stringConvertible(event.span)]
  }

  private func metadata(of started: RunEvent.Started, at event: RunEvent) -> Logger.Metadata {
    var metadata = place(event)
    metadata["kind"] = .string(started.kind.name)
    metadata["name"] = .string(started.name)
    if let parent = started.parent { metadata["parent"] = .stringConvertible(parent) }
    return metadata
  }

  private func metadata(_ kind: StepKind, _ duration: Duration, _ usage: Usage, at event: RunEvent) -> Logger.Metadata {
    var metadata = place(event)
    metadata["kind"] = .string(kind.name)
    metadata["duration_ms"] = .stringConvertible(duration.inMilliseconds)
    if usage != .none {
      metadata["calls"] = .stringConvertible(usage.calls)
      metadata["input_tokens"] = .stringConvertible(usage.inputTokens)
      metadata["output_tokens"] = .stringConvertible(usage.outputTokens)
    }
    return metadata
  }

  private func metadata(of decision: RouteDecision, at event: RunEvent) -> Logger.Metadata {
    var metadata = place(event)
    metadata["decision"] = .string(decision.kind.rawValue)
    metadata["decided_by"] = .string(decision.decidedBy.bounded())
    if !decision.routes.isEmpty { metadata["route"] = .string(decision.routes.joined(separator: ",").bounded()) }
    if let confidence = decision.confidence { metadata["confidence"] = .stringConvertible(confidence) }
    return metadata
  }
}

extension Logger.Metadata {
  fileprivate func adding(_ other: Logger.Metadata) -> Logger.Metadata { merging(other) { _, new in new } }
}
