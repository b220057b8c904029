import TurnoutCore

/// What templates can name while a workflow runs, besides the step's own input.
struct WorkflowScope: Sendable {
  /// What the run was given.
  var request: Value = .null
  /// The item of the innermost `each` or `split`.
  var item: Value?
  /// What comes before the section of the innermost `split`.
  var context: Value?
  /// What the named steps of the enclosing chains produced.
  var steps: [String: Value] = [:]
  /// What the innermost router decided.
  var decision: RouteDecision?
  /// Its routes and their titles, in the order of the file.
  var routes: [(name: String, title: String)] = []

  enum Key: RunKey { static let defaultValue = WorkflowScope() }

  func value(of name: [String], input: Value) -> Value? {
    switch name.first {
    case "input": Self.path(name.dropFirst(), in: input)
    case "request": Self.path(name.dropFirst(), in: request)
    case "item": item.flatMap { Self.path(name.dropFirst(), in: $0) }
    case "context" where name.count == 1: context
    case "steps" where name.count >= 3 && name[2] == "output":
      steps[name[1]].flatMap { Self.path(name.dropFirst(3), in: $0) }
    case "decision": decision.flatMap { text(of: name.count > 1 ? name[1] : "", $0) }
    default: nil
    }
  }

  private func text(of name: String, _ decision: RouteDecision) -> Value? {
    let all = routes.map(\.title)
    switch name {
    case "nearest":
      let ranked = decision.scores.sorted { ($1.score, $0.route) < ($0.score, $1.route) }
      let titles = ranked.map { score in routes.first { $0.name == score.route }?.title ?? score.route }
      return .string((titles.isEmpty ? all : titles).prefix(2).joined(separator: ", "))
    case "routes": return .string(all.joined(separator: ", "))
    case "reasoning": return .string(decision.reasoning ?? "")
    default: return nil
    }
  }

  private static func path(_ keys: ArraySlice<String>, in value: Value) -> Value? {
    var current = value
    for key in keys {
      guard let next = current[key] else { return nil }
      current = next
    }
    return current
  }
}

extension Template {
  /// The text, with names filled in from a step's input and its run.
  func text(_ input: Value, in run: Run) throws -> String {
    let scope = run.values[WorkflowScope.Key.self]
    return try text { scope.value(of: $0, input: input) }
  }

  /// The value, or null when a name in it has none.
  func optionalValue(_ input: Value, in run: Run) -> Value { (try? value(input, in: run)) ?? .null }

  /// The value of a template that is a single name, else its text.
  func value(_ input: Value, in run: Run) throws -> Value {
    let scope = run.values[WorkflowScope.Key.self]
    return try value { scope.value(of: $0, input: input) }
  }
}
