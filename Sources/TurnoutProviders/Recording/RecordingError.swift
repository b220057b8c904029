public import TurnoutCore

/// What goes wrong with recordings: a folder that cannot be used, a file that is none, a request that was not recorded.
public struct RecordingError: LabelledError, Hashable {
  public let label: String
  public let description: String
  /// Where a request that was not recorded differs from the nearest that was, a few lines: `-` was recorded, `+` was
  /// asked. It has parts of prompts in it, which no event has; it is for whoever runs the replay.
  public let difference: [String]

  /// A folder or a file cannot be used.
  static func unusable(_ place: String, _ complaint: String) -> RecordingError {
    RecordingError(label: "recording", description: "\(place): \(complaint)", difference: [])
  }

  /// A request was not recorded.
  static func unmatched(_ description: String, _ difference: [String] = []) -> RecordingError {
    RecordingError(label: "not_recorded", description: description, difference: difference)
  }
}
