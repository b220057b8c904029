import Foundation

/// A folder that holds the local models and the programs that run them.
///
/// ```swift
/// guard let installation = LocalInstallation.find() else {
///   throw LocalModelError.notInstalled()
/// }
/// ```
public struct LocalInstallation: Hashable, Sendable {
  /// The folder's path.
  public let folder: String

  /// A folder, whether or not anything is installed there.
  public init(folder: String) {
    self.folder = folder
  }

  /// Whether exactly the packages of this build are installed there.
  ///
  /// The installer writes the list of what it installed before it gives the folder its name, so one file tells.
  public var isComplete: Bool {
    FileManager.default.contents(atPath: "\(folder)/pins.json") == Data(PackageResources.pins_json)
  }

  /// The installation to use, or `nil` when there is none that is complete.
  ///
  /// Looked for in this order: the folder that `TURNOUT_LOCAL` names (and then nowhere else); `.turnout/local` in a
  /// folder above the running program; `turnout/local` in the user's data folder, `XDG_DATA_HOME` or `~/.local/share`.
  public static func find() -> LocalInstallation? {
    find(environment: ProcessInfo.processInfo.environment, executable: runningExecutable)
  }

  /// Where an installation goes when nothing is said: the folder that `TURNOUT_LOCAL` names, else `turnout/local` in the
  /// user's data folder.
  public static func standard() -> LocalInstallation {
    standard(environment: ProcessInfo.processInfo.environment)
  }

  static func find(environment: [String: String], executable: String?) -> LocalInstallation? {
    if let named = named(in: environment) {
      return named.isComplete ? named : nil
    }
    let candidates = above(executable) + [standard(environment: environment)]
    return candidates.first(where: \.isComplete)
  }

  static func standard(environment: [String: String]) -> LocalInstallation {
    if let named = named(in: environment) { return named }
    // A relative path there is invalid, says the XDG specification, and to be ignored.
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return LocalInstallation(folder: "\(data)/turnout/local")
    }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return LocalInstallation(folder: "\(home)/.local/share/turnout/local")
  }

  private static func named(in environment: [String: String]) -> LocalInstallation? {
    guard let folder = environment["TURNOUT_LOCAL"], !folder.isEmpty else { return nil }
    return LocalInstallation(folder: URL(fileURLWithPath: folder).path)
  }

  private static func above(_ executable: String?) -> [LocalInstallation] {
    guard let executable else { return [] }
    var found: [LocalInstallation] = []
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/", found.count < 64 {
      found.append(LocalInstallation(folder: folder.appendingPathComponent(".turnout/local").path))
      folder.deleteLastPathComponent()
    }
    return found
  }

  private static var runningExecutable: String? {
    Bundle.main.executablePath ?? CommandLine.arguments.first
  }
}
