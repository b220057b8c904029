import Foundation
import Subprocess
import TestSupport

@testable import TurnoutLocal

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A folder of its own for the length of `body`.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("turnout-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { Remains.keep(at: folder.path) }
  return try await body(folder.resolvingSymlinksInPath().path)
}

/// A program in `folder` that a command can name.
func writeProgram(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
}

/// A folder that looks installed.
func writeInstallation(to folder: String) throws -> LocalInstallation {
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  try Data(PackageResources.pins_json).write(to: URL(fileURLWithPath: "\(folder)/pins.json"))
  return LocalInstallation(folder: folder)
}

func python(_ source: String, _ arguments: String..., stdin: String? = nil) async throws -> String {
  try await CommandRunner.run(
    arguments: ["python3", "-I", "-c", source] + arguments, in: "/", stdin: stdin,
    timeout: .seconds(60), outputLimit: 1 << 22)
}

/// A request's status and body.
func fetch(_ endpoint: LocalEndpoint, _ path: String, token: String? = nil, body: String? = nil) async throws
  -> (status: Int, body: String)
{
  let source = """
    import http.client,sys,urllib.parse
    url=urllib.parse.urlparse(sys.argv[1]); body=sys.stdin.buffer.read() or None
    connection=http.client.HTTPConnection(url.hostname,url.port,timeout=50)
    headers={"Authorization":"Bearer "+sys.argv[2],"Content-Type":"application/json"}
    connection.request("POST" if body else "GET",url.path,body,headers)
    answer=connection.getresponse()
    print(answer.status); print(answer.read().decode(),end="")
    """
  let text = try await python(source, endpoint.baseURL + path, token ?? endpoint.token, stdin: body)
  let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
  return (Int(parts[0]) ?? 0, parts.count > 1 ? String(parts[1]) : "")
}

/// Returns when the process behind the endpoint has ended; `body` runs once a connection to it stands.
func untilGone(_ endpoint: LocalEndpoint, _ body: () async throws -> Void) async throws {
  let source = """
    import socket,sys,urllib.parse
    connection=socket.create_connection(("127.0.0.1",urllib.parse.urlparse(sys.argv[1]).port),60)
    print("connected",flush=True)
    try: connection.recv(1)
    except ConnectionError: pass
    """
  let result = try await Subprocess.run(
    .name("python3"), arguments: ["-I", "-c", source, endpoint.baseURL],
    input: .none, output: .sequence, error: .string(limit: 65_536)
  ) { execution in
    for try await _ in execution.standardOutput.strings() { try await body() }
  }
  guard result.terminationStatus.isSuccess else { throw Unexpected(text: result.standardError) }
}

struct Unexpected: Error {
  let text: String
}

/// A server for the keeper that needs nothing installed: it knows its token, and tells who asks what it sees.
enum StandIn {
  static let server = source()

  /// - Parameters:
  ///   - before: Run before it listens.
  ///   - check: Whether a request may pass.
  ///   - after: Run after each answer, with the number of answers in `answers`.
  static func source(before: String = "pass", check: String = "given == token", after: String = "pass") -> String {
    """
    import http.server,json,os,signal,sys,threading
    def watch():
        while os.read(0,4096): pass
        os._exit(0)
    threading.Thread(target=watch,daemon=True).start()
    \(before)
    token="Bearer "+launch["token"]; answers=0
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            global answers
            given=self.headers.get("Authorization")
            body=json.dumps({"pid":os.getpid(),"names":sorted(os.environ),"model":launch["model"]}).encode()
            self.send_response(200 if \(check) else 401); self.end_headers(); self.wfile.write(body)
            answers+=1
            \(after)
        def log_message(self,*_): pass
    server=http.server.ThreadingHTTPServer(("127.0.0.1",0),Handler)
    print(json.dumps({"port":server.server_address[1]}),flush=True)
    server.serve_forever()
    """
  }

  static func launch(_ model: LocalModel = .chat, server: String = server, startLimit: Double = 60) -> ServerLaunch {
    var launch = ServerLaunch(model, in: LocalInstallation(folder: "/nowhere"), settings: LocalServerSettings())
    launch.server = server
    launch.startLimit = startLimit
    return launch
  }
}
