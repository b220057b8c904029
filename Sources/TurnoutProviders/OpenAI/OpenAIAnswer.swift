import TurnoutCore

/// An answer of the Chat Completions wire, put together from one completion or from the chunks of a stream. It reads them
/// without making values of them, since a stream has as many as the answer has tokens.
struct OpenAIAnswer: AnswerAssembly {
  private let endpoint: OpenAIEndpoint
  private let author: String
  private let wantsTokens: Bool
  private var text = ""
  private var calls: [CallInParts] = []
  private var finish: FinishReason?
  private var usage = Usage(calls: 1)
  private var refusal = ""
  private var hasChoice = false
  private var failure: Value?
  /// Whether the stream has said that it is over.
  private(set) var isComplete = false
  private var isStream = false
  private var tokens: [TokenChoice] = []
  private var thoughts = OpenAIThoughts()

  /// A call, and what its server puts beside it and wants back.
  private struct CallInParts {
    let index: Int
    var call: ToolCall
    var addition: Value?
  }

  /// - Parameters:
  ///   - author: who answers, for what goes back as it came.
  ///   - wantsTokens: whether the probabilities of tokens are read.
  init(_ endpoint: OpenAIEndpoint, author: String, wantsTokens: Bool = false) {
    self.endpoint = endpoint
    self.author = author
    self.wantsTokens = wantsTokens
  }

  mutating func take(whole json: UnsafeRawBufferPointer) throws {
    var deltas = DeltaBatch()
    try scan(json, &deltas)
  }

  mutating func take(event json: UnsafeRawBufferPointer, into deltas: inout DeltaBatch) throws {
    isStream = true
    try scan(json, &deltas)
    if let failure { throw OpenAIError.error(inStream: failure, endpoint) }
  }

  mutating func takeDone() {
    isStream = true
    isComplete = true
  }

  func response() throws -> ModelResponse {
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

  private mutating func scan(_ bytes: UnsafeRawBufferPointer, _ deltas: inout DeltaBatch) throws {
    try JSONScanner.scan(bytes) { scanner in
      try scanner.members { scanner, key in
        if key == "choices" {
          var index = 0
          try scanner.elements { scanner in
            // One answer is asked for; others that a server sends all the same do not mix with it.
            if index == 0 { try choice(&scanner, &deltas) } else { try scanner.skip() }
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

  private mutating func choice(_ scanner: inout JSONScanner, _ deltas: inout DeltaBatch) throws {
    hasChoice = true
    try scanner.members { scanner, key in
      if key == "delta" || key == "message" {
        try message(&scanner, &deltas)
      } else if key == "finish_reason" {
        if let reason = try scanner.string() { finish = FinishReason(reason) }
      } else if wantsTokens, key == "logprobs" {
        tokens += try scanner.tokenChoices()
      } else {
        try scanner.skip()
      }
    }
  }

  private mutating func message(_ scanner: inout JSONScanner, _ deltas: inout DeltaBatch) throws {
    var thinking = ""
    try scanner.members { scanner, key in
      if key == "content" {
        if try scanner.isAtArray() {
          try scanner.elements { try part($0.value(), &deltas) }
        } else if let piece = try scanner.string(), !piece.isEmpty {
          text += piece
          deltas.add(text: piece)
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
    deltas.add(thinking: thinking)
  }

  /// A part of content that is written as a list.
  private mutating func part(_ part: Value, _ deltas: inout DeltaBatch) {
    if part["type"] == "thinking" {
      let piece = (part["thinking"]?.array ?? []).compactMap { $0["text"]?.string }.joined()
      thoughts.add(inContent: piece)
      deltas.add(thinking: piece)
    } else if let piece = part["text"]?.string {
      text += piece
      deltas.add(text: piece)
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
