import TurnoutCore

/// What came together in one read, in order; pieces of one kind are one piece.
struct DeltaBatch: Sendable {
  private var earlier: [ModelDelta] = []
  private var text = ""
  private var isThinking = false

  mutating func add(text piece: String) { add(piece, isThinking: false) }
  mutating func add(thinking piece: String) { add(piece, isThinking: true) }

  private mutating func add(_ piece: String, isThinking: Bool) {
    if piece.isEmpty { return }
    if isThinking != self.isThinking {
      if let last { earlier.append(last) }
      (self.isThinking, text) = (isThinking, "")
    }
    text += piece
  }

  private var last: ModelDelta? { text.isEmpty ? nil : isThinking ? .thinking(text) : .text(text) }

  /// What the receiver throws is thrown as it is, not as the server's failure.
  func pass(to onDelta: ModelDeltaHandler) async throws {
    do {
      for delta in earlier { try await onDelta(delta) }
      if let last { try await onDelta(last) }
    } catch { throw HTTPTransport.ReceiverError(error: error) }
  }
}
