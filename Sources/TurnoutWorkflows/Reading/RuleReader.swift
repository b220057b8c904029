import TurnoutCore

/// Reads the `rules:` of a router.
struct RuleReader {
  let routes: [String]

  private static let conditions = textConditions + ["metadata"]
  /// Those that ask something of the text alone.
  static let textConditions = ["words", "pattern", "script", "length"]

  func rules(_ node: NodeReader?, _ router: NodeReader, _ by: [RouteDefinition.Selector]) -> [Rule] {
    guard let node else {
      if by.contains(.rules) { router.complain("the rules selector needs \"rules\", a list of rules") }
      return []
    }
    if !by.contains(.rules) { node.complain("rules are given, but by does not name the selector rules") }
    guard let list = node.list("rules") else { return [] }
    if list.isEmpty { node.complain("rules is empty") }
    return list.compactMap(rule)
  }

  private func rule(_ node: NodeReader) -> Rule? {
    guard let members = node.members(["route", "name", "when", "priority"], of: "a rule") else { return nil }
    if members["route"] == nil { node.complain("a rule needs \"route\": the name of a route, or none") }
    if members["when"] == nil { node.complain("a rule needs \"when\": what must hold") }
    let route = members["route"]?.text("route")
    let known = routes + [RouteTable.none]
    if let route, !known.contains(route) {
      let hint =
        route.hint(among: known, as: "routes")
      members["route"]?.complain("there is no route \"\(route)\"; \(hint)")
    }
    let conditions = members["when"].flatMap { Self.conditions($0) }
    let priority = members["priority"]?.int("priority", -1_000_000...1_000_000) ?? 0
    let name = members["name"]?.text("name")
    guard let route, let conditions else { return nil }
    return Rule(route: route == RouteTable.none ? nil : route, when: conditions, priority: priority, name: name)
  }

  /// Nil when one of them is wrong: without it the rule would match more than was meant.
  static func conditions(_ node: NodeReader, of known: [String] = conditions) -> [RuleCondition]? {
    guard let parts = node.members(known, of: "when") else { return nil }
    if node.isEmpty { node.complain("when names no condition; conditions: \(known.joined(separator: ", "))") }
    // In the order of the list above, so that reasons always come in the same one.
    let conditions = known.compactMap { name in parts[name].map { condition(name, $0) } }
    let found = conditions.compactMap { $0 }
    return found.count == conditions.count && !found.isEmpty ? found : nil
  }

  private static func condition(_ name: String, _ node: NodeReader) -> RuleCondition? {
    switch name {
    case "words": texts(node, "words").map { .words($0) }
    case "pattern": pattern(node)
    case "script": script(node)
    case "length": length(node)
    default: metadata(node)
    }
  }

  private static func texts(_ node: NodeReader, _ what: String) -> [String]? {
    let nodes: [NodeReader] = node.isList ? node.list(what) ?? [] : [node]
    let texts = nodes.compactMap { $0.text("one of \(what)") }
    if nodes.isEmpty { node.complain("\(what) is empty") }
    return texts.isEmpty ? nil : texts
  }

  private static func pattern(_ node: NodeReader) -> RuleCondition? {
    guard let pattern = node.text("pattern") else { return nil }
    do { return try .pattern(pattern) } catch {
      node.complain(RunFailure(error).message)
      return nil
    }
  }

  private static func script(_ node: NodeReader) -> RuleCondition? {
    guard let name = node.text("script") else { return nil }
    guard let script = TextScript(rawValue: name) else {
      let known = TextScript.allCases.map(\.rawValue)
      let hint =
        name.hint(among: known, as: "scripts")
      node.complain("there is no script \"\(name)\"; \(hint)")
      return nil
    }
    return .script(script)
  }

  private static func length(_ node: NodeReader) -> RuleCondition? {
    guard let members = node.members(["at_least", "at_most"], of: "length") else { return nil }
    if node.isEmpty { node.complain("length names neither at_least nor at_most") }
    let least = members["at_least"]?.int("at_least", 0...1_000_000) ?? 0
    let most = members["at_most"]?.int("at_most", 0...1_000_000) ?? Int.max
    guard least <= most else {
      node.complain("at_least is more than at_most")
      return nil
    }
    return .length(least...most)
  }

  private static func metadata(_ node: NodeReader) -> RuleCondition? {
    guard let entries = node.named("metadata") else { return nil }
    guard let entry = entries.first, entries.count == 1 else {
      node.complain("metadata must name one key with its values, such as plan: [gold, silver]")
      return nil
    }
    return texts(entry.value, "values").map { .metadata(entry.name, $0) }
  }
}
