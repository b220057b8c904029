import TurnoutCore

/// An answer of the Responses wire, put together from one response or from the events of a stream. Events and items that
/// are not known are passed over.
struct ResponsesAnswer: ValueAssembly {
  private let endpoint: OpenAIEndpoint
  private let author: String
  /// The finished items, by their place.
  private var items: [Int: Value] = [:]
  private var told: Value?
  private(set) var isComplete = false

  /// - Parameter author: who answers, for what goes back as it came.
  init(_ endpoint: OpenAIEndpoint, author: String) {
    self.endpoint = endpoint
    self.author = author
  }

  mutating func take(whole answer: Value) throws {
    if let error = answer["error"], !error.isNull { throw OpenAIError.error(inStream: error, endpoint) }
    guard answer["output"]?.array != nil || answer["status"] != nil else {
      throw ModelError.malformed(endpoint.provider, "the answer has no output in it")
    }
    told = answer
    isComplete = true
  }

  mutating func take(event: Value, into deltas: inout DeltaBatch) throws {
    switch event["type"]?.string {
    case "response.output_text.delta":
      deltas.add(text: event["delta"]?.string ?? "")
    case "response.reasoning_summary_text.delta", "response.reasoning_text.delta":
      deltas.add(thinking: event["delta"]?.string ?? "")
    case "response.output_item.done":
      if let index = event["output_index"]?.int, let item = event["item"] { items[index] = item }
    case "response.completed", "response.incomplete":
      if let response = event["response"] { try take(whole: response) }
    case "response.failed":
      throw OpenAIError.error(inStream: event["response"]?["error"] ?? .null, endpoint)
    case "error": throw OpenAIError.error(inStream: event["error"] ?? event, endpoint)
    default: break
    }
  }

  func response() throws -> ModelResponse {
    let provider = endpoint.provider
    guard let response = told else {
      throw ModelError.connection(provider, "the stream ended in the middle of the answer")
    }
    var output = response["output"]?.array ?? []
    if output.isEmpty { output = items.sorted { $0.key < $1.key }.map(\.value) }
    let contents = output.filter { $0["type"] == "message" }.flatMap { $0["content"]?.array ?? [] }
    let text = contents.compactMap { $0["type"] == "output_text" ? $0["text"]?.string : nil }.joined()
    let calls = output.filter { $0["type"] == "function_call" }.enumerated().map { index, call in
      ToolCall(
        id: call["call_id"]?.string ?? "call_\(index)", name: call["name"]?.string ?? "",
        arguments: call["arguments"]?.string ?? "")
    }
    let reason = response["incomplete_details"]?["reason"]?.string
    if text.isEmpty, calls.isEmpty, reason == "content_filter" || contents.contains(where: { $0["type"] == "refusal" })
    {
      throw ModelError.contentFiltered(provider, "the model refused to answer")
    }
    let finish: FinishReason =
      switch reason {
      case "max_output_tokens": .length
      case "content_filter": .contentFilter
      case let word?: FinishReason(word)
      case nil: calls.isEmpty ? .stop : .toolCalls
      }
    return ModelResponse(
      text: text, toolCalls: calls, finish: finish, usage: Self.usage(response["usage"]),
      original: Self.hasThoughts(output) ? OriginalAnswer(wire: author, json: Value.array(output).json()) : nil)
  }

  /// Whether it was thought, and all of that can go back: what is neither encrypted nor written out was kept by nobody,
  /// and a server that is told of it looks for it in vain.
  private static func hasThoughts(_ output: [Value]) -> Bool {
    let thoughts = output.filter { $0["type"] == "reasoning" }
    return !thoughts.isEmpty
      && thoughts.allSatisfy { $0["encrypted_content"]?.string != nil || $0["content"]?.array?.isEmpty == false }
  }

  private static func usage(_ counts: Value?) -> Usage {
    func number(_ value: Value?) -> Int { max(0, value?.int ?? 0) }
    return Usage(
      calls: 1, inputTokens: number(counts?["input_tokens"]), outputTokens: number(counts?["output_tokens"]),
      cachedTokens: number(counts?["input_tokens_details"]?["cached_tokens"]),
      reasoningTokens: number(counts?["output_tokens_details"]?["reasoning_tokens"]))
  }
}
