/// How many calls of one model answering a request makes at most.
public struct ModelAttempts: Sendable, Hashable {
  /// The model's name, as prices know it.
  public let model: String
  /// The most calls.
  public let most: Int

  /// One call of a model, or more; at least one.
  public init(_ model: String, most: Int = 1) {
    self.model = model
    self.most = max(1, most)
  }
}

/// Which call gave a response, so that a run counts each one once.
enum ModelResponseOrigin: Sendable, Hashable {
  /// The one that was asked for.
  case call
  /// A further one, which the run has counted already, after the first failed.
  case later(firstWasSent: Bool)
  /// None: it was kept from an earlier call.
  case kept
}
