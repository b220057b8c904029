extension RunEvent: ValueConvertible {
  /// The event as one line of an events file.
  public var value: Value {
    var object: ValueObject = [
      "seq": .int(sequence), "time_ms": time.value, "span": .int(span), "path": .string(path.description),
    ]
    switch kind {
    case .started(let started):
      object["event"] = "started"
      object["kind"] = .string(started.kind.name)
      object["name"] = .string(started.name)
      object["parent"] = started.parent.map { .int($0) }
      object["index"] = started.index.map { .int($0) }
    case .finished(let finished):
      object["event"] = "finished"
      object["kind"] = .string(finished.kind.name)
      object["duration_ms"] = finished.duration.value
      object["usage"] = finished.usage.value
      object["output"] = finished.output
    case .failed(let failed):
      object["event"] = "failed"
      object["kind"] = .string(failed.kind.name)
      object["duration_ms"] = failed.duration.value
      object["usage"] = failed.usage.value
      object["error"] = failed.failure.value
    case .text(let text):
      object["event"] = "text"
      object["text"] = .string(text)
    case .reasked(let complaint):
      object["event"] = "reasked"
      object["complaint"] = .string(complaint)
    case .discarded: object["event"] = "discarded"
    case .fellBack(let change):
      object["event"] = "fell_back"
      object["from"] = .string(change.from)
      object["to"] = .string(change.to)
      object["continues"] = .bool(change.continues)
      object["error"] = change.failure.value
    case .decided(let decision):
      object["event"] = "decided"
      object["decision"] = decision.value
    case .branching(let count):
      object["event"] = "branching"
      object["count"] = .int(count)
    case .settled(let dropped):
      object["event"] = "settled"
      object["dropped"] = .int(dropped)
    case .voted(let tally):
      object["event"] = "voted"
      object["vote"] = tally.value
    case .planned(let tasks):
      object["event"] = "planned"
      object["tasks"] = tasks.value
    case .evaluated(let evaluated):
      object["event"] = "evaluated"
      object["attempt"] = .int(evaluated.attempt)
      object["passed"] = .bool(evaluated.passed)
      object["score"] = evaluated.score.map { .double($0) }
    case .retrying(let retrying):
      object["event"] = "retrying"
      object["branch"] = .string(retrying.branch)
      object["attempt"] = .int(retrying.attempt)
      object["wait_ms"] = retrying.wait.value
      object["error"] = retrying.failure.value
    case .wasted(let usage):
      object["event"] = "wasted"
      object["usage"] = usage.value
    }
    return .object(object)
  }
}
