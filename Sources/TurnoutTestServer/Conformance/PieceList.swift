import Synchronization
import TurnoutCore

/// Gathers the pieces of an answer, and lets others wait for the first.
final class PieceList: Sendable {
  private struct State {
    var pieces: [String] = []
    var isOver = false
  }

  private let state = Mutex(State())
  private let first = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))

  var all: [String] { state.withLock { $0.pieces } }

  var handler: ModelDeltaHandler {
    { delta in
      guard case .text(let text) = delta else { return }
      self.state.withLock { $0.pieces.append(text) }
      self.first.continuation.yield()
    }
  }

  /// Returns when a piece has come, or the task is cancelled.
  func arrival() async { for await _ in first.stream { return } }
}
