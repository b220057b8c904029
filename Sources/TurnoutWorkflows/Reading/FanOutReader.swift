import TurnoutCore

/// Reads `parallel:` and `each:` blocks, and how any fan-out runs.
struct FanOutReader {
  let steps: StepReader

  /// The keys that say how a fan-out runs.
  static let policyKeys = ["at_most", "on_failure"] + EffortReader.keys
  private static let policies = ["fail_fast", "settle", "quorum", "at_least"]

  func parallel(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(["branches"] + Self.policyKeys, of: "the parallel step \"\(name)\"") else {
      return nil
    }
    guard let block = members["branches"] else {
      node.complain("the parallel step \"\(name)\" has no branches")
      return nil
    }
    guard let entries = block.named("branches") else { return nil }
    if entries.isEmpty { block.complain("the parallel step \"\(name)\" has no branches") }
    let branches = entries.compactMap { steps.step($0.value, name: $0.name, scope: scope) }
    return .parallel(branches, fanOut(members, count: entries.count))
  }

  func each(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let extra = ["over", "label"] + Self.policyKeys
    guard let members = node.members(StepReader.keys + extra, of: "the each step \"\(name)\"") else { return nil }
    var over = Template(literal: "")
    if let node = members["over"] {
      guard let template = steps.template(node, "over", scope) else { return nil }
      if template.parts.count != 1 || template.names.count != 1 {
        node.complain("over must be a single name such as {{input}} or {{input.groups}}")
      }
      over = template
    } else if case .success(let template) = Template.parse("{{input}}") {
      over = template
    }
    var inner = scope
    let item = item(over, scope, members["over"] ?? node)
    inner.item = item
    inner.input = item
    let label = members["label"].flatMap { steps.template($0, "label", inner) }
    guard let step = steps.step(node, members, name: name, scope: inner) else { return nil }
    return .each(over: over, label: label, step, fanOut(members, count: nil))
  }

  /// The shape of what is iterated over.
  private func item(_ over: Template, _ scope: TemplateScope, _ node: NodeReader) -> Schema {
    guard let name = over.names.first, case .success(let list) = scope.shape(of: name) else { return .any }
    switch list {
    case .array(let item, _, _): return item
    case .any, .anyOf: return .any
    default:
      node.complain("each goes over a list, and this is \(list.kindDescription)")
      return .any
    }
  }

  /// Reads how a fan-out runs.
  func fanOut(_ members: [String: NodeReader], count: Int?) -> FanOutDefinition {
    var fanOut = FanOutDefinition(
      bound: members["at_most"]?.int("at_most", 1...100_000) ?? 8,
      policy: members["on_failure"].flatMap { policy($0, count) } ?? .failFast)
    EffortReader().read(members, into: &fanOut)
    return fanOut
  }

  private func policy(_ node: NodeReader, _ count: Int?) -> FailurePolicy? {
    if node.isMapping {
      guard let members = node.members(["quorum", "at_least", "by"], of: "on_failure") else { return nil }
      if let quorum = members["quorum"], members.count == 1 {
        return required("quorum", quorum, count).map { .quorum($0) }
      }
      guard members.count == 2, let least = members["at_least"], let by = members["by"] else {
        node.complain("on_failure must be { quorum: K } or { at_least: K, by: TIME }")
        return nil
      }
      guard let k = required("at_least", least, count), let deadline = by.duration("by") else { return nil }
      return .atLeast(k, by: deadline)
    }
    switch node.text("on_failure") {
    case "fail_fast": return .failFast
    case "settle": return .settle
    case let name?:
      let hint =
        name.nearest(of: Self.policies).map { "did you mean \"\($0)\"?" }
        ?? "policies: fail_fast, settle, { quorum: K }, { at_least: K, by: TIME }"
      node.complain("there is no failure policy \"\(name)\"; \(hint)")
      return nil
    case nil: return nil
    }
  }

  private func required(_ what: String, _ node: NodeReader, _ count: Int?) -> Int? {
    guard let k = node.int(what, 1...100_000) else { return nil }
    if let count, k > count {
      node.complain("\(what) asks for \(k) successes of \(count) branches")
      return nil
    }
    return k
  }
}
