/// What families of OpenAI's models do differently, as data. Facts of November 2026.
struct OpenAIFamily: Sendable, Hashable {
  /// Whether it thinks before it answers, which can be had encrypted.
  let reasons: Bool
  /// A model that reasons refuses requests with a temperature.
  var takesTemperature: Bool { !reasons }

  private static let reasoning = ["o1", "o3", "o4", "gpt-5", "gpt-6"]
  private static let answering = ["gpt-5-chat"]

  /// The family of a model. Names that are not OpenAI's are none that reasons in this way.
  init(of model: String) {
    reasons =
      Self.reasoning.contains { model.hasPrefix($0) } && !Self.answering.contains { model.hasPrefix($0) }
  }
}
