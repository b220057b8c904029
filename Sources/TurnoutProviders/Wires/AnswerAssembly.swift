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

extension HTTPAnswer {
  /// A response with where the provider's limits stand.
  func limiting(_ response: ModelResponse) -> ModelResponse {
    guard let limits = LimitHeaders.limits(headers) else { return response }
    var response = response
    response.limits = limits
    return response
  }

  /// Whether the body is a stream of events; a server that does not stream, though asked to, answers with one JSON text.
  var isEventStream: Bool {
    headers.first(name: "content-type")?.lowercased().hasPrefix("text/event-stream") ?? false
  }
}

extension HTTPTransport {
  /// Reads a good answer, whole or in pieces.
  /// - Parameter keepsRaw: whether the response has the answer as it came too.
  func read(
    _ answer: HTTPAnswer, into empty: some AnswerAssembly, keepsRaw: Bool, _ onDelta: ModelDeltaHandler?
  ) async throws -> ModelResponse {
    var assembly = empty
    var raw = RawAnswer(isKept: keepsRaw)
    guard let onDelta, answer.isEventStream else {
      let body = try await collect(answer)
      try assembly.take(
        whole: try body.withUnsafeReadableBytes {
          raw.add($0)
          return try Value(json: $0)
        })
      let response = raw.completing(answer.limiting(try assembly.response()))
      if let onDelta, !response.text.isEmpty { try await Self.pass([.text(response.text)], to: onDelta) }
      return response
    }
    var events = ServerSentEvents()
    var body = answer.response.body.makeAsyncIterator()
    while !assembly.isComplete, let buffer = try await body.next() {
      try answer.checkTime()
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
    if assembly.isComplete { await finish(body) }
    return raw.completing(answer.limiting(try assembly.response()))
  }

  private static func pass(_ deltas: [ModelDelta], to onDelta: ModelDeltaHandler) async throws {
    // Pieces of one kind that came together are one piece.
    var texts = ""
    do {
      for delta in deltas {
        if case .text(let text) = delta {
          texts += text
          continue
        }
        if !texts.isEmpty { try await onDelta(.text(texts)) }
        texts = ""
        try await onDelta(delta)
      }
      if !texts.isEmpty { try await onDelta(.text(texts)) }
    } catch { throw ReceiverError(error: error) }
  }
}
