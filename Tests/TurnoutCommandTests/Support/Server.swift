import Foundation
import Subprocess

/// A server that gives every request the same answer, in which `{key}` stands for the authorization it was sent.
enum Server {
  private static let program = """
    import http.server, sys, threading
    status, body = int(sys.argv[1]), sys.argv[2]
    class Handler(http.server.BaseHTTPRequestHandler):
      def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if status == 0:
          print("asked", flush=True)
          threading.Event().wait()
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

  /// Calls the body with the base URL of a server that never answers, and with what waits until it was asked.
  static func stalling<Result: Sendable>(
    _ use:
      @escaping @Sendable (_ base: String, _ untilAsked: @escaping @Sendable () async throws -> Void) async throws ->
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
        var iterator = lines.makeAsyncIterator()
        guard let port = await iterator.next() else { throw Missing(description: "the server did not start") }
        return try await use("http://127.0.0.1:\(port.filter(\.isNumber))/v1") { for await _ in lines { return } }
      }
    }.closureResult
  }

  /// An address at which nothing answers: a port that was free a moment ago.
  static func nothing() throws -> String {
    let descriptor = socket(AF_INET, streamType, 0)
    guard descriptor >= 0 else { throw Missing(description: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
        guard bind(descriptor, address, length) == 0, getsockname(descriptor, address, &length) == 0 else { return nil }
        return pointer.pointee.sin_port.bigEndian
      }
    }
    guard let port else { throw Missing(description: "no port") }
    return "http://127.0.0.1:\(port)/v1"
  }

  #if canImport(Glibc)
    private static let streamType = Int32(SOCK_STREAM.rawValue)
  #else
    private static let streamType = SOCK_STREAM
  #endif
}
