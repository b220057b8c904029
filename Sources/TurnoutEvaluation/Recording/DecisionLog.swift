import Synchronization
public import TurnoutCore

/// Decisions in a file, one a line, so that a long run goes on where it stopped and a finished one replays for nothing.
///
/// The first line is `{"turnout_decisions":1,"fingerprint":"..."}`; every other is `input`, `decision`, `duration_ms`
/// and `usage`. The fingerprint stands for everything that decides: routes, selectors, models. Numbers are written with
/// all decimals, so that a replay gives the same measures. The file holds what people asked; only its owner may read it.
///
/// Lines are appended in one write each. What a crash left of a last line is dropped. One program at a time may have
/// the file open.
public final class DecisionLog: Sendable {
  private let path: String
  private let file: LockedFile
  private let decisions: Mutex<[String: RouteDecision]>

  /// Opens a file of decisions, or begins one.
  /// - Parameters:
  ///   - path: the file; its folder must exist.
  ///   - fingerprint: what tells this configuration from every other.
  /// - Throws: ``EvaluationError`` when the file is of another configuration, is no such file, is broken before its last
  ///   line, or cannot be read and written.
  public init(path: String, fingerprint: String) throws {
    self.path = path
    file = try LockedFile(path)
    var reader = DecisionLogReader(path: path, fingerprint: fingerprint)
    do {
      try file.read(limit: DecisionLogReader.sizeLimit) { reader.read($0) }
    } catch let failure as FileBytes.Failure {
      throw EvaluationError.recording("\(path): \(failure.message)")
    }
    let contents = try reader.finish()
    decisions = Mutex(contents.decisions)
    try file.cut(to: contents.wholeBytes)
    if !contents.hasHeader {
      let header: Value = ["turnout_decisions": .int(DecisionLogReader.version), "fingerprint": .string(fingerprint)]
      try file.append(header.json() + "\n")
    }
  }

  /// How many requests there are decisions for.
  public var count: Int { decisions.withLock { $0.count } }

  /// What was decided about a request.
  public func decision(for input: String) -> RouteDecision? { decisions.withLock { $0[input] } }

  /// Keeps a decision; of two about one request the later counts.
  /// - Throws: ``EvaluationError`` when it cannot be written, or could not be read again.
  public func append(_ decision: RouteDecision, for input: String) throws {
    let line = Self.line(decision, for: input)
    do { _ = try DecisionLogReader.decision(in: line) } catch {
      throw EvaluationError.recording("\(path): a decision could not be read again: \(error)")
    }
    let json = line.json() + "\n"
    guard json.utf8.count <= DecisionLogReader.lineLimit else {
      throw EvaluationError.recording("\(path): a request with its decision is longer than 4 MiB")
    }
    try decisions.withLock { decisions in
      try file.append(json)
      decisions[input] = decision
    }
  }

  private static func line(_ decision: RouteDecision, for input: String) -> Value {
    var object = decision.value.object ?? ValueObject()
    // Both are written below, for decisions that took no time as well.
    object["duration_ms"] = nil
    object["usage"] = nil
    object["confidence"] = decision.confidence.map { .double($0) } ?? .null
    object["scores"] = .object(ValueObject(decision.scores.map { ($0.route, .double($0.score)) }))
    return [
      "input": .string(input), "decision": .object(object), "duration_ms": decision.duration.value,
      "usage": decision.usage.value,
    ]
  }
}
