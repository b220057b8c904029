/// Keeps the values of one label few: the first so many different words stay, every later one is called `other`.
///
/// For sets that are open in code but small in any program, such as kinds of steps and names of selectors.
struct BoundedLabels {
  private let limit: Int
  private var seen: Set<String> = []

  init(limit: Int) { self.limit = limit }

  mutating func label(_ value: String) -> String {
    let word = value.labelWord
    if seen.contains(word) { return word }
    guard seen.count < limit else { return "other" }
    seen.insert(word)
    return word
  }
}

/// The labels of failures that are told apart in metrics; every other one is called `other`.
enum FailureLabels {
  static func label(_ value: String) -> String { known.contains(value) ? value : "other" }

  private static let known: Set<String> = [
    // Steps
    "error", "timed_out", "invalid_output", "invalid_input", "turn_limit", "unsettled",
    "unsupported", "invalid_value", "invalid_json",
    // Tools
    "command_not_found", "command_outside_folder", "command_not_started", "command_timed_out",
    "command_too_much_output", "command_failed",
    // Models
    "missing_key", "authentication", "not_found", "quota_exhausted", "rate_limited", "overloaded", "server",
    "connection", "timeout", "context_window", "content_filtered", "malformed", "refused", "not_installed",
    "unavailable",
  ]
}
