import TurnoutCore

/// Reads `route:` blocks.
struct RouteReader {
  let steps: StepReader

  private static let keys = ["by", "model", "bar", "routes", "otherwise"]
  private static let selectors = ["examples", "model"]

  func read(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(Self.keys, of: "the router \"\(name)\"") else { return nil }
    let by = members["by"].map(selectors) ?? [.examples]
    guard let block = members["routes"] else {
      node.complain("the router \"\(name)\" has no routes")
      return nil
    }
    guard let entries = block.named("routes") else { return nil }
    if entries.isEmpty { block.complain("the router \"\(name)\" has no routes") }
    var routes: [(description: RouteDescription, step: StepDefinition)] = []
    for (routeName, key, value) in entries {
      if routeName == RouteTable.none {
        key.complain("a route cannot be called \"none\"; that is what no route is called")
      }
      if let route = route(routeName, key, value, by, scope) { routes.append(route) }
    }
    reportRepeatedExamples(entries)
    let routeNames = entries.map(\.name)
    guard let otherwise = otherwise(members["otherwise"], node, name, routeNames, scope) else { return nil }
    if let model = members["model"], let text = model.text("model"), let problem = steps.modelProblem(text) {
      model.complain(problem)
    }
    return .route(
      RouteDefinition(
        by: by, model: members["model"]?.rawText, bar: members["bar"]?.number("bar", 0...1), routes: routes,
        otherwise: otherwise))
  }

  private func selectors(_ node: NodeReader) -> [RouteDefinition.Selector] {
    let nodes: [NodeReader]
    if node.isList { nodes = node.list("by") ?? [] } else { nodes = [node] }
    if nodes.isEmpty { node.complain("by names no selector; selectors: \(Self.selectors.joined(separator: ", "))") }
    var seen: Set<RouteDefinition.Selector> = []
    return nodes.compactMap { node in
      let selector: RouteDefinition.Selector
      switch node.text("a selector") {
      case "examples": selector = .examples
      case "model": selector = .model
      case let name?:
        let hint =
          name.nearest(of: Self.selectors).map { "did you mean \"\($0)\"?" }
          ?? "selectors: \(Self.selectors.joined(separator: ", "))"
        node.complain("there is no selector \"\(name)\"; \(hint)")
        return nil
      case nil: return nil
      }
      if !seen.insert(selector).inserted { node.complain("this selector stands here twice") }
      return selector
    }
  }

  private func route(
    _ name: String, _ key: NodeReader, _ node: NodeReader, _ by: [RouteDefinition.Selector], _ scope: TemplateScope
  ) -> (description: RouteDescription, step: StepDefinition)? {
    let extra = ["title", "description", "examples"]
    guard let members = node.members(StepReader.keys + extra, of: "the route \"\(name)\"") else { return nil }
    let examples = (members["examples"]?.list("examples") ?? []).compactMap { $0.text("an example") }
    if by.contains(.examples), examples.isEmpty {
      key.complain(
        "the route \"\(name)\" has no examples, which the examples selector compares with; give it three or more")
    }
    let description = members["description"]?.text("description")
    if by.contains(.model), description == nil, examples.isEmpty {
      key.complain(
        "the route \"\(name)\" has neither a description nor examples, so the model cannot know what it is for")
    }
    guard let step = steps.step(node, members, name: name, scope: scope) else { return nil }
    let route = RouteDescription(
      name, description ?? "", title: members["title"]?.text("title"), examples: examples)
    return (route, step)
  }

  private func reportRepeatedExamples(_ entries: [(name: String, key: NodeReader, value: NodeReader)]) {
    var owners: [String: String] = [:]
    for (name, _, value) in entries {
      for example in value.member("examples")?.elements ?? [] {
        guard let text = example.rawText else { continue }
        if let owner = owners[text] {
          let place = owner == name ? "twice here" : "under \"\(owner)\" too"
          example.complain("the example \"\(text.prefix(60))\" stands \(place)")
        }
        owners[text] = name
      }
    }
  }

  private func otherwise(
    _ node: NodeReader?, _ parent: NodeReader, _ name: String, _ routes: [String], _ scope: TemplateScope
  ) -> RouteDefinition.Otherwise? {
    guard let node else {
      parent.complain(
        "the router \"\(name)\" has no otherwise: a step or a route's name for requests that fit no route")
      return nil
    }
    guard node.isScalar else {
      return steps.step(node, name: "otherwise", scope: scope).map { .step($0) }
    }
    guard let route = node.text("otherwise") else { return nil }
    guard routes.contains(route) else {
      let hint =
        route.nearest(of: routes).map { "did you mean \"\($0)\"?" } ?? "routes: \(routes.joined(separator: ", "))"
      node.complain("there is no route \"\(route)\"; \(hint)")
      return nil
    }
    return .route(route)
  }
}
