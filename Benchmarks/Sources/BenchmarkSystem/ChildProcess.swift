#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A program run beside this one, with pipes to its standard input and output.
public final class ChildProcess {
  /// It did not start, or ended badly.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
    public init(description: String) { self.description = description }
  }

  private let pid: pid_t
  private let input: Int32
  private let output: UnsafeMutablePointer<FILE>

  /// Starts a program.
  public init(_ program: String, _ arguments: [String]) throws {
    var toChild: [Int32] = [0, 0]
    var fromChild: [Int32] = [0, 0]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw Failure(description: "no pipe: \(errno)") }
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    // What stays here must not stay open there, or the server would never see the end of its input.
    for descriptor in toChild + fromChild { posix_spawn_file_actions_addclose(&actions, descriptor) }

    var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, program, &actions, nil, &argv, environ)
    close(toChild[0])
    close(fromChild[1])
    guard status == 0, let output = fdopen(fromChild[0], "r") else {
      throw Failure(description: "\(program) does not start: \(status)")
    }
    _ = fcntl(toChild[1], F_SETFD, FD_CLOEXEC)
    _ = fcntl(fromChild[0], F_SETFD, FD_CLOEXEC)
    self.pid = pid
    input = toChild[1]
    self.output = output
  }

  /// The next line of its output, without the line break.
  public func line() -> String? {
    var line = [CChar](repeating: 0, count: 4_096)
    guard fgets(&line, Int32(line.count), output) != nil else { return nil }
    return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Ends its input, waits for it and says how much processor time it took, in microseconds.
  public func finish() throws -> Double {
    close(input)
    while line() != nil {}
    fclose(output)
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(pid, &status, 0, &usage) == pid, status == 0 else {
      throw Failure(description: "a child process ended with status \(status)")
    }
    return Machine.microseconds(usage.ru_utime) + Machine.microseconds(usage.ru_stime)
  }
}
