import TurnoutCore

/// One message of the wire: the person's and the model's take turns, and what one says at once stands in one message.
struct AnthropicTurn {
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

  /// A conversation as the wire has it.
  /// - Parameter author: whose answers go back as they came.
  static func turns(_ messages: [Message], for author: String) -> [AnthropicTurn] {
    var turns: [AnthropicTurn] = []
    func add(_ role: String, _ blocks: [Value]) {
      if blocks.isEmpty { return }
      if turns.last?.role == role, turns.last?.original == nil {
        turns[turns.count - 1].blocks += blocks
      } else {
        turns.append(AnthropicTurn(role: role, blocks: blocks))
      }
    }
    for message in messages {
      switch message {
      case .system: break
      case .user(let text): add("user", [block(isBlank(text) ? nothing : text)])
      case .userParts(let parts):
        let said = parts.filter { if case .text(let text) = $0 { !isBlank(text) } else { true } }
        add("user", said.isEmpty ? [block(nothing)] : said.map(block))
      case .assistant(_, _, let original?) where original.wire == author:
        turns.append(AnthropicTurn(role: "assistant", blocks: [], original: original.json))
      case .assistant(let text, let calls, _):
        add("assistant", (isBlank(text) ? [] : [block(text)]) + calls.map(block))
      case .toolResult(let result):
        var block: ValueObject = ["type": "tool_result", "tool_use_id": .string(result.callID)]
        if !isBlank(result.content) { block["content"] = .string(result.content) }
        add("user", [.object(block)])
      }
    }
    return turns
  }

  /// The wire refuses texts of nothing but white space, and a turn has to say something.
  static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
  private static let nothing = "(empty)"

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
    let input = (try? Value(json: call.arguments))?.object ?? ValueObject()
    return ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": .object(input)]
  }
}
