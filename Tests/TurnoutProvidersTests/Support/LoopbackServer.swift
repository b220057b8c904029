import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server on this machine that answers from a script and remembers what it was asked.
final class LoopbackServer: Sendable {
  private struct State {
    var requests: [CapturedRequest] = []
    var opened: [any Channel] = []
    var closed = 0
    var isClosing = false
    var watchers: [(isMet: (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func met() -> [CheckedContinuation<Void, Never>] {
      let state = self
      defer { watchers.removeAll { $0.isMet(state) } }
      return watchers.filter { $0.isMet(state) }.map(\.continuation)
    }
  }

  private let listener = Mutex<(any Channel)?>(nil)
  private let state = Mutex(State())

  var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
  var url: String { "http://127.0.0.1:\(port)" }
  /// The requests so far, in order.
  var requests: [CapturedRequest] { state.withLock { $0.requests } }
  /// How many connections were opened.
  var connections: Int { state.withLock { $0.opened.count } }

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

  /// Listens, and gives every request that has arrived whole, with the connection it came by.
  fileprivate func listen() async throws -> AsyncStream<(CapturedRequest, any Channel)> {
    let (requests, continuation) = AsyncStream<(CapturedRequest, any Channel)>.makeStream()
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        var isLate = false
        self.change {
          $0.opened.append(channel)
          isLate = $0.isClosing
        }
        channel.closeFuture.whenComplete { _ in self.change { $0.closed += 1 } }
        if isLate { channel.close(promise: nil) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(RequestReader { continuation.yield(($0, channel)) })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.closeFuture.whenComplete { _ in continuation.finish() }
    listener.withLock { $0 = channel }
    return requests
  }

  fileprivate func close() async {
    change { $0.isClosing = true }
    try? await listener.withLock { $0 }?.close()
    for channel in state.withLock({ $0.opened }) { try? await channel.close() }
  }

  fileprivate func answer(
    _ request: CapturedRequest, _ channel: any Channel, _ script: @Sendable (CapturedRequest, Int) -> Reply
  ) async {
    var index = 0
    change {
      index = $0.requests.count
      $0.requests.append(request)
    }
    // A client that closes in the middle is what some tests are about; the close is all that is of interest then.
    guard (try? await play(script(request, index), channel)) == true else {
      try? await channel.close()
      return
    }
  }

  private func play(_ reply: Reply, _ channel: any Channel) async throws -> Bool {
    var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: reply.status))
    for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
    try await write(.head(head), to: channel)
    for step in reply.steps {
      switch step {
      case .bytes(let bytes): try await write(.body(.byteBuffer(ByteBuffer(bytes: bytes))), to: channel)
      case .wait(let gate): try await gate.wait()
      case .close: return false
      }
    }
    try await write(.end(nil), to: channel)
    return true
  }

  private func write(_ part: HTTPServerResponsePart, to channel: any Channel) async throws {
    try await channel.writeAndFlush(part)
  }
}

/// Puts the parts of a request together.
private final class RequestReader: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  private let arrived: (CapturedRequest) -> Void
  private var request: CapturedRequest?

  init(_ arrived: @escaping (CapturedRequest) -> Void) { self.arrived = arrived }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = CapturedRequest(method: head.method.rawValue, path: head.uri, headers: head.headers)
    case .body(let buffer): request?.body += Array(buffer.readableBytesView)
    case .end: if let request { arrived(request) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Runs a body beside a server that answers each request by a script, given the request and how many came before.
@discardableResult
func withServer<Result: Sendable>(
  _ script: @escaping @Sendable (CapturedRequest, Int) -> Reply, _ body: (LoopbackServer) async throws -> Result
) async throws -> Result {
  let server = LoopbackServer()
  let requests = try await server.listen()
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask {
      await withDiscardingTaskGroup { group in
        for await (request, channel) in requests { group.addTask { await server.answer(request, channel, script) } }
        group.cancelAll()
      }
    }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(server)) } catch { result = .failure(error) }
    await server.close()
    group.cancelAll()
    return try result.get()
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
