import TurnoutCore

/// What a model thought before it answered, in whichever member its server tells it, and what else a server puts beside
/// the calls of an answer and wants back with them.
struct OpenAIThoughts: Sendable {
  /// The texts by the names of their members: `reasoning_content` or `reasoning`, with some servers both.
  private var texts: [(name: String, text: String)] = []
  /// `reasoning_details`, with signatures of what was thought.
  private var details: [Value] = []
  /// What was thought inside of the content.
  private var inContent = ""
  private var additions: [(call: Int, value: Value)] = []

  mutating func add(_ text: String, of name: String) {
    if let known = texts.firstIndex(where: { $0.name == name }) {
      texts[known].text += text
    } else {
      texts.append((name, text))
    }
  }

  mutating func add(inContent text: String) { inContent += text }

  /// Adds a detail; pieces of one in a stream follow each other and have its place and type.
  mutating func add(detail: Value) {
    guard let piece = detail.object else { return }
    guard let last = details.last?.object, last["type"] == piece["type"], last["index"] == piece["index"],
      piece["index"] != nil
    else { return details.append(detail) }
    var whole = last
    for (name, value) in piece where !value.isNull {
      if ["text", "summary", "data"].contains(name), let start = whole[name]?.string, let rest = value.string {
        whole[name] = .string(start + rest)
      } else {
        whole[name] = value
      }
    }
    details[details.count - 1] = .object(whole)
  }

  mutating func add(_ value: Value, toCall call: Int) { additions.append((call, value)) }

  /// The answer as its server wants it back while tools are called; nil where it wants nothing but what everyone does.
  func original(_ text: String, _ calls: [(index: Int, call: ToolCall)]) -> Value? {
    guard !calls.isEmpty, !texts.isEmpty || !details.isEmpty || !inContent.isEmpty || !additions.isEmpty else {
      return nil
    }
    var message: ValueObject = ["role": "assistant", "content": text.isEmpty ? .null : .string(text)]
    if !inContent.isEmpty {
      let thought: Value = ["type": "thinking", "thinking": [["type": "text", "text": .string(inContent)]]]
      message["content"] = .array([thought] + (text.isEmpty ? [] : [["type": "text", "text": .string(text)]]))
    }
    if !details.isEmpty {
      message["reasoning_details"] = .array(details)
    } else if let first = texts.first {
      message[first.name] = .string(first.text)
    }
    message["tool_calls"] = .array(
      calls.map { index, call in
        var whole = OpenAIRequestEncoder.value(call)
        if let addition = additions.last(where: { $0.call == index }) { whole["extra_content"] = addition.value }
        return .object(whole)
      })
    return .object(message)
  }
}
