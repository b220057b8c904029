/// An error that tells its kind in a short word out of a small set, fit for metric labels and for JSON.
public protocol LabelledError: Error, Sendable, CustomStringConvertible {
  /// The short word: `timed_out`, `invalid_output`.
  var label: String { get }
}

/// Why a piece of work failed, as it is kept in outcomes and events: small, and without the error's type.
public struct RunFailure: Error, Sendable, Hashable, ValueConvertible, CustomStringConvertible {
  /// The kind of error in a short word.
  public let label: String
  /// One line for a person, at most 500 characters.
  public let message: String

  /// Whether it was stopped rather than broken.
  public var isCancellation: Bool { label == "cancelled" }

  /// A failure with a label and a message.
  public init(label: String, message: String) {
    self.label = label
    self.message = String(message.prefix(500))
  }

  /// What is kept of an error.
  public init(_ error: any Error) {
    switch error {
    case let failure as RunFailure: self = failure
    case is CancellationError: self.init(label: "cancelled", message: "it was cancelled")
    case let error as any LabelledError: self.init(label: error.label, message: error.description)
    default: self.init(label: "error", message: String(describing: error))
    }
  }

  public var description: String { message }
  public var value: Value { ["label": .string(label), "message": .string(message)] }
}

/// What goes wrong in steps themselves; what goes wrong in models is a ``ModelError``.
public struct TurnoutError: LabelledError, Hashable {
  private enum Code: String {
    case timedOut = "timed_out", invalidOutput = "invalid_output", turnLimit = "turn_limit", invalidInput =
      "invalid_input", unsettled, unsupported
  }

  private let code: Code
  public let description: String
  public var label: String { code.rawValue }

  /// Work did not end within its time.
  public static func timedOut(after limit: Duration) -> TurnoutError {
    TurnoutError(code: .timedOut, description: "it did not finish within \(limit.inSeconds) s")
  }

  /// A model's answer did not pass its checks, also after it was asked again.
  public static func invalidOutput(_ complaint: String, attempts: Int) -> TurnoutError {
    let after = attempts == 1 ? "" : " after \(attempts) attempts"
    return TurnoutError(code: .invalidOutput, description: "the answer was not acceptable\(after): \(complaint)")
  }

  /// An agent wanted more turns than it may have.
  public static func turnLimit(_ limit: Int) -> TurnoutError {
    TurnoutError(code: .turnLimit, description: "no answer after \(limit) turns of tool calls; raise the turn limit")
  }

  /// A step was given something it cannot work on.
  public static func invalidInput(_ message: String) -> TurnoutError {
    TurnoutError(code: .invalidInput, description: message)
  }

  /// A model was asked for something it cannot do.
  public static func unsupported(_ message: String) -> TurnoutError {
    TurnoutError(code: .unsupported, description: message)
  }

  /// A fan-out could not get what its policy asks for.
  public static func unsettled(_ message: String) -> TurnoutError {
    TurnoutError(code: .unsettled, description: message)
  }
}
