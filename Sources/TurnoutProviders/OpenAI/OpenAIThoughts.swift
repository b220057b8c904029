import TurnoutCore

/// What a model thought before it answered, in whichever member its server tells it.
struct OpenAIThoughts: Sendable {
  /// The member that tells it as text, `reasoning_content` or `reasoning`; of a server that writes both, the first.
  private var member: String?
  private var text = ""
  /// `reasoning_details`, with signatures of what was thought.
  private var details: [Value] = []
  /// What was thought inside of the content.
  private var inContent = ""

  mutating func add(_ piece: String, of member: String) {
    self.member = self.member ?? member
    text += piece
  }

  mutating func add(inContent piece: String) { inContent += piece }

  /// Adds a detail; pieces of one in a stream follow each other and have its place and type.
  mutating func add(detail: Value) {
    guard let piece = detail.object else { return }
    guard var whole = details.last?.object, whole["type"] == piece["type"], piece["index"] != nil,
      whole["index"] == piece["index"]
    else { return details.append(detail) }
    for (name, value) in piece where !value.isNull {
      if ["text", "summary", "data"].contains(name), let start = whole[name]?.string, let rest = value.string {
        whole[name] = .string(start + rest)
      } else {
        whole[name] = value
      }
    }
    details[details.count - 1] = .object(whole)
  }

  /// What the server wants back with an answer that calls tools, and with each of the calls; nil where it wants nothing
  /// but what everyone does.
  func kept(withCalls additions: [Value?]) -> Kept? {
    var kept = Kept(inContent: inContent, additions: additions.map { $0 ?? .null })
    if !details.isEmpty {
      kept.members["reasoning_details"] = .array(details)
    } else if let member {
      kept.members[member] = .string(text)
    }
    let isNothing = kept.members.isEmpty && inContent.isEmpty && additions.allSatisfy { $0 == nil }
    return additions.isEmpty || isNothing ? nil : kept
  }

  /// What goes back to the server beside the text and the calls.
  struct Kept: Sendable {
    /// Members of the message.
    var members: ValueObject = [:]
    /// What was thought inside of the content.
    var inContent: String
    /// For each call, its `extra_content`; null for none.
    var additions: [Value]
  }
}

extension OpenAIThoughts.Kept {
  /// As it stands in the conversation until the next request.
  func original(of author: String) -> OriginalAnswer {
    let value: Value = ["members": .object(members), "thinking": .string(inContent), "calls": .array(additions)]
    return OriginalAnswer(wire: author, json: value.json())
  }

  /// What an author kept; nil for what another one did.
  init?(_ original: OriginalAnswer?, of author: String) {
    guard let original, original.wire == author, let value = try? Value(json: original.json) else { return nil }
    self.init(
      members: value["members"]?.object ?? [:], inContent: value["thinking"]?.string ?? "",
      additions: value["calls"]?.array ?? [])
  }

  /// The content of the message with this text.
  func content(_ content: Value) -> Value {
    if inContent.isEmpty { return content }
    let thought: Value = ["type": "thinking", "thinking": [["type": "text", "text": .string(inContent)]]]
    return .array([thought] + (content.isNull ? [] : [["type": "text", "text": content]]))
  }
}
