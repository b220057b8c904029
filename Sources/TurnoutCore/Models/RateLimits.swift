/// Where a provider's limits stand for a key, as it says with every response.
public struct RateLimits: Sendable, Hashable {
  /// One limit: how much there can be, how much is left, and how long until all of it is back.
  public struct Window: Sendable, Hashable {
    /// The most there can be.
    public var limit: Int?
    /// What is left now.
    public var remaining: Int?
    /// How long until all of it is back.
    public var reset: Duration?

    /// A limit; what is nil was not said.
    public init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }
  }

  /// The limit of requests.
  public var requests: Window?
  /// The limit of tokens.
  public var tokens: Window?

  /// Limits; what is nil was not said.
  public init(requests: Window? = nil, tokens: Window? = nil) {
    self.requests = requests
    self.tokens = tokens
  }

  final class Box: Sendable, Hashable {
    let value: RateLimits
    init(_ value: RateLimits) { self.value = value }
    static func == (left: Box, right: Box) -> Bool { left.value == right.value }
    func hash(into hasher: inout Hasher) { hasher.combine(value) }
  }
}
