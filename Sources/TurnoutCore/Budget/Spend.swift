/// An amount of work: calls of models, tokens read and written, and money.
public struct Spend: Sendable, Hashable {
  /// Calls of language models.
  public var calls: Int
  /// Tokens, those read and those written together.
  public var tokens: Int
  /// What it costs.
  public var money: Money

  /// An amount, nothing unless it is given.
  public init(calls: Int = 0, tokens: Int = 0, money: Money = .zero) {
    self.calls = calls
    self.tokens = tokens
    self.money = money
  }

  /// Nothing.
  public static let zero = Spend()

  /// Adds; sums that do not fit stay at the largest number.
  public static func + (left: Spend, right: Spend) -> Spend {
    Spend(
      calls: left.calls.addingClamped(right.calls), tokens: left.tokens.addingClamped(right.tokens),
      money: left.money + right.money)
  }

  /// What is left of an amount when another is taken from it, in each respect at least nothing.
  func less(_ other: Spend) -> Spend {
    Spend(
      calls: max(0, calls.subtractingClamped(other.calls)), tokens: max(0, tokens.subtractingClamped(other.tokens)),
      money: max(.zero, money - other.money))
  }
}

/// The most that a run, or a part of it, may use.
///
/// ```swift
/// let run = Run(budget: Budget(calls: 40, money: Money(usd: 0.50)), prices: .standard)
/// let answer = try await run.perform(panel, question)
/// ```
/// What a branch can use at worst is set aside before it starts and given back when it ends, and every model call sets
/// aside its own worst case before it is made: what is used never exceeds the budget, however much runs at once.
/// A limit of tokens or money needs an output limit on every agent; one of money needs every model's price.
public struct Budget: Sendable, Hashable {
  /// The most calls of language models.
  public var calls: Int?
  /// The most tokens, those read and those written together.
  public var tokens: Int?
  /// The most money.
  public var money: Money?

  /// Limits; what is nil is not limited.
  public init(calls: Int? = nil, tokens: Int? = nil, money: Money? = nil) {
    self.calls = calls
    self.tokens = tokens
    self.money = money
  }

  /// Whether an amount is within the limits.
  func covers(_ spend: Spend) -> Bool {
    spend.calls <= calls ?? .max && spend.tokens <= tokens ?? .max
      && (money.map { spend.money <= $0 } ?? true)
  }

  /// The first limit that an amount exceeds, in words: how much of what is left, and how much is needed.
  func complaint(_ used: Spend, _ needed: Spend) -> String {
    let left = (
      calls: calls.map { max(0, $0.subtractingClamped(used.calls)) },
      tokens: tokens.map { max(0, $0.subtractingClamped(used.tokens)) },
      money: money.map { max(.zero, $0 - used.money) }
    )
    if let calls, let left = left.calls, needed.calls > left {
      return "the budget of \(calls) calls has \(left) left, and up to \(needed.calls) are needed"
    }
    if let tokens, let left = left.tokens, needed.tokens > left {
      return "the budget of \(tokens) tokens has \(left) left, and up to \(needed.tokens) are needed"
    }
    if let money, let left = left.money, needed.money > left {
      return "the budget of \(money) has \(left) left, and up to \(needed.money) is needed"
    }
    return "the budget is used up"
  }
}
