extension PriceTable {
  /// Prices of the providers' models that are asked for most, for requests that are not batched and not long, as looked
  /// up on the day that each of them carries; models on this machine are free.
  ///
  /// Prices change: a file's `prices:` come before these.
  public static let standard: PriceTable = {
    var prices: [String: Price] = [:]
    for (model, input, cached, output) in listed {
      prices[model] = Price(input: input, cached: cached, output: output, asOf: "2026-11-26")
    }
    for provider in ["local", "scripted", "ollama", "llama", "vllm"] {
      prices[provider] = .free
      prices["\(provider):*"] = .free
    }
    return PriceTable(prices)
  }()

  /// US dollars for a million tokens: read, read out of the cache, written.
  private static let listed: [(String, Double, Double?, Double)] = [
    ("openai:gpt-4.1", 2, 0.5, 8),
    ("openai:gpt-4.1-mini", 0.4, 0.1, 1.6),
    ("openai:gpt-4.1-nano", 0.1, 0.025, 0.4),
    ("openai:gpt-4o", 2.5, 1.25, 10),
    ("openai:gpt-4o-mini", 0.15, 0.075, 0.6),
    ("openai:o3", 2, 0.5, 8),
    ("openai:o3-mini", 1.1, 0.55, 4.4),
    ("openai:o4-mini", 1.1, 0.275, 4.4),
    ("openai:gpt-5", 1.25, 0.125, 10),
    ("openai:gpt-5-mini", 0.25, 0.025, 2),
    ("openai:gpt-5-nano", 0.05, 0.005, 0.4),
    ("openai:gpt-5.1", 1.25, 0.125, 10),
    ("openai:gpt-5.2", 1.75, 0.175, 14),
    ("openai:gpt-5.4", 2.5, 0.25, 15),
    ("openai:gpt-5.4-mini", 0.75, 0.075, 4.5),
    ("openai:gpt-5.4-nano", 0.2, 0.02, 1.25),
    ("openai:gpt-5.5", 5, 0.5, 30),
    ("openai:gpt-5.6", 4, 0.4, 20),
    ("openai:gpt-6-astra", 10, 1, 50),
    ("openai:gpt-6-sol", 2, 0.2, 10),
    ("openai:gpt-6-luna", 0.1, 0.01, 0.5),
    ("openai:gpt-6.1-sol", 2, 0.1, 10),
    ("openai:gpt-6.1-terra", 1, 0.05, 5),
    ("anthropic:claude-haiku-4-5", 1, 0.1, 5),
    ("anthropic:claude-sonnet-4-5", 3, 0.3, 15),
    ("anthropic:claude-opus-4-5", 5, 0.5, 25),
    ("anthropic:claude-sonnet-4-6", 3, 0.3, 15),
    ("anthropic:claude-sonnet-5", 2, 0.2, 10),
    ("anthropic:claude-sonnet-5-5", 2, 0.1, 10),
    ("anthropic:claude-haiku-5-5", 0.1, 0.01, 0.5),
    ("anthropic:claude-opus-4-8", 5, 0.5, 25),
    ("anthropic:claude-opus-5", 5, 0.5, 25),
    ("anthropic:claude-opus-5-5", 4, 0.2, 20),
    ("gemini:gemini-2.5-flash", 0.3, 0.03, 2.5),
    ("gemini:gemini-2.5-flash-lite", 0.1, 0.01, 0.4),
    ("gemini:gemini-2.5-pro", 1.25, 0.125, 10),
    ("gemini:gemini-3.5-flash", 1.5, 0.15, 9),
    ("gemini:gemini-3.5-flash-lite", 0.3, 0.03, 2.5),
    ("gemini:gemini-3.8-flash", 0.75, 0.075, 3.75),
    ("deepseek:deepseek-chat", 0.28, 0.028, 0.42),
    ("deepseek:deepseek-reasoner", 0.28, 0.028, 0.42),
    ("deepseek:deepseek-v4-flash", 0.3, 0.006, 1.2),
    ("deepseek:deepseek-v4-pro", 1.32, 0.044, 3.96),
    ("mistral:mistral-small", 0.15, 0.015, 0.6),
    ("mistral:mistral-medium", 1.5, 0.15, 7.5),
    ("mistral:mistral-large", 0.5, 0.05, 1.5),
    ("mistral:ministral-8b", 0.15, 0.015, 0.15),
    ("mistral:codestral", 0.3, 0.03, 0.9),
    ("groq:openai/gpt-oss-120b", 0.15, 0.075, 0.6),
    ("groq:openai/gpt-oss-20b", 0.075, 0.0375, 0.3),
    ("qwen:qwen-plus", 0.4, nil, 1.2),
    ("qwen:qwen-max", 1.6, nil, 6.4),
    ("qwen:qwen3.8-max", 2, 0.25, 6),
    ("qwen:qwen3.8-flash", 0.15, 0.016, 0.47),
  ]
}
