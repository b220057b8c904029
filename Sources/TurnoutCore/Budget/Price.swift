/// What a model's tokens cost.
///
/// ```swift
/// let price = Price(input: 0.15, cached: 0.075, output: 0.60, asOf: "2026-11-26")
/// price.cost(of: Usage(inputTokens: 1_000, outputTokens: 100))   // $0.00021
/// ```
public struct Price: Sendable, Hashable {
  /// A token read.
  public let input: Money
  /// A token read out of the provider's prompt cache.
  public let cached: Money
  /// A token written.
  public let output: Money
  /// The day on which this was looked up, as `2026-11-26`.
  public let date: String?

  /// A price in US dollars for a million tokens.
  /// - Parameters:
  ///   - cached: the price of a token out of the provider's prompt cache; that of any other unless it is given.
  ///   - date: the day on which this was looked up.
  public init(input: Double, cached: Double? = nil, output: Double, asOf date: String? = nil) {
    self.input = Money(usd: input / 1e6)
    self.cached = Money(usd: (cached ?? input) / 1e6)
    self.output = Money(usd: output / 1e6)
    self.date = date
  }

  /// What nobody pays for, such as a model on this machine.
  public static let free = Price(input: 0, output: 0)

  /// What was used costs.
  public func cost(of usage: Usage) -> Money {
    let cachedTokens = min(max(0, usage.cachedTokens), max(0, usage.inputTokens))
    return input * (max(0, usage.inputTokens) - cachedTokens) + cached * cachedTokens
      + output * max(0, usage.outputTokens)
  }

  /// The most that so many tokens can cost, whatever comes out of a cache.
  public func most(input tokens: Int, output written: Int) -> Money { max(input, cached) * tokens + output * written }
}
