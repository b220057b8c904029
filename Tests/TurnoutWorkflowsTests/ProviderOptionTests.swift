import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTesting

@testable import TurnoutWorkflows

/// `providers:` with wires, headers and queries.
@Suite struct ProviderOptionTests {
  @Test("each wire, and what goes with every request") func read() throws {
    let folder = try Folder([
      "flow.yaml": """
      turnout: 1
      providers:
        plain: { base_url: "http://10.0.0.7:8000/v1" }
        azure:
          base_url: https://x.openai.azure.com/openai/v1
          key: AZURE_KEY
          wire: openai
          key_header: api-key
          query: { api-version: preview }
          headers: { x-team: desk }
        claude: { base_url: "https://proxy.example", key: CLAUDE_KEY, wire: anthropic }
      models: { default: azure:gpt }
      run: { text: a }
      """
    ])
    let providers = try folder.workflow().providers
    #expect(providers["plain"]?.wire == .chat(.init()))
    #expect(providers["azure"]?.wire == .chat(.openAI))
    #expect(providers["azure"]?.keyHeader == "api-key")
    #expect(providers["azure"]?.query == ["api-version": "preview"])
    #expect(providers["azure"]?.headers == ["x-team": "desk"])
    #expect(providers["claude"]?.wire == .anthropic)
  }

  @Test(
    "what is wrong is told with its place",
    arguments: [
      BadFile(
        "a wire that nobody speaks",
        "turnout: 1\nproviders: { a: { base_url: \"http://x\", wire: anthropc } }\nrun: { text: a }\n",
        "2:47: wire cannot be \"anthropc\"; did you mean \"anthropic\"?"),
      BadFile(
        "a key among the headers",
        "turnout: 1\nproviders: { a: { base_url: \"http://x\", headers: { Authorization: Bearer x } } }\nrun: { text: a }\n",
        "2:52: a file has no place for a key; name its variable under key, and its header under key_header"),
      BadFile(
        "a header that is none",
        "turnout: 1\nproviders: { a: { base_url: \"http://x\", key_header: \"a b\" } }\nrun: { text: a }\n",
        "2:53: \"a b\" is no name of a header"),
    ])
  func bad(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }
}
