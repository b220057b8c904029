import Foundation
import Synchronization
import TurnoutCore
import TurnoutTesting
import TurnoutWorkflows

/// Answers for a scripted model, from a YAML file: to show and test workflows without a model that is good enough.
///
/// The first entry all of whose `when` texts occur in the conversation answers; `after_tool: true` entries answer only
/// when a tool has just returned, all others only when none has. In a text, `{{tool}}` is what the last tool returned.
/// `texts` answers with one text after the other, and begins again. An entry with `times` answers so often and no more;
/// `error` is the label of an error that is thrown instead, such as `overloaded`.
///
/// ```yaml
/// - when: [When does the Aurora]
///   call: { tool: product_info, arguments: { name: Aurora } }
/// - when: [When does the Aurora]
///   after_tool: true
///   text: "[Consult] {{tool}}"
/// ```
struct Script {
  private struct Entry {
    var when: [String]
    var afterTool: Bool
    var texts: [String]
    var value: Value?
    var calls: [ToolCall]
    var delay: Duration
    var gap: Duration
    var error: String?
    var times: Int
  }

  /// How often each answer was given.
  private final class Uses: Sendable {
    let counts = Mutex<[Int: Int]>([:])

    /// Whether an answer may be given once more, which is counted then.
    func take(_ entry: Int, of times: Int) -> Bool {
      counts.withLock { counts in
        guard counts[entry, default: 0] < times else { return false }
        counts[entry, default: 0] += 1
        return true
      }
    }
  }

  private let entries: [Entry]
  private let file: String

  /// - Throws: ``WorkflowError`` or ``DataError`` for a file that is no script.
  init(contentsOf path: String) throws {
    file = path
    guard let list = try Value(yamlFile: path).array else { throw DataError("\(path): a script is a list of answers") }
    entries = try list.enumerated().map { try Self.entry($1, number: $0 + 1, path) }
  }

  /// The model that answers so.
  var model: ScriptedModel {
    let uses = Uses()
    return ScriptedModel("scripted") { request, index in try reply(to: request, index, uses) }
  }

  private static func entry(_ value: Value, number: Int, _ path: String) throws -> Entry {
    let known = [
      "when", "after_tool", "text", "texts", "value", "error", "times", "call", "calls", "delay_ms", "gap_ms",
    ]
    if let stranger = value.object?.keys.first(where: { !known.contains($0) }) {
      throw DataError(
        "\(path): answer \(number) has an unknown key \"\(stranger)\"; known keys: \(known.joined(separator: ", "))")
    }
    let calls = try (value["calls"]?.array ?? value["call"].map { [$0] } ?? []).enumerated().map { index, call in
      guard let tool = call["tool"]?.string else {
        throw DataError("\(path): a call of answer \(number) names no tool")
      }
      return ToolCall(id: "call_\(index + 1)", name: tool, arguments: (call["arguments"] ?? [:]).json())
    }
    let entry = Entry(
      when: value["when"]?.array?.map(\.text) ?? value["when"].map { [$0.text] } ?? [],
      afterTool: value["after_tool"]?.bool ?? false,
      texts: value["texts"]?.array?.map(\.text) ?? value["text"].map { [$0.text] } ?? [], value: value["value"],
      calls: calls,
      delay: .milliseconds(max(0, value["delay_ms"]?.int ?? 0)), gap: .milliseconds(max(0, value["gap_ms"]?.int ?? 0)),
      error: value["error"]?.text, times: value["times"]?.int ?? .max)
    if let error = entry.error, ModelError(label: error, provider: "scripted", message: "") == nil {
      throw DataError("\(path): answer \(number) has an error that no model has: \"\(error)\"")
    }
    guard entry.error != nil || !entry.texts.isEmpty || entry.value != nil || !calls.isEmpty else {
      throw DataError("\(path): answer \(number) has neither text, value nor call")
    }
    return entry
  }

  private func reply(to request: ModelRequest, _ index: Int, _ uses: Uses) throws -> ScriptedReply {
    var lastTool: String?
    var conversation = ""
    for message in request.messages {
      switch message {
      case .system(let text), .user(let text), .assistant(let text, _, _): conversation += text + "\n"
      case .userParts(let parts): conversation += parts.texts.joined(separator: "\n") + "\n"
      case .toolResult(let result): conversation += result.content + "\n"
      }
    }
    if case .toolResult(let result)? = request.messages.last { lastTool = result.content }
    let match = entries.enumerated().first { place, entry in
      entry.afterTool == (lastTool != nil) && entry.when.allSatisfy { conversation.contains($0) }
        && (entry.times == .max || uses.take(place, of: entry.times))
    }?.element
    guard let match else { throw ModelError.refused("scripted", "\(file) has no answer for this request") }
    if let error = match.error.flatMap({ ModelError(label: $0, provider: "scripted", message: "as the script says") }) {
      let pieces = match.texts.first.map(Self.words) ?? []
      return ScriptedReply.failure(error, after: pieces).delayed(by: match.delay)
    }
    if !match.calls.isEmpty { return ScriptedReply.calls(match.calls).delayed(by: match.delay) }
    if let value = match.value { return ScriptedReply.value(value).delayed(by: match.delay) }
    let text = (match.texts.isEmpty ? "" : match.texts[index % match.texts.count]).replacing(
      "{{tool}}", with: lastTool ?? "")
    return ScriptedReply.stream(Self.words(text), gap: match.gap).delayed(by: match.delay)
  }

  private static func words(_ text: String) -> [String] {
    var pieces: [String] = [""]
    for character in text {
      pieces[pieces.count - 1].append(character)
      if character.isWhitespace { pieces.append("") }
    }
    return pieces.filter { !$0.isEmpty }
  }
}
