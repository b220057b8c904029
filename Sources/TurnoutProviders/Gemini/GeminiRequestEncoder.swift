import TurnoutCore

/// Writes generateContent requests.
struct GeminiRequestEncoder: Sendable {
  /// What ids of calls begin with that the wire has given none.
  static let ownID = "call-without-id-"

  /// Whose answers go back as they came.
  let author: String
  private let family: GeminiFamily
  private let schemas = SchemaTexts()

  init(model: String, provider: String) {
    author = "gemini \(provider):\(model)"
    family = GeminiFamily(of: model)
  }

  func encode(_ request: ModelRequest) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 512)
    let isDescribed = request.output != nil && !request.tools.isEmpty && !family.takesSchemaBesideTools
    writer.object { writer in
      var system = request.messages.compactMap { if case .system(let text) = $0 { text } else { String?.none } }
      if isDescribed, let output = request.output {
        system.append("Answer with JSON only, of this JSON Schema:\n\(output.jsonSchema.json())")
      }
      if !system.isEmpty {
        writer.member("systemInstruction", ["parts": [["text": .string(system.joined(separator: "\n\n"))]]])
      }
      writer.key("contents")
      writer.array { for turn in Self.turns(request.messages, for: author) { turn.write(to: &$0) } }
      if !request.tools.isEmpty {
        writer.key("tools")
        writer.array {
          $0.object { writer in
            writer.key("functionDeclarations")
            writer.array { for tool in request.tools { write(tool, to: &$0) } }
          }
        }
        if request.toolChoice != .auto {
          writer.member("toolConfig", ["functionCallingConfig": Self.choice(request.toolChoice)])
        }
      }
      write(request.settings, isDescribed ? nil : request.output, to: &writer)
    }
    return writer.bytes
  }

  private func write(_ settings: ModelSettings, _ output: Schema?, to writer: inout JSONWriter) {
    guard settings != ModelSettings() || output != nil else { return }
    writer.key("generationConfig")
    writer.object { writer in
      if let temperature = settings.temperature { writer.member("temperature", .double(temperature)) }
      if let seed = settings.seed { writer.member("seed", .int(seed)) }
      if let limit = settings.maxOutputTokens { writer.member("maxOutputTokens", .int(limit)) }
      if !settings.stop.isEmpty { writer.member("stopSequences", .array(settings.stop.map { .string($0) })) }
      if let thinking = settings.thinking {
        writer.member(
          "thinkingConfig",
          family.hasThinkingLevels
            ? ["thinkingLevel": .string(thinking.effort)] : ["thinkingBudget": .int(thinking.budget)])
      }
      if let output {
        writer.member("responseMimeType", text: "application/json")
        writer.member("responseJsonSchema", json: schemas.text(of: output, as: output.isClosed ? .strict : .wrapped))
      }
    }
  }

  private func write(_ tool: ToolDescription, to writer: inout JSONWriter) {
    writer.object {
      $0.member("name", text: tool.name)
      $0.member("description", text: tool.description)
      $0.member(
        "parametersJsonSchema", json: schemas.text(of: tool.parameters, as: tool.parameters.isClosed ? .strict : .plain)
      )
    }
  }

  private static func choice(_ choice: ToolChoice) -> Value {
    switch choice {
    case .auto: ["mode": "AUTO"]
    case .none: ["mode": "NONE"]
    case .required: ["mode": "ANY"]
    case .tool(let name): ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
    }
  }

  /// One content of the wire: what one side says at once.
  private struct Turn {
    let role: String
    var parts: [Value]
    /// The model's parts as it wrote them.
    var original: String?

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.member("role", text: role)
        if let original { $0.member("parts", json: Array(original.utf8)) } else { $0.member("parts", .array(parts)) }
      }
    }
  }

  private static func turns(_ messages: [Message], for author: String) -> [Turn] {
    var turns: [Turn] = []
    func add(_ role: String, _ parts: [Value]) {
      if parts.isEmpty { return }
      if turns.last?.role == role, turns.last?.original == nil {
        turns[turns.count - 1].parts += parts
      } else {
        turns.append(Turn(role: role, parts: parts))
      }
    }
    for message in messages {
      switch message {
      case .system: break
      case .user(let text): add("user", [part(text)])
      case .userParts(let parts): add("user", parts.map(part))
      case .assistant(_, _, let original?) where original.wire == author:
        turns.append(Turn(role: "model", parts: [], original: original.json))
      case .assistant(let text, let calls, _): add("model", (text.isEmpty ? [] : [part(text)]) + calls.map(part))
      case .toolResult(let result):
        var response: ValueObject = ["name": .string(result.name), "response": ["result": .string(result.content)]]
        if !result.callID.hasPrefix(ownID) { response["id"] = .string(result.callID) }
        add("user", [["functionResponse": .object(response)]])
      }
    }
    return turns
  }

  private static func part(_ text: String) -> Value { ["text": .string(text)] }

  private static func part(_ part: InputPart) -> Value {
    switch part {
    case .text(let text): return ["text": .string(text)]
    case .image(let image):
      switch image.content {
      case .url(let url): return ["fileData": ["fileUri": .string(url)]]
      case .data(let base64, let mediaType):
        return ["inlineData": ["mimeType": .string(mediaType), "data": .string(base64)]]
      }
    }
  }

  private static func part(_ call: ToolCall) -> Value {
    let arguments = (try? Value(json: call.arguments))?.object ?? [:]
    var function: ValueObject = ["name": .string(call.name), "args": .object(arguments)]
    if !call.id.hasPrefix(ownID) { function["id"] = .string(call.id) }
    return ["functionCall": .object(function)]
  }
}
