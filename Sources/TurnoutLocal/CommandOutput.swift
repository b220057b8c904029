import Subprocess

/// What a command that ended by itself left behind.
struct FinishedCommand: Sendable {
  let status: TerminationStatus
  let output: [UInt8]
  let complaint: String?

  /// The output of a command that succeeded.
  func text(of name: String) throws(CommandError) -> String {
    let last = complaint.map { ": \($0)" } ?? ""
    switch status {
    case .exited(0):
      return String(decoding: output, as: UTF8.self)
    case .exited(let code):
      throw CommandError(.failed, "\(bounded(name)) ended with status \(code)\(last)", exitStatus: Int(code))
    case .signaled(let signal):
      throw CommandError(.failed, "\(bounded(name)) was ended by signal \(signal)\(last)")
    }
  }
}

extension CommandRunner {
  /// Runs the command, reads both of its outputs at the same time, and keeps no more of them than is of use.
  static func collect(
    _ configuration: Configuration, _ name: String, stdin: String, outputLimit: Int
  ) async throws -> FinishedCommand {
    let input = try CommandInput.open(stdin)
    let result = try await Subprocess.run(
      configuration,
      input: .fileDescriptor(input, closeAfterSpawningProcess: true),
      output: .sequence,
      error: .sequence
    ) { execution in
      let (output, complaints) = (execution.standardOutput, execution.standardError)
      return try await withThrowingTaskGroup(of: Stream.self) { group in
        group.addTask {
          var bytes: [UInt8] = []
          for try await chunk in output {
            let count = chunk.count
            guard bytes.count + count <= outputLimit else { throw CommandError.tooMuchOutput(name, outputLimit) }
            chunk.withUnsafeBytes { bytes.append(contentsOf: $0) }
          }
          return .output(bytes)
        }
        group.addTask {
          // All of it is read, or the command would stop at a full pipe; only the end is kept.
          var tail: [UInt8] = []
          for try await chunk in complaints {
            chunk.withUnsafeBytes { tail.append(contentsOf: $0) }
            if tail.count > 8192 { tail.removeFirst(tail.count - 4096) }
          }
          return .complaint(lastLine(of: String(decoding: tail, as: UTF8.self)))
        }
        var (bytes, complaint): ([UInt8], String?) = ([], nil)
        for try await stream in group {
          switch stream {
          case .output(let all): bytes = all
          case .complaint(let last): complaint = last
          }
        }
        return (bytes, complaint)
      }
    }
    let (output, complaint) = result.closureResult
    return FinishedCommand(status: result.terminationStatus, output: output, complaint: complaint)
  }

  private enum Stream: Sendable {
    case output([UInt8])
    case complaint(String?)
  }
}
