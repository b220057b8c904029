import Foundation
import Subprocess
import Testing
import TurnoutEvaluation

/// What a person sees on a terminal: the command runs on a pseudo-terminal, and what it writes is read.
@Suite struct TerminalViewTests {
  private static let files = [
    "flow.yaml": """
    turnout: 1
    inputs: [0]
    run: { each: { at_most: 20, on_failure: settle, agent: { instructions: x, prompt: "is {{item}}!" } } }
    """,
    "script.yaml": """
    - { when: is 7!, error: server }
    - { text: 好的, delay_ms: 100 }
    """,
  ]

  /// Runs a program on a terminal of so many columns and rows, and writes what it wrote.
  private static let terminal = """
    import fcntl, os, pty, struct, sys, termios
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    pid, fd = pty.fork()
    if pid == 0:
      fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
      os.environ["TERM"] = "xterm"
      os.execv(sys.argv[3], sys.argv[3:])
    while True:
      try: data = os.read(fd, 65536)
      except OSError: break
      if not data: break
      sys.stdout.buffer.write(data)
    """

  private func screen(_ items: Int, columns: Int, environment: [String: String] = [:]) async throws -> String {
    let folder = try Folder(Self.files)
    let command = try #require(builtProduct("turnout"), "turnout is not built: run `make test`")
    let list = "[\((0..<items).map(String.init).joined(separator: ","))]"
    var variables = Environment.inherit
    for (name, value) in environment {
      variables = variables.updating([Environment.Key(rawValue: name) ?? "X": value])
    }
    let result = try await Subprocess.run(
      .name("python3"),
      arguments: [
        "-I", "-c", Self.terminal, "\(columns)", "20", command, "run", "\(folder.path)/flow.yaml", list, "--model",
        "scripted:\(folder.path)/script.yaml",
      ], environment: variables, output: .string(limit: 16 << 20), error: .discarded)
    return result.standardOutput
  }

  private func plain(_ text: String) -> [String] {
    text.replacing(#/\u{1B}\[[0-9;]*[A-Za-z]/#, with: "").split(whereSeparator: { $0.isNewline || $0 == "\r" }).map(
      String.init)
  }

  @Test("a fan-out that does not fit has a bar, one line at the end, and its failures") func wide() async throws {
    let screen = try await screen(300, columns: 70)
    let lines = plain(screen)
    #expect(
      lines.contains { $0.contains("░ ") && $0.contains(" of 300") && $0.contains(" left") }, "progress and estimate")
    #expect(lines.contains { $0.hasPrefix("✗ flow/7") })
    #expect(!lines.contains { $0.hasPrefix("✓ flow/") }, "what went well is not told one by one")
    #expect(lines.count { $0.hasPrefix("✓ flow ") && $0.contains("300 branches") } == 1)
    #expect(lines.contains { $0.hasPrefix("● critical path: ") })
    #expect(lines.last?.hasPrefix("✓ partial in ") == true)
    // Live lines are drawn over again, so they must not be broken by the edge.
    for line in lines where line.hasPrefix("…") { #expect(TextColumns.width(line) <= 70, "\(line)") }
    #expect(screen.contains("\u{1B}[J"), "it was drawn over")
  }

  @Test("a line for each branch where there are few, also on a narrow terminal and in wide letters") func narrow()
    async throws
  {
    let lines = plain(try await screen(4, columns: 32))
    for number in 0..<4 { #expect(lines.contains { $0.hasPrefix("✓ flow/\(number)") }) }
    for line in lines where line.hasPrefix("…") { #expect(TextColumns.width(line) <= 32, "\(line)") }
  }

  @Test("without colours where nobody wants them") func colours() async throws {
    #expect(try await screen(2, columns: 80, environment: ["NO_COLOR": ""]).contains("\u{1B}[32m"))
    let plain = try await screen(2, columns: 80, environment: ["NO_COLOR": "1"])
    #expect(!plain.contains("\u{1B}[32m") && !plain.contains("\u{1B}[2m"))
  }
}
