import Foundation
import Subprocess

/// One model server, from its start to its end.
enum ServerProcess {
  /// Runs a keeper and, below it, the server; returns when they have ended, with the reason.
  ///
  /// Cancelling the task ends both. So does the end of this process, even by SIGKILL: the keeper sees its standard
  /// input end, and the write end of that pipe is closed on exec, so that no sibling can hold it open.
  static func run(
    _ model: LocalModel,
    launch: ServerLaunch,
    ready: @Sendable (LocalEndpoint) async -> Void
  ) async -> LocalModelError {
    var options = PlatformOptions()
    options.createSession = true
    // The keeper kills the server's whole group and collects it, and only then ends.
    options.teardownSequence = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(3))]
    do {
      let result = try await Subprocess.run(
        .name("python3"),
        arguments: Arguments(launch.arguments),
        environment: .custom(keyed(try launch.environment(from: ProcessInfo.processInfo.environment))),
        platformOptions: options,
        input: .inputWriter,
        output: .sequence,
        error: .string(limit: 1 << 20)
      ) { execution in
        var reason: String?
        for try await line in execution.standardOutput.strings() {
          switch KeeperReport(line: line) {
          case .ready(let port, let token): await ready(LocalEndpoint(port: port, token: token))
          case .failed(let why): reason = why
          case nil: continue
          }
        }
        return reason
      }
      // Without a report the keeper itself did not run, and Python has said why.
      let reason = result.closureResult ?? lastLine(of: result.standardError)
      return .serverFailed(model, reason ?? "ended with \(result.terminationStatus)")
    } catch let error as SubprocessError where error.code == .executableNotFound {
      return .pythonMissing
    } catch {
      return .serverFailed(model, "\(error)")
    }
  }
}

/// An environment in the form that the subprocess library takes.
func keyed(_ environment: [String: String]) -> [Environment.Key: String] {
  var keyed: [Environment.Key: String] = [:]
  for (name, value) in environment {
    if let key = Environment.Key(rawValue: name) { keyed[key] = value }
  }
  return keyed
}
