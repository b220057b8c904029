import TurnoutCore

/// OpenAI's Chat Completions.
struct ChatCompletionsWire: WireFormat {
  let requestIDHeader: String? = "x-request-id"

  func whole(_ answer: ServedAnswer, to request: ServedRequest) -> Value {
    var message: ValueObject = [
      "role": "assistant", "content": answer.text.isEmpty ? .null : .string(answer.text), "refusal": .null,
    ]
    if !answer.toolCalls.isEmpty {
      message["tool_calls"] = .array(answer.toolCalls.map { Self.call($0, arguments: $0.arguments) })
    }
    let choice: Value = [
      "index": 0, "message": .object(message), "logprobs": .null, "finish_reason": .string(answer.finish.name),
    ]
    return head("chat.completion", request, ["choices": [choice], "usage": Self.usage(answer.usage)])
  }

  func events(_ answer: ServedAnswer, to request: ServedRequest) -> [WireEvent] {
    var events = [chunk(["role": "assistant", "content": ""], request)]
    events += answer.pieces.map { chunk(["content": .string($0)], request) }
    for (index, call) in answer.toolCalls.enumerated() {
      var first = Self.call(call, arguments: "").object ?? [:]
      first["index"] = .int(index)
      events.append(chunk(["tool_calls": [.object(first)]], request))
      for piece in call.arguments.halves {
        events.append(
          chunk(["tool_calls": [["index": .int(index), "function": ["arguments": .string(piece)]]]], request))
      }
    }
    events.append(chunk([:], request, finish: answer.finish.name))
    if request.json["stream_options"]?["include_usage"]?.bool == true {
      events.append(
        WireEvent(head("chat.completion.chunk", request, ["choices": [], "usage": Self.usage(answer.usage)])))
    }
    return events + [.done]
  }

  private func head(_ object: String, _ request: ServedRequest, _ rest: ValueObject) -> Value {
    var head: ValueObject = [
      "id": "chatcmpl-\(request.number)", "object": .string(object), "created": 1_790_000_000,
      "model": .string(request.model ?? "unknown"), "service_tier": "default", "system_fingerprint": "fp_test",
    ]
    for (key, value) in rest { head[key] = value }
    return .object(head)
  }

  private func chunk(_ delta: Value, _ request: ServedRequest, finish: String? = nil) -> WireEvent {
    let choice: Value = [
      "index": 0, "delta": delta, "logprobs": .null, "finish_reason": finish.map { .string($0) } ?? .null,
    ]
    return WireEvent(head("chat.completion.chunk", request, ["choices": [choice], "usage": .null]))
  }

  private static func call(_ call: ToolCall, arguments: String) -> Value {
    [
      "id": .string(call.id), "type": "function",
      "function": ["name": .string(call.name), "arguments": .string(arguments)],
    ]
  }

  private static func usage(_ usage: Usage) -> Value {
    [
      "prompt_tokens": .int(usage.inputTokens), "completion_tokens": .int(usage.outputTokens),
      "total_tokens": .int(usage.inputTokens &+ usage.outputTokens),
      "prompt_tokens_details": ["cached_tokens": .int(usage.cachedTokens), "audio_tokens": 0],
      "completion_tokens_details": ["reasoning_tokens": .int(usage.reasoningTokens), "audio_tokens": 0],
    ]
  }

  func refusal(_ refusal: Refusal) -> Value { OpenAIRefusal.body(refusal) }

  var errorEvent: WireEvent { WireEvent(OpenAIRefusal.body(Refusal(500))) }

  var strangeEvent: WireEvent { WireEvent(["object": "chat.completion.novelty", "choices": []]) }

  func limitHeaders(_ standing: TokenBucket.Standing, limit: Int) -> [(String, String)] {
    OpenAIRefusal.limitHeaders(standing, limit: limit)
  }

  func hint(_ wait: Duration) -> WaitHint { .milliseconds(wait.wholeMilliseconds) }

  func models(_ names: [String]) -> Value {
    let list = names.map { ["id": .string($0), "object": "model", "created": 0, "owned_by": "test"] as Value }
    return ["object": "list", "data": .array(list)]
  }

  func embeddings(_ vectors: [[Double]], to request: ServedRequest) -> Value {
    let data = vectors.enumerated().map { index, vector -> Value in
      let numbers: Value =
        request.json["encoding_format"]?.string == "base64"
        ? .string(Base64.text(floats: vector)) : .array(vector.map { .double($0) })
      return ["object": "embedding", "index": .int(index), "embedding": numbers]
    }
    let tokens = Value.int(request.embeddedTexts.reduce(0) { $0 + $1.utf8.count / 4 + 1 })
    return [
      "object": "list", "data": .array(data), "model": .string(request.model ?? "unknown"),
      "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
    ]
  }
}

/// What OpenAI's two wires have in common.
enum OpenAIRefusal {
  static func body(_ refusal: Refusal) -> Value {
    let (type, code): (String, Value) =
      switch refusal.status {
      case _ where refusal.isQuota: ("insufficient_quota", "insufficient_quota")
      case 401: ("invalid_request_error", "invalid_api_key")
      case 404: ("invalid_request_error", "model_not_found")
      case 429: ("requests", "rate_limit_exceeded")
      case 500...: ("server_error", .null)
      default: ("invalid_request_error", .null)
      }
    return [
      "error": ["message": .string(refusal.message), "type": .string(type), "param": .null, "code": code]
    ]
  }

  static func limitHeaders(_ standing: TokenBucket.Standing, limit: Int) -> [(String, String)] {
    [
      ("x-ratelimit-limit-requests", String(limit)), ("x-ratelimit-remaining-requests", String(standing.remaining)),
      ("x-ratelimit-reset-requests", standing.untilFull.goText),
    ]
  }
}
