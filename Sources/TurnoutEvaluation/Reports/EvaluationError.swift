public import TurnoutCore

/// What goes wrong with reports and recordings.
public struct EvaluationError: LabelledError, Hashable {
  private enum Code: String {
    case unreadable = "unreadable_report", otherRequests = "other_requests", recording, otherRun = "other_run"
  }

  private let code: Code
  public let description: String
  public var label: String { code.rawValue }

  /// A report that is not one, or of a version that is not known.
  public static func unreadable(_ message: String) -> EvaluationError {
    EvaluationError(code: .unreadable, description: message)
  }

  /// A baseline over other requests than the report.
  public static func otherRequests(_ message: String) -> EvaluationError {
    EvaluationError(code: .otherRequests, description: message)
  }

  /// A recording that cannot be read or written.
  public static func recording(_ message: String) -> EvaluationError {
    EvaluationError(code: .recording, description: message)
  }

  /// A recording of another run.
  public static func otherRun(_ message: String) -> EvaluationError {
    EvaluationError(code: .otherRun, description: message)
  }
}
