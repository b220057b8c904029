public import TurnoutCore

/// How a model of a file is taken care of: what it may take, and how often it is asked again.
public struct ModelCare: Sendable, Hashable {
  /// How long parts of its answers may take.
  public var timeouts: ModelTimeouts
  /// How often a call that failed is made again; nil leaves that to whoever makes the model.
  public var retries: Int?

  /// Care.
  public init(timeouts: ModelTimeouts = .init(), retries: Int? = nil) {
    self.timeouts = timeouts
    self.retries = retries
  }

  /// A model with timeouts for each call, and with retries where they are set.
  func applied(to model: any LanguageModel) -> any LanguageModel {
    let timed: any LanguageModel = timeouts == ModelTimeouts() ? model : model.timed(timeouts)
    return retries.map { timed.retrying(RetryPolicy(retries: $0)) } ?? timed
  }
}
