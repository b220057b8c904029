/// What a ``RateGate`` starts from; the rest it learns from the provider.
public struct GateSettings: Sendable, Hashable {
  /// The most calls at once, at least 1.
  public var concurrency: Int
  /// The most calls at once at the start, until it is seen that more go well.
  public var start: Int
  /// The most requests in any minute; nil to learn it.
  public var requestsPerMinute: Int?
  /// The most tokens a minute; nil to learn it.
  public var tokensPerMinute: Int?
  /// The longest that one refusal stops everybody.
  public var longestPause: Duration

  /// Settings.
  public init(
    concurrency: Int = 1_000, start: Int = 8, requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil,
    longestPause: Duration = .seconds(120)
  ) {
    self.concurrency = max(1, concurrency)
    self.start = max(1, start)
    self.requestsPerMinute = requestsPerMinute.map { max(1, $0) }
    self.tokensPerMinute = tokensPerMinute.map { max(1, $0) }
    self.longestPause = max(.zero, longestPause)
  }
}
