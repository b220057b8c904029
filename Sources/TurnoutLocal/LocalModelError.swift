/// Why a local model cannot be used. The description is one line and says what to do about it.
public struct LocalModelError: Error, Hashable, Sendable {
  /// The kind of failure, for telling them apart in code.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// A short text that is fit for a metric label.
    public let description: String

    /// The models are not installed, or another version of them is.
    public static let notInstalled = Code(description: "not_installed")
    /// There is no `python3` to run them with.
    public static let pythonMissing = Code(description: "python_missing")
    /// The installer gave up.
    public static let installationFailed = Code(description: "installation_failed")
    /// A server did not come up, or ended before it answered.
    public static let serverFailed = Code(description: "server_failed")
    /// The servers were shut down before the question.
    public static let shutDown = Code(description: "shut_down")
  }

  /// The kind of failure.
  public let code: Code
  private let message: String

  /// The models are not in `folder`, or nowhere when it is `nil`.
  public static func notInstalled(in folder: String? = nil) -> Self {
    let size = PinList.embedded.downloadMegabytes.map { " (downloads \($0) MB)" } ?? ""
    let place = folder.map { " in \($0)" } ?? ""
    return Self(.notInstalled, "the local models are not installed\(place): run `turnout models install`\(size)")
  }

  /// There is no `python3` on the search path.
  public static let pythonMissing = Self(
    .pythonMissing, "the local models need python3, 3.10 or newer, and there is none on PATH: install it")

  /// The installer ended with a reason, its last line.
  public static func installationFailed(_ reason: String) -> Self {
    Self(.installationFailed, "the local models could not be installed: \(bounded(reason))")
  }

  /// The server of `model` did not start or ended; `reason` is its last line.
  public static func serverFailed(_ model: LocalModel, _ reason: String) -> Self {
    Self(.serverFailed, "the local server for \(model) failed: \(bounded(reason))")
  }

  /// ``LocalServers/shutdown()`` was called before.
  public static let shutDown = Self(.shutDown, "the local servers were shut down")

  private init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension LocalModelError: CustomStringConvertible {
  /// One line: what is wrong and what helps.
  public var description: String { message }
}
