import Foundation
import Subprocess
public import TurnoutCore

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// Runs programs for tools and steps, with bounds on everything.
public enum CommandRunner {
  /// Runs a command and returns what it wrote to standard output.
  ///
  /// ```swift
  /// let text = try await CommandRunner.run(
  ///   arguments: ["./product-info", "phone"], in: folder, timeout: .seconds(10), outputLimit: 65_536)
  /// ```
  ///
  /// No shell is involved: an argument is passed as it is, whatever is in it. The command has a process group and a
  /// session of its own, and all of the group is killed when time or output runs out or the task is cancelled. Of the
  /// environment it sees `PATH`, `HOME`, `LANG` and `TMPDIR` only, so no key of this process reaches it.
  ///
  /// - Parameters:
  ///   - arguments: The program and its arguments. A program with a relative path, such as `./look-up`, belongs to
  ///     `directory` and must be inside it, also where links lead; one without a slash is looked up on `PATH`.
  ///   - directory: The command's working directory.
  ///   - stdin: What it can read; nothing when `nil`.
  ///   - timeout: How long it may take.
  ///   - clock: The time that this is measured by: a tool's is that of the run.
  ///   - outputLimit: How many bytes it may write to standard output.
  /// - Throws: ``CommandError``, or `CancellationError` when the task was cancelled.
  public static func run(
    arguments: [String],
    in directory: String,
    stdin: String? = nil,
    timeout: Duration,
    clock: RunClock = RunClock(),
    outputLimit: Int
  ) async throws -> String {
    guard let name = arguments.first else { throw CommandError.notFound("(no command)") }
    // C strings end at a NUL, so the command would see another argument than was meant.
    guard arguments.allSatisfy({ !$0.utf8.contains(0) }) else {
      throw CommandError(.notStarted, "\(bounded(name)): an argument has a NUL character in it")
    }
    try Task.checkCancellation()
    let configuration = Configuration(
      executable: try executable(for: name, in: directory),
      arguments: Arguments(Array(arguments.dropFirst())),
      environment: .custom(keyed(environment(from: ProcessInfo.processInfo.environment))),
      workingDirectory: FilePath(directory),
      platformOptions: platformOptions)
    do {
      // Leaving it waits until a killed command is gone.
      let finished = try await clock.timeout(after: timeout) {
        try await collect(configuration, name, stdin: stdin ?? "", outputLimit: max(0, outputLimit))
      }
      try Task.checkCancellation()
      return try finished.text(of: name)
    } catch is TurnoutError {
      throw CommandError.timedOut(name, timeout)
    } catch let error as SubprocessError {
      // A killed command shows up as a failed read or write, too.
      try Task.checkCancellation()
      if error.code == .executableNotFound { throw CommandError.notFound(name) }
      throw CommandError(.notStarted, "\(bounded(name)): \(bounded(error.description))")
    } catch let error as Errno {
      throw CommandError(.notStarted, "\(bounded(name)): its input could not be stored: \(error)")
    }
  }

  private static func executable(for name: String, in directory: String) throws -> Executable {
    switch try CommandPath(name, in: directory) {
    case .file(let path): .path(FilePath(path))
    case .name(let name): .name(name)
    }
  }

  static func environment(from own: [String: String]) -> [String: String] {
    own.filter { ["PATH", "HOME", "LANG", "TMPDIR"].contains($0.key) }
  }

  private static var platformOptions: PlatformOptions {
    var options = PlatformOptions()
    // Away from the terminal: a tool must not ask there, and Ctrl-C reaches it through our cancellation.
    options.createSession = true
    // All at once: a group whose leader obeys a polite signal might leave the others behind.
    options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
    return options
  }
}
