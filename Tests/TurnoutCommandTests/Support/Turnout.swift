import Foundation
import Subprocess
import TestSupport
import Testing
import TurnoutCore
import TurnoutLocal

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// What a run of the command left behind.
struct Finished: Sendable {
  /// Its exit status; that of a process which a signal ended is negative.
  let status: Int32
  let output: String
  let complaint: String

  init(_ status: TerminationStatus, _ output: [UInt8], _ complaint: [UInt8]) {
    self.output = String(decoding: output, as: UTF8.self)
    self.complaint = String(decoding: complaint, as: UTF8.self)
    Remains.keep(self.output + self.complaint, from: "command")
    self.status =
      switch status {
      case .exited(let code): code
      case .signaled(let signal): -signal
      }
  }

  /// Standard output as the one JSON object that it must be.
  func json(_ location: SourceLocation = #_sourceLocation) throws -> Value {
    let value = try #require(try? Value(json: output), "not one JSON value: \(output)", sourceLocation: location)
    try #require(value.object != nil, sourceLocation: location)
    return value
  }

  /// The lines of standard error.
  var lines: [String] { complaint.split(separator: "\n").map(String.init) }
}

/// The command, as it was built beside these tests.
struct Turnout: Sendable {
  /// Where its relative paths begin.
  let folder: String
  /// What it sees of the environment besides `PATH` and a home of its own; no keys and no local models unless told.
  var environment: [String: String] = [:]

  init(in folder: String = packageFolder, environment: [String: String] = [:]) {
    self.folder = folder
    self.environment = environment
  }

  /// The same, with the local models of this machine.
  var local: Turnout {
    var turnout = self
    turnout.environment["TURNOUT_LOCAL"] = installation?.folder
    return turnout
  }

  func callAsFunction(_ arguments: String..., input: String? = nil) async throws -> Finished {
    try await run(arguments, input: input.map { Array($0.utf8) })
  }

  func run(_ arguments: [String], input: [UInt8]? = nil) async throws -> Finished {
    let configuration = try configuration(arguments)
    return try await withinTime {
      if let input {
        // Written by hand: an input of another kind traps in the library when the program ends before it has read all.
        let result = try await Subprocess.run(
          configuration, input: .inputWriter, output: .bytes(limit: 64 << 20), error: .bytes(limit: 64 << 20)
        ) { execution in
          _ = try? await execution.standardInputWriter.write(input)
        }
        return Finished(result.terminationStatus, result.standardOutput, result.standardError)
      }
      let result = try await Subprocess.run(
        configuration, input: .none, output: .bytes(limit: 64 << 20), error: .bytes(limit: 64 << 20))
      return Finished(result.terminationStatus, result.standardOutput, result.standardError)
    }
  }

  /// Runs it with a standard input that stays open, while the body does something to the process.
  func signalled(
    _ arguments: [String], _ body: @escaping @Sendable (Running) async throws -> Void
  ) async throws -> Finished {
    let configuration = try configuration(arguments)
    return try await withinTime {
      let result = try await Subprocess.run(
        configuration, input: .inputWriter, output: .bytes(limit: 64 << 20), error: .bytes(limit: 64 << 20)
      ) { execution in
        try await body(Running(process: execution.processIdentifier.value))
      }
      return Finished(result.terminationStatus, result.standardOutput, result.standardError)
    }
  }

  /// The same, of a process whose output nobody reads until it has ended; returns its status.
  func unread(
    _ arguments: [String], _ body: @escaping @Sendable (Running) async throws -> Void
  ) async throws -> Int32 {
    let configuration = try configuration(arguments)
    return try await withinTime {
      let result = try await Subprocess.run(configuration, input: .none, output: .sequence, error: .discarded) {
        execution in
        try await body(Running(process: execution.processIdentifier.value))
      }
      return Finished(result.terminationStatus, [], []).status
    }
  }

  private func configuration(_ arguments: [String]) throws -> Configuration {
    guard let product else {
      throw Missing(description: "the command is not built: run `make test`, or `swift build` before `swift test`")
    }
    let scratch = Self.scratch
    let base = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "\(scratch)/home",
      "XDG_CACHE_HOME": "\(scratch)/cache", "TURNOUT_LOCAL": "\(scratch)/no-models", "SWIFT_BACKTRACE": "enable=no",
    ]
    var variables: [Environment.Key: String] = [:]
    for (name, value) in base.merging(environment, uniquingKeysWith: { $1 }) {
      if let key = Environment.Key(rawValue: name) { variables[key] = value }
    }
    var options = PlatformOptions()
    options.teardownSequence = [.send(signal: .kill, allowedDurationToNextStep: .seconds(1))]
    return Configuration(
      executable: .path(FilePath(product)), arguments: Arguments(arguments), environment: .custom(variables),
      workingDirectory: FilePath(folder), platformOptions: options)
  }

  /// One home and cache for all commands of a test process, so that vectors are made once.
  private static let scratch: String = {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "turnout-tests-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: url.appendingPathComponent("home"), withIntermediateDirectories: true)
    return url.path
  }()
}

/// Something these tests need is not there.
struct Missing: Error, CustomStringConvertible { let description: String }

/// A process that has not been waited for, so that its number is still its own.
struct Running: Sendable {
  let process: pid_t

  func send(_ signal: Int32) { _ = kill(process, signal) }

  var hasEnded: Bool {
    var info = siginfo_t()
    return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
  }
}

/// Runs work, and fails when it takes longer than anything here may.
func withinTime<Result: Sendable>(
  _ limit: Duration = .seconds(120), _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
  try await withThrowingTaskGroup(of: Result.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: limit)
      throw Missing(description: "it did not end within \(limit)")
    }
    defer { group.cancelAll() }
    guard let first = try await group.next() else { throw CancellationError() }
    return first
  }
}

/// Returns once a condition holds, which is asked again and again.
func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(60)
  while try !condition() {
    guard ContinuousClock.now < deadline else { throw Missing(description: "it did not happen: \(what)") }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// The folder of the package these tests belong to.
let packageFolder: String = {
  var url = URL(fileURLWithPath: #filePath)
  for _ in 0..<4 { url.deleteLastPathComponent() }
  return url.path
}()

/// The command beside the test bundle.
private let product = builtProduct("turnout")

/// A program beside the test bundle, wherever the build put both.
func builtProduct(_ name: String) -> String? {
  var folders = ["\(packageFolder)/.build/debug"]
  for bundle in [Bundle.main.executablePath ?? "", Bundle.main.bundlePath] + Bundle.allBundles.map(\.bundlePath) {
    folders.insert(URL(fileURLWithPath: bundle).deletingLastPathComponent().path, at: 0)
  }
  return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// The local models, where they are installed.
let installation: LocalInstallation? = {
  let own = LocalInstallation(folder: "\(packageFolder)/.turnout/local")
  return LocalInstallation.find() ?? (own.isComplete ? own : nil)
}()

/// A folder of files for one test; removed when the test lets go of it.
final class Folder: Sendable {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    path =
      FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("turnout-command-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, Data(text.utf8)) }
  }

  deinit { Remains.keep(at: path) }

  func write(_ name: String, _ data: Data) throws { try data.write(to: URL(fileURLWithPath: "\(path)/\(name)")) }

  func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// The complete lines of an events file as far as it is written.
  func events(_ name: String = "events.jsonl") throws -> [Value] {
    guard has(name) else { return [] }
    let lines = try text(name).split(separator: "\n", omittingEmptySubsequences: false)
    return try lines.dropLast().map { try Value(json: String($0)) }
  }
}
