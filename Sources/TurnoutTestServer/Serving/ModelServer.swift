import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
public import TurnoutCore

/// An HTTP server on this machine that speaks the wires of four vendors, answers from a script, remembers what it was
/// asked, and does on demand what servers and networks do on bad days.
///
/// ```swift
/// try await ModelServer.serve([.text("It costs 499.")], faults: FaultPlan([.refusal(429, after: .seconds(1))])) { server in
///   let model = OpenAIChatModel("test", at: OpenAIEndpoint(baseURL: server.url + "/v1"))
///   …
///   server.requests.map(\.prompt)
/// }
/// ```
/// It listens on 127.0.0.1 and a free port, and has stopped when the body is over, however that ends. OpenAI's wires
/// are found below ``url`` and `/v1`, Anthropic's and Gemini's below ``url`` itself.
public final class ModelServer: Sendable {
  /// Makes an answer from a request and the number of requests that were answered before it, from 0. A request that met
  /// a fault of the plan which cost it its answer is not counted.
  public typealias Script = @Sendable (_ request: ServedRequest, _ index: Int) async -> ServedAnswer

  private let script: Script
  /// Whether the script answers whatever is asked, and not only what a model is asked.
  private let answersAll: Bool
  private let faults: FaultPlan
  private let models: [String]
  private let clock: RunClock
  private let listener = Mutex<(any Channel)?>(nil)
  private let state: Mutex<ServerState>

  private init(
    _ script: @escaping Script, answersAll: Bool = false, _ faults: FaultPlan = .none, _ limit: RequestLimit? = nil,
    _ models: [String] = [], remembering remembered: Int = .max, _ clock: RunClock = RunClock()
  ) {
    state = Mutex(ServerState(remembering: remembered))
    self.script = script
    self.answersAll = answersAll
    self.faults = faults
    self.models = models
    self.clock = clock
    state.withLock { $0.bucket = limit.map { TokenBucket($0, at: clock.now) } }
  }

  /// Runs a body beside a server that gives these answers in order, and refuses what it is asked after them.
  /// - Parameters:
  ///   - answers: the answers, whichever wire they go by.
  ///   - faults: which request meets which fault.
  ///   - limit: how many requests it takes.
  ///   - models: the names that it lists.
  ///   - remembered: how many of the last requests it remembers, at least.
  ///   - clock: the time of delays and limits.
  /// - Throws: what the body throws, and the system's error when the server cannot listen.
  @discardableResult
  public static func serve<Result: Sendable>(
    _ answers: [ServedAnswer], faults: FaultPlan = .none, limit: RequestLimit? = nil, models: [String] = ["test"],
    remembering remembered: Int = .max, clock: RunClock = RunClock(), _ body: (ModelServer) async throws -> Result
  ) async throws -> Result {
    try await serve(
      answering: { answers.indices.contains($1) ? answers[$1] : .refusal(501) }, faults: faults, limit: limit,
      models: models, remembering: remembered, clock: clock, body)
  }

  /// Runs a body beside a server whose answers a closure makes.
  @discardableResult
  public static func serve<Result: Sendable>(
    answering script: @escaping Script, faults: FaultPlan = .none, limit: RequestLimit? = nil,
    models: [String] = ["test"], remembering remembered: Int = .max, clock: RunClock = RunClock(),
    _ body: (ModelServer) async throws -> Result
  ) async throws -> Result {
    try await ModelServer(script, faults, limit, models, remembering: remembered, clock).run(body)
  }

  /// Runs a body beside a server that answers every request, of whatever path, with bytes that a closure makes.
  @discardableResult
  public static func serve<Result: Sendable>(
    raw script: @escaping @Sendable (_ request: ServedRequest, _ index: Int) async -> RawAnswer,
    _ body: (ModelServer) async throws -> Result
  ) async throws -> Result {
    try await ModelServer({ .raw(await script($0, $1)) }, answersAll: true).run(body)
  }

  private func run<Result: Sendable>(_ body: (ModelServer) async throws -> Result) async throws -> Result {
    let requests = try await listen()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        await withDiscardingTaskGroup { group in
          for await (request, channel) in requests { group.addTask { await self.answer(request, channel) } }
          group.cancelAll()
        }
      }
      let result: Swift.Result<Result, any Error>
      do { result = .success(try await body(self)) } catch { result = .failure(error) }
      await close()
      group.cancelAll()
      return try result.get()
    }
  }

  /// The port it listens on.
  public var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }
  /// Its address without a path.
  public var url: String { "http://127.0.0.1:\(port)" }
  /// The requests so far, in order, or the last of them.
  public var requests: [ServedRequest] { state.withLock { $0.requests } }
  /// How many connections have been opened.
  public var connections: Int { state.withLock { $0.opened } }
  /// How many connections are open.
  public var openConnections: Int { state.withLock { $0.open.count } }

  /// Returns once so many requests have arrived, or the task is cancelled.
  public func received(_ count: Int) async { await wait { $0.arrived >= count } }
  /// Returns once so many connections have been closed, by either side, or the task is cancelled.
  public func closed(_ count: Int) async { await wait { $0.closed >= count } }

  private func wait(_ isMet: @escaping @Sendable (ServerState) -> Bool) async {
    let name = state.withLock { $0.name() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { (waiter: ServerState.Waiter) in
        // Asked under the lock: a cancellation before this is seen here, any later one finds the waiter.
        let isCancelled = state.withLock { state in
          if !Task.isCancelled { state.add(waiter, name, until: isMet) }
          return Task.isCancelled
        }
        if isCancelled { waiter.resume() } else { change { _ in } }
      }
    } onCancel: {
      state.withLock { $0.remove(name) }?.resume()
    }
  }

  private func change<Result>(_ body: (inout ServerState) -> sending Result) -> sending Result {
    let (result, met) = state.withLock { state in
      let result = body(&state)
      return (result, state.takeMet())
    }
    for waiter in met { waiter.resume() }
    return result
  }

  /// Listens, and gives every request that has arrived whole, with the connection it came by.
  private func listen() async throws -> AsyncStream<(ServedRequest, any Channel)> {
    let (requests, continuation) = AsyncStream<(ServedRequest, any Channel)>.makeStream()
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 4096)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        let name = ObjectIdentifier(channel)
        let isLate = self.state.withLock { state in
          state.opened += 1
          state.open[name] = channel
          return state.isClosing
        }
        channel.closeFuture.whenComplete { _ in
          self.change { state in
            state.closed += 1
            state.open[name] = nil
          }
        }
        if isLate { channel.close(promise: nil) }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            RequestReader { continuation.yield(($0, channel)) },
          ])
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.closeFuture.whenComplete { _ in continuation.finish() }
    listener.withLock { $0 = channel }
    return requests
  }

  private func close() async {
    change { $0.isClosing = true }
    try? await listener.withLock { $0 }?.close()
    for channel in state.withLock({ Array($0.open.values) }) { try? await channel.close() }
  }

  private func answer(_ request: ServedRequest, _ channel: any Channel) async {
    // A client that closes in the middle is what some tests are about; the close is all that is of interest then.
    do { try await play(await delivery(for: request), on: channel) } catch { try? await channel.close() }
  }

  /// Takes note of a request, and decides what it gets.
  private func delivery(for arrived: ServedRequest) async -> Delivery {
    let now = clock.now
    let isAsked = answersAll || arrived.operation == nil || arrived.operation == .answer
    let (request, index, standing) = change { state in
      var request = arrived
      request.number = state.nextNumber
      let standing = state.bucket?.take(at: now)
      request.fault = faults.fault(of: request.number)
      if let standing, !standing.isAdmitted {
        request.fault = .refusal(429, after: request.wire?.format.hint(standing.untilNext))
      }
      let index = state.answered
      if isAsked, request.fault?.isHarmless ?? true { state.answered += 1 }
      state.note(request)
      return (request, index, standing)
    }
    let isClosing = request.header("connection").contains { $0.lowercased() == "close" }
    let answer = isAsked ? await script(request, index) : ServedAnswer.text("")
    if answer.delay > .zero { try? await clock.sleep(for: answer.delay) }
    if let raw = answer.raw, request.fault == nil { return Delivery(raw, closing: isClosing) }
    let fault = request.fault ?? answer.fault
    if request.fault == nil, fault != nil {
      change { $0.note(fault, of: request.number) }
    }
    var reply = WireReply.reply(to: request, answer, fault, models: models)
    if let format = request.wire?.format {
      if let header = format.requestIDHeader { reply.headers.append((header, "req_\(request.number)")) }
      if let standing, let limit = state.withLock({ $0.bucket?.limit }) {
        reply.headers += format.limitHeaders(standing, limit: limit.bucket)
      }
    }
    return Delivery(reply, fault, seed: SplitMix64.mixed(request.number), closing: isClosing)
  }

  private func play(_ delivery: Delivery, on channel: any Channel) async throws {
    for step in delivery.steps {
      switch step {
      case .bytes(let bytes): if !bytes.isEmpty { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }
      case .repeated(let bytes, let count):
        let buffer = ByteBuffer(bytes: bytes)
        for _ in 0..<count { try await channel.writeAndFlush(buffer) }
      case .wait(let wait): try await wait()
      case .stall: try await channel.closeFuture.get()
      case .close: return try await channel.close()
      case .reset:
        // To linger for no time is to reset.
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        return try await channel.close()
      }
    }
  }
}
