import TurnoutCore

/// Writes Responses requests.
struct ResponsesRequestEncoder: Sendable {
  let model: String
  let profile: OpenAIProfile
  /// Whose answers go back as they came.
  let author: String
  private let family: OpenAIFamily
  private let schemas = SchemaTexts()

  init(model: String, provider: String, profile: OpenAIProfile) {
    self.model = model
    self.profile = profile
    author = "responses \(provider):\(model)"
    family = OpenAIFamily(of: model)
  }

  func encode(_ request: ModelRequest, streams: Bool) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 512)
    writer.object { writer in
      writer.member("model", text: model)
      let system = request.messages.compactMap { if case .system(let text) = $0 { text } else { String?.none } }
      if !system.isEmpty { writer.member("instructions", text: system.joined(separator: "\n\n")) }
      writer.key("input")
      writer.array { for message in request.messages { write(message, to: &$0) } }
      if let temperature = request.settings.temperature, family.takesTemperature {
        writer.member("temperature", .double(temperature))
      }
      if let limit = request.settings.maxOutputTokens { writer.member("max_output_tokens", .int(limit)) }
      if let thinking = request.settings.thinking {
        writer.member("reasoning", ["effort": .string(thinking.effort)])
      }
      if !request.tools.isEmpty {
        writer.key("tools")
        writer.array { for tool in request.tools { write(tool, to: &$0) } }
        if request.toolChoice != .auto { writer.member("tool_choice", Self.choice(request.toolChoice)) }
      }
      if let schema = request.output { write(schema, to: &writer) }
      writer.member("store", false)
      if family.reasons || request.settings.thinking != nil {
        writer.member("include", ["reasoning.encrypted_content"])
      }
      if streams { writer.member("stream", true) }
    }
    return writer.bytes
  }

  private func write(_ message: Message, to writer: inout JSONWriter) {
    switch message {
    case .system: break
    case .user(let text): writer.value(["role": "user", "content": .string(text)])
    case .userParts(let parts): writer.value(["role": "user", "content": .array(parts.map(Self.part))])
    case .assistant(_, _, let original?) where original.wire == author:
      for item in (try? Value(json: original.json))?.array ?? [] { writer.value(item) }
    case .assistant(let text, let calls, _):
      if !text.isEmpty { writer.value(["role": "assistant", "content": .string(text)]) }
      for call in calls {
        writer.value([
          "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
          "arguments": .string(call.arguments),
        ])
      }
    case .toolResult(let result):
      writer.value([
        "type": "function_call_output", "call_id": .string(result.callID), "output": .string(result.content),
      ])
    }
  }

  private static func part(_ part: InputPart) -> Value {
    switch part {
    case .text(let text): ["type": "input_text", "text": .string(text)]
    case .image(let image): ["type": "input_image", "image_url": .string(image.address)]
    }
  }

  private static func choice(_ choice: ToolChoice) -> Value {
    switch choice {
    case .auto: "auto"
    case .none: "none"
    case .required: "required"
    case .tool(let name): ["type": "function", "name": .string(name)]
    }
  }

  private func write(_ tool: ToolDescription, to writer: inout JSONWriter) {
    let isStrict = profile.strict && tool.parameters.isClosed
    writer.object {
      $0.member("type", text: "function")
      $0.member("name", text: tool.name)
      $0.member("description", text: tool.description)
      $0.member("parameters", json: schemas.text(of: tool.parameters, as: isStrict ? .strict : .plain))
      $0.member("strict", .bool(isStrict))
    }
  }

  private func write(_ schema: Schema, to writer: inout JSONWriter) {
    let isStrict = profile.strict && schema.isClosed
    writer.key("text")
    writer.object { writer in
      writer.key("format")
      writer.object {
        $0.member("type", text: "json_schema")
        $0.member("name", text: OpenAIRequestEncoder.wireName(schema.name))
        $0.member("strict", .bool(isStrict))
        $0.member("schema", json: schemas.text(of: schema, as: isStrict ? .strict : .wrapped))
      }
    }
  }
}
