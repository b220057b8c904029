import TurnoutCore

/// One number for one metric.
struct MetricSample: Equatable {
  enum Amount: Equatable {
    case count(Int)
    case duration(Duration)
    case number(Double)
  }

  let metric: MetricKey
  let amount: Amount

  init(_ name: String, _ amount: Amount, _ dimensions: [MetricDimension] = []) {
    metric = MetricKey(name: name, dimensions: dimensions)
    self.amount = amount
  }
}

/// What a metric is called, with its labels.
struct MetricKey: Hashable {
  let name: String
  let dimensions: [MetricDimension]
}

/// A label of a metric and its value.
struct MetricDimension: Hashable {
  let name: String
  let value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Turns events into samples. What it keeps is the label values it has met, a bounded number of them.
struct MetricsFold {
  private var kinds = BoundedLabels(limit: 32)
  private var deciders = BoundedLabels(limit: 16)

  mutating func samples(of event: RunEvent.Kind) -> [MetricSample] {
    switch event {
    case .started, .text, .discarded: []
    case .fellBack(let change):
      [
        MetricSample(
          "turnout.model.fallbacks", .count(1),
          [MetricDimension("label", FailureLabels.label(change.failure.label))])
      ]
    case .finished(let finished): ended(finished.kind, "succeeded", finished.duration, finished.usage)
    case .failed(let failed): failure(failed)
    case .decided(let decision): decided(decision)
    case .reasked: [MetricSample("turnout.model.reasks", .count(1))]
    case .branching, .wasted: []
    case .voted(let tally):
      tally.end.map { [MetricSample("turnout.votes", .count(1), [MetricDimension("end", $0.rawValue)])] } ?? []
    case .planned(let tasks): [MetricSample("turnout.subtasks", .count(tasks.count))]
    case .evaluated(let evaluated):
      [MetricSample("turnout.evaluations", .count(1), [MetricDimension("passed", String(evaluated.passed))])]
    case .retrying(let retrying):
      [MetricSample(retrying.kind == .model ? "turnout.model.retries" : "turnout.branches.retries", .count(1))]
    case .settled(let dropped): [MetricSample("turnout.branches.dropped", .count(dropped))]
    }
  }

  private mutating func failure(_ failed: RunEvent.Failed) -> [MetricSample] {
    if failed.failure.isCancellation { return ended(failed.kind, "cancelled", failed.duration, failed.usage) }
    let kind = MetricDimension("kind", kinds.label(failed.kind.name))
    let label = MetricDimension("label", FailureLabels.label(failed.failure.label))
    return ended(failed.kind, "failed", failed.duration, failed.usage)
      + [MetricSample("turnout.failures", .count(1), [kind, label])]
  }

  private mutating func ended(
    _ stepKind: StepKind, _ status: String, _ duration: Duration, _ usage: Usage
  ) -> [MetricSample] {
    let kind = MetricDimension("kind", kinds.label(stepKind.name))
    var samples = [
      MetricSample("turnout.steps", .count(1), [kind, MetricDimension("status", status)]),
      MetricSample("turnout.step.duration", .duration(duration), [kind]),
    ]
    // Only where it was used: the steps around a model call report the same tokens again.
    guard stepKind == .model else { return samples }
    if usage.calls > 0 { samples.append(MetricSample("turnout.model.calls", .count(usage.calls))) }
    for (direction, tokens) in [("input", usage.inputTokens), ("output", usage.outputTokens)] where tokens > 0 {
      samples.append(
        MetricSample("turnout.model.tokens", .count(tokens), [MetricDimension("direction", direction)]))
    }
    return samples
  }

  private mutating func decided(_ decision: RouteDecision) -> [MetricSample] {
    let decider = MetricDimension("decided_by", deciders.label(decision.decidedBy))
    let kind = MetricDimension("kind", decision.kind.rawValue)
    var samples = [MetricSample("turnout.route.decisions", .count(1), [decider, kind])]
    if let confidence = decision.confidence, confidence.isFinite {
      samples.append(MetricSample("turnout.route.confidence", .number(confidence), [decider]))
    }
    return samples
  }
}
