import Synchronization

/// The text that the receiver of an answer has been given, so that another attempt goes on from there or takes it back.
final class PassedText: Sendable {
  private struct State {
    /// What earlier attempts wrote and this one goes on from.
    var prefix = ""
    /// What this attempt wrote.
    var text = ""
  }

  private let state = Mutex(State())
  private let onDelta: ModelDeltaHandler?

  /// What passes pieces on to a receiver; without one nothing is ever given away.
  init(_ onDelta: ModelDeltaHandler?) { self.onDelta = onDelta }

  /// The receiver of an attempt; nil when nobody wants pieces.
  var handler: ModelDeltaHandler? {
    guard let onDelta else { return nil }
    return { [self] delta in
      switch delta {
      case .text(let text):
        state.withLock { $0.text += text }
        try await onDelta(delta)
      case .thinking: try await onDelta(delta)
      case .discarded:
        // The attempt takes back what it wrote itself; what it goes on from still counts.
        let prefix = state.withLock { state in
          state.text = ""
          return state.prefix
        }
        try await onDelta(.discarded)
        if !prefix.isEmpty { try await onDelta(.text(prefix)) }
      }
    }
  }

  /// Whether another attempt by a model can go on where the last one broke off: a plain text that a model which
  /// continues is given as the beginning. A shape or probabilities would only cover what is written from there on.
  func canContinue(_ request: ModelRequest, _ capabilities: ModelCapabilities) -> Bool {
    capabilities.continuation && request.tools.isEmpty && request.output == nil && !request.logProbabilities
      && state.withLock { !$0.prefix.isEmpty || !$0.text.isEmpty }
  }

  /// Makes ready for another attempt.
  /// - Returns: the request with what there is of the answer, or the request itself, after the receiver was told that
  ///   all of it does not count.
  func beginAgain(_ request: ModelRequest, _ capabilities: ModelCapabilities) async throws -> ModelRequest {
    if canContinue(request, capabilities) {
      let prefix = state.withLock { state in
        state.prefix += state.text
        state.text = ""
        return state.prefix
      }
      return request.continuing(prefix)
    }
    let hasText = state.withLock { state in
      defer { state = State() }
      return !state.prefix.isEmpty || !state.text.isEmpty
    }
    if hasText { try await onDelta?(.discarded) }
    return request
  }

  /// The response of the last attempt with all of its text.
  func completing(_ response: ModelResponse) -> ModelResponse {
    let (prefix, text) = state.withLock { ($0.prefix, $0.text) }
    // Some servers answer with what they were given, some with what they added.
    if prefix.isEmpty || !text.isEmpty && response.text == prefix + text { return response }
    var response = response
    response.text = prefix + response.text
    return response
  }
}

extension ModelRequest {
  /// The request with the beginning of its answer, behind one that stands there already.
  fileprivate func continuing(_ prefix: String) -> ModelRequest {
    var request = self
    if case .assistant(let beginning, let calls, _)? = messages.last, calls.isEmpty {
      request.messages[messages.count - 1] = .assistant(beginning + prefix)
    } else {
      request.messages.append(.assistant(prefix))
    }
    return request
  }
}
