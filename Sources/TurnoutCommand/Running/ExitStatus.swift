import TurnoutCore
import TurnoutLocal
import TurnoutProviders
import TurnoutWorkflows

/// What the process ends with, and what JSON says of an error.
enum ExitStatus {
  static let failed: Int32 = 1
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let unavailable: Int32 = 69
  static let tryLater: Int32 = 75
  static let interrupted: Int32 = 130

  private static let byLabel: [String: Int32] = [
    "usage": usage, "workflow": badData, "invalid_input": badData, "labelled_requests": badData,
    "unreadable_report": badData, "other_requests": badData, "recording": badData, "not_recorded": badData,
    "other_run": badData, "context_window": badData, "unknown_cost": badData, "budget_exhausted": tryLater,
    "missing_key": unavailable, "authentication": unavailable, "not_found": unavailable, "connection": unavailable,
    "not_installed": unavailable, "unsupported": unavailable, "server": unavailable, "rate_limited": tryLater,
    "unavailable": tryLater,
    "overloaded": tryLater,
    "quota_exhausted": tryLater, "timeout": tryLater, "cancelled": interrupted,
  ]

  static func of(_ error: any Error) -> Int32 {
    if error is LocalModelError { return unavailable }
    return byLabel[RunFailure(error).label] ?? failed
  }

  static func value(_ error: any Error) -> Value {
    var object: ValueObject = [:]
    if let error = error as? WorkflowError {
      object["label"] = .string(error.label)
      object["message"] = .string(error.description)
      return .object(object)
    }
    guard let error = error as? RecordingError, !error.difference.isEmpty else { return RunFailure(error).value }
    object = RunFailure(error).value.object ?? [:]
    object["difference"] = .array(error.difference.map { .string($0) })
    return .object(object)
  }
}
