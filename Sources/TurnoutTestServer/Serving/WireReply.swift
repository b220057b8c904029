import TurnoutCore

/// A reply as it goes into HTTP, before anything goes wrong about it.
struct WireReply: Sendable {
  var status = 200
  var headers: [(String, String)] = []
  /// The body, or the events of a stream.
  var pieces: [[UInt8]]
  var isStream = false

  /// One JSON text.
  init(_ value: Value, status: Int = 200) {
    self.status = status
    headers = [("content-type", "application/json")]
    pieces = [Array(value.json().utf8)]
  }

  /// A stream of events.
  init(events: [WireEvent]) {
    headers = [("content-type", "text/event-stream"), ("cache-control", "no-cache")]
    pieces = events.map(\.bytes)
    isStream = true
  }

  /// Gemini's stream for those who do not ask for events: one JSON array, an element at a time.
  init(array events: [WireEvent]) {
    headers = [("content-type", "application/json")]
    pieces = events.enumerated().map { Array(($0 == 0 ? "[" : ",\r\n").utf8) + Array($1.data.json().utf8) }
    pieces.append(Array("]".utf8))
    isStream = true
  }

  /// What a request gets, as the script and the fault want it.
  static func reply(
    to request: ServedRequest, _ answer: ServedAnswer, _ fault: Fault?, models: [String]
  ) -> WireReply {
    guard let format = request.wire?.format, let operation = request.operation else {
      return WireReply(OpenAIRefusal.body(Refusal(404)), status: 404)
    }
    if case .refusal(let refusal)? = fault {
      var reply = WireReply(format.refusal(refusal), status: refusal.status)
      reply.headers += refusal.hint?.headers ?? []
      return reply
    }
    switch operation {
    case .models: return WireReply(format.models(models))
    case .embeddings, .oneEmbedding:
      return WireReply(format.embeddings(request.embeddedTexts.map(vector), to: request))
    case .answer: break
    }
    guard request.isStreamed else {
      if fault == .errorEvent { return WireReply(format.refusal(Refusal(500))) }
      let whole = format.whole(answer, to: request)
      return WireReply(fault == .unknownFields ? whole.withUnknownFields : whole)
    }
    var events = format.events(answer, to: request)
    if fault == .errorEvent { events = events.prefix(max(1, events.count / 2)) + [format.errorEvent] }
    if fault == .unknownFields {
      for index in events.indices { events[index].data = events[index].data.withUnknownFields }
      events.insert(format.strangeEvent, at: min(2, events.count))
    }
    return request.wire == .gemini && !request.path.contains("alt=sse")
      ? WireReply(array: events) : WireReply(events: events)
  }

  /// A vector made from the letters of a text: texts that share words get vectors near each other.
  private static func vector(_ text: String) -> [Double] {
    var vector = [Double](repeating: 0, count: 16)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      vector[Int(StableHash(word.utf8).value % 16)] += 1
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length == 0 ? [1] + vector.dropFirst() : vector.map { $0 / length }
  }
}

extension Value {
  /// The same with a member that nobody knows in every object, but for those whose members are the model's or the
  /// caller's own.
  fileprivate var withUnknownFields: Value {
    switch self {
    case .array(let elements): return .array(elements.map(\.withUnknownFields))
    case .object(let object):
      var result = ValueObject()
      for (key, value) in object {
        result[key] = ["input", "args", "metadata"].contains(key) ? value : value.withUnknownFields
      }
      result["x_novelty"] = ["kind": "unknown", "list": [1, .null, "text"]]
      return .object(result)
    default: return self
    }
  }
}
