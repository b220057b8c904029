/// What model calls used. Tokens are as the provider counted them; a provider that does not count leaves zero.
public struct Usage: Sendable, Hashable, ValueConvertible {
  /// Calls of language models.
  public var calls: Int
  /// Tokens read, cached ones included.
  public var inputTokens: Int
  /// Tokens written, reasoning included.
  public var outputTokens: Int
  /// The part of the tokens read that came from the provider's prompt cache.
  public var cachedTokens: Int
  /// The part of the tokens written that was reasoning.
  public var reasoningTokens: Int
  /// Texts turned into vectors.
  public var embeddings: Int
  /// What the calls cost, where their models' prices are known; zero where they are not.
  public var cost: Money

  /// Usage, nothing unless it is given.
  public init(
    calls: Int = 0, inputTokens: Int = 0, outputTokens: Int = 0, cachedTokens: Int = 0, reasoningTokens: Int = 0,
    embeddings: Int = 0, cost: Money = .zero
  ) {
    self.calls = calls
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.cachedTokens = cachedTokens
    self.reasoningTokens = reasoningTokens
    self.embeddings = embeddings
    self.cost = cost
  }

  /// No usage.
  public static let none = Usage()

  /// Adds; sums that do not fit stay at the largest number.
  public static func += (left: inout Usage, right: Usage) {
    left.calls = left.calls.addingClamped(right.calls)
    left.inputTokens = left.inputTokens.addingClamped(right.inputTokens)
    left.outputTokens = left.outputTokens.addingClamped(right.outputTokens)
    left.cachedTokens = left.cachedTokens.addingClamped(right.cachedTokens)
    left.reasoningTokens = left.reasoningTokens.addingClamped(right.reasoningTokens)
    left.embeddings = left.embeddings.addingClamped(right.embeddings)
    left.cost = left.cost + right.cost
  }

  /// The counts, and `cost_usd` where there is a cost.
  public var value: Value {
    var object: ValueObject = [
      "calls": .int(calls), "input_tokens": .int(inputTokens), "output_tokens": .int(outputTokens),
      "cached_tokens": .int(cachedTokens), "reasoning_tokens": .int(reasoningTokens), "embeddings": .int(embeddings),
    ]
    if cost != .zero { object["cost_usd"] = cost.value }
    return .object(object)
  }
}
