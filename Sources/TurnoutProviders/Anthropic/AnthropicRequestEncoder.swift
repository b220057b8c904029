import TurnoutCore

/// Writes Messages requests.
struct AnthropicRequestEncoder: Sendable {
  let model: String
  let family: AnthropicFamily
  /// Who writes the answers that go back as they came: signatures hold for the model that made them.
  let author: String
  private let schemas = SchemaTexts()

  init(model: String, provider: String) {
    self.model = model
    family = AnthropicFamily(of: model)
    author = "anthropic \(provider):\(model)"
  }

  func encode(_ asked: ModelRequest, streams: Bool) -> [UInt8] {
    let request = asked.describingShape(unless: family.takesSchemas && asked.output.map(isHeldTo) != false)
    var writer = JSONWriter(reservingCapacity: 512)
    writer.object { writer in
      writer.member("model", text: model)
      write(request, to: &writer)
      let system = request.messages.compactMap { if case .system(let text) = $0 { text } else { String?.none } }
        .filter { !AnthropicTurn.isBlank($0) }
      if !system.isEmpty {
        writer.member(
          "system",
          [["type": "text", "text": .string(system.joined(separator: "\n\n")), "cache_control": Self.cached]])
      }
      writer.key("messages")
      writer.array { for turn in AnthropicTurn.turns(request.messages, for: author) { turn.write(to: &$0) } }
      if !request.tools.isEmpty {
        writer.key("tools")
        writer.array { writer in
          for (index, tool) in request.tools.enumerated() {
            write(tool, isLast: index == request.tools.count - 1, to: &writer)
          }
        }
        if request.toolChoice != .auto { writer.member("tool_choice", Self.choice(request.toolChoice)) }
      }
      write(request.output, request.settings.thinking.flatMap(family.effort), to: &writer)
      if streams { writer.member("stream", true) }
    }
    return writer.bytes
  }

  /// The wire holds answers to closed shapes only, and to so many places that may hold one of several types.
  private func isHeldTo(_ schema: Schema) -> Bool {
    schema.isClosed && schemas.unions(in: schema, as: .strict) <= Self.mostUnions
  }

  private static let mostUnions = 16

  /// What stands before the mark is read from the provider's cache the next time.
  private static let cached: Value = ["type": "ephemeral"]

  /// The output limit, and the settings.
  private func write(_ request: ModelRequest, to writer: inout JSONWriter) {
    let settings = request.settings
    let thinking = settings.thinking.flatMap { canThink(request) ? $0 : nil }
    var limit = settings.maxOutputTokens ?? AnthropicModel.defaultOutputLimit
    // Tokens of thinking count among those of the answer, and there must be some left.
    if let thinking, settings.maxOutputTokens == nil {
      limit = limit.addingClamped(family.budget(thinking) ?? thinking.budget)
    }
    writer.member("max_tokens", .int(limit))
    // A model that thinks chooses the randomness by itself.
    if let temperature = settings.temperature, thinking == nil, family.takesTemperature {
      writer.member("temperature", .double(min(1, temperature)))
    }
    if !settings.stop.isEmpty { writer.member("stop_sequences", .array(settings.stop.map { .string($0) })) }
    guard let thinking else { return }
    if let budget = family.budget(thinking) {
      writer.member("thinking", ["type": "enabled", "budget_tokens": .int(min(budget, limit - 1))])
    } else {
      writer.member("thinking", ["type": "adaptive"])
    }
  }

  /// Whether the wire takes a request to think: not beside a tool that must be called; and by a number of tokens neither
  /// when the output limit leaves no room, nor when another model, whose thoughts are not to be had, called the tools.
  private func canThink(_ request: ModelRequest) -> Bool {
    guard let thinking = request.settings.thinking, family.thinking != .none else { return false }
    if !request.tools.isEmpty {
      switch request.toolChoice {
      case .required, .tool: return false
      case .auto, .none: break
      }
    }
    guard family.budget(thinking) != nil else { return true }
    if let limit = request.settings.maxOutputTokens, limit <= AnthropicFamily.smallestBudget { return false }
    for message in request.messages.reversed() {
      guard case .assistant(_, let calls, let original) = message else { continue }
      return calls.isEmpty || original?.wire == author
    }
    return true
  }

  private func write(_ output: Schema?, _ effort: String?, to writer: inout JSONWriter) {
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
}
