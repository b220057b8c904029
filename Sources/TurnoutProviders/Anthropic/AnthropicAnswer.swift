import TurnoutCore

/// An answer of the Messages wire, put together from one message or from the events of a stream. Blocks, events and
/// fields that are not known are passed over, but stay in what goes back to the provider.
struct AnthropicAnswer: ValueAssembly {
  private let endpoint: ModelEndpoint
  private let author: String
  private var blocks: [Block] = []
  private var finish: String?
  private var usage = Usage(calls: 1)
  private var input = Input()
  private var hasMessage = false
  private(set) var isComplete = false
  private var isStream = false

  /// What was read, by where it came from.
  private struct Input {
    var fresh = 0
    var cached = 0
    var written = 0
  }

  /// A block of the message: what it began with, and the texts that came in pieces, by their keys.
  private struct Block {
    let index: Int
    var start: ValueObject
    var texts: [String: String] = [:]
    var input = ""

    var type: String { start["type"]?.string ?? "" }

    /// The block as it would have come at once.
    var whole: ValueObject {
      var object = start
      for (key, text) in texts { object[key] = .string((start[key]?.string ?? "") + text) }
      if !input.isEmpty { object["input"] = (try? Value(json: input)) ?? [:] }
      return object
    }

    /// The arguments of a call. What was cut off stays so, lest the tool be called with what the model did not say.
    var arguments: String {
      if !input.isEmpty, (try? Value(json: input)) == nil { return input }
      return (whole["input"] ?? [:]).json()
    }

    /// Whether the provider takes it back: neither a text without text, nor a thought that was cut off before its signature.
    var isReplayable: Bool {
      let whole = whole
      switch type {
      case "text": return !AnthropicTurn.isBlank(whole["text"]?.string ?? "")
      case "thinking": return whole["signature"]?.string?.isEmpty == false
      default: return true
      }
    }
  }

  /// - Parameter author: who answers, for what goes back as it came.
  init(_ endpoint: ModelEndpoint, author: String) {
    self.endpoint = endpoint
    self.author = author
  }

  mutating func take(whole answer: Value) throws {
    guard let content = answer["content"]?.array else {
      throw ModelError.malformed(endpoint.provider, "the answer has no content in it")
    }
    hasMessage = true
    blocks = content.enumerated().compactMap { index, block in block.object.map { Block(index: index, start: $0) } }
    finish = answer["stop_reason"]?.string
    count(answer["usage"])
    isComplete = true
  }

  mutating func take(event: Value, into deltas: inout DeltaBatch) throws {
    isStream = true
    switch event["type"]?.string {
    case "message_start":
      hasMessage = true
      count(event["message"]?["usage"])
    case "content_block_start":
      guard let index = event["index"]?.int, let start = event["content_block"]?.object else { return }
      blocks.append(Block(index: index, start: start))
      deltas.add(text: start["text"]?.string ?? "")
    case "content_block_delta":
      guard let index = event["index"]?.int, let place = blocks.lastIndex(where: { $0.index == index }),
        let delta = event["delta"]
      else { return }
      add(delta, to: place, &deltas)
    case "message_delta":
      finish = event["delta"]?["stop_reason"]?.string ?? finish
      count(event["usage"])
    case "message_stop": isComplete = true
    case "error": throw AnthropicError.error(status: 200, event["error"] ?? .null, endpoint)
    default: break
    }
  }

  private mutating func add(_ delta: Value, to place: Int, _ deltas: inout DeltaBatch) {
    switch delta["type"]?.string {
    case "text_delta":
      let text = delta["text"]?.string ?? ""
      blocks[place].texts["text", default: ""] += text
      deltas.add(text: text)
    case "thinking_delta":
      let text = delta["thinking"]?.string ?? ""
      blocks[place].texts["thinking", default: ""] += text
      deltas.add(thinking: text)
    case "signature_delta": blocks[place].texts["signature", default: ""] += delta["signature"]?.string ?? ""
    case "input_json_delta": blocks[place].input += delta["partial_json"]?.string ?? ""
    default: break
    }
  }

  /// Later counts replace earlier ones: at the end of a stream they are those of the whole.
  private mutating func count(_ counts: Value?) {
    guard let counts else { return }
    func number(_ key: String) -> Int? { counts[key]?.int.map { max(0, $0) } }
    let fresh = number("input_tokens")
    let cached = number("cache_read_input_tokens")
    let written = number("cache_creation_input_tokens")
    // The wire leaves out of the input what the cache took; here it is all that was read. The end of a stream may repeat
    // some of the counts, and some servers put zeros there.
    if [fresh, cached, written].contains(where: { ($0 ?? 0) > 0 }) {
      input.fresh = fresh ?? input.fresh
      input.cached = cached ?? input.cached
      input.written = written ?? input.written
      usage.inputTokens = input.fresh.addingClamped(input.cached).addingClamped(input.written)
      usage.cachedTokens = input.cached
    }
    if let output = number("output_tokens") { usage.outputTokens = output }
    if let thinking = counts["output_tokens_details"]?["thinking_tokens"]?.int {
      usage.reasoningTokens = max(0, thinking)
    }
  }

  func response() throws -> ModelResponse {
    if isStream, !isComplete, finish == nil {
      throw ModelError.connection(endpoint.provider, "the stream ended in the middle of the answer")
    }
    guard hasMessage else { throw ModelError.malformed(endpoint.provider, "the answer has no message in it") }
    let whole = blocks.map(\.whole)
    let text = whole.compactMap { $0["type"] == "text" ? $0["text"]?.string : nil }.joined()
    let calls = blocks.filter { $0.type == "tool_use" }.enumerated().map { index, block in
      ToolCall(
        id: block.start["id"]?.string ?? "call_\(index)", name: block.start["name"]?.string ?? "",
        arguments: block.arguments)
    }
    if finish == "refusal", text.isEmpty, calls.isEmpty {
      throw ModelError.contentFiltered(endpoint.provider, "the model refused to answer")
    }
    return ModelResponse(
      text: text, toolCalls: calls, finish: finish.map(Self.reason) ?? .stop, usage: usage, original: original)
  }

  /// The answer as it came, where it has more than texts and calls in it.
  private var original: OriginalAnswer? {
    let kept = blocks.filter(\.isReplayable)
    guard kept.contains(where: { !["text", "tool_use"].contains($0.type) }) else { return nil }
    return OriginalAnswer(wire: author, json: Value.array(kept.map { .object($0.whole) }).json())
  }

  private static func reason(_ word: String) -> FinishReason {
    switch word {
    case "end_turn", "stop_sequence": .stop
    case "max_tokens", "model_context_window_exceeded": .length
    case "tool_use": .toolCalls
    case "refusal": .contentFilter
    default: FinishReason(word)
    }
  }
}
