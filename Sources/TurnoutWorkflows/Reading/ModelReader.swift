import TurnoutCore

/// Reads `models:`: names for references, each alone or with how the model is taken care of.
struct ModelReader {
  /// The providers there are.
  let known: [String]

  private static let keys = ["model", "fallback", "retries", "first_token", "between_tokens", "timeout", "cache"]

  func read(_ node: NodeReader?) -> (references: [String: String], options: [String: ModelOptions]) {
    var references: [String: String] = [:]
    var options: [String: ModelOptions] = [:]
    let entries = node?.named("models") ?? []
    let names = Set(entries.map(\.name))
    for (name, _, value) in entries {
      guard value.isMapping else {
        references[name] = reference(value)
        continue
      }
      guard let members = value.members(Self.keys, of: "the model \"\(name)\"") else { continue }
      guard let model = members["model"] else {
        value.complain("the model \"\(name)\" does not say which one it is: model: provider:model")
        continue
      }
      references[name] = reference(model)
      var option = ModelOptions()
      option.care.retries = members["retries"]?.int("retries", 0...20)
      option.care.timeouts = ModelTimeouts(
        first: members["first_token"]?.duration("first_token"),
        between: members["between_tokens"]?.duration("between_tokens"), total: members["timeout"]?.duration("timeout"))
      option.cache = members["cache"]?.int("cache", 1...1_000_000)
      let others = members["fallback"].map { $0.isList ? $0.list("fallback") ?? [] : [$0] } ?? []
      option.fallback = others.compactMap { other($0, than: name, names) }
      if name == "embeddings", option != ModelOptions() {
        value.complain("embeddings is the model that makes vectors; it has none of these options")
      }
      options[name] = option
    }
    return (references, options)
  }

  private func reference(_ node: NodeReader) -> String? {
    guard let reference = node.text("a model") else { return nil }
    if let problem = ProviderNames.problem(reference, known: known) { node.complain(problem) }
    return reference
  }

  /// Another model, by its name in the file or by a reference.
  private func other(_ node: NodeReader, than name: String, _ names: Set<String>) -> String? {
    guard let other = node.text("a fallback") else { return nil }
    if other == name { node.complain("the model \"\(name)\" is its own fallback") }
    if other == "embeddings" { node.complain("embeddings is the model that makes vectors, not one that answers") }
    if !names.contains(other), let problem = ProviderNames.problem(other, known: known) { node.complain(problem) }
    return other
  }
}
