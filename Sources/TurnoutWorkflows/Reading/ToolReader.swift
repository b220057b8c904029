import TurnoutCore

/// Reads the `tools:` block: programs that models or steps can call.
struct ToolReader {
  let log: DiagnosticLog

  func read(_ node: NodeReader?) -> [String: ToolDefinition] {
    var tools: [String: ToolDefinition] = [:]
    for (name, key, value) in node?.named("tools") ?? [] {
      let isPlain =
        name.utf8.count <= 64
        && name.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-")
        }
      if !isPlain {
        key.complain("a tool's name has at most 64 letters, digits, \"_\" and \"-\", since models call it by it")
      }
      if let tool = tool(name, value) { tools[name] = tool }
    }
    return tools
  }

  private func tool(_ name: String, _ node: NodeReader) -> ToolDefinition? {
    guard
      let members = node.members(
        ["description", "parameters", "command", "timeout", "read_only"], of: "the tool \"\(name)\"")
    else { return nil }
    guard let command = members["command"] else {
      node.complain("the tool \"\(name)\" has no command")
      return nil
    }
    let parameters = members["parameters"].map { SchemaReader().properties($0) } ?? []
    let words = (command.list("command") ?? []).compactMap { word(name, $0, parameters) }
    if words.isEmpty { command.complain("the command of \"\(name)\" is empty") }
    let description = members["description"].flatMap { $0.text("description") }
    if members["description"] == nil {
      node.complain("the tool \"\(name)\" has no description, which models choose it by")
    }
    return ToolDefinition(
      name: name, description: description ?? "", parameters: parameters, command: words,
      timeout: members["timeout"].flatMap { $0.duration("timeout") } ?? .seconds(30),
      isReadOnly: members["read_only"]?.flag("read_only") ?? false)
  }

  private func word(_ tool: String, _ node: NodeReader, _ parameters: [Schema.Property]) -> Template? {
    guard let text = node.rawText else {
      node.complain("a word of a command must be a text")
      return nil
    }
    switch Template.parse(text) {
    case .failure(let problem):
      node.complain(problem.message)
      return nil
    case .success(let template):
      let known = parameters.map(\.name)
      for name in template.names where name.count != 1 || !known.contains(name[0]) {
        let full = name.joined(separator: ".")
        let hint =
          full.hint(among: known, as: "its parameters")
        node.complain("{{\(full)}} is no parameter of the tool \"\(tool)\"; \(hint)")
      }
      return template
    }
  }
}
