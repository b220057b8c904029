import TurnoutCore

/// OpenAI's Responses.
struct ResponsesWire: WireFormat {
  let requestIDHeader: String? = "x-request-id"

  func whole(_ answer: ServedAnswer, to request: ServedRequest) -> Value { response(answer, request, isDone: true) }

  func events(_ answer: ServedAnswer, to request: ServedRequest) -> [WireEvent] {
    var events: [WireEvent] = []
    func add(_ type: String, _ members: ValueObject) {
      var data: ValueObject = ["type": .string(type), "sequence_number": .int(events.count)]
      for (key, value) in members { data[key] = value }
      events.append(WireEvent(.object(data), name: type))
    }
    add("response.created", ["response": response(answer, request, isDone: false)])
    add("response.in_progress", ["response": response(answer, request, isDone: false)])
    var output = 0
    if !answer.text.isEmpty {
      let place: ValueObject = ["item_id": "msg_\(request.number)", "output_index": 0, "content_index": 0]
      func with(_ members: ValueObject) -> ValueObject {
        var all = place
        for (key, value) in members { all[key] = value }
        return all
      }
      add("response.output_item.added", ["output_index": 0, "item": message(answer, request, isDone: false)])
      add("response.content_part.added", with(["part": Self.part("")]))
      for piece in answer.pieces {
        add("response.output_text.delta", with(["delta": .string(piece), "logprobs": []]))
      }
      add("response.output_text.done", with(["text": .string(answer.text), "logprobs": []]))
      add("response.content_part.done", with(["part": Self.part(answer.text)]))
      add("response.output_item.done", ["output_index": 0, "item": message(answer, request, isDone: true)])
      output = 1
    }
    for (index, call) in answer.toolCalls.enumerated() {
      let place: ValueObject = [
        "item_id": "fc_\(request.number)_\(index)", "output_index": .int(output + index),
      ]
      func item(_ isDone: Bool) -> ValueObject {
        ["output_index": .int(output + index), "item": self.call(call, index, request, isDone: isDone)]
      }
      add("response.output_item.added", item(false))
      for piece in call.arguments.halves {
        var members = place
        members["delta"] = .string(piece)
        add("response.function_call_arguments.delta", members)
      }
      var members = place
      members["name"] = .string(call.name)
      members["arguments"] = .string(call.arguments)
      add("response.function_call_arguments.done", members)
      add("response.output_item.done", item(true))
    }
    let end = Self.reason(answer.finish) == nil ? "response.completed" : "response.incomplete"
    add(end, ["response": response(answer, request, isDone: true)])
    return events
  }

  private func response(_ answer: ServedAnswer, _ request: ServedRequest, isDone: Bool) -> Value {
    var output: [Value] = []
    if isDone, !answer.text.isEmpty { output.append(message(answer, request, isDone: true)) }
    if isDone { output += answer.toolCalls.enumerated().map { call($1, $0, request, isDone: true) } }
    let reason = isDone ? Self.reason(answer.finish) : nil
    return [
      "id": "resp_\(request.number)", "object": "response", "created_at": 1_790_000_000,
      "status": .string(isDone ? (reason == nil ? "completed" : "incomplete") : "in_progress"), "background": false,
      "error": .null, "incomplete_details": reason.map { ["reason": .string($0)] } ?? .null, "instructions": .null,
      "max_output_tokens": .null, "model": .string(request.model ?? "unknown"), "output": .array(output),
      "parallel_tool_calls": true, "previous_response_id": .null, "reasoning": ["effort": .null, "summary": .null],
      "store": false, "temperature": 1, "text": ["format": ["type": "text"]], "tool_choice": "auto", "tools": [],
      "top_p": 1, "truncation": "disabled", "usage": isDone ? Self.usage(answer.usage) : .null, "metadata": [:],
    ]
  }

  private func message(_ answer: ServedAnswer, _ request: ServedRequest, isDone: Bool) -> Value {
    [
      "id": "msg_\(request.number)", "type": "message", "status": .string(isDone ? "completed" : "in_progress"),
      "role": "assistant", "content": isDone ? [Self.part(answer.text)] : [],
    ]
  }

  private func call(_ call: ToolCall, _ index: Int, _ request: ServedRequest, isDone: Bool) -> Value {
    [
      "id": "fc_\(request.number)_\(index)", "type": "function_call",
      "status": .string(isDone ? "completed" : "in_progress"), "call_id": .string(call.id),
      "name": .string(call.name), "arguments": .string(isDone ? call.arguments : ""),
    ]
  }

  private static func part(_ text: String) -> Value {
    ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
  }

  /// Why an answer is incomplete; nil for one that is complete.
  private static func reason(_ finish: FinishReason) -> String? {
    switch finish {
    case .length: "max_output_tokens"
    case .contentFilter: "content_filter"
    default: nil
    }
  }

  private static func usage(_ usage: Usage) -> Value {
    [
      "input_tokens": .int(usage.inputTokens), "input_tokens_details": ["cached_tokens": .int(usage.cachedTokens)],
      "output_tokens": .int(usage.outputTokens),
      "output_tokens_details": ["reasoning_tokens": .int(usage.reasoningTokens)],
      "total_tokens": .int(usage.inputTokens &+ usage.outputTokens),
    ]
  }

  func refusal(_ refusal: Refusal) -> Value { OpenAIRefusal.body(refusal) }

  var errorEvent: WireEvent {
    WireEvent(
      [
        "type": "error", "sequence_number": 3, "code": "server_error", "message": .string(Refusal(500).message),
        "param": .null,
      ], name: "error")
  }

  var strangeEvent: WireEvent {
    WireEvent(["type": "response.novelty", "sequence_number": 1], name: "response.novelty")
  }

  func limitHeaders(_ standing: TokenBucket.Standing, limit: Int) -> [(String, String)] {
    OpenAIRefusal.limitHeaders(standing, limit: limit)
  }

  func hint(_ wait: Duration) -> WaitHint { .milliseconds(wait.wholeMilliseconds) }

  func models(_ names: [String]) -> Value { ChatCompletionsWire().models(names) }

  func embeddings(_ vectors: [[Double]], to request: ServedRequest) -> Value {
    ChatCompletionsWire().embeddings(vectors, to: request)
  }
}
