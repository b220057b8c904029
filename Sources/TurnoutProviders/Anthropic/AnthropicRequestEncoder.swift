import TurnoutCore

/// Writes Messages requests.
struct AnthropicRequestEncoder: Sendable {
  static let wire = "anthropic"
  let model: String
  private let schemas = SchemaTexts()

  init(model: String) { self.model = model }

  func encode(_ request: ModelRequest, streams: Bool) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.object { writer in
      writer.member("model", text: model)
      write(request.settings, to: &writer)
      let system = request.messages.compactMap { if case .system(let text) = $0 { text } else { String?.none } }
      if !system.isEmpty {
        writer.member(
          "system",
          [["type": "text", "text": .string(system.joined(separator: "\n\n")), "cache_control": Self.cached]])
      }
      writer.key("messages")
      writer.array { for turn in Self.turns(request.messages) { turn.write(to: &$0) } }
      if !request.tools.isEmpty {
        writer.key("tools")
        writer.array { writer in
          for (index, tool) in request.tools.enumerated() {
            write(tool, isLast: index == request.tools.count - 1, to: &writer)
          }
        }
        if request.toolChoice != .auto { writer.member("tool_choice", Self.choice(request.toolChoice)) }
      }
      write(request.output, request.settings.thinking, to: &writer)
      if streams { writer.member("stream", true) }
    }
    return writer.bytes
  }

  /// What stands before the mark is read from the provider's cache the next time.
  private static let cached: Value = ["type": "ephemeral"]

  private func write(_ settings: ModelSettings, to writer: inout JSONWriter) {
    var limit = settings.maxOutputTokens ?? AnthropicModel.defaultOutputLimit
    // Tokens of thinking count among those of the answer, and there must be some left.
    if case .tokens(let budget)? = settings.thinking, settings.maxOutputTokens == nil { limit += max(1_024, budget) }
    writer.member("max_tokens", .int(limit))
    // A model that thinks chooses the randomness by itself.
    if let temperature = settings.temperature, settings.thinking == nil {
      writer.member("temperature", .double(min(1, temperature)))
    }
    if !settings.stop.isEmpty { writer.member("stop_sequences", .array(settings.stop.map { .string($0) })) }
    if case .tokens(let budget)? = settings.thinking {
      writer.member("thinking", ["type": "enabled", "budget_tokens": .int(max(1_024, budget))])
    } else if settings.thinking != nil {
      writer.member("thinking", ["type": "adaptive"])
    }
  }

  private func write(_ output: Schema?, _ thinking: Thinking?, to writer: inout JSONWriter) {
    var effort: String?
    switch thinking {
    case .low, .medium, .high: effort = thinking?.effort
    case .tokens, nil: break
    }
    guard output != nil || effort != nil else { return }
    writer.key("output_config")
    writer.object { writer in
      if let effort { writer.member("effort", text: effort) }
      guard let output else { return }
      writer.key("format")
      writer.object {
        $0.member("type", text: "json_schema")
        $0.member("schema", json: schemas.text(of: output, as: .strict))
      }
    }
  }

  private func write(_ tool: ToolDescription, isLast: Bool, to writer: inout JSONWriter) {
    writer.object {
      $0.member("name", text: tool.name)
      $0.member("description", text: tool.description)
      $0.member("input_schema", json: schemas.text(of: tool.parameters, as: .plain))
      if isLast { $0.member("cache_control", Self.cached) }
    }
  }

  private static func choice(_ choice: ToolChoice) -> Value {
    switch choice {
    case .auto: ["type": "auto"]
    case .none: ["type": "none"]
    case .required: ["type": "any"]
    case .tool(let name): ["type": "tool", "name": .string(name)]
    }
  }

  /// One message of the wire: the person's and the model's take turns, and what one says at once stands in one message.
  private struct Turn {
    let role: String
    var blocks: [Value]
    /// The model's message as it wrote it.
    var original: String?

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.member("role", text: role)
        if let original {
          $0.member("content", json: Array(original.utf8))
        } else {
          $0.member("content", .array(blocks))
        }
      }
    }
  }

  private static func turns(_ messages: [Message]) -> [Turn] {
    var turns: [Turn] = []
    func add(_ role: String, _ blocks: [Value]) {
      if blocks.isEmpty { return }
      if turns.last?.role == role, turns.last?.original == nil {
        turns[turns.count - 1].blocks += blocks
      } else {
        turns.append(Turn(role: role, blocks: blocks))
      }
    }
    for message in messages {
      switch message {
      case .system: break
      // The wire takes no empty texts.
      case .user(let text): add("user", [block(text.isEmpty ? " " : text)])
      case .userParts(let parts): add("user", parts.map(block))
      case .assistant(_, _, let original?) where original.wire == wire:
        turns.append(Turn(role: "assistant", blocks: [], original: original.json))
      case .assistant(let text, let calls, _):
        add("assistant", (text.allSatisfy(\.isWhitespace) ? [] : [block(text)]) + calls.map(block))
      case .toolResult(let result):
        add(
          "user",
          [
            [
              "type": "tool_result", "tool_use_id": .string(result.callID), "content": .string(result.content),
            ]
          ])
      }
    }
    return turns
  }

  private static func block(_ text: String) -> Value { ["type": "text", "text": .string(text)] }

  private static func block(_ part: InputPart) -> Value {
    switch part {
    case .text(let text): return block(text)
    case .image(let image):
      let source: Value =
        switch image.content {
        case .url(let url): ["type": "url", "url": .string(url)]
        case .data(let base64, let mediaType):
          ["type": "base64", "media_type": .string(mediaType), "data": .string(base64)]
        }
      return ["type": "image", "source": source]
    }
  }

  private static func block(_ call: ToolCall) -> Value {
    // Arguments that are no object would be refused; the model's own mistake is told by the tool's result.
    let input = (try? Value(json: call.arguments)).flatMap { $0.object == nil ? nil : $0 } ?? [:]
    return ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input]
  }
}
