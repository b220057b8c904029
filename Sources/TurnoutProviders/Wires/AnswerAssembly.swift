import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TurnoutCore

/// An answer while it is put together from one JSON text or from the events of a stream.
protocol AnswerAssembly: Sendable {
  /// Takes the whole answer.
  /// - Throws: ``ModelError`` when it is none.
  mutating func take(whole json: UnsafeRawBufferPointer) throws
  /// Takes an event of a stream, and puts what it adds behind the deltas.
  /// - Throws: ``ModelError`` when the event is an error.
  mutating func take(event json: UnsafeRawBufferPointer, into deltas: inout DeltaBatch) throws
  /// Takes the `[DONE]` with which some servers end a stream.
  mutating func takeDone()
  /// Whether the stream has said that it is over.
  var isComplete: Bool { get }
  /// The finished answer.
  /// - Throws: ``ModelError`` when it is incomplete or was held back.
  func response() throws -> ModelResponse
}

/// An answer that looks at its JSON as values.
protocol ValueAssembly: AnswerAssembly {
  mutating func take(whole answer: Value) throws
  mutating func take(event: Value, into deltas: inout DeltaBatch) throws
}

extension ValueAssembly {
  mutating func take(whole json: UnsafeRawBufferPointer) throws { try take(whole: Value(json: json)) }
  mutating func take(event json: UnsafeRawBufferPointer, into deltas: inout DeltaBatch) throws {
    try take(event: Value(json: json), into: &deltas)
  }
  /// Their last event has another form.
  mutating func takeDone() {}
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
        try assembly.take(whole: $0)
      }
      return raw.completing(try assembly.response().limited(by: answer.headers))
    }
    guard let onDelta else { return try read(await fetch(request, from: provider)) }
    return try await stream(request, from: provider) { stream in
      guard stream.isEventStream else {
        let response = try read(await stream.collect())
        var deltas = DeltaBatch()
        deltas.add(text: response.text)
        try await deltas.pass(to: onDelta)
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
      var deltas = DeltaBatch()
      // All events of one read are handled together: one wake-up, one delta. What came before an error is passed on.
      let result = Result {
        try buffer.withUnsafeReadableBytes { bytes in
          try events.feed(bytes) { data in
            if assembly.isComplete { return }
            if data.count == 6, data.elementsEqual("[DONE]".utf8) { return assembly.takeDone() }
            raw.add(data)
            try assembly.take(event: data, into: &deltas)
          }
        }
      }
      try await deltas.pass(to: onDelta)
      try result.get()
    }
    if assembly.isComplete { await finish(pieces) }
    return raw.completing(try assembly.response().limited(by: stream.headers))
  }
}
