import NIOCore
import NIOHTTP1
import TurnoutCore

/// Puts the parts of a request together.
final class RequestReader: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  private static let limit = 256 << 20
  private let arrived: (ServedRequest) -> Void
  private var request: ServedRequest?

  init(_ arrived: @escaping (ServedRequest) -> Void) { self.arrived = arrived }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      request = ServedRequest(
        method: head.method.rawValue, path: head.uri, headers: head.headers.map { ($0.name, $0.value) })
      if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
        context.writeAndFlush(NIOAny(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
      }
    case .body(let buffer):
      request?.body += buffer.readableBytesView
      if (request?.body.count ?? 0) > Self.limit { context.close(promise: nil) }
    case .end:
      guard var request else { return }
      self.request = nil
      request.json = (try? request.body.withUnsafeBytes { try Value(json: $0) }) ?? .null
      arrived(request)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
