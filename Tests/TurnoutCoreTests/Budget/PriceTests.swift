import Testing
import TurnoutCore

@Suite struct PriceTests {
  @Test(
    arguments: [
      (0, "$0.00"), (1, "$0.000000000001"), (150_000, "$0.00000015"), (21_000_000_00, "$0.0021"),
      (1_234_567_890_000, "$1.24"), (1_230_000_000_000, "$1.23"), (99_500_000_000, "$0.10"), (6_795_001_000, "$0.0068"),
      (500_000_000_000, "$0.50"), (50_000_000_000, "$0.05"),
      (-2_000_000_000_000, "-$2.00"),
      (12_345_678_900_000_000, "$12345.68"),
    ]) func amountsAreReadable(picodollars: Int, text: String)
  {
    #expect(Money(picodollars: picodollars).description == text)
  }

  @Test func amountsDoNotTrap() {
    let most = Money(picodollars: .max)
    #expect(most + most == most)
    #expect(most * 3 == most)
    #expect(Money(usd: .infinity) == most)
    #expect(Money(usd: .nan) == .zero)
    #expect(Money(usd: -1e300).picodollars == .min)
  }

  @Test func sumsAreExact() {
    let sum = (0..<10).reduce(Money.zero) { sum, _ in sum + Money(usd: 0.1) }
    #expect(sum == Money(usd: 1))
  }

  @Test func cachedTokensCostTheirOwnPrice() {
    let price = Price(input: 2, cached: 0.5, output: 8)
    let usage = Usage(inputTokens: 1_000_000, outputTokens: 500_000, cachedTokens: 400_000)
    #expect(price.cost(of: usage) == Money(usd: 1.2 + 0.2 + 4))
    #expect(Price(input: 2, output: 8).cost(of: usage) == Money(usd: 2 + 4))
    #expect(price.cost(of: Usage(inputTokens: 10, cachedTokens: 1_000)) == Money(usd: 10 * 0.5e-6))
    #expect(price.most(input: 1_000_000, output: 1_000_000) == Money(usd: 10))
  }

  @Test(
    arguments: [
      ("openai:gpt-4o-mini", true), ("openai:gpt-4o-mini-2024-07-18", true), ("openai:gpt-4o-mini-20240718", true),
      ("mistral:mistral-small-latest", true), ("local", true), ("ollama:qwen3:8b", true),
      ("openai:gpt-4o-minimal", false),
      ("openai:gpt-4o-mini-2024-7-18", false), ("office:gpt-4o-mini", false), ("", false),
    ]) func namesFindTheirPrice(model: String, isKnown: Bool)
  {
    #expect((PriceTable.standard[model] != nil) == isKnown)
  }

  @Test func theShippedTableIsSound() throws {
    for model in PriceTable.standard.models {
      let price = try #require(PriceTable.standard[model])
      if price == .free { continue }
      #expect(price.date?.count == 10, "\(model) says when it was looked up")
      #expect(price.input > .zero && price.output >= price.input && price.cached <= price.input, "\(model)")
    }
    #expect(PriceTable.standard["openai:gpt-4o-mini"] == PriceTable.standard["openai:gpt-4o-mini-2024-07-18"])
    #expect(PriceTable.standard["local:model.gguf"] == .free)
  }

  @Test func ownPricesComeFirst() {
    var own = PriceTable()
    own["openai:gpt-4o-mini"] = Price(input: 1, output: 1)
    let merged = PriceTable.standard.merging(own)
    #expect(merged["openai:gpt-4o-mini-2024-07-18"] == Price(input: 1, output: 1))
    #expect(merged["openai:gpt-4o"] == PriceTable.standard["openai:gpt-4o"])
  }
}
