import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TurnoutCore

/// An answer that is there.
struct HTTPAnswer: Sendable {
  let provider: String
  let status: HTTPResponseStatus
  let headers: HTTPHeaders
  let body: ByteBuffer

  /// Reads the body's JSON.
  /// - Throws: ``ModelError`` when it is none; what the closure throws.
  func read<Result>(_ reading: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    do { return try body.withUnsafeReadableBytes(reading) } catch let error as JSONError {
      throw ModelError.malformed(provider, "the answer is \(error.description)")
    }
  }

  /// The body's JSON.
  /// - Throws: ``ModelError`` when it is none.
  func value() throws -> Value { try read { try Value(json: $0) } }
}

/// An answer whose body is arriving, and must have arrived by the call's deadline.
struct HTTPStream: Sendable {
  let provider: String
  let status: HTTPResponseStatus
  let headers: HTTPHeaders
  private let body: HTTPClientResponse.Body
  private let deadline: NIODeadline
  private let limit: Int

  /// - Parameter limit: the most bytes of a body that is read whole or comes compressed.
  init(_ response: HTTPClientResponse, from provider: String, by deadline: NIODeadline, limit: Int) {
    self.provider = provider
    status = response.status
    headers = response.headers
    body = response.body
    self.deadline = deadline
    self.limit = limit
  }

  /// Whether it can be read as a stream of events; refusals cannot, and a server that does not stream, though asked to,
  /// answers with one JSON text.
  var isEventStream: Bool {
    guard status == .ok, let type = headers.first(name: "content-type") else { return false }
    return type.lowercased().hasPrefix("text/event-stream")
  }

  var pieces: Pieces { Pieces(self) }

  /// The body, whole.
  func collect() async throws -> HTTPAnswer {
    var whole = ByteBuffer()
    var pieces = pieces
    while var piece = try await pieces.next() {
      guard whole.readableBytes + piece.readableBytes <= limit else { throw NIOTooManyBytesError(maxBytes: limit) }
      if whole.readableBytes == 0 { whole = piece } else { whole.writeBuffer(&piece) }
    }
    return HTTPAnswer(provider: provider, status: status, headers: headers, body: whole)
  }

  /// The pieces of a body as they arrive.
  struct Pieces {
    private let stream: HTTPStream
    private var body: HTTPClientResponse.Body.AsyncIterator
    /// Only what comes compressed has one, made with the first piece.
    private var unpacking: ContentDecoder?
    private let isPacked: Bool

    fileprivate init(_ stream: HTTPStream) {
      self.stream = stream
      body = stream.body.makeAsyncIterator()
      isPacked = stream.headers.contains(name: "content-encoding")
    }

    mutating func next() async throws -> ByteBuffer? {
      guard let piece = try await body.next() else { return nil }
      // Asked for each piece, since a server can send a byte now and then for ever.
      if NIODeadline.now() > stream.deadline { throw HTTPClientError.deadlineExceeded }
      return isPacked ? try await unpacked(piece) : piece
    }

    /// Not inlined: hardly any body comes compressed.
    @inline(never)
    private mutating func unpacked(_ piece: ByteBuffer) async throws -> ByteBuffer {
      let unpacking =
        if let unpacking { unpacking } else {
          try await ContentDecoder(stream.status, stream.headers, limit: stream.limit)
        }
      self.unpacking = unpacking
      return try await unpacking.unpack(piece)
    }
  }
}
