import Foundation
import Subprocess

extension LocalInstallation {
  /// Installs the local models into ``folder``, and does nothing where they are.
  ///
  /// Needs `python3` with pip and the network. The folder appears whole or not at all, also when two install at once
  /// or one is interrupted.
  ///
  /// - Parameter progress: Told each line for the user: the size before the download, what is downloaded, the end.
  /// - Throws: ``LocalModelError``, or `CancellationError` when the task was cancelled.
  public func install(progress: @escaping @Sendable (String) -> Void = { _ in }) async throws {
    if isComplete { return }
    let scripts = FileManager.default.temporaryDirectory.appendingPathComponent("turnout-\(UUID().uuidString)")
    try Self.writeScripts(to: scripts)
    defer { try? FileManager.default.removeItem(at: scripts) }

    var options = PlatformOptions()
    options.processGroupID = 0
    // An interrupt first, so that the installer takes its half-made folder away.
    options.teardownSequence = [.send(signal: .interrupt, toProcessGroup: true, allowedDurationToNextStep: .seconds(5))]
    var lines = LastLine()
    let status: TerminationStatus
    do {
      let result = try await Subprocess.run(
        .name("python3"),
        arguments: Arguments([scripts.appendingPathComponent("install.py").path, "--into", folder]),
        platformOptions: options,
        input: .none,
        output: .discarded,
        error: .sequence
      ) { execution in
        var seen = LastLine()
        for try await line in execution.standardError.strings() {
          seen.take(line)
          progress(line)
        }
        return seen
      }
      lines = result.closureResult
      status = result.terminationStatus
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw error.code == .executableNotFound ? LocalModelError.pythonMissing : .installationFailed("\(error)")
    }
    try Task.checkCancellation()
    guard status.isSuccess, isComplete else {
      throw LocalModelError.installationFailed(lines.text ?? "the installer ended with \(status)")
    }
  }

  private static func writeScripts(to folder: URL) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(PackageResources.install_py).write(to: folder.appendingPathComponent("install.py"))
      try Data(PackageResources.pins_json).write(to: folder.appendingPathComponent("pins.json"))
    } catch {
      throw LocalModelError.installationFailed("cannot write to \(folder.path)")
    }
  }
}

/// The last line that said something.
private struct LastLine {
  private(set) var text: String?

  mutating func take(_ line: String) {
    text = lastLine(of: line) ?? text
  }
}
