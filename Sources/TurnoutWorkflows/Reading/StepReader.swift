import TurnoutCore

/// Reads steps: a mapping in which exactly one key says what kind of step it is.
struct StepReader {
  let names: WorkflowNames
  let log: DiagnosticLog

  static let kinds = ["agent", "route", "parallel", "each", "split", "chain", "tool", "text", "use"]
  /// The keys of a step: what it does, and what answers when that fails.
  static let keys = kinds + ["fallback"]

  /// Reads the step in a mapping that may have other keys too.
  /// - Parameter extra: the other keys, which the caller reads.
  func step(_ node: NodeReader, name: String, extra: [String], scope: TemplateScope) -> StepDefinition? {
    guard let members = node.members(Self.keys + extra, of: "the step \"\(name)\"") else { return nil }
    let present = Self.kinds.filter { members[$0] != nil }
    guard let kind = present.first, let body = members[kind], present.count == 1 else {
      let found = present.isEmpty ? "" : "; found \(present.joined(separator: " and "))"
      node.complain("the step \"\(name)\" needs exactly one of \(Self.kinds.joined(separator: ", "))\(found)")
      return nil
    }
    guard let step = read(kind, body, name, scope).map({ StepDefinition(name: name, kind: $0) }) else { return nil }
    guard let fallback = members["fallback"] else { return step }
    return self.step(fallback, name: "fallback", extra: [], scope: scope).map {
      StepDefinition(name: name, kind: .fallback(step, otherwise: $0))
    }
  }

  private func read(_ kind: String, _ body: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    switch kind {
    case "agent": AgentReader(steps: self).read(body, name, scope)
    case "route": RouteReader(steps: self).read(body, name, scope)
    case "parallel": FanOutReader(steps: self).parallel(body, name, scope)
    case "each": FanOutReader(steps: self).each(body, name, scope)
    case "split": FanOutReader(steps: self).split(body, name, scope)
    case "chain": chain(body, scope)
    case "tool": tool(body, scope)
    case "text": template(body, "text", scope).map { .text($0) }
    default: use(body)
    }
  }

  /// Reads a template and checks its names.
  func template(_ node: NodeReader, _ what: String, _ scope: TemplateScope) -> Template? {
    guard let text = node.text(what) else { return nil }
    switch Template.parse(text) {
    case .failure(let problem):
      node.complain(problem.message)
      return nil
    case .success(let template):
      for name in template.names {
        if let problem = scope.problem(with: name) { node.complain(problem) }
      }
      return template
    }
  }

  private func chain(_ node: NodeReader, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let list = node.list("chain"), !list.isEmpty else {
      node.complain("a chain needs at least one step")
      return nil
    }
    var scope = scope
    var steps: [StepDefinition] = []
    var used: Set<String> = []
    for (index, item) in list.enumerated() {
      let given = item.member("name")
      let name = given?.text("name") ?? "\(index + 1)"
      if !used.insert(name).inserted { (given ?? item).complain("two steps of the chain are called \"\(name)\"") }
      if let step = step(item, name: name, extra: ["name"], scope: scope) { steps.append(step) }
      if given != nil { scope.steps.append(name) }
      // From here on the input is what a step produced, of which nothing is known yet.
      scope.input = nil
    }
    return .chain(steps)
  }

  private func tool(_ node: NodeReader, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(["name", "arguments"], of: "a tool step") else { return nil }
    guard let reference = members["name"] else {
      node.complain("the tool step does not name its tool")
      return nil
    }
    guard let tool = knownTool(reference) else { return nil }
    var arguments: [(String, Template)] = []
    let parameters = tool.parameters.map(\.name)
    for (name, key, value) in members["arguments"]?.named("arguments") ?? [] {
      if !parameters.contains(name) {
        let hint = name.nearest(of: parameters).map { "did you mean \"\($0)\"?" } ?? "its parameters: \(parameters.joined(separator: ", "))"
        key.complain("the tool \"\(tool.name)\" has no parameter \"\(name)\"; \(hint)")
      }
      if let template = template(value, name, scope) { arguments.append((name, template)) }
    }
    for parameter in tool.parameters where !parameter.schema.isOptional {
      if !arguments.contains(where: { $0.0 == parameter.name }) {
        node.complain("the tool \"\(tool.name)\" needs the argument \"\(parameter.name)\"")
      }
    }
    return .tool(tool.name, arguments)
  }

  /// Reads the name of a tool and looks it up.
  func knownTool(_ node: NodeReader) -> ToolDefinition? {
    guard let name = node.text("a tool's name") else { return nil }
    if let tool = names.tools[name] { return tool }
    let known = names.tools.keys.sorted()
    let hint = name.nearest(of: known).map { "did you mean \"\($0)\"?" }
      ?? (known.isEmpty ? "the file declares no tools" : "tools: \(known.joined(separator: ", "))")
    node.complain("there is no tool \"\(name)\"; \(hint)")
    return nil
  }

  private func use(_ node: NodeReader) -> StepDefinition.Kind? {
    guard let file = node.text("use") else { return nil }
    do {
      let path = try FolderPath.resolve(file, in: names.folder)
      if names.parents.contains(path) {
        let cycle = (names.parents.drop { $0 != path } + [path]).map(FolderPath.name)
        node.complain("the file uses itself: \(cycle.joined(separator: " → "))")
        return nil
      }
      let shown = FolderPath.sibling(file, of: log.file)
      return .use(try Workflow(path, shownAs: shown, using: names.parents))
    } catch let error as WorkflowError {
      log.add(error.diagnostics)
    } catch {
      node.complain("\(RunFailure(error).message)")
    }
    return nil
  }
}
