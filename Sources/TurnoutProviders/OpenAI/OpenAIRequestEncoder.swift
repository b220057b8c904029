import TurnoutCore

/// Writes Chat Completions requests.
struct OpenAIRequestEncoder: Sendable {
  let model: String
  let profile: OpenAIProfile
  /// Whose answers go back as they came.
  let author: String
  private let family: OpenAIFamily
  private let schemas = SchemaTexts()

  init(model: String, provider: String, profile: OpenAIProfile) {
    self.model = model
    author = "chat \(provider):\(model)"
    family = OpenAIFamily(of: model)
    self.profile = profile
  }

  func encode(_ request: ModelRequest, streams: Bool) -> [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1_024 + request.messages.reduce(0) { $0 + Self.size($1) })
    writer.object { writer in
      writer.member("model", text: model)
      writer.key("messages")
      writer.array { for message in request.messages { write(message, to: &$0) } }
      write(request.settings, to: &writer)
      if !request.tools.isEmpty {
        writer.key("tools")
        writer.array { for tool in request.tools { write(tool, to: &$0) } }
        if request.toolChoice != .auto { writer.member("tool_choice", Self.choice(request.toolChoice)) }
      }
      if let schema = request.output { write(schema, to: &writer) }
      if request.logProbabilities, profile.logProbabilities > 0 {
        writer.member("logprobs", true)
        writer.member("top_logprobs", .int(profile.logProbabilities))
      }
      if streams {
        writer.member("stream", true)
        if profile.streamUsage { writer.member("stream_options", ["include_usage": true]) }
      }
    }
    return writer.bytes
  }

  /// About how many bytes a message takes; what is more makes the writer grow.
  private static func size(_ message: Message) -> Int {
    switch message {
    case .system(let text), .user(let text), .assistant(let text, _, _): text.utf8.count + text.utf8.count / 16
    case .toolResult(let result): result.content.utf8.count
    case .userParts: 0
    }
  }

  private func write(_ message: Message, to writer: inout JSONWriter) {
    writer.object { writer in
      switch message {
      case .system(let text):
        writer.member("role", text: "system")
        writer.member("content", text: text)
      case .user(let text):
        writer.member("role", text: "user")
        writer.member("content", text: text)
      case .userParts(let parts):
        writer.member("role", text: "user")
        writer.key("content")
        writer.array { for part in parts { $0.value(Self.part(part)) } }
      case .assistant(let text, let calls, let original):
        let kept = OpenAIThoughts.Kept(original, of: author)
        let content: Value = text.isEmpty && !calls.isEmpty ? .null : .string(text)
        writer.member("role", text: "assistant")
        writer.member("content", kept?.content(content) ?? content)
        for (name, value) in kept?.members ?? [:] { writer.member(name, value) }
        if !calls.isEmpty {
          writer.key("tool_calls")
          writer.array { writer in
            for (index, call) in calls.enumerated() {
              let additions = kept?.additions ?? []
              write(call, additions.indices.contains(index) ? additions[index] : .null, to: &writer)
            }
          }
        }
      case .toolResult(let result):
        writer.member("role", text: "tool")
        writer.member("tool_call_id", text: callID(result.callID))
        writer.member("content", text: result.content)
      }
    }
  }

  private static func part(_ part: InputPart) -> Value {
    switch part {
    case .text(let text): ["type": "text", "text": .string(text)]
    case .image(let image): ["type": "image_url", "image_url": ["url": .string(image.address)]]
    }
  }

  private static func choice(_ choice: ToolChoice) -> Value {
    switch choice {
    case .auto: "auto"
    case .none: "none"
    case .required: "required"
    case .tool(let name): ["type": "function", "function": ["name": .string(name)]]
    }
  }

  /// A call's id in the form the server wants, the same for the same id.
  private func callID(_ id: String) -> String {
    guard profile.shortCallIDs, id.utf8.count != 9 || !id.utf8.allSatisfy(Self.isLetterOrDigit) else { return id }
    var hash = StableHash()
    hash.add(id.utf8)
    let digits = String(hash.value, radix: 36)
    return String((String(repeating: "0", count: 9) + digits).suffix(9))
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  private static func isAllowedInNames(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private func write(_ call: ToolCall, _ addition: Value, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("id", text: callID(call.id))
      writer.member("type", text: "function")
      writer.key("function")
      writer.object {
        $0.member("name", text: call.name)
        // A call without arguments is written by some servers as nothing at all, which others cannot read.
        $0.member("arguments", text: call.arguments.isEmpty ? "{}" : call.arguments)
      }
      if !addition.isNull { writer.member("extra_content", addition) }
    }
  }

  private func write(_ tool: ToolDescription, to writer: inout JSONWriter) {
    let isStrict = profile.strict && tool.parameters.isClosed
    writer.object { writer in
      writer.member("type", text: "function")
      writer.key("function")
      writer.object {
        $0.member("name", text: tool.name)
        $0.member("description", text: tool.description)
        $0.member("parameters", json: schemas.text(of: tool.parameters, as: isStrict ? .strict : .plain))
        if isStrict { $0.member("strict", true) }
      }
    }
  }

  private func write(_ schema: Schema, to writer: inout JSONWriter) {
    let isStrict = profile.strict && schema.isClosed
    writer.key("response_format")
    writer.object { writer in
      writer.member("type", text: "json_schema")
      writer.key("json_schema")
      writer.object {
        $0.member("name", text: Self.wireName(schema.name))
        $0.member("strict", .bool(isStrict))
        // Some servers accept a root that is no object, and some do not; all accept the wrapped form.
        $0.member("schema", json: schemas.text(of: schema, as: isStrict ? .strict : .wrapped))
      }
    }
  }

  private func write(_ settings: ModelSettings, to writer: inout JSONWriter) {
    if let temperature = settings.temperature, family.takesTemperature {
      writer.member("temperature", .double(temperature))
    }
    if let seed = settings.seed { writer.member(profile.seed, .int(seed)) }
    if let limit = settings.maxOutputTokens { writer.member(profile.outputLimit, .int(limit)) }
    if let thinking = settings.thinking { writer.member("reasoning_effort", text: thinking.effort) }
    if !settings.stop.isEmpty { writer.member("stop", .array(settings.stop.map { .string($0) })) }
  }

  /// A schema's name in the letters the wire allows.
  static func wireName(_ name: String) -> String {
    if (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isAllowedInNames) { return name }
    var clean = ""
    for scalar in name.unicodeScalars.prefix(64) {
      let isAllowed = scalar.isASCII && isAllowedInNames(UInt8(scalar.value))
      clean.unicodeScalars.append(isAllowed ? scalar : "_")
    }
    return clean.isEmpty ? "output" : clean
  }
}
