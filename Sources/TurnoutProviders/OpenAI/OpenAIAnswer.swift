import TurnoutCore

/// An answer while it is put together, from one completion or from the chunks of a stream.
struct OpenAIAnswer {
  private var text = ""
  private var calls: [CallInParts] = []
  private var finish: FinishReason?
  private var usage = Usage(calls: 1)
  private var refusal = ""
  private var hasChoice = false
  private var failure: Value?
  /// Whether the stream has said that it is over.
  private(set) var isComplete = false
  private let isStream: Bool
  private let wantsTokens: Bool
  private var tokens: [TokenChoice] = []
  private var thoughts = OpenAIThoughts()

  /// What a chunk of a stream adds.
  struct Addition {
    var text = ""
    var thinking = ""
  }

  /// A call, and what its server puts beside it and wants back.
  private struct CallInParts {
    let index: Int
    var call: ToolCall
    var addition: Value?
  }

  init(wantsTokens: Bool = false) {
    isStream = true
    self.wantsTokens = wantsTokens
  }

  init(completion bytes: UnsafeRawBufferPointer, wantsTokens: Bool = false) throws {
    isStream = false
    self.wantsTokens = wantsTokens
    var all = Addition()
    try scan(bytes, &all)
  }

  /// Adds a chunk of a stream, and what it says to what is passed on.
  /// - Throws: ``ModelError`` when the server reports an error in the middle of the stream.
  mutating func add(
    chunk bytes: UnsafeRawBufferPointer, from endpoint: OpenAIEndpoint, to added: inout Addition
  ) throws {
    if bytes.count == 6, bytes.elementsEqual("[DONE]".utf8) {
      isComplete = true
      return
    }
    try scan(bytes, &added)
    if let failure { throw OpenAIError.error(inStream: failure, endpoint) }
  }

  /// The finished answer.
  /// - Throws: ``ModelError`` when the answer is incomplete, empty of choices, or refused by the model.
  /// - Parameter author: who answers, for what goes back as it came.
  func response(from endpoint: OpenAIEndpoint, author: String) throws -> ModelResponse {
    let provider = endpoint.provider
    if let failure { throw OpenAIError.error(inStream: failure, endpoint) }
    if isStream, !isComplete, finish == nil {
      throw ModelError.connection(provider, "the stream ended in the middle of the answer")
    }
    guard hasChoice else { throw ModelError.malformed(provider, "the answer has no choices in it") }
    if !refusal.isEmpty, text.isEmpty, calls.isEmpty {
      throw ModelError.contentFiltered(provider, "the model refused to answer")
    }
    let calls = orderedCalls
    return ModelResponse(
      text: text, toolCalls: calls.map(\.call), finish: finish ?? .stop, usage: usage, tokens: tokens,
      original: thoughts.kept(withCalls: calls.map(\.addition))?.original(of: author))
  }

  private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ added: inout Addition) throws {
    try JSONScanner.scan(bytes) { scanner in
      try scanner.members { scanner, key in
        if key == "choices" {
          var index = 0
          try scanner.elements { scanner in
            // One answer is asked for; others that a server sends all the same do not mix with it.
            if index == 0 { try choice(&scanner, &added) } else { try scanner.skip() }
            index += 1
          }
        } else if key == "usage" {
          try usage(&scanner)
        } else if key == "error" {
          let value = try scanner.value()
          if !value.isNull { failure = value }
        } else {
          try scanner.skip()
        }
      }
    }
  }

  private mutating func choice(_ scanner: inout JSONScanner, _ added: inout Addition) throws {
    hasChoice = true
    try scanner.members { scanner, key in
      if key == "delta" || key == "message" {
        try message(&scanner, &added)
      } else if key == "finish_reason" {
        if let reason = try scanner.string() { finish = FinishReason(reason) }
      } else if wantsTokens, key == "logprobs" {
        tokens += try scanner.tokenChoices()
      } else {
        try scanner.skip()
      }
    }
  }

  private mutating func message(_ scanner: inout JSONScanner, _ added: inout Addition) throws {
    var thinking = ""
    try scanner.members { scanner, key in
      if key == "content" {
        if try scanner.isAtArray() {
          try scanner.elements { try part($0.value(), &added) }
        } else if let piece = try scanner.string(), !piece.isEmpty {
          text += piece
          added.text += piece
        }
      } else if key == "tool_calls" {
        var position = 0
        try scanner.elements { scanner in
          try call(&scanner, position)
          position += 1
        }
      } else if key == "refusal" {
        refusal += try scanner.string() ?? ""
      } else if key == "reasoning_content" || key == "reasoning" {
        let name = key == "reasoning" ? "reasoning" : "reasoning_content"
        guard let piece = try scanner.string(), !piece.isEmpty else { return }
        // A server that writes both writes the same in both.
        if thinking.isEmpty { thoughts.add(piece, of: name) }
        thinking = piece
      } else if key == "reasoning_details" {
        guard try scanner.isAtArray() else { return try scanner.skip() }
        try scanner.elements { thoughts.add(detail: try $0.value()) }
      } else {
        try scanner.skip()
      }
    }
    added.thinking += thinking
  }

  /// A part of content that is written as a list.
  private mutating func part(_ part: Value, _ added: inout Addition) {
    if part["type"] == "thinking" {
      let piece = (part["thinking"]?.array ?? []).compactMap { $0["text"]?.string }.joined()
      thoughts.add(inContent: piece)
      added.thinking += piece
    } else if let piece = part["text"]?.string {
      text += piece
      added.text += piece
    }
  }

  private mutating func call(_ scanner: inout JSONScanner, _ position: Int) throws {
    var index = position
    var piece = ToolCall(id: "", name: "", arguments: "")
    var addition: Value?
    try scanner.members { scanner, key in
      if key == "index" {
        index = try scanner.int() ?? index
      } else if key == "id" {
        piece.id = try scanner.string() ?? ""
      } else if key == "function" {
        try scanner.members { scanner, key in
          if key == "name" {
            piece.name = try scanner.string() ?? ""
          } else if key == "arguments" {
            piece.arguments = try scanner.string() ?? ""
          } else {
            try scanner.skip()
          }
        }
      } else if key == "extra_content" {
        addition = try scanner.value()
      } else {
        try scanner.skip()
      }
    }
    // Some servers give all calls the same index; an id of its own then makes a piece another call.
    guard let known = calls.lastIndex(where: { $0.index == index }),
      piece.id.isEmpty || calls[known].call.id.isEmpty || calls[known].call.id == piece.id
    else { return calls.append(CallInParts(index: index, call: piece, addition: addition)) }
    if calls[known].call.id.isEmpty { calls[known].call.id = piece.id }
    calls[known].addition = addition ?? calls[known].addition
    calls[known].call.name += piece.name
    calls[known].call.arguments += piece.arguments
  }

  private var orderedCalls: [CallInParts] {
    calls.enumerated().sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }.map { _, entry in
      var entry = entry
      if entry.call.id.isEmpty { entry.call.id = "call_\(entry.index)" }
      return entry
    }
  }

  private mutating func usage(_ scanner: inout JSONScanner) throws {
    var usage = Usage(calls: 1)
    try scanner.members { scanner, key in
      if key == "prompt_tokens" {
        usage.inputTokens = max(0, try scanner.int() ?? 0)
      } else if key == "completion_tokens" {
        usage.outputTokens = max(0, try scanner.int() ?? 0)
      } else if key == "prompt_tokens_details" {
        try scanner.members { scanner, key in
          if key == "cached_tokens" { usage.cachedTokens = max(0, try scanner.int() ?? 0) } else { try scanner.skip() }
        }
      } else if key == "completion_tokens_details" {
        try scanner.members { scanner, key in
          if key == "reasoning_tokens" {
            usage.reasoningTokens = max(0, try scanner.int() ?? 0)
          } else {
            try scanner.skip()
          }
        }
      } else {
        try scanner.skip()
      }
    }
    if usage.inputTokens + usage.outputTokens > 0 { self.usage = usage }
  }
}
