import TurnoutCore

/// An answer of the Gemini wire, put together from one response or from the chunks of a stream, each of which has the
/// form of a whole response.
struct GeminiAnswer: ValueAssembly {
  private let endpoint: ModelEndpoint
  private let author: String
  private var parts: [Value] = []
  private var finish: String?
  private var blocked: String?
  private var usage = Usage(calls: 1)
  private var hasCandidate = false
  /// Never before the body ends: the wire has no last event.
  let isComplete = false

  /// - Parameter author: who answers, for what goes back as it came.
  init(_ endpoint: ModelEndpoint, author: String) {
    self.endpoint = endpoint
    self.author = author
  }

  mutating func take(whole answer: Value) throws {
    var deltas = DeltaBatch()
    // Some servers answer with the list of what would have been the chunks.
    for chunk in answer.array ?? [answer] { try take(event: chunk, into: &deltas) }
    if hasCandidate, finish == nil { finish = "STOP" }
  }

  mutating func take(event: Value, into deltas: inout DeltaBatch) throws {
    if let error = event["error"] { throw GeminiError.error(status: error["code"]?.int ?? 500, error, endpoint) }
    blocked = event["promptFeedback"]?["blockReason"]?.string ?? blocked
    if let candidate = event["candidates"]?.array?.first {
      hasCandidate = true
      for part in candidate["content"]?["parts"]?.array ?? [] {
        parts.append(part)
        let text = part["text"]?.string ?? ""
        if part["thought"]?.bool == true { deltas.add(thinking: text) } else { deltas.add(text: text) }
      }
      finish = candidate["finishReason"]?.string ?? finish
    }
    count(event["usageMetadata"])
  }

  private mutating func count(_ counts: Value?) {
    guard let counts else { return }
    func number(_ key: String) -> Int { max(0, counts[key]?.int ?? 0) }
    usage.inputTokens = number("promptTokenCount").addingClamped(number("toolUsePromptTokenCount"))
    usage.cachedTokens = number("cachedContentTokenCount")
    usage.reasoningTokens = number("thoughtsTokenCount")
    usage.outputTokens = number("candidatesTokenCount").addingClamped(usage.reasoningTokens)
  }

  func response() throws -> ModelResponse {
    let provider = endpoint.provider
    if let blocked { throw ModelError.contentFiltered(provider, "the request was held back (\(blocked.prefix(40)))") }
    guard hasCandidate else { throw ModelError.malformed(provider, "the answer has no candidates in it") }
    guard let finish else {
      throw ModelError.connection(provider, "the stream ended in the middle of the answer")
    }
    let text = parts.filter { $0["thought"]?.bool != true }.compactMap { $0["text"]?.string }.joined()
    let calls = parts.compactMap { $0["functionCall"] }.enumerated().map { index, call in
      ToolCall(
        id: call["id"]?.string ?? "\(GeminiRequestEncoder.ownID)\(index)", name: call["name"]?.string ?? "",
        arguments: (call["args"] ?? [:]).json())
    }
    let reason = calls.isEmpty ? Self.reason(finish) : .toolCalls
    if reason == .contentFilter, text.isEmpty {
      throw ModelError.contentFiltered(provider, "the answer was held back (\(finish.prefix(40)))")
    }
    let isSigned = parts.contains { $0["thoughtSignature"] != nil }
    return ModelResponse(
      text: text, toolCalls: calls, finish: reason, usage: usage,
      original: isSigned ? OriginalAnswer(wire: author, json: Value.array(parts.filter(Self.says)).json()) : nil)
  }

  /// Whether a part says anything; streams end with an empty text.
  private static func says(_ part: Value) -> Bool { part["text"] != "" || part["thoughtSignature"] != nil }

  private static let filtered: Set<String> = [
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "ESCALATION", "MODEL_ARMOR", "IMAGE_SAFETY",
  ]

  private static func reason(_ word: String) -> FinishReason {
    switch word {
    case "STOP": .stop
    case "MAX_TOKENS": .length
    default: filtered.contains(word) ? .contentFilter : FinishReason(word)
    }
  }
}
