import TurnoutCore

/// Reads steps: a mapping in which exactly one key says what kind of step it is.
struct StepReader {
  let names: WorkflowNames
  let log: DiagnosticLog

  static let kinds = [
    "agent", "route", "parallel", "each", "split", "race", "hedge", "vote", "judge", "medoid", "best_of",
    "mixture", "refine", "orchestrate", "chain", "tool", "text", "use",
  ]
  /// The keys of a step: what it does, what that may use, and what answers when it fails.
  static let keys = kinds + ["budget", "fallback"]

  /// Reads the step in a mapping that has no other keys.
  func step(_ node: NodeReader, name: String, scope: TemplateScope) -> StepDefinition? {
    if let gate = node.member("gate") {
      gate.complain("a gate stands between the steps of a chain")
      return nil
    }
    guard let members = node.members(Self.keys, of: "the step \"\(name)\"") else { return nil }
    return step(node, members, name: name, scope: scope)
  }

  /// Reads the step in a mapping whose members have been looked up, since some of them are the caller's.
  func step(
    _ node: NodeReader, _ members: [String: NodeReader], name: String, scope: TemplateScope
  ) -> StepDefinition? {
    let present = Self.kinds.filter { members[$0] != nil }
    guard let kind = present.first, let body = members[kind], present.count == 1 else {
      let found = present.isEmpty ? "" : "; found \(present.joined(separator: " and "))"
      node.complain("the step \"\(name)\" needs exactly one of \(Self.kinds.joined(separator: ", "))\(found)")
      return nil
    }
    let budget = members["budget"].flatMap(BudgetReader().budget)
    guard let step = read(kind, body, name, scope).map({ StepDefinition(name: name, kind: $0, budget: budget) }) else {
      return nil
    }
    guard let fallback = members["fallback"] else { return step }
    return self.step(fallback, name: "fallback", scope: scope).map {
      StepDefinition(name: name, kind: .fallback(step, otherwise: $0))
    }
  }

  private func read(_ kind: String, _ body: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind?
  {
    switch kind {
    case "agent": AgentReader(steps: self).read(body, name, scope)
    case "route": RouteReader(steps: self).read(body, name, scope)
    case "parallel": FanOutReader(steps: self).parallel(body, name, scope)
    case "each": FanOutReader(steps: self).each(body, name, scope)
    case "split": SplitReader(steps: self).read(body, name, scope)
    case "race": RaceReader(steps: self).race(body, name, scope)
    case "hedge": RaceReader(steps: self).hedge(body, name, scope)
    case "vote": VotingReader(steps: self).vote(body, name, scope)
    case "judge": VotingReader(steps: self).judge(body, name, scope)
    case "medoid": VotingReader(steps: self).medoid(body, name, scope)
    case "best_of": VotingReader(steps: self).bestOf(body, name, scope)
    case "mixture": VotingReader(steps: self).mixture(body, name, scope)
    case "refine": PatternReader(steps: self).refine(body, name, scope)
    case "orchestrate": PatternReader(steps: self).orchestrate(body, name, scope)
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
      if let given {
        if !used.insert(name).inserted { given.complain("two steps of the chain are called \"\(name)\"") }
        if !Self.isNameable(name) {
          given.complain(
            "a step's name has no dots, braces or white space in it and is no number, so that templates can name it")
        }
      }
      if let members = item.members(["name", "gate"] + Self.keys, of: "the step \"\(name)\""),
        let step = link(item, members, name, scope)
      {
        steps.append(step)
        scope.input = step.output
      } else {
        scope.input = .any
      }
      if given != nil { scope.steps.append((name, scope.input)) }
    }
    return .chain(steps)
  }

  /// A step of a chain, or a gate between two.
  private func link(
    _ node: NodeReader, _ members: [String: NodeReader], _ name: String, _ scope: TemplateScope
  ) -> StepDefinition? {
    guard let gate = members["gate"] else { return step(node, members, name: name, scope: scope) }
    if let other = Self.keys.first(where: { members[$0] != nil }) {
      members[other]?.complain("a gate is a part of a chain by itself, so \(other) has no place beside it")
    }
    return PatternReader(steps: self).gate(gate, name, scope).map { StepDefinition(name: name, kind: .gate($0)) }
  }

  private static func isNameable(_ name: String) -> Bool {
    !StepDefinition.isNumber(name) && !name.contains { $0 == "." || $0 == "{" || $0 == "}" || $0.isWhitespace }
  }

  private func tool(_ node: NodeReader, _ scope: TemplateScope) -> StepDefinition.Kind? {
    guard let members = node.members(["name", "arguments"], of: "a tool step") else { return nil }
    guard let reference = members["name"] else {
      node.complain("the tool step does not name its tool")
      return nil
    }
    guard let tool = knownTool(reference) else { return nil }
    var arguments: [(String, ArgumentDefinition)] = []
    let parameters = tool.parameters.map(\.name)
    for (name, key, value) in members["arguments"]?.named("arguments") ?? [] {
      let parameter = tool.parameters.first { $0.name == name }
      if parameter == nil {
        let hint =
          name.hint(among: parameters, as: "its parameters")
        key.complain("the tool \"\(tool.name)\" has no parameter \"\(name)\"; \(hint)")
      }
      if let argument = argument(value, parameter, scope) { arguments.append((name, argument)) }
    }
    for parameter in tool.parameters where !parameter.schema.isOptional {
      if members["arguments"]?.member(parameter.name) == nil {
        node.complain("the tool \"\(tool.name)\" needs the argument \"\(parameter.name)\"")
      }
    }
    return .tool(tool.name, arguments)
  }

  /// Reads an argument: a template, or a value that fits its parameter.
  private func argument(
    _ node: NodeReader, _ parameter: Schema.Property?, _ scope: TemplateScope
  ) -> ArgumentDefinition? {
    if let text = node.rawText, text.contains("{{") {
      guard let template = template(node, "an argument", scope) else { return nil }
      if let parameter, let found = shape(of: template, scope), !found.mayFit(parameter.schema) {
        node.complain(
          "the argument \"\(parameter.name)\" does not fit: it takes \(parameter.schema.kindDescription), and this is "
            + found.kindDescription)
      }
      return .template(template)
    }
    guard let value = node.value(), let parameter else { return nil }
    // What looks like a number is a text where a text is wanted.
    let written = node.rawText.map { Value.string($0) } ?? value
    for candidate in [value, written] where (try? parameter.schema.check(candidate)) != nil { return .value(candidate) }
    do { try parameter.schema.check(value) } catch {
      node.complain("the argument \"\(parameter.name)\" does not fit: \(RunFailure(error).message)")
    }
    return nil
  }

  /// The shape of what a template gives: that of the one name it is, else a text.
  private func shape(of template: Template, _ scope: TemplateScope) -> Schema? {
    guard template.parts.count == 1, let name = template.names.first else { return .string() }
    return try? scope.shape(of: name).get()
  }

  /// Reads the name of a tool and looks it up.
  func knownTool(_ node: NodeReader) -> ToolDefinition? {
    guard let name = node.text("a tool's name") else { return nil }
    if let tool = names.tools[name] { return tool }
    let known = names.tools.keys.sorted()
    let hint = known.isEmpty ? "the file declares no tools" : name.hint(among: known, as: "tools")
    node.complain("there is no tool \"\(name)\"; \(hint)")
    return nil
  }

  private func use(_ node: NodeReader) -> StepDefinition.Kind? {
    guard let file = node.text("use") else { return nil }
    do {
      let path = try FolderPath.resolve(file, in: names.folder)
      let parents = names.uses.parents
      if parents.contains(path) {
        let cycle = (parents.drop { $0 != path } + [path]).map(FolderPath.name)
        node.complain("the file uses itself: \(cycle.joined(separator: " → "))")
      } else if !names.uses.hasRoom {
        node.complain("more than \(UsedFiles.limit) files are used, each counted as often as it is")
      } else if !FolderPath.isReadableFile(path) {
        node.complain("there is no file \"\(file)\", or it cannot be read")
      } else {
        return .use(try Workflow(path, shownAs: FolderPath.sibling(file, of: log.file), uses: names.uses))
      }
    } catch let error as WorkflowError {
      log.add(error.diagnostics)
    } catch {
      node.complain("\(RunFailure(error).message)")
    }
    return nil
  }
}
