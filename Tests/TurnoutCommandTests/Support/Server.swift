import Foundation
import Subprocess

/// A server that gives every request the same answer, in which `{key}` stands for the authorization it was sent.
enum Server {
  private static let program = """
    import http.server, sys, threading, time
    status, body = int(sys.argv[1]), sys.argv[2]
    class Handler(http.server.BaseHTTPRequestHandler):
      def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if status == 0:
          print("asked", flush=True)
          self.connection.recv(1)
          print("closed", time.time(), flush=True)
          self.close_connection = True
          return
        answer = body.replace("{key}", self.headers.get("Authorization", "")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
      def log_message(self, *arguments): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    """

  /// Calls the body with the server's base URL.
  static func answering<Result: Sendable>(
    _ status: Int, _ body: String = "{}", _ use: @escaping @Sendable (String) async throws -> Result
  ) async throws -> Result {
    try await Subprocess.run(
      .name("python3"), arguments: ["-I", "-c", program, String(status), body], input: .inputWriter, output: .sequence,
      error: .discarded
    ) { execution in
      for try await line in execution.standardOutput.strings() {
        return try await use("http://127.0.0.1:\(line.filter(\.isNumber))/v1")
      }
      throw Missing(description: "the server did not start")
    }.closureResult
  }

  /// Calls the body with the base URL of a server that never answers, and with what it prints: `asked` for each request,
  /// and `closed` with the time when one's connection is closed.
  static func stalling<Result: Sendable>(
    _ use:
      @escaping @Sendable (_ base: String, _ lines: @escaping @Sendable () async throws -> String) async throws ->
      Result
  ) async throws -> Result {
    try await Subprocess.run(
      .name("python3"), arguments: ["-I", "-c", program, "0", ""], input: .inputWriter, output: .sequence,
      error: .discarded
    ) { execution in
      let (lines, continuation) = AsyncStream.makeStream(of: String.self)
      return try await withThrowingTaskGroup(of: Void.self) { group in
        let output = execution.standardOutput
        group.addTask {
          for try await line in output.strings() { continuation.yield(line) }
          continuation.finish()
        }
        defer { group.cancelAll() }
        @Sendable func next() async throws -> String {
          for await line in lines { return line.trimmingCharacters(in: .newlines) }
          throw Missing(description: "the server has ended")
        }
        let port = try await next()
        return try await use("http://127.0.0.1:\(port.filter(\.isNumber))/v1", next)
      }
    }.closureResult
  }

  /// The base URL of a server that is not there: a free port could be another test's by now, and this one is never
  /// handed out.
  static let nothing = "http://127.0.0.1:1/v1"
}
