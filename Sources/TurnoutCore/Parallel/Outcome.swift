/// What became of one branch of a fan-out.
public struct Outcome<Output: Sendable>: Sendable {
  /// What it produced, or why it produced nothing.
  public let result: Result<Output, RunFailure>
  /// How long it ran; zero when it never started.
  public let duration: Duration
  /// What it used, whether it succeeded or not.
  public let usage: Usage
  /// The branch's name, where it has one.
  public let name: String?

  /// An outcome.
  public init(
    _ result: Result<Output, RunFailure>, duration: Duration = .zero, usage: Usage = .none, name: String? = nil
  ) {
    self.name = name
    self.result = result
    self.duration = duration
    self.usage = usage
  }

  /// What it produced, or nil.
  public var output: Output? { try? result.get() }

  /// Why it produced nothing, or nil.
  public var failure: RunFailure? { if case .failure(let failure) = result { failure } else { nil } }

  /// What it produced.
  /// - Throws: ``RunFailure`` when it produced nothing.
  public func get() throws -> Output { try result.get() }

  /// The outcome with another output.
  public func map<Other: Sendable>(_ transform: (Output) -> Other) -> Outcome<Other> {
    Outcome<Other>(result.map(transform), duration: duration, usage: usage, name: name)
  }

  static func dropped(_ name: String?) -> Outcome {
    Outcome(.failure(RunFailure(label: "cancelled", message: "it was not needed any more")), name: name)
  }
}

extension Outcome: ValueConvertible {
  /// `name` where it has one, `status` (`succeeded`, `failed` or `cancelled`), `output` or `error`, `duration_ms` and `usage`.
  public var value: Value {
    var object = ValueObject()
    object["name"] = name.map { .string($0) }
    switch result {
    case .success(let output):
      object["status"] = "succeeded"
      object["output"] = (output as? any ValueConvertible)?.value ?? .null
    case .failure(let failure):
      object["status"] = failure.isCancellation ? "cancelled" : "failed"
      object["error"] = failure.value
    }
    object["duration_ms"] = duration.value
    object["usage"] = usage.value
    return .object(object)
  }
}

/// A fan-out did not get what its policy asks for; what its branches did produce is kept.
public struct FanOutError<Output: Sendable>: LabelledError, ValueConvertible {
  /// Why.
  public let failure: RunFailure
  /// Every branch's outcome, in input order.
  public let outcomes: [Outcome<Output>]

  public var label: String { failure.label }
  public var description: String { failure.message }
  /// The outcomes.
  public var value: Value { outcomes.value }
}
