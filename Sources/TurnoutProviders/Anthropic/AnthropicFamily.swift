import TurnoutCore

/// What families of Claude models take and refuse, as data: a request with a field that a family does not know is refused
/// as a whole. Facts of November 2026.
struct AnthropicFamily: Sendable, Hashable {
  /// How a model is told how much to think.
  enum Control: Sendable, Hashable {
    /// It does not think.
    case none
    /// By a number of tokens.
    case budget
    /// By a word, or by a number of tokens.
    case either
    /// By a word alone; it decides itself how many tokens that takes.
    case word
  }

  var thinking = Control.word
  /// Whether it takes a word for its effort.
  var takesEffort = true
  var takesTemperature = true
  /// Whether its answer can be held to a schema.
  var takesSchemas = true

  private static let newest = AnthropicFamily(takesTemperature: false)

  private static let older: [(prefix: String, family: AnthropicFamily)] = [
    ("claude-opus-4-6", AnthropicFamily(thinking: .either)),
    ("claude-sonnet-4-6", AnthropicFamily(thinking: .either)),
    ("claude-opus-4-5", AnthropicFamily(thinking: .budget)),
    ("claude-sonnet-4-5", AnthropicFamily(thinking: .budget, takesEffort: false)),
    ("claude-haiku-4-5", AnthropicFamily(thinking: .budget, takesEffort: false)),
    ("claude-opus-4-1", AnthropicFamily(thinking: .budget, takesEffort: false)),
    // The names of Claude 4 go on with a date, or with a zero.
    ("claude-opus-4-2", AnthropicFamily(thinking: .budget, takesEffort: false, takesSchemas: false)),
    ("claude-opus-4-0", AnthropicFamily(thinking: .budget, takesEffort: false, takesSchemas: false)),
    ("claude-sonnet-4-2", AnthropicFamily(thinking: .budget, takesEffort: false, takesSchemas: false)),
    ("claude-sonnet-4-0", AnthropicFamily(thinking: .budget, takesEffort: false, takesSchemas: false)),
    ("claude-3-7", AnthropicFamily(thinking: .budget, takesEffort: false, takesSchemas: false)),
    ("claude-3", AnthropicFamily(thinking: .none, takesEffort: false, takesSchemas: false)),
  ]

  /// The family of a model. A Claude whose name is not known is taken to be new; other vendors' models are asked for
  /// everything, since their servers pass over what they do not know.
  init(of model: String) {
    guard let start = model.firstRange(of: "claude-")?.lowerBound else {
      self.init(thinking: .either)
      return
    }
    let name = model[start...]
    self = Self.older.first { name.hasPrefix($0.prefix) }?.family ?? Self.newest
  }

  private init(
    thinking: Control = .word, takesEffort: Bool = true, takesTemperature: Bool = true, takesSchemas: Bool = true
  ) {
    self.thinking = thinking
    self.takesEffort = takesEffort
    self.takesTemperature = takesTemperature
    self.takesSchemas = takesSchemas
  }

  /// The tokens within which it may think, where it is told by a number; nil where it decides itself.
  func budget(_ thinking: Thinking) -> Int? {
    switch (self.thinking, thinking) {
    case (.budget, _), (.either, .tokens): max(Self.smallestBudget, thinking.budget)
    default: nil
    }
  }

  /// The word for its effort, where it takes one.
  func effort(_ thinking: Thinking) -> String? {
    if case .tokens = thinking, self.thinking != .word { return nil }
    return takesEffort ? thinking.effort : nil
  }

  /// The wire refuses less.
  static let smallestBudget = 1_024
}
