import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server on this machine that answers from a script and remembers what it was asked.
final class LoopbackServer: Sendable {
  private struct State {
    var requests: [CapturedRequest] = []
    var opened = 0
    var closed = 0
    var watchers: [(isMet: (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func met() -> [CheckedContinuation<Void, Never>] {
      let state = self
      defer { watchers.removeAll { $0.isMet(state) } }
      return watchers.filter { $0.isMet(state) }.map(\.continuation)
    }
  }

  fileprivate typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  let port: Int
  private let state = Mutex(State())

  fileprivate init(port: Int) { self.port = port }

  var url: String { "http://127.0.0.1:\(port)" }
  /// The requests so far, in order.
  var requests: [CapturedRequest] { state.withLock { $0.requests } }
  /// How many connections were opened.
  var connections: Int { state.withLock { $0.opened } }

  /// Returns once so many requests have arrived.
  func received(_ count: Int) async { await wait { $0.requests.count >= count } }
  /// Returns once so many connections have been closed.
  func closed(_ count: Int) async { await wait { $0.closed >= count } }

  private func wait(_ isMet: @escaping @Sendable (State) -> Bool) async {
    await withCheckedContinuation { continuation in
      change { $0.watchers.append((isMet, continuation)) }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let met = state.withLock { state in
      body(&state)
      return state.met()
    }
    for continuation in met { continuation.resume() }
  }

  fileprivate func serve(_ connection: Connection, _ script: @Sendable (CapturedRequest, Int) -> Reply) async {
    change { $0.opened += 1 }
    connection.channel.closeFuture.whenComplete { _ in self.change { $0.closed += 1 } }
    // A client that closes in the middle is what some tests are about; the close is all that is of interest then.
    try? await connection.executeThenClose { inbound, outbound in
      var request: CapturedRequest?
      for try await part in inbound {
        switch part {
        case .head(let head):
          request = CapturedRequest(method: head.method.rawValue, path: head.uri, headers: head.headers)
        case .body(let buffer): request?.body += Array(buffer.readableBytesView)
        case .end:
          guard let asked = request else { return }
          var index = 0
          change {
            index = $0.requests.count
            $0.requests.append(asked)
          }
          guard try await play(script(asked, index), outbound) else { return }
        }
      }
    }
  }

  private func play(_ reply: Reply, _ out: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>) async throws -> Bool {
    var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: reply.status))
    for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
    try await out.write(.head(head))
    for step in reply.steps {
      switch step {
      case .bytes(let bytes): try await out.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
      case .wait(let gate): try await gate.wait()
      case .close: return false
      }
    }
    try await out.write(.end(nil))
    return true
  }
}

/// Runs a body beside a server that answers each request by a script, given the request and how many came before.
@discardableResult
func withServer<Result: Sendable>(
  _ script: @escaping @Sendable (CapturedRequest, Int) -> Reply, _ body: (LoopbackServer) async throws -> Result
) async throws -> Result {
  let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .bind(host: "127.0.0.1", port: 0) { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
        return try LoopbackServer.Connection(wrappingChannelSynchronously: channel)
      }
    }
  let server = LoopbackServer(port: listener.channel.localAddress?.port ?? 0)
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      try? await listener.executeThenClose { connections in
        await withDiscardingTaskGroup { group in
          do {
            for try await connection in connections { group.addTask { await server.serve(connection, script) } }
          } catch {}
          group.cancelAll()
        }
      }
    }
    defer { group.cancelAll() }
    return try await body(server)
  }
}

/// Runs a body beside a server that gives these replies in order, and the last one for every request after them.
@discardableResult
func withServer<Result: Sendable>(
  _ replies: Reply..., body: (LoopbackServer) async throws -> Result
) async throws -> Result {
  let last = Reply(status: 500)
  return try await withServer({ _, index in index < replies.count ? replies[index] : replies.last ?? last }, body)
}
