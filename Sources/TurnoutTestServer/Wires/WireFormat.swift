import TurnoutCore

/// How one wire says what a script answers.
protocol WireFormat: Sendable {
  /// The header with the vendor's name for a request; nil where there is none.
  var requestIDHeader: String? { get }
  /// An answer as one JSON text.
  func whole(_ answer: ServedAnswer, to request: ServedRequest) -> Value
  /// An answer as the events of a stream.
  func events(_ answer: ServedAnswer, to request: ServedRequest) -> [WireEvent]
  /// The body of a refusal.
  func refusal(_ refusal: Refusal) -> Value
  /// The event that tells of an error in the middle of a stream.
  var errorEvent: WireEvent { get }
  /// An event of a kind that no client knows yet.
  var strangeEvent: WireEvent { get }
  /// What the vendor's headers say of a limit; empty where it has none.
  func limitHeaders(_ standing: TokenBucket.Standing, limit: Int) -> [(String, String)]
  /// In which words a limit says how long to wait.
  func hint(_ wait: Duration) -> WaitHint
  /// The list of models.
  func models(_ names: [String]) -> Value
  /// Vectors of texts.
  func embeddings(_ vectors: [[Double]], to request: ServedRequest) -> Value
}

/// One event of a stream: its name where the wire names events, and what it holds.
struct WireEvent: Sendable {
  var name: String?
  var data: Value
  /// What stands in place of JSON.
  var literal: String?

  init(_ data: Value, name: String? = nil) {
    self.data = data
    self.name = name
  }

  /// The words that end a stream of OpenAI's.
  static var done: WireEvent {
    var event = WireEvent(.null)
    event.literal = "[DONE]"
    return event
  }

  var bytes: [UInt8] {
    let head = name.map { "event: \($0)\n" } ?? ""
    return Array("\(head)data: \(literal ?? data.json())\n\n".utf8)
  }
}

extension String {
  /// The text in two halves, as a stream may cut it; one part when there is only one character.
  var halves: [String] {
    guard count > 1 else { return [self] }
    let middle = index(startIndex, offsetBy: count / 2)
    return [String(self[..<middle]), String(self[middle...])]
  }

  /// The JSON value of arguments that a script wrote as text.
  var argumentsValue: Value { (try? Value(json: self)) ?? .string(self) }
}
