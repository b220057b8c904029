import TurnoutCore

/// A text with places to fill in: `{{input}}`, `{{input.name}}`, `{{item}}`, `{{request}}`, `{{steps.NAME.output}}`;
/// in a router's `otherwise`, `{{decision.nearest}}` too.
///
/// `{{input}}` is what the step itself gets; `{{request}}` is what the whole file was given.
struct Template: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case text(String)
    case name([String])
  }

  let parts: [Part]

  /// The names it uses.
  var names: [[String]] {
    parts.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }

  /// How long its text gets.
  var bound: PromptBound {
    let bytes = parts.reduce(0) { sum, part in if case .text(let text) = part { sum + text.utf8.count } else { sum } }
    return PromptBound(bytes: bytes, insertions: names.count)
  }

  /// Whether it names what is outside of the step's own input: what the run was given, or steps before.
  var looksOutside: Bool { names.contains { $0[0] == "request" || $0[0] == "steps" } }

  /// A template without names.
  init(literal: String) { parts = [.text(literal)] }

  /// Reads a template; returns what is wrong with it when it is none.
  static func parse(_ text: String) -> Result<Template, Problem> {
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        return .failure(Problem(message: "\"{{\" has no \"}}\""))
      }
      let inside = rest[open.upperBound..<close.lowerBound]
      let name = inside.split(separator: ".", omittingEmptySubsequences: false).map(Self.trimmed)
      guard name.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) else {
        return .failure(
          Problem(message: "\"{{\(inside.prefix(60))}}\" is not a name such as {{input}} or {{item.name}}"))
      }
      parts.append(.name(name))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return .success(Template(parts: parts))
  }

  /// What is wrong with a template.
  struct Problem: Error {
    let message: String
  }

  private init(parts: [Part]) { self.parts = parts }

  private static func trimmed(_ text: Substring) -> String {
    let head = text.drop(while: \.isWhitespace)
    guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(head[...last])
  }

  /// The value of a template that is a single name, else its text.
  func value(_ look: ([String]) -> Value?) throws -> Value {
    if case .name(let name)? = parts.first, parts.count == 1 {
      guard let value = look(name) else { throw Self.missing(name) }
      return value
    }
    return .string(try text(look))
  }

  /// The text with every name filled in.
  func text(_ look: ([String]) -> Value?) throws -> String {
    var result = ""
    for part in parts {
      switch part {
      case .text(let text): result += text
      case .name(let name):
        guard let value = look(name) else { throw Self.missing(name) }
        result += value.text
      }
    }
    return result
  }

  private static func missing(_ name: [String]) -> TurnoutError {
    .invalidInput("the template name {{\(name.joined(separator: "."))}} has no value in this input")
  }
}

/// What the templates of a step can name, with its shape as far as that is known before anything runs.
struct TemplateScope {
  /// The step's input.
  var input = Schema.any
  /// The item, inside `each` and `split`.
  var item: Schema?
  /// What the run is given.
  var request = Schema.any
  /// The outputs of the steps of the enclosing chains that come before, in their order.
  var steps: [(name: String, output: Schema)] = []
  /// What comes before the section, inside a `split` with an overlap.
  var context: ContextUse?
  /// Whether a router's decision is there to be named.
  var isDecided = false

  /// Whether a template names what comes before the section.
  final class ContextUse {
    var isUsed = false
  }

  /// What is wrong with a name.
  struct Problem: Error {
    let message: String
  }

  /// The shape of what a name stands for, or what is wrong with it.
  func shape(of name: [String]) -> Result<Schema, Problem> {
    let full = name.joined(separator: ".")
    switch name[0] {
    case "input": return path(name.dropFirst(), in: input, full)
    case "request": return path(name.dropFirst(), in: request, full)
    case "item":
      guard let item else { return .failure(Problem(message: "{{\(full)}} is only known inside each and split")) }
      return path(name.dropFirst(), in: item, full)
    case "context":
      guard let context else {
        return .failure(Problem(message: "{{\(full)}} is only known inside a split with an overlap"))
      }
      context.isUsed = true
      return path(name.dropFirst(), in: .string(), full)
    case "steps":
      guard name.count >= 3, name[2] == "output" else {
        return .failure(Problem(message: "{{\(full)}} must be {{steps.NAME.output}}"))
      }
      if let step = steps.last(where: { $0.name == name[1] }) { return path(name.dropFirst(3), in: step.output, full) }
      let known = steps.map(\.name)
      let hint =
        known.isEmpty ? "no named step comes before this one" : name[1].hint(among: known, as: "steps before this one")
      return .failure(Problem(message: "{{\(full)}} names no step; \(hint)"))
    case "decision":
      guard isDecided else { return .failure(Problem(message: "{{\(full)}} is only known in a router's otherwise")) }
      if name.count == 2, DecisionNames.all.contains(name[1]) { return .success(.any) }
      let near = name.count == 2 ? name[1].nearest(of: DecisionNames.all) : nil
      let hint =
        near.map { "did you mean \"decision.\($0)\"?" }
        ?? "known: \(DecisionNames.all.map { "decision.\($0)" }.joined(separator: ", "))"
      return .failure(Problem(message: "{{\(full)}} names nothing of a decision; \(hint)"))
    default:
      let known = ["input", "request", "item", "context", "steps", "decision"]
      let hint = name[0].hint(among: known, as: "known names")
      return .failure(Problem(message: "unknown template name {{\(full)}}; \(hint)"))
    }
  }

  /// What is wrong with a name, if anything.
  func problem(with name: [String]) -> String? {
    if case .failure(let problem) = shape(of: name) { problem.message } else { nil }
  }

  private func path(_ keys: ArraySlice<String>, in shape: Schema, _ full: String) -> Result<Schema, Problem> {
    var current = shape.plain
    for key in keys {
      switch current {
      case .any, .anyOf: return .success(.any)
      case .object(_, let properties):
        guard let next = properties.first(where: { $0.name == key }) else {
          let names = properties.map(\.name)
          let hint =
            key.hint(among: names)
          return .failure(Problem(message: "{{\(full)}} has no \"\(key)\"; \(hint)"))
        }
        current = next.schema.plain
      default:
        return .failure(Problem(message: "{{\(full)}} asks for \"\(key)\" of \(current.kindDescription)"))
      }
    }
    return .success(current)
  }
}

/// What a router's `otherwise` can say of the decision.
enum DecisionNames {
  /// `nearest`: the two likeliest routes; `routes`: all of them; by their titles.
  static let all = ["nearest", "routes", "reasoning"]
}

extension PromptBound {
  static func + (left: PromptBound, right: PromptBound) -> PromptBound {
    PromptBound(bytes: left.bytes + right.bytes, insertions: left.insertions + right.insertions)
  }
}
