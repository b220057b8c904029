import TurnoutCore

/// Anthropic's Messages.
struct MessagesWire: WireFormat {
  let requestIDHeader: String? = "request-id"

  func whole(_ answer: ServedAnswer, to request: ServedRequest) -> Value {
    let answer = Self.forced(answer, by: request)
    var content: [Value] = answer.text.isEmpty ? [] : [["type": "text", "text": .string(answer.text)]]
    content += answer.toolCalls.map { Self.call($0, input: $0.arguments.argumentsValue) }
    return message(content, answer, request, isDone: true)
  }

  func events(_ answer: ServedAnswer, to request: ServedRequest) -> [WireEvent] {
    let answer = Self.forced(answer, by: request)
    var events: [WireEvent] = []
    func add(_ type: String, _ members: ValueObject = [:]) {
      var data: ValueObject = ["type": .string(type)]
      for (key, value) in members { data[key] = value }
      events.append(WireEvent(.object(data), name: type))
    }
    add("message_start", ["message": message([], answer, request, isDone: false)])
    var index = 0
    func block(_ start: Value, _ deltas: [Value]) {
      add("content_block_start", ["index": .int(index), "content_block": start])
      if index == 0 { add("ping") }
      for delta in deltas { add("content_block_delta", ["index": .int(index), "delta": delta]) }
      add("content_block_stop", ["index": .int(index)])
      index += 1
    }
    if !answer.text.isEmpty {
      block(
        ["type": "text", "text": ""], answer.pieces.map { ["type": "text_delta", "text": .string($0)] })
    }
    for call in answer.toolCalls {
      block(
        Self.call(call, input: [:]),
        ([""] + call.arguments.halves).map { ["type": "input_json_delta", "partial_json": .string($0)] })
    }
    add(
      "message_delta",
      [
        "delta": ["stop_reason": .string(Self.reason(answer)), "stop_sequence": .null],
        "usage": Self.usage(answer.usage),
      ])
    add("message_stop")
    return events
  }

  /// A typed answer goes through the tool that the request forces, which is how this wire was given schemas at first.
  private static func forced(_ answer: ServedAnswer, by request: ServedRequest) -> ServedAnswer {
    guard answer.isTyped, let choice = request.json["tool_choice"], choice["type"]?.string == "tool",
      let name = choice["name"]?.string
    else { return answer }
    var call = ServedAnswer.call(name, answer.text.argumentsValue, id: "toolu_\(request.number)")
    call.usage = answer.usage
    call.finish = answer.finish == .stop ? .toolCalls : answer.finish
    return call
  }

  private func message(_ content: [Value], _ answer: ServedAnswer, _ request: ServedRequest, isDone: Bool) -> Value {
    var usage = answer.usage
    if !isDone { usage.outputTokens = min(1, usage.outputTokens) }
    return [
      "id": "msg_\(request.number)", "type": "message", "role": "assistant",
      "model": .string(request.model ?? "unknown"), "content": .array(content),
      "stop_reason": isDone ? .string(Self.reason(answer)) : .null, "stop_sequence": .null,
      "usage": Self.usage(usage),
    ]
  }

  private static func call(_ call: ToolCall, input: Value) -> Value {
    ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input]
  }

  private static func reason(_ answer: ServedAnswer) -> String {
    switch answer.finish {
    case .stop: "end_turn"
    case .length: "max_tokens"
    case .toolCalls: "tool_use"
    case .contentFilter: "refusal"
    default: answer.finish.name
    }
  }

  /// Cached tokens stand beside the tokens read here, not among them.
  private static func usage(_ usage: Usage) -> Value {
    [
      "input_tokens": .int(max(0, usage.inputTokens &- usage.cachedTokens)), "cache_creation_input_tokens": 0,
      "cache_read_input_tokens": .int(usage.cachedTokens), "output_tokens": .int(usage.outputTokens),
      "service_tier": "standard",
    ]
  }

  func refusal(_ refusal: Refusal) -> Value {
    let type =
      switch refusal.status {
      case 401: "authentication_error"
      case 402: "billing_error"
      case 403: "permission_error"
      case 404: "not_found_error"
      case 413: "request_too_large"
      case 429: "rate_limit_error"
      case 504: "timeout_error"
      case 529: "overloaded_error"
      case 500...: "api_error"
      default: "invalid_request_error"
      }
    var error: ValueObject = ["type": .string(type), "message": .string(refusal.message)]
    if refusal.isQuota { error["details"] = ["error_code": "enforced_spend_limit_reached"] }
    return ["type": "error", "error": .object(error), "request_id": "req_refused"]
  }

  var errorEvent: WireEvent { WireEvent(refusal(Refusal(529)), name: "error") }

  var strangeEvent: WireEvent { WireEvent(["type": "novelty"], name: "novelty") }

  func limitHeaders(_ standing: TokenBucket.Standing, limit: Int) -> [(String, String)] {
    [
      ("anthropic-ratelimit-requests-limit", String(limit)),
      ("anthropic-ratelimit-requests-remaining", String(standing.remaining)),
      ("anthropic-ratelimit-requests-reset", CivilTime.inFuture(standing.untilFull).internetText),
    ]
  }

  func hint(_ wait: Duration) -> WaitHint { .seconds(wait.wholeSeconds) }

  func models(_ names: [String]) -> Value {
    let list = names.map { name -> Value in
      [
        "type": "model", "id": .string(name), "display_name": .string(name), "created_at": "2026-01-01T00:00:00Z",
      ]
    }
    return [
      "data": .array(list), "has_more": false, "first_id": names.first.map { .string($0) } ?? .null,
      "last_id": names.last.map { .string($0) } ?? .null,
    ]
  }

  /// This wire has no embeddings.
  func embeddings(_ vectors: [[Double]], to request: ServedRequest) -> Value { refusal(Refusal(404)) }
}
