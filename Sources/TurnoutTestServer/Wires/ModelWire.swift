/// A vendor's way to put questions and answers into HTTP.
public enum ModelWire: String, Sendable, Hashable, CaseIterable {
  /// OpenAI's Chat Completions, with `/models` and `/embeddings` beside it; base URL `…/v1`.
  case chatCompletions
  /// OpenAI's Responses; base URL `…/v1`.
  case responses
  /// Anthropic's Messages; base URL without a path.
  case messages
  /// Gemini's `generateContent` and `streamGenerateContent`; base URL without a path, or `…/v1beta`.
  case gemini

  var format: any WireFormat {
    switch self {
    case .chatCompletions: ChatCompletionsWire()
    case .responses: ResponsesWire()
    case .messages: MessagesWire()
    case .gemini: GeminiWire()
    }
  }
}

/// What a request wants.
enum WireOperation: Sendable, Hashable {
  case answer, embeddings, oneEmbedding, models

  /// The wire and the operation that a path belongs to; nil for a path that no wire has.
  static func of(path: String, headers: Set<String>) -> (ModelWire, WireOperation)? {
    let path = path.prefix { $0 != "?" }
    if path.hasSuffix("/chat/completions") { return (.chatCompletions, .answer) }
    if path.hasSuffix("/responses") { return (.responses, .answer) }
    if path.hasSuffix("/messages") { return (.messages, .answer) }
    if path.hasSuffix("/embeddings") { return (.chatCompletions, .embeddings) }
    if path.hasSuffix(":generateContent") || path.hasSuffix(":streamGenerateContent") { return (.gemini, .answer) }
    if path.hasSuffix(":batchEmbedContents") { return (.gemini, .embeddings) }
    if path.hasSuffix(":embedContent") { return (.gemini, .oneEmbedding) }
    guard path.hasSuffix("/models") else { return nil }
    // Three vendors have this path, and Gemini's client asks for it below /v1 too.
    if path.contains("/v1beta") || headers.contains("x-goog-api-key") { return (.gemini, .models) }
    return (headers.contains("anthropic-version") ? .messages : .chatCompletions, .models)
  }
}
