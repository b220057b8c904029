import TurnoutCore

/// Reads `budget:` and `prices:` blocks.
struct BudgetReader {
  private static let largest = 1_000_000_000

  func budget(_ node: NodeReader) -> Budget? {
    guard let members = node.members(["usd", "calls", "tokens"], of: "budget") else { return nil }
    if node.isEmpty { node.complain("a budget limits at least one of usd, calls, tokens") }
    return Budget(
      calls: members["calls"]?.int("calls", 1...Self.largest),
      tokens: members["tokens"]?.int("tokens", 1...Self.largest),
      money: members["usd"]?.number("usd", 0...1_000_000).map { Money(usd: $0) })
  }

  /// Prices for a million tokens, by the names of models.
  func prices(_ node: NodeReader, _ providers: [String: ProviderDefinition]) -> PriceTable {
    var prices = PriceTable()
    for (name, key, value) in node.named("prices") ?? [] {
      if !name.contains(":"), !ProviderNames.alone.contains(name) {
        key.complain("a price is that of a provider:model, or of provider:* for all its models")
      } else if let problem = ProviderNames.problem(name, known: ProviderNames.known + providers.keys) {
        key.complain(problem)
      }
      guard let members = value.members(["input", "cached", "output"], of: "the price of \(name)") else { continue }
      guard let input = members["input"], let output = members["output"] else {
        value.complain("the price of \(name) needs input and output, in dollars for a million tokens")
        continue
      }
      guard let input = amount("input", input), let output = amount("output", output) else { continue }
      prices[name] = Price(input: input, cached: members["cached"].flatMap { amount("cached", $0) }, output: output)
    }
    return prices
  }

  private func amount(_ what: String, _ node: NodeReader) -> Double? { node.number(what, 0...1_000_000) }
}
