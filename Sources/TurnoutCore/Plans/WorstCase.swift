/// The most that a step can use. What is nil has no bound: see ``unbounded``.
public struct WorstCase: Sendable, Hashable, ValueConvertible {
  /// Calls of language models.
  public var calls: Int? = 0
  /// Tokens read.
  public var inputTokens: Int? = 0
  /// Tokens written.
  public var outputTokens: Int? = 0
  /// Money.
  public var money: Money? = .zero
  /// Why something has no bound, each reason once.
  public var unbounded: [String] = []

  /// Nothing at all.
  public static let none = WorstCase()

  /// Tokens, read and written.
  public var tokens: Int? { both(inputTokens, outputTokens) { $0.addingClamped($1) } }

  /// The amount to set aside for it; what has no bound is asked for as it comes.
  var spend: Spend { Spend(calls: calls ?? 0, tokens: tokens ?? 0, money: money ?? .zero) }

  /// Adds.
  static func + (left: WorstCase, right: WorstCase) -> WorstCase {
    WorstCase(
      calls: both(left.calls, right.calls) { $0.addingClamped($1) },
      inputTokens: both(left.inputTokens, right.inputTokens) { $0.addingClamped($1) },
      outputTokens: both(left.outputTokens, right.outputTokens) { $0.addingClamped($1) },
      money: both(left.money, right.money) { $0 + $1 },
      unbounded: left.unbounded + right.unbounded.filter { !left.unbounded.contains($0) })
  }

  /// So often; nil when nobody knows how often.
  func times(_ count: Int?, _ reason: @autoclosure () -> String) -> WorstCase {
    guard let count else {
      if self == .none { return self }
      return WorstCase(
        calls: calls == 0 ? 0 : nil, inputTokens: inputTokens == 0 ? 0 : nil, outputTokens: outputTokens == 0 ? 0 : nil,
        money: money == .zero ? .zero : nil, unbounded: unbounded + [reason()])
    }
    return WorstCase(
      calls: calls.map { $0.multipliedClamped(by: count) },
      inputTokens: inputTokens.map { $0.multipliedClamped(by: count) },
      outputTokens: outputTokens.map { $0.multipliedClamped(by: count) }, money: money.map { $0 * count },
      unbounded: count == 0 ? [] : unbounded)
  }

  /// The sum of the `count` largest of several, in each respect for itself: whichever is chosen, it is no more.
  static func largest(_ count: Int, of all: [WorstCase]) -> WorstCase {
    func most<T: Comparable>(_ part: (WorstCase) -> T?, _ zero: T, _ sum: (T, T) -> T) -> T? {
      let parts = all.map(part)
      if parts.contains(where: { $0 == nil }) { return nil }
      return parts.compactMap { $0 }.sorted(by: >).prefix(max(0, count)).reduce(zero, sum)
    }
    return WorstCase(
      calls: most(\.calls, 0) { $0.addingClamped($1) }, inputTokens: most(\.inputTokens, 0) { $0.addingClamped($1) },
      outputTokens: most(\.outputTokens, 0) { $0.addingClamped($1) }, money: most(\.money, .zero) { $0 + $1 },
      unbounded: all.reduce(WorstCase.none) { $0 + $1 }.unbounded)
  }

  /// No more than a budget allows.
  func within(_ budget: Budget) -> WorstCase {
    var worst = self
    if let limit = budget.calls { worst.calls = min(calls ?? limit, limit) }
    if let limit = budget.tokens {
      worst.inputTokens = min(inputTokens ?? limit, limit)
      worst.outputTokens = min(outputTokens ?? limit, limit)
    }
    if let limit = budget.money { worst.money = min(money ?? limit, limit) }
    return worst
  }

  public var value: Value {
    [
      "calls": calls.map { .int($0) } ?? .null, "input_tokens": inputTokens.map { .int($0) } ?? .null,
      "output_tokens": outputTokens.map { .int($0) } ?? .null, "cost_usd": money?.value ?? .null,
      "unbounded": .array(unbounded.map { .string($0) }),
    ]
  }
}

private func both<T>(_ left: T?, _ right: T?, _ combine: (T, T) -> T) -> T? {
  guard let left, let right else { return nil }
  return combine(left, right)
}
