import NIOCore
import NIOHTTP1

/// Answers the requests of one connection. Everything happens on the one event loop.
final class AnswerHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private let answers: Answers
  private let counter: Counter
  private var plan = Plan(path: "")
  private var path = ""
  private var isCount = false
  private var body = ByteBuffer()

  init(answers: Answers, counter: Counter) {
    self.answers = answers
    self.counter = counter
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      isCount = head.method == .GET
      if path != head.uri {
        path = head.uri
        plan = Plan(path: path)
      }
      body.clear()
    case .body(var buffer): body.writeBuffer(&buffer)
    case .end: answer(context)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    if isCount { return send(Answers.whole(String(counter.requests)), context) }
    counter.requests += 1
    let isStream = contains(#""stream":true"#)
    let whole = contains("response_format") ? answers.typed : answers.plain
    after(plan.delay, context) { handler, context in
      if isStream { handler.stream(context) } else { handler.send(whole, context) }
    }
  }

  private func stream(_ context: ChannelHandlerContext) {
    send(answers.streamHead, context)
    if plan.gap > 0 { return streamRest(plan.chunks, context) }
    for _ in 0..<plan.chunks { send(answers.chunk, context) }
    send(answers.streamEnd, context)
  }

  private func streamRest(_ left: Int, _ context: ChannelHandlerContext) {
    guard left > 0 else { return send(answers.streamEnd, context) }
    after(plan.gap, context) { handler, context in
      handler.send(handler.answers.chunk, context)
      handler.streamRest(left - 1, context)
    }
  }

  private func after(
    _ milliseconds: Int, _ context: ChannelHandlerContext,
    _ body: @escaping (AnswerHandler, ChannelHandlerContext) -> Void
  ) {
    if milliseconds == 0 { return body(self, context) }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) { body(self, context) }
  }

  private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  private func contains(_ text: StaticString) -> Bool {
    body.withUnsafeReadableBytes { bytes in
      guard bytes.count >= text.utf8CodeUnitCount else { return false }
      return (0...bytes.count - text.utf8CodeUnitCount).contains { start in
        bytes[start] == text.utf8Start[0]
          && (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// How many answers were asked for; only touched on the event loop.
final class Counter {
  var requests = 0
}
