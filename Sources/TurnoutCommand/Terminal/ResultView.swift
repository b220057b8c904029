import TurnoutCore

/// A result for a person: a text as it is, outcomes of a fan-out as a block each, other values as indented lines.
struct ResultView {
  let text: String

  init(_ value: Value) {
    if let text = value.string {
      self.text = text
    } else if let outcomes = value.array, !outcomes.isEmpty, outcomes.allSatisfy({ $0["status"]?.string != nil }) {
      text = outcomes.enumerated().map { Self.block($1, number: $0 + 1) }.joined(separator: "\n")
    } else {
      text = Self.lines(value, indent: "").joined(separator: "\n")
    }
  }

  private static func block(_ outcome: Value, number: Int) -> String {
    let name = outcome["name"]?.string ?? outcome["path"]?.string ?? String(number)
    guard let output = outcome["output"] else {
      return "\(name): \(outcome["status"]?.text ?? ""), \(outcome["error"]?["message"]?.text ?? "no reason given")"
    }
    if let text = output.string, !text.contains(where: \.isNewline) { return "\(name): \(text)" }
    return ([name + ":"] + lines(output, indent: "  ")).joined(separator: "\n")
  }

  private static func lines(_ value: Value, indent: String) -> [String] {
    switch value {
    case .object(let object) where !object.isEmpty:
      return object.flatMap { key, value in entry("\(indent)\(key): ", value, indent) }
    case .array(let elements) where !elements.isEmpty:
      return elements.flatMap { entry("\(indent)- ", $0, indent) }
    case .string(let text): return text.split(separator: "\n", omittingEmptySubsequences: false).map { indent + $0 }
    default: return [indent + value.json()]
    }
  }

  private static func entry(_ head: String, _ value: Value, _ indent: String) -> [String] {
    let isNested = (value.object.map { !$0.isEmpty } ?? value.array.map { !$0.isEmpty }) ?? false
    let isLong = value.string?.contains(where: \.isNewline) ?? false
    guard isNested || isLong else { return [head + value.text] }
    let trimmed = String(head.dropLast())
    return [trimmed] + lines(value, indent: indent + "  ")
  }
}
