import NIOCore
import NIOPosix
import TurnoutCore
import TurnoutTestServer

/// What came back for one request, byte by byte, until the server closed the connection.
struct PlainResponse: Sendable {
  let bytes: [UInt8]
  /// Whether the connection ended with an error, such as a reset.
  let isBroken: Bool

  private var headEnd: Int? {
    bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) }
  }
  var head: [Substring] {
    String(decoding: bytes.prefix(headEnd ?? bytes.count), as: UTF8.self).split(separator: "\r\n")
  }
  var isHeadComplete: Bool { headEnd != nil }
  var status: Int? { head.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } }

  func header(_ name: String) -> String? {
    head.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
  }

  /// The bytes behind the head.
  var rest: [UInt8] { headEnd.map { Array(bytes[($0 + 4)...]) } ?? [] }

  /// The chunks of a chunked body; without the empty one at its end nil stands last.
  var chunks: [[UInt8]?] {
    var chunks: [[UInt8]?] = []
    var rest = rest[...]
    while let end = rest.firstIndex(of: 13),
      let length = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16)
    {
      if length == 0 { return chunks }
      guard rest.endIndex >= end + 4 + length else { break }
      chunks.append(Array(rest[(end + 2)..<(end + 2 + length)]))
      rest = rest[(end + 4 + length)...]
    }
    return chunks + [nil]
  }

  var body: [UInt8] {
    header("transfer-encoding") == "chunked" ? chunks.compactMap { $0 }.flatMap { $0 } : rest
  }
  var text: String { String(decoding: body, as: UTF8.self) }
  var json: Value { (try? Value(json: text)) ?? .null }

  /// The events of a stream: their names and data.
  var events: [(name: String?, data: String)] {
    text.split(separator: "\n\n").map { event in
      let lines = event.split(separator: "\n")
      func field(_ name: String) -> String? {
        lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
      }
      return (field("event"), field("data") ?? "")
    }
  }
  var values: [Value] { events.compactMap { try? Value(json: $0.data) } }
}

extension ModelServer {
  /// Sends a request over a connection of its own, and reads until the server closes it.
  func plain(
    _ path: String, _ body: Value? = nil, headers: [(String, String)] = []
  ) async throws -> PlainResponse {
    var text = "\(body == nil ? "GET" : "POST") \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    let json = body?.json() ?? ""
    text += "content-length: \(json.utf8.count)\r\n\r\n\(json)"
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let ended = loop.makePromise(of: PlainResponse.self)
    let channel = try await ClientBootstrap(group: loop)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(ended)) }
      }
      .connect(host: "127.0.0.1", port: port).get()
    // Over when the server resets at once.
    try? await channel.writeAndFlush(ByteBuffer(string: text))
    return try await ended.futureResult.get()
  }

  /// Asks for an answer over a wire, without any client of a vendor's.
  func ask(_ wire: ModelWire, stream: Bool = false, _ more: ValueObject = [:]) async throws -> PlainResponse {
    var body = wire.question
    for (key, value) in more { body[key] = value }
    if stream, wire != .gemini { body["stream"] = true }
    return try await plain(wire.path(stream: stream), .object(body))
  }
}

extension ModelWire {
  func path(stream: Bool) -> String {
    switch self {
    case .chatCompletions: "/v1/chat/completions"
    case .responses: "/v1/responses"
    case .messages: "/v1/messages"
    case .gemini: "/v1beta/models/small:" + (stream ? "streamGenerateContent?alt=sse" : "generateContent")
    }
  }

  var question: ValueObject {
    switch self {
    case .chatCompletions, .messages: ["model": "small", "messages": [["role": "user", "content": "How much?"]]]
    case .responses: ["model": "small", "input": [["role": "user", "content": "How much?"]]]
    case .gemini: ["contents": [["role": "user", "parts": [["text": "How much?"]]]]]
    }
  }
}

private final class Collector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let ended: EventLoopPromise<PlainResponse>
  private var bytes: [UInt8] = []
  private var isBroken = false

  init(_ ended: EventLoopPromise<PlainResponse>) { self.ended = ended }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { bytes += unwrapInboundIn(data).readableBytesView }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    isBroken = true
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    ended.succeed(PlainResponse(bytes: bytes, isBroken: isBroken))
  }
}
