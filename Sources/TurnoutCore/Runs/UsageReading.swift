extension Usage {
  /// Reads usage as ``value`` writes it; other keys are ignored.
  /// - Throws: ``TurnoutError`` that names the key when a count is missing or no integer.
  public init(value: Value) throws {
    guard value.object != nil else {
      throw TurnoutError.invalidInput("usage: an object was expected, not \(value.kindDescription)")
    }
    func count(_ key: String) throws -> Int {
      guard let count = value[key]?.int else {
        throw TurnoutError.invalidInput(
          "usage: \(key): an integer was expected, not \(value[key]?.kindDescription ?? "nothing")")
      }
      return count
    }
    self.init(
      calls: try count("calls"), inputTokens: try count("input_tokens"), outputTokens: try count("output_tokens"),
      cachedTokens: try count("cached_tokens"), reasoningTokens: try count("reasoning_tokens"),
      embeddings: try count("embeddings"))
  }
}

extension Duration {
  /// A duration from milliseconds, to the nanosecond; nil for what is not finite, negative, or longer than 285 years.
  public init?(milliseconds: Double) {
    guard milliseconds >= 0, milliseconds <= 9e12 else { return nil }
    self = .nanoseconds(Int64((milliseconds * 1e6).rounded()))
  }
}
