import TurnoutTestServer

/// What the loopback server does with one request: a status, headers, and a body piece by piece.
struct Reply: Sendable {
  enum Step: Sendable {
    /// One HTTP chunk, which the client gets as one piece.
    case bytes([UInt8])
    /// Nothing goes on until the gate is open.
    case wait(Gate)
    /// The connection is closed, whatever was promised.
    case close
  }

  var status = 200
  var headers: [(String, String)] = []
  var steps: [Step] = []

  /// A JSON answer, whole.
  static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Reply {
    Reply(
      status: status, headers: [("content-type", "application/json")] + headers, steps: [.bytes(Array(text.utf8))])
  }

  /// A completion with a text.
  static func text(_ text: String) -> Reply { .json(Wire.completion(content: text)) }

  /// A stream whose bytes come in the given pieces.
  static func stream(pieces: [[UInt8]]) -> Reply { .stream(pieces.map { .bytes($0) }) }

  /// A stream of events, one piece each, with `[DONE]` at the end unless it is left out.
  static func events(_ chunks: [String], done: Bool = true) -> Reply {
    .stream(pieces: (chunks + (done ? ["[DONE]"] : [])).map { Array("data: \($0)\n\n".utf8) })
  }

  static func stream(_ steps: [Step]) -> Reply {
    Reply(headers: [("content-type", "text/event-stream")], steps: steps)
  }

  /// What the server sends.
  var raw: RawAnswer {
    RawAnswer(
      status: status, headers: headers,
      steps: steps.map { step in
        switch step {
        case .bytes(let bytes): .bytes(bytes)
        case .wait(let gate): .wait { try await gate.wait() }
        case .close: .close
        }
      })
  }
}

/// Pieces of OpenAI's wire.
enum Wire {
  static func completion(content: String) -> String {
    #"{"id":"c1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"#
      + quoted(content)
      + #"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#
  }

  /// A completion whose message and finish reason are given as JSON.
  static func completion(message: String, finish: String = "stop") -> String {
    #"{"choices":[{"index":0,"message":"# + message + #","finish_reason":""# + finish + #""}]}"#
  }

  static func chunk(_ text: String) -> String { #"{"choices":[{"index":0,"delta":{"content":"# + quoted(text) + "}}]}" }

  static func chunk(delta: String) -> String { #"{"choices":[{"index":0,"delta":"# + delta + "}]}" }

  static func finish(_ reason: String = "stop") -> String {
    #"{"choices":[{"index":0,"delta":{},"finish_reason":""# + reason + #""}]}"#
  }

  static func calls(_ calls: [(id: String, name: String, arguments: String)]) -> String {
    let list = calls.map {
      #"{"id":"\#($0.id)","type":"function","function":{"name":"\#($0.name)","arguments":"# + quoted($0.arguments)
        + "}}"
    }
    return completion(
      message: #"{"role":"assistant","content":null,"tool_calls":["# + list.joined(separator: ",") + "]}",
      finish: "tool_calls")
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
