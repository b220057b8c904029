import Foundation
import Subprocess
import Testing

@testable import TurnoutLocal

@Suite(.timeLimit(.minutes(3)))
struct CommandRunnerTests {
  private func run(
    _ arguments: [String], in directory: String = "/", stdin: String? = nil,
    timeout: Duration = .seconds(60), limit: Int = 65_536
  ) async throws -> String {
    try await CommandRunner.run(
      arguments: arguments, in: directory, stdin: stdin, timeout: timeout, outputLimit: limit)
  }

  private func failure(_ body: () async throws -> String) async -> CommandError? {
    await #expect(throws: CommandError.self) { try await body() }
  }

  @Test("arguments arrive as they are")
  func arguments() async throws {
    let words = ["$HOME", "a b", "; rm -rf /", "\"'`", "", "新款", "-n", "*"]
    let shown = try await run(["python3", "-I", "-c", "import sys,json;print(json.dumps(sys.argv[1:]))"] + words)
    #expect(try JSONDecoder().decode([String].self, from: Data(shown.utf8)) == words)
  }

  @Test("standard input arrives whole, and is empty when none is given")
  func input() async throws {
    let text = String(repeating: "ein Satz\n", count: 100_000)
    #expect(try await run(["cat"], stdin: text, limit: 1 << 20) == text)
    #expect(try await run(["cat"]) == "")
  }

  @Test("input that is not read does no harm")
  func unreadInput() async throws {
    // Through a pipe this would be a SIGPIPE for the test process.
    let text = String(repeating: "x", count: 1 << 20)
    for _ in 0..<20 { #expect(try await run(["true"], stdin: text) == "") }
  }

  @Test("output up to the limit is returned, one byte more is an error")
  func outputLimit() async throws {
    let source = ["python3", "-I", "-c", "import sys;sys.stdout.write('x'*int(sys.argv[1]))"]
    #expect(try await run(source + ["100000"], limit: 100_000).count == 100_000)
    let error = await failure { try await run(source + ["100001"], limit: 100_000) }
    #expect(error?.code == .tooMuchOutput)
    #expect(error?.description == "python3 wrote more than 100000 bytes and was ended")
  }

  @Test("output without end is ended")
  func endlessOutput() async throws {
    let error = await failure { try await run(["yes"], limit: 1000) }
    #expect(error?.code == .tooMuchOutput)
    #expect(await failure { try await run(["yes"], limit: -1) }?.code == .tooMuchOutput)
  }

  @Test("much on standard error neither blocks nor counts")
  func manyComplaints() async throws {
    let source = "import sys;sys.stderr.write('x'*(1<<20));print('done')"
    #expect(try await run(["python3", "-I", "-c", source], limit: 5) == "done\n")
  }

  @Test("bytes that are no UTF-8 are replaced")
  func badText() async throws {
    #expect(try await run(["printf", #"a\377b"#]) == "a\u{FFFD}b")
  }

  @Test("a status other than 0 is an error with the last line that was said")
  func exitStatus() async throws {
    let error = await failure {
      try await run(["sh", "-c", "echo out; echo first >&2; printf 'last\\033[2J\\n\\n' >&2; exit 3"])
    }
    #expect(error?.code == .failed)
    #expect(error?.exitStatus == 3)
    #expect(error?.description == "sh ended with status 3: last [2J")
  }

  @Test("what is quoted is bounded")
  func boundedComplaint() async throws {
    let error = await failure { try await run(["sh", "-c", "head -c 100000 /dev/zero | tr '\\0' y >&2; exit 1"]) }
    #expect(try #require(error).description.count == "sh ended with status 1: ".count + 300)
  }

  @Test("a command that dies by a signal")
  func signal() async throws {
    let error = await failure { try await run(["sh", "-c", "kill -TERM $$"]) }
    #expect(error?.code == .failed)
    #expect(error?.exitStatus == nil)
    #expect(error?.description == "sh was ended by signal 15")
  }

  @Test("a command that takes too long is ended")
  func timeout() async throws {
    let error = await failure { try await run(["sleep", "1000"], timeout: .milliseconds(50)) }
    #expect(error?.code == .timedOut)
    #expect(error?.description == "sleep took longer than 0.05 s and was ended")
  }

  @Test("only what a command needs of the environment reaches it")
  func environment() async throws {
    let own = ["PATH": "/bin", "OPENAI_API_KEY": "k", "HOME": "/h", "LANG": "C", "TMPDIR": "/t", "LD_PRELOAD": "x"]
    #expect(CommandRunner.environment(from: own).keys.sorted() == ["HOME", "LANG", "PATH", "TMPDIR"])
    let names = try await run(["env"]).split(separator: "\n").map { $0.prefix { $0 != "=" } }
    #expect(Set(names.map(String.init)).isSubset(of: ["PATH", "HOME", "LANG", "TMPDIR"]))
  }

  @Test("the working directory is the one that was named")
  func directory() async throws {
    try await withFolder { folder in
      let said = try await run(["pwd", "-P"], in: folder)
      #expect(said == "\(folder)\n")
      #expect(await failure { try await run(["pwd"], in: folder + "/missing") }?.code == .notStarted)
    }
  }

  @Test("a command that cannot be found", arguments: ["turnout-no-such-program", "./missing", "/missing", "sub/x", ""])
  func missing(name: String) async throws {
    #expect(await failure { try await run([name]) }?.code == .notFound)
    #expect(await failure { try await run([]) }?.code == .notFound)
  }

  @Test("a NUL cuts nothing short")
  func zero() async throws {
    #expect(await failure { try await run(["echo", "a\0b"]) }?.code == .notStarted)
    #expect(await failure { try await run(["ec\0ho"]) }?.code == .notStarted)
  }

  @Test("many at once")
  func many() async throws {
    let outputs = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<60 { group.addTask { try await run(["echo", "\(number)"]) } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(outputs.count == 60)
  }
}

/// Where a command's program may be.
@Suite(.timeLimit(.minutes(3)))
struct CommandPathTests {
  @Test("programs of a folder run, and whatever leads out of it does not")
  func paths() async throws {
    try await withFolder { root in
      let folder = "\(root)/folder"
      try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
      try writeProgram("#!/bin/sh\necho inside $1\n", to: "\(folder)/bin/tool")
      try writeProgram("#!/bin/sh\necho outside\n", to: "\(root)/tool")
      try writeProgram("#!/bin/sh\necho neighbour\n", to: "\(root)/folder2")
      try Data().write(to: URL(fileURLWithPath: "\(folder)/text"))
      let files = FileManager.default
      try files.createSymbolicLink(atPath: "\(folder)/in", withDestinationPath: "bin/tool")
      try files.createSymbolicLink(atPath: "\(folder)/out", withDestinationPath: "../tool")
      try files.createSymbolicLink(atPath: "\(folder)/up", withDestinationPath: root)
      try files.createSymbolicLink(atPath: "\(root)/alias", withDestinationPath: folder)

      let tool = CommandPath.file("\(folder)/bin/tool")
      for word in ["./bin/tool", "bin/tool", "./in", "./bin/../bin/tool"] {
        #expect(try CommandPath(word, in: folder) == tool, "\(word)")
        #expect(try CommandPath(word, in: "\(root)/alias") == tool, "\(word)")
      }
      for word in ["./../tool", "../tool", "./out", "./up/tool", "./bin/../../tool", "../folder2", "./.."] {
        #expect(throws: CommandError.outsideFolder(word, folder), "\(word)") { try CommandPath(word, in: folder) }
      }
      for word in ["./missing", "./text", "./bin", "./bin/", "./", "", "./bin/tool\0x"] {
        #expect(throws: CommandError.notFound(word), "\(word)") { try CommandPath(word, in: folder) }
      }
      #expect(try CommandPath("tool", in: folder) == .name("tool"))
      #expect(try CommandPath("\(root)/tool", in: folder) == .file("\(root)/tool"))

      let said = try await CommandRunner.run(
        arguments: ["./in", "x"], in: folder, timeout: .seconds(120), outputLimit: 100)
      #expect(said == "inside x\n")
    }
  }
}

/// That nothing of a command stays behind.
@Suite(.timeLimit(.minutes(3)))
struct CommandGroupTests {
  /// Runs a command whose grandchild holds a named pipe open, does `end` once it does, and returns when it is gone.
  private func withGrandchild(_ end: (Task<String, any Error>) async throws -> Void) async throws {
    try await withFolder { folder in
      let pipe = "\(folder)/pipe"
      _ = try await CommandRunner.run(arguments: ["mkfifo", pipe], in: "/", timeout: .seconds(120), outputLimit: 100)
      // Both the shell and its child ignore what can be ignored.
      let script = "trap '' TERM INT HUP; (echo up; exec sleep 1000) > \"$0\" & wait"
      let command = Task {
        try await CommandRunner.run(
          arguments: ["sh", "-c", script, pipe], in: "/", timeout: .seconds(100), outputLimit: 100)
      }
      // The reader's output ends with the last writer.
      _ = try await Subprocess.run(
        .name("cat"), arguments: [pipe], input: .none, output: .sequence, error: .discarded
      ) { reader in
        for try await _ in reader.standardOutput.strings() { try await end(command) }
      }
    }
  }

  @Test("cancellation ends the command and what it started")
  func cancelled() async throws {
    try await withGrandchild { command in
      command.cancel()
      await #expect(throws: CancellationError.self) { try await command.value }
    }
  }

  @Test("a task that is cancelled before runs nothing")
  func cancelledBefore() async throws {
    try await withFolder { folder in
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await CommandRunner.run(
          arguments: ["touch", "\(folder)/file"], in: "/", timeout: .seconds(120), outputLimit: 100)
      }
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/file"))
    }
  }

  @Test("a command that leaves somebody behind holding its output does not hold us")
  func orphan() async throws {
    let said = try await CommandRunner.run(
      arguments: ["sh", "-c", "sleep 200 & echo done"], in: "/", timeout: .seconds(120), outputLimit: 100)
    #expect(said == "done\n")
  }
}
