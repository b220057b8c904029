import Foundation

/// How a keeper is started: the command, and what it is told through its environment.
struct ServerLaunch: Encodable, Sendable {
  /// The keeper's source.
  let program: String
  /// The source of the server that the keeper starts.
  var server: String
  let kind: String
  let folder: String
  let model: String?
  let slots: Int
  let context: Int
  let threads: Int
  var startLimit: Double

  init(_ model: LocalModel, in installation: LocalInstallation, settings: LocalServerSettings) {
    let isChat = model.kind == .chat
    program = String(decoding: PackageResources.keeper_py, as: UTF8.self)
    server = String(
      decoding: isChat ? PackageResources.chat_server_py : PackageResources.embeddings_server_py, as: UTF8.self)
    kind = model.kind.rawValue
    folder = installation.folder
    self.model = model.path.map { URL(fileURLWithPath: $0).path }
    slots = max(1, settings.slots)
    context = max(256, settings.contextPerSlot)
    threads = max(1, isChat ? settings.chatThreads : settings.embeddingThreads)
    startLimit = max(0.01, settings.startLimit / .seconds(1))
  }

  /// Python's arguments. The sources are not among them, so that a list of processes stays readable.
  var arguments: [String] {
    let start = "import json,os;launch=json.loads(os.environ.pop('TURNOUT_LAUNCH'));exec(launch['program'])"
    return ["-I", "-S", "-B", "-c", start, "turnout-keeper", kind]
  }

  /// Only what a server needs: keys for other services are none of its business.
  ///
  /// The launch goes this way because standard input must stay empty: writing to a keeper that has died would raise
  /// SIGPIPE here.
  func environment(from own: [String: String]) throws -> [String: String] {
    let names = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"]
    var environment = own.filter { names.contains($0.key) }
    environment["TURNOUT_LAUNCH"] = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    return environment
  }
}

/// A line that a keeper writes.
enum KeeperReport: Equatable {
  case ready(port: Int, token: String)
  case failed(String)

  /// `nil` for a line that is neither.
  init?(line: String) {
    struct Wire: Decodable {
      let port: Int?
      let token: String?
      let error: String?
    }
    guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(line.utf8)) else { return nil }
    if let error = wire.error {
      self = .failed(error)
    } else if let port = wire.port, (1...65535).contains(port), let token = wire.token, !token.isEmpty {
      self = .ready(port: port, token: token)
    } else {
      return nil
    }
  }
}
