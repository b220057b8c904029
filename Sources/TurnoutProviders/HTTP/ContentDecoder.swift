import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOHTTPCompression

/// Unpacks a body that comes compressed although nobody asked for it, as some proxies send them.
///
/// The handler that does it stands in a pipeline of its own, not in that of every connection, where it would cost each
/// answer that is not compressed some passes too.
final class ContentDecoder: Sendable {
  private let channel: NIOAsyncTestingChannel
  /// Comes true when nothing of it is left.
  var isGone: EventLoopFuture<Void> { channel.closeFuture }

  /// - Parameter limit: the most bytes that may come out.
  init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, limit: Int) async throws {
    channel = try await NIOAsyncTestingChannel {
      try $0.pipeline.syncOperations.addHandler(NIOHTTPResponseDecompressor(limit: .size(limit)))
    }
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    _ = try await channel.writeInbound(HTTPClientResponsePart.head(head))
    _ = try await channel.readInbound(as: HTTPClientResponsePart.self)
  }

  // A channel and its pipeline hold each other until it is closed.
  deinit { channel.close(promise: nil) }

  /// What a piece holds.
  /// - Throws: `NIOHTTPDecompression.DecompressionError` when it is more than may come out, or is not what the headers say.
  func unpack(_ piece: ByteBuffer) async throws -> ByteBuffer {
    try await channel.writeInbound(HTTPClientResponsePart.body(piece))
    var all = ByteBuffer()
    while case .body(var part)? = try await channel.readInbound(as: HTTPClientResponsePart.self) {
      if all.readableBytes == 0 { all = part } else { all.writeBuffer(&part) }
    }
    return all
  }
}
