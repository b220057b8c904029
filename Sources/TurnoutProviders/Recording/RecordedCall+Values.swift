import TurnoutCore

// What is asked and answered, as the JSON of a recording.

extension ModelRequest {
  var recorded: Value {
    var object: ValueObject = ["messages": .array(messages.map(\.recorded))]
    if !tools.isEmpty {
      object["tools"] = .array(
        tools.map {
          [
            "name": .string($0.name), "description": .string($0.description), "parameters": $0.parameters.jsonSchema,
          ]
        })
    }
    if let output { object["output"] = ["name": .string(output.name), "schema": output.jsonSchema] }
    var settings: ValueObject = [:]
    settings["temperature"] = self.settings.temperature.map { .double($0) }
    settings["seed"] = self.settings.seed.map { .int($0) }
    settings["max_output_tokens"] = self.settings.maxOutputTokens.map { .int($0) }
    settings["thinking"] = self.settings.thinking?.recorded
    if !self.settings.stop.isEmpty { settings["stop"] = .array(self.settings.stop.map { .string($0) }) }
    if !settings.isEmpty { object["settings"] = .object(settings) }
    if toolChoice != .auto { object["tool_choice"] = toolChoice.recorded }
    if logProbabilities { object["log_probabilities"] = true }
    return .object(object)
  }
}

extension Thinking {
  fileprivate var recorded: Value {
    switch self {
    case .low, .medium, .high: .string(effort)
    case .tokens(let count): .int(count)
    }
  }
}

extension ToolChoice {
  fileprivate var recorded: Value {
    switch self {
    case .auto: "auto"
    case .none: "none"
    case .required: "required"
    case .tool(let name): ["tool": .string(name)]
    }
  }
}

extension InputPart {
  fileprivate var recorded: Value {
    switch self {
    case .text(let text): ["text": .string(text)]
    case .image(let image): ["image": .string(image.address)]
    }
  }
}

extension OriginalAnswer {
  /// The answer itself, so that it can be read; as a text where it is no JSON.
  fileprivate var recorded: Value {
    ["wire": .string(wire), "answer": (try? Value(json: json)) ?? .string(json)]
  }

  fileprivate init?(recorded value: Value?) {
    guard let wire = value?["wire"]?.string, let answer = value?["answer"] else { return nil }
    self.init(wire: wire, json: answer.json())
  }
}

extension Message {
  fileprivate var recorded: Value {
    switch self {
    case .system(let text): return ["role": "system", "content": .string(text)]
    case .user(let text): return ["role": "user", "content": .string(text)]
    case .userParts(let parts): return ["role": "user", "content": .array(parts.map(\.recorded))]
    case .assistant(let text, let calls, let original):
      var object: ValueObject = ["role": "assistant", "content": .string(text)]
      if !calls.isEmpty { object["tool_calls"] = .array(calls.map(\.recorded)) }
      object["original"] = original?.recorded
      return .object(object)
    case .toolResult(let result):
      return [
        "role": "tool", "call": .string(result.callID), "name": .string(result.name),
        "content": .string(result.content),
      ]
    }
  }
}

extension ToolCall {
  fileprivate var recorded: Value {
    ["id": .string(id), "name": .string(name), "arguments": .string(arguments)]
  }
}

extension ModelResponse {
  var recorded: Value {
    var object: ValueObject = ["text": .string(text)]
    if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.recorded)) }
    object["finish"] = .string(finish.name)
    object["usage"] = usage.value
    if !tokens.isEmpty { object["tokens"] = .array(tokens.map(\.recorded)) }
    object["original"] = original?.recorded
    return .object(object)
  }

  init(recorded value: Value) throws {
    self.init(
      text: value["text"]?.string ?? "",
      toolCalls: (value["tool_calls"]?.array ?? []).map {
        ToolCall(
          id: $0["id"]?.string ?? "", name: $0["name"]?.string ?? "", arguments: $0["arguments"]?.string ?? "{}")
      },
      finish: FinishReason(value["finish"]?.string ?? "stop"), usage: try Usage(value: value["usage"] ?? .null),
      tokens: (value["tokens"]?.array ?? []).map(TokenChoice.init(recorded:)),
      original: OriginalAnswer(recorded: value["original"]))
  }
}

extension TokenChoice {
  fileprivate var recorded: Value {
    ["written": written.recorded, "alternatives": .array(alternatives.map(\.recorded))]
  }

  fileprivate init(recorded value: Value) {
    self.init(
      Alternative(recorded: value["written"] ?? .null),
      alternatives: (value["alternatives"]?.array ?? []).map(Alternative.init(recorded:)))
  }
}

extension TokenChoice.Alternative {
  /// The text where the bytes are one, else the bytes; the logarithm as a text where JSON has no number for it.
  fileprivate var recorded: Value {
    let text = String(validating: bytes, as: UTF8.self)
    return [
      "token": text.map { .string($0) } ?? .array(bytes.map { .int(Int($0)) }),
      "log_probability": logProbability.isFinite ? .double(logProbability) : .string("\(logProbability)"),
    ]
  }

  fileprivate init(recorded value: Value) {
    let bytes =
      value["token"]?.string.map { Array($0.utf8) }
      ?? (value["token"]?.array ?? []).compactMap { $0.int.flatMap(UInt8.init(exactly:)) }
    let number = value["log_probability"]
    self.init(bytes: bytes, number?.double ?? number?.string.flatMap(Double.init) ?? .nan)
  }
}

/// Errors of models as JSON.
enum RecordedFailure {
  static func value(_ error: any Error) -> Value {
    guard let error = error as? ModelError else { return RunFailure(error).value }
    var object: ValueObject = [
      "label": .string(error.label), "provider": .string(error.provider), "message": .string(error.message),
    ]
    object["request_id"] = error.requestID.map { .string($0) }
    object["retry_after_ms"] = error.retryAfter.map { .double($0.milliseconds) }
    return .object(object)
  }

  static func error(_ value: Value) -> any Error {
    let (label, message) = (value["label"]?.string ?? "error", value["message"]?.string ?? "")
    guard let provider = value["provider"]?.string,
      var error = ModelError(label: label, provider: provider, message: message)
    else { return RunFailure(label: label, message: message) }
    error.requestID = value["request_id"]?.string
    error.retryAfter = value["retry_after_ms"]?.double.flatMap(Duration.init(milliseconds:))
    return error
  }
}

/// Vectors as JSON, each number in as few digits as give it back exactly.
enum RecordedVectors {
  static func value(_ vectors: [[Float]]) -> Value {
    .array(vectors.map { .array($0.map(number)) })
  }

  private static func number(_ float: Float) -> Value {
    guard let short = Double(float.description), Float(short) == float else { return .double(Double(float)) }
    return .double(short)
  }

  static func vectors(_ value: Value) -> [[Float]]? {
    value.array?.map { ($0.array ?? []).map { Float($0.double ?? .nan) } }
  }
}
