public import TurnoutCore

/// What a ``ModelServer`` answers, in no vendor's words; it is put into the wire that the request came by.
///
/// ```swift
/// let answers: [ServedAnswer] = [
///   .call("product_info", ["name": "Aurora"]),
///   .stream(["The Aurora ", "costs 499."]),
/// ]
/// ```
public struct ServedAnswer: Sendable {
  /// The text, empty for none.
  public var text: String
  /// The tools to call.
  public var toolCalls: [ToolCall]
  /// Why it stops.
  public var finish: FinishReason
  /// What it says it used: tokens alone, since no wire counts calls.
  public var usage: Usage
  /// What goes wrong about this answer; the server's ``FaultPlan`` comes before it.
  public var fault: Fault?
  /// How long the server takes, by its clock.
  public var delay: Duration = .zero

  /// Whether the text is a typed answer, for wires that hand those to a tool.
  let isTyped: Bool
  private let cuts: [String]
  let raw: RawAnswer?

  init(
    text: String = "", cuts: [String] = [], toolCalls: [ToolCall] = [], isTyped: Bool = false, fault: Fault? = nil,
    raw: RawAnswer? = nil
  ) {
    self.text = text
    self.cuts = cuts
    self.toolCalls = toolCalls
    self.isTyped = isTyped
    self.fault = fault
    self.raw = raw
    finish = toolCalls.isEmpty ? .stop : .toolCalls
    usage = Usage(inputTokens: 10, outputTokens: 5)
  }

  /// A text; a stream of it is cut after each word.
  public static func text(_ text: String) -> ServedAnswer { ServedAnswer(text: text) }

  /// A text that a stream brings in these pieces.
  public static func stream(_ pieces: [String]) -> ServedAnswer { ServedAnswer(text: pieces.joined(), cuts: pieces) }

  /// A typed answer.
  public static func value(_ value: Value) -> ServedAnswer { ServedAnswer(text: value.json(), isTyped: true) }

  /// A typed answer from a Swift value.
  public static func typed(_ value: some Generable) -> ServedAnswer { .value(value.value) }

  /// One tool call.
  public static func call(_ tool: String, _ arguments: Value = [:], id: String = "call_1") -> ServedAnswer {
    .calls([ToolCall(id: id, name: tool, arguments: arguments.json())])
  }

  /// Several tool calls at once, after a text if there is one.
  public static func calls(_ calls: [ToolCall], after text: String = "") -> ServedAnswer {
    ServedAnswer(text: text, toolCalls: calls)
  }

  /// A refusal.
  public static func refusal(_ status: Int, after hint: WaitHint? = nil) -> ServedAnswer {
    ServedAnswer(fault: .refusal(status, after: hint))
  }

  /// Bytes as they are, whatever the wire.
  public static func raw(_ raw: RawAnswer) -> ServedAnswer { ServedAnswer(raw: raw) }

  /// The same answer with something that goes wrong about it.
  public func with(_ fault: Fault) -> ServedAnswer { changed { $0.fault = fault } }

  /// The same answer after a pause, by the server's clock.
  public func delayed(by delay: Duration) -> ServedAnswer { changed { $0.delay = delay } }

  /// The same answer with another reason to stop.
  public func finishing(_ reason: FinishReason) -> ServedAnswer { changed { $0.finish = reason } }

  /// The same answer with another usage.
  public func using(_ usage: Usage) -> ServedAnswer { changed { $0.usage = usage } }

  private func changed(_ change: (inout ServedAnswer) -> Void) -> ServedAnswer {
    var answer = self
    change(&answer)
    return answer
  }

  /// The text as a stream brings it; none when it is empty.
  var pieces: [String] {
    if !cuts.isEmpty { return cuts }
    var pieces: [String] = []
    var isAfterSpace = true
    for character in text {
      if isAfterSpace { pieces.append("") }
      pieces[pieces.count - 1].append(character)
      isAfterSpace = character.isWhitespace
    }
    return pieces
  }
}

/// A response byte by byte, for what no wire would say.
public struct RawAnswer: Sendable {
  /// A step of sending it.
  public enum Step: Sendable {
    /// One HTTP chunk, which the client gets as one piece.
    case bytes([UInt8])
    /// Nothing goes on until this returns.
    case wait(@Sendable () async throws -> Void)
    /// The connection is closed, whatever was promised.
    case close
    /// The connection is reset.
    case reset
  }

  /// The HTTP status.
  public var status: Int
  /// The headers, without those that say how long the body is.
  public var headers: [(String, String)]
  /// The body and what happens meanwhile.
  public var steps: [Step]

  /// A response.
  public init(status: Int = 200, headers: [(String, String)] = [], steps: [Step] = []) {
    self.status = status
    self.headers = headers
    self.steps = steps
  }
}
