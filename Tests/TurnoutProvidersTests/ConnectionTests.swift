import NIOCore
import NIOPosix
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct ConnectionTests {
  /// An address at which nothing listens. A port that was free a moment ago may be somebody else's by now; this one is
  /// kept for a service that hardly any machine runs, and never handed out.
  private let deadAddress = "http://127.0.0.1:1"

  private func ask(_ address: String) async throws -> ModelResponse {
    try await OpenAIChatModel("m", at: OpenAIEndpoint(provider: "test", baseURL: address + "/v1"))
      .respond(to: .hello, in: Run(), onDelta: nil)
  }

  @Test(arguments: [true, false])
  func `An answer that never ends is given up in time`(streams: Bool) async throws {
    let gate = Gate()
    let reply = Reply.stream([.bytes(Array("data: {\"choices\":[]}\n\n".utf8)), .wait(gate)])
    try await withServer(reply) { server in
      let endpoint = OpenAIEndpoint(provider: "test", baseURL: server.url + "/v1", timeout: .milliseconds(100))
      let ignore: ModelDeltaHandler = { _ in }
      let error = try await modelError {
        try await OpenAIChatModel("m", at: endpoint).respond(to: .hello, in: Run(), onDelta: streams ? ignore : nil)
      }
      #expect(error.label == "timeout")
      #expect(error.description == "test: \(server.url) took longer than it may")
      gate.open()
    }
  }

  @Test func `A server that is down is told in one line`() async throws {
    let address = deadAddress
    let error = try await modelError { try await ask(address) }
    #expect(error.label == "connection")
    #expect(error.description == "test: nothing answers at \(address); is the server running?")
  }

  @Test func `A host that does not exist is told in one line`() async throws {
    let error = try await modelError { try await ask("http://no-such-host.invalid") }
    #expect(error.description == "test: nothing answers at http://no-such-host.invalid; is the server running?")
  }

  @Test(arguments: ["", "localhost:8080", "ftp://127.0.0.1", "http://", "http:// space", "::"])
  func `An address that is none is an error, not a crash`(address: String) async throws {
    let error = try await modelError { try await ask(address) }
    #expect(error.label == "not_found")
    #expect(error.description.hasSuffix("is not a usable address"))
    #expect(!error.description.contains("\n"))
  }

  @Test func `A connection that closes before the answer is told in one line`() async throws {
    var promised = Reply(headers: [("content-length", "100")], steps: [.bytes(Array("{".utf8)), .close])
    for _ in 0..<2 {
      try await withServer(promised) { server in
        let error = try await modelError { try await server.ask() }
        #expect(error.label == "connection")
        #expect(error.description == "test: \(server.url) closed the connection before the answer was complete")
      }
      promised.headers = []
    }
  }

  @Test func `What is not HTTP is told in one line`() async throws {
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Banner()) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let address = "http://127.0.0.1:\(try #require(channel.localAddress?.port))"
    let error = try await modelError { try await ask(address) }
    try await channel.close()
    #expect(error.label == "connection")
    #expect(error.description.hasPrefix("test: \(address)"))
    #expect(!error.description.contains("\n"))
  }

  @Test func `Cancelling before the answer closes the connection`() async throws {
    try await withServer(Reply(steps: [.wait(Gate())])) { server in
      let model = try server.model()
      let task = Task { try await model.respond(to: .hello, in: Run(), onDelta: nil) }
      await server.received(1)
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      await server.closed(1)
    }
  }

  @Test func `Cancelling in the middle of a stream closes the connection`() async throws {
    let reply = Reply.stream([.bytes(Array("data: \(Wire.chunk("first"))\n\n".utf8)), .wait(Gate())])
    try await withServer(reply) { server in
      let (started, start) = AsyncStream.makeStream(of: Void.self)
      let model = try server.model()
      let task = Task { try await model.respond(to: .hello, in: Run()) { _ in start.yield() } }
      for await _ in started { break }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      await server.closed(1)
    }
  }

  @Test func `A branch that is not needed any more closes its connection`() async throws {
    try await withServer { request, _ in
      request.text.contains("quick") ? .text("done") : Reply(steps: [.wait(Gate())])
    } _: { server in
      let agent = Agent("a", model: try server.model(), instructions: "")
      let outcomes = try await ForEach(agent, onFailure: .quorum(1)).run(["slow", "quick", "slower"])
      #expect(outcomes.map(\.output) == [nil, "done", nil])
      #expect(outcomes.map { $0.failure?.isCancellation } == [true, nil, true])
      // A branch that was cancelled before it was connected left nothing to close.
      await server.closed(server.requests.count - 1)
    }
  }

  @Test func `A task that was cancelled before asks nobody`() async throws {
    try await withServer(.text("x")) { server in
      let model = try server.model()
      let gate = Gate()
      let task = Task {
        try? await gate.wait()
        return try await model.respond(to: .hello, in: Run(), onDelta: nil)
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `One connection serves call after call`() async throws {
    try await withServer(.text("x")) { server in
      for _ in 0..<5 { _ = try await server.ask() }
      #expect(server.connections == 1)
    }
  }

  @Test func `A hundred calls at once wait for nobody`() async throws {
    let gate = Gate()
    var reply = Reply.text("x")
    reply.steps.insert(.wait(gate), at: 0)
    try await withServer(reply) { server in
      let agent = Agent("a", model: try server.model(), instructions: "")
      async let outcomes = ForEach(agent, atMost: 100).run((0..<100).map(String.init))
      // All are at the server before the first is answered.
      await server.received(100)
      gate.open()
      #expect(try await outcomes.compactMap(\.output).count == 100)
    }
  }
}

/// Answers whatever it is sent with the first line of another protocol. Only then: the client does not notice what comes
/// before it has a request for the connection, and waits until nothing has arrived for five minutes.
private final class Banner: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "SSH-2.0-OpenSSH_9.6\r\n")), promise: nil)
  }
}
