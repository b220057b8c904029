import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TurnoutCore

/// An answer while it is put together from one JSON text or from the events of a stream.
protocol AnswerAssembly: Sendable {
  /// Takes the whole answer.
  /// - Throws: ``ModelError`` when it is none.
  mutating func take(whole answer: Value) throws
  /// Takes an event of a stream; what it adds is put behind the deltas.
  /// - Throws: ``ModelError`` when the event is an error.
  mutating func take(event: Value, into deltas: inout [ModelDelta]) throws
  /// Whether the stream has said that it is over.
  var isComplete: Bool { get }
  /// The finished answer.
  /// - Throws: ``ModelError`` when it is incomplete or was held back.
  func response() throws -> ModelResponse
}

/// An answer as it came, where somebody wants it: each JSON text on a line of its own.
struct RawAnswer: Sendable {
  private var bytes: [UInt8]?

  init(isKept: Bool) { bytes = isKept ? [] : nil }

  mutating func add(_ json: UnsafeRawBufferPointer) {
    guard bytes != nil else { return }
    if bytes?.isEmpty == false { bytes?.append(0x0A) }
    // Line breaks between the parts of a JSON text mean nothing; inside of texts they are escaped.
    bytes?.append(contentsOf: json.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
  }

  /// A response with what came.
  func completing(_ response: ModelResponse) -> ModelResponse {
    guard let bytes else { return response }
    var response = response
    response.raw = String(decoding: bytes, as: UTF8.self)
    return response
  }
}

extension ModelResponse {
  /// The same with where the provider's limits stand.
  func limited(by headers: HTTPHeaders) -> ModelResponse {
    guard let limits = LimitHeaders.limits(headers) else { return self }
    var response = self
    response.limits = limits
    return response
  }
}

extension HTTPTransport {
  /// Sends a request to a model and reads the answer, whole, or in pieces where somebody wants them.
  /// - Parameters:
  ///   - keepsRaw: whether the response has the answer as it came too.
  ///   - refusal: the error that an answer of another status than 200 is.
  func ask(
    _ request: HTTPClientRequest, of provider: String, into empty: some AnswerAssembly, keepsRaw: Bool,
    _ onDelta: ModelDeltaHandler?, refusal: @escaping @Sendable (HTTPAnswer) -> ModelError
  ) async throws -> ModelResponse {
    @Sendable func read(_ answer: HTTPAnswer) throws -> ModelResponse {
      guard answer.status == .ok else { throw refusal(answer) }
      var (assembly, raw) = (empty, RawAnswer(isKept: keepsRaw))
      try answer.read {
        raw.add($0)
        try assembly.take(whole: Value(json: $0))
      }
      return raw.completing(try assembly.response().limited(by: answer.headers))
    }
    guard let onDelta else { return try read(await fetch(request, from: provider)) }
    return try await stream(request, from: provider) { stream in
      guard stream.isEventStream else {
        let response = try read(await stream.collect())
        if !response.text.isEmpty { try await Self.pass(.text(response.text), to: onDelta) }
        return response
      }
      return try await follow(stream, into: empty, keepsRaw: keepsRaw, onDelta)
    }
  }

  private func follow(
    _ stream: HTTPStream, into empty: some AnswerAssembly, keepsRaw: Bool, _ onDelta: ModelDeltaHandler
  ) async throws -> ModelResponse {
    var (assembly, raw) = (empty, RawAnswer(isKept: keepsRaw))
    var events = ServerSentEvents()
    var pieces = stream.pieces
    while !assembly.isComplete, let buffer = try await pieces.next() {
      var deltas: [ModelDelta] = []
      // All events of one read are handled together. What came before an error is passed on.
      let result = Result {
        try buffer.withUnsafeReadableBytes { bytes in
          try events.feed(bytes) { data in
            if assembly.isComplete || data.elementsEqual("[DONE]".utf8) { return }
            raw.add(data)
            try assembly.take(event: try Value(json: data), into: &deltas)
          }
        }
      }
      try await Self.pass(deltas, to: onDelta)
      try result.get()
    }
    if assembly.isComplete { await finish(pieces) }
    return raw.completing(try assembly.response().limited(by: stream.headers))
  }

  /// What the receiver throws is thrown as it is, not as the server's failure.
  static func pass(_ delta: ModelDelta, to onDelta: ModelDeltaHandler) async throws {
    do { try await onDelta(delta) } catch { throw ReceiverError(error: error) }
  }

  private static func pass(_ deltas: [ModelDelta], to onDelta: ModelDeltaHandler) async throws {
    // Pieces of one kind that came together are one piece.
    var texts = ""
    for delta in deltas {
      if case .text(let text) = delta {
        texts += text
        continue
      }
      if !texts.isEmpty { try await pass(.text(texts), to: onDelta) }
      texts = ""
      try await pass(delta, to: onDelta)
    }
    if !texts.isEmpty { try await pass(.text(texts), to: onDelta) }
  }
}
