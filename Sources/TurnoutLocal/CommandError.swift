public import TurnoutCore

/// Why a command gave no result.
public struct CommandError: LabelledError, Hashable {
  /// The kind of failure, for telling them apart in code.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// A short text that is fit for a metric label.
    public let description: String

    /// There is no such program, or it may not be run.
    public static let notFound = Code(description: "not_found")
    /// The program's path leads out of the folder it must be in.
    public static let outsideFolder = Code(description: "outside_folder")
    /// It could not be started.
    public static let notStarted = Code(description: "not_started")
    /// It took longer than it may.
    public static let timedOut = Code(description: "timed_out")
    /// It said more than it may.
    public static let tooMuchOutput = Code(description: "too_much_output")
    /// It ended with an exit status other than 0, or by a signal.
    public static let failed = Code(description: "failed")
  }

  /// The kind of failure.
  public let code: Code
  /// The command's exit status when it ended with one.
  public let exitStatus: Int?
  private let message: String

  init(_ code: Code, _ message: String, exitStatus: Int? = nil) {
    self.code = code
    self.message = message
    self.exitStatus = exitStatus
  }

  static func notFound(_ name: String) -> Self {
    Self(.notFound, "\(bounded(name)): no such program, or it is not executable")
  }

  static func outsideFolder(_ name: String, _ folder: String) -> Self {
    Self(.outsideFolder, "\(bounded(name)) is outside of \(bounded(folder))")
  }

  static func timedOut(_ name: String, _ limit: Duration) -> Self {
    Self(.timedOut, "\(bounded(name)) took longer than \(limit.formatted) and was ended")
  }

  static func tooMuchOutput(_ name: String, _ limit: Int) -> Self {
    Self(.tooMuchOutput, "\(bounded(name)) wrote more than \(limit) bytes and was ended")
  }
}

extension CommandError {
  /// `command_` and the kind of failure.
  public var label: String { "command_\(code)" }
  /// One line: the command, what went wrong and, where it failed by itself, the last thing it said.
  public var description: String { message }
}

extension Duration {
  fileprivate var formatted: String {
    let seconds = self / .seconds(1)
    return seconds == seconds.rounded() ? "\(Int64(clamping: components.seconds)) s" : "\(seconds) s"
  }
}
