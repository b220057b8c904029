import TurnoutCore

/// Gemini's `generateContent`, `streamGenerateContent`, `embedContent` and `batchEmbedContents`.
struct GeminiWire: WireFormat {
  let requestIDHeader: String? = nil

  func whole(_ answer: ServedAnswer, to request: ServedRequest) -> Value {
    let text: [Value] = answer.text.isEmpty ? [] : [["text": .string(answer.text)]]
    return response(text + answer.toolCalls.map(Self.part), answer, request, isLast: true)
  }

  func events(_ answer: ServedAnswer, to request: ServedRequest) -> [WireEvent] {
    var parts: [Value] = answer.text.isEmpty ? [] : answer.pieces.map { ["text": .string($0)] }
    parts += answer.toolCalls.map(Self.part)
    if parts.isEmpty { parts = [["text": ""]] }
    return parts.enumerated().map { index, part in
      WireEvent(response([part], answer, request, isLast: index == parts.count - 1))
    }
  }

  private func response(_ parts: [Value], _ answer: ServedAnswer, _ request: ServedRequest, isLast: Bool) -> Value {
    var candidate: ValueObject = ["content": ["parts": .array(parts), "role": "model"], "index": 0]
    if isLast { candidate["finishReason"] = .string(Self.reason(answer.finish)) }
    return [
      "candidates": [.object(candidate)], "usageMetadata": Self.usage(answer.usage, isLast: isLast),
      "modelVersion": .string(request.model ?? "unknown"), "responseId": "response-\(request.number)",
    ]
  }

  private static func part(_ call: ToolCall) -> Value {
    ["functionCall": ["id": .string(call.id), "name": .string(call.name), "args": call.arguments.argumentsValue]]
  }

  private static func reason(_ finish: FinishReason) -> String {
    switch finish {
    case .stop, .toolCalls: "STOP"
    case .length: "MAX_TOKENS"
    case .contentFilter: "SAFETY"
    default: finish.name
    }
  }

  /// Thoughts stand beside the tokens written here, not among them; cached tokens are among those read.
  private static func usage(_ usage: Usage, isLast: Bool) -> Value {
    var counts: ValueObject = ["promptTokenCount": .int(usage.inputTokens)]
    if usage.cachedTokens > 0 { counts["cachedContentTokenCount"] = .int(usage.cachedTokens) }
    if isLast {
      counts["candidatesTokenCount"] = .int(max(0, usage.outputTokens &- usage.reasoningTokens))
      if usage.reasoningTokens > 0 { counts["thoughtsTokenCount"] = .int(usage.reasoningTokens) }
    }
    counts["totalTokenCount"] = .int(usage.inputTokens &+ (isLast ? usage.outputTokens : 0))
    return .object(counts)
  }

  func refusal(_ refusal: Refusal) -> Value {
    let status =
      switch refusal.status {
      case 401: "UNAUTHENTICATED"
      case 403: "PERMISSION_DENIED"
      case 404: "NOT_FOUND"
      case 429: "RESOURCE_EXHAUSTED"
      case 503, 529: "UNAVAILABLE"
      case 504: "DEADLINE_EXCEEDED"
      case 500...: "INTERNAL"
      default: "INVALID_ARGUMENT"
      }
    var details: [Value] = []
    if refusal.isQuota {
      let violation: Value = ["quotaId": "GenerateRequestsPerDayPerProjectPerModel", "quotaValue": "50"]
      details.append(["@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]])
    }
    if case .retryInfo(let wait)? = refusal.hint {
      details.append(["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": .string(wait.secondsText)])
    }
    return [
      "error": [
        "code": .int(refusal.status), "message": .string(refusal.message), "status": .string(status),
        "details": .array(details),
      ]
    ]
  }

  var errorEvent: WireEvent { WireEvent(refusal(Refusal(503))) }

  var strangeEvent: WireEvent { WireEvent(["novelty": ["kind": "unknown"]]) }

  func limitHeaders(_ standing: TokenBucket.Standing, limit: Int) -> [(String, String)] { [] }

  func hint(_ wait: Duration) -> WaitHint { .retryInfo(wait) }

  func models(_ names: [String]) -> Value {
    let list = names.map { name -> Value in
      [
        "name": "models/\(name)", "displayName": .string(name), "inputTokenLimit": 32_768, "outputTokenLimit": 8_192,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
      ]
    }
    return ["models": .array(list)]
  }

  func embeddings(_ vectors: [[Double]], to request: ServedRequest) -> Value {
    let list = vectors.map { ["values": .array($0.map { .double($0) })] as Value }
    return request.operation == .oneEmbedding
      ? ["embedding": list.first ?? .null] : ["embeddings": .array(list)]
  }
}
