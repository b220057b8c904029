import TurnoutCore
import TurnoutProviders

/// Reads what a file says of a server beside its address and its key.
struct ProviderReader {
  static let keys = ["base_url", "key", "wire", "key_header", "headers", "query"]

  private static let wires: [String: ProviderCatalog.Wire] = [
    "chat": .chat(.init()), "openai": .chat(.openAI), "responses": .responses(.openAI), "anthropic": .anthropic,
    "gemini": .gemini,
  ]

  func read(_ members: [String: NodeReader], into provider: inout ProviderDefinition) {
    if let node = members["wire"] { provider.wire = node.choice("wire", Self.wires) ?? provider.wire }
    if let node = members["key_header"], let name = node.text("key_header") {
      if !Self.isName(name) { node.complain("\"\(name)\" is no name of a header") }
      provider.keyHeader = name
    }
    provider.headers = pairs(members["headers"], "headers") { name, value in
      if !Self.isName(name) { return "\"\(name)\" is no name of a header" }
      if ["authorization", "api-key", "x-api-key", "x-goog-api-key"].contains(name.lowercased()) {
        return "a file has no place for a key; name its variable under key, and its header under key_header"
      }
      return value.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? nil : "a header's value is plain ASCII on one line"
    }
    provider.query = pairs(members["query"], "query") { _, _ in nil }
  }

  private func pairs(
    _ node: NodeReader?, _ what: String, _ problem: (String, String) -> String?
  ) -> [String: String] {
    var pairs: [String: String] = [:]
    for (name, key, value) in node?.named(what) ?? [] {
      guard let text = value.text("a value of \(what)") else { continue }
      if let problem = problem(name, text) { key.complain(problem) }
      pairs[name] = text
    }
    return pairs
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x2D }
  }
}
