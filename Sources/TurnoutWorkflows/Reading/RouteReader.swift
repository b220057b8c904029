import TurnoutCore

/// Reads `route:` blocks.
struct RouteReader {
  let steps: StepReader

  private static let keys = [
    "by", "model", "decision", "bar", "rules", "candidates", "fit", "follow_ups", "sticky", "routes", "otherwise",
    "merge",
  ]
  private static let selectors = RouteDefinition.Selector.allCases.map(\.rawValue)

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
    var definition = RouteDefinition(by: by, routes: routes, otherwise: otherwise)
    reportUnused(members, by)
    definition.model = model(members["model"], "model", .model, by)
    definition.decision = model(members["decision"], "decision", .decision, by)
    if by.contains(.decision), members["decision"] == nil {
      node.complain("the decision selector needs \"decision\": the provider:model that decides")
    }
    definition.bars = members["bar"].map { bars($0, by) } ?? [:]
    definition.rules = RuleReader(routes: routeNames).rules(members["rules"], node, by)
    definition.candidates = members["candidates"]?.int("candidates", 2...255)
    definition.fit = members["fit"].flatMap(fit)
    definition.followsUp = members["follow_ups"]?.flag("follow_ups") ?? false
    definition.isSticky = members["sticky"]?.flag("sticky") ?? false
    definition.merge = members["merge"].flatMap { merge($0, scope) }
    return .route(definition)
  }

  private func model(
    _ node: NodeReader?, _ what: String, _ selector: RouteDefinition.Selector, _ by: [RouteDefinition.Selector]
  ) -> String? {
    guard let node, let text = node.text(what) else { return nil }
    if let problem = steps.modelProblem(text) { node.complain(problem) }
    if !by.contains(selector) {
      node.complain("\(what) is given, but by does not name the selector \(selector.rawValue)")
    }
    return text
  }

  /// What would be read and change nothing.
  private func reportUnused(_ members: [String: NodeReader], _ by: [RouteDefinition.Selector]) {
    if let fit = members["fit"], !by.contains(.examples) {
      fit.complain("fit is given, but by does not name the selector examples")
    }
    if let candidates = members["candidates"], by.count < 2 {
      candidates.complain("candidates is what one selector leaves to the next, and by names one alone")
    }
  }

  /// One number is the bar of the examples; a mapping has one for each stage.
  private func bars(_ node: NodeReader, _ by: [RouteDefinition.Selector]) -> [RouteDefinition.Selector: Double] {
    let stages = by.filter { $0 != .rules }.map(\.rawValue)
    guard !stages.isEmpty else {
      node.complain("bar is given, but rules have none")
      return [:]
    }
    guard node.isMapping else {
      if !by.contains(.examples), node.rawNumber != nil {
        let own = stages.map { "\($0): \(node.rawText ?? "0.6")" }.joined(separator: ", ")
        node.complain("one number is the bar of the examples, which by does not name; write bar: { \(own) }")
        return [:]
      }
      return node.number("bar", 0...1).map { [.examples: $0] } ?? [:]
    }
    var bars: [RouteDefinition.Selector: Double] = [:]
    for (name, value) in node.members(stages, of: "bar") ?? [:] {
      if let selector = RouteDefinition.Selector(rawValue: name) { bars[selector] = value.number("bar", 0...1) }
    }
    return bars
  }

  private func fit(_ node: NodeReader) -> String? {
    guard let file = node.text("fit") else { return nil }
    do { _ = try FolderPath.resolve(file, in: steps.names.folder) } catch {
      node.complain(RunFailure(error).message)
      return nil
    }
    return file
  }

  private func merge(_ node: NodeReader, _ scope: TemplateScope) -> RouteDefinition.Merge? {
    guard node.isScalar else {
      var scope = scope
      scope.input = Schema(of: ["text": "", "answers": [["route": "", "title": "", "output": nil]]])
      return steps.step(node, name: "merge", scope: scope).map { .step($0) }
    }
    guard let word = node.text("merge") else { return nil }
    guard word == "join" else {
      node.complain("merge must be join, which puts the answers one after another, or a step")
      return nil
    }
    return .join
  }

  private func selectors(_ node: NodeReader) -> [RouteDefinition.Selector] {
    let nodes: [NodeReader]
    if node.isList { nodes = node.list("by") ?? [] } else { nodes = [node] }
    if nodes.isEmpty { node.complain("by names no selector; selectors: \(Self.selectors.joined(separator: ", "))") }
    var seen: Set<RouteDefinition.Selector> = []
    return nodes.compactMap { node in
      guard let name = node.text("a selector") else { return nil }
      guard let selector = RouteDefinition.Selector(rawValue: name) else {
        let hint =
          name.hint(among: Self.selectors, as: "selectors")
        node.complain("there is no selector \"\(name)\"; \(hint)")
        return nil
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
    if by.contains(.model) || by.contains(.decision), description == nil, examples.isEmpty {
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
      var scope = scope
      scope.isDecided = true
      return steps.step(node, name: "otherwise", scope: scope).map { .step($0) }
    }
    guard let route = node.text("otherwise") else { return nil }
    guard routes.contains(route) else {
      let hint =
        route.hint(among: routes, as: "routes")
      node.complain("there is no route \"\(route)\"; \(hint)")
      return nil
    }
    return .route(route)
  }
}
