import Synchronization
public import TurnoutCore

/// A model that answers from a script: for tests, demonstrations and examples that must not need a model.
///
/// ```swift
/// let model = ScriptedModel([
///   .call("product_info", ["name": "Aurora"]),
///   .text("The Aurora costs 499."),
/// ])
/// let answer = try await Agent("consult", model: model, instructions: "Answer.", tools: [productInfo]).run("Price?")
/// model.requests.count   // 2
/// ```
public final class ScriptedModel: LanguageModel {
  public let name: String
  public let capabilities: ModelCapabilities
  private let reply: @Sendable (ModelRequest, Int) throws -> ScriptedReply
  private let asked = Mutex<[ModelRequest]>([])

  /// A model whose answer a closure makes from the request and the number of requests before it.
  public init(
    _ name: String = "scripted", capabilities: ModelCapabilities = .init(),
    reply: @escaping @Sendable (_ request: ModelRequest, _ index: Int) throws -> ScriptedReply
  ) {
    self.name = name
    self.capabilities = capabilities
    self.reply = reply
  }

  /// A model that gives replies in order, and fails when it is asked once more.
  public convenience init(
    _ replies: [ScriptedReply], name: String = "scripted", capabilities: ModelCapabilities = .init()
  ) {
    self.init(name, capabilities: capabilities) { _, index in
      guard index < replies.count else {
        throw ModelError.refused(name, "the script has \(replies.count) replies and was asked for another")
      }
      return replies[index]
    }
  }

  /// What it has been asked so far, in order.
  public var requests: [ModelRequest] { asked.withLock { $0 } }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    let index = asked.withLock { requests in
      requests.append(request)
      return requests.count - 1
    }
    let reply = try reply(request, index)
    if reply.delay > .zero { try await run.clock.sleep(for: reply.delay) }
    for chunk in reply.chunks {
      if reply.gap > .zero { try await run.clock.sleep(for: reply.gap) }
      try await onDelta?(.text(chunk))
    }
    if let error = reply.error { throw error }
    try Task.checkCancellation()
    return ModelResponse(
      text: reply.chunks.joined(), toolCalls: reply.calls, finish: reply.calls.isEmpty ? reply.finish : .toolCalls,
      usage: reply.usage)
  }
}

/// One answer of a ``ScriptedModel``.
public struct ScriptedReply: Sendable {
  var chunks: [String] = []
  var calls: [ToolCall] = []
  var error: (any Error)?
  var delay: Duration = .zero
  var gap: Duration = .zero
  var finish: FinishReason = .stop
  var usage = Usage(calls: 1, inputTokens: 10, outputTokens: 5)

  /// A text, all at once.
  public static func text(_ text: String) -> ScriptedReply { ScriptedReply(chunks: [text]) }

  /// A text in pieces, with a pause before each.
  public static func stream(_ chunks: [String], gap: Duration = .zero) -> ScriptedReply {
    ScriptedReply(chunks: chunks, gap: gap)
  }

  /// A typed answer.
  public static func value(_ value: Value) -> ScriptedReply { ScriptedReply(chunks: [value.json()]) }

  /// A typed answer from a Swift value.
  public static func typed(_ value: some Generable) -> ScriptedReply { .value(value.value) }

  /// One tool call.
  public static func call(_ tool: String, _ arguments: Value = [:], id: String = "call_1") -> ScriptedReply {
    .calls([ToolCall(id: id, name: tool, arguments: arguments.json())])
  }

  /// Several tool calls at once.
  public static func calls(_ calls: [ToolCall]) -> ScriptedReply { ScriptedReply(calls: calls) }

  /// An error, after whatever was streamed.
  public static func failure(_ error: any Error, after chunks: [String] = []) -> ScriptedReply {
    ScriptedReply(chunks: chunks, error: error)
  }

  /// The same reply after a pause, by the run's clock.
  public func delayed(by delay: Duration) -> ScriptedReply { changed { $0.delay = delay } }

  /// The same reply with another reason to stop.
  public func finishing(_ reason: FinishReason) -> ScriptedReply { changed { $0.finish = reason } }

  /// The same reply with another usage.
  public func using(_ usage: Usage) -> ScriptedReply { changed { $0.usage = usage } }

  private func changed(_ change: (inout ScriptedReply) -> Void) -> ScriptedReply {
    var reply = self
    change(&reply)
    return reply
  }
}
