import Foundation
import TestSupport
import Testing

/// A key that is set appears nowhere, also when a server sends it back.
@Suite struct SecretTests {
  private static let canary = Remains.key
  private static let flow = """
    turnout: 1
    models: { default: "openai:m", mine: "mine:m" }
    providers: { mine: { base_url: "http://127.0.0.1:9/v1", key: MY_OWN_KEY } }
    tools: { env: { description: a, command: [env] } }
    run:
      chain:
        - { name: env, tool: { name: env } }
        - agent: { instructions: a, prompt: "{{steps.env.output}}" }
    """

  @Test("answers and refusals that repeat the key", arguments: [200, 400, 401, 429, 500])
  func repeated(_ status: Int) async throws {
    let refusal = "{\"error\": {\"message\": \"the key {key} is not good\", \"code\": \"{key}\"}}"
    let answer =
      "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \"ok\"}, \"finish_reason\": \"stop\"}]}"
    try await Server.answering(status, status == 200 ? answer : refusal) { base in
      let folder = try Folder(["flow.yaml": Self.flow])
      var turnout = Turnout(in: folder.path)
      turnout.environment = ["OPENAI_API_KEY": Self.canary, "MY_OWN_KEY": Self.canary, "OPENAI_BASE_URL": base]
      for more in [["--progress"], ["--json"]] {
        let result = try await turnout.run(["run", "flow.yaml", "hello", "--events", "events.jsonl"] + more)
        #expect((result.status == 0) == (status == 200), "\(result.complaint)")
        let events = try folder.text("events.jsonl")
        #expect(events.contains("\"kind\":\"model\""))
        for text in [result.output, result.complaint, events] { #expect(!text.contains("canary")) }
      }
    }
  }

  @Test("a key with a line break in it, a wrong address, and the list of models") func elsewhere() async throws {
    let folder = try Folder(["flow.yaml": Self.flow])
    let base = Server.nothing
    for key in [Self.canary, "\(Self.canary)\nX-Evil: 1", "Bearer \(Self.canary)"] {
      var turnout = Turnout(in: folder.path)
      turnout.environment = ["OPENAI_API_KEY": key, "OPENAI_BASE_URL": base, "MY_OWN_KEY": key]
      for arguments in [
        ["run", "flow.yaml", "hello"], ["run", "flow.yaml", "hello", "--json"], ["check", "flow.yaml"],
      ] {
        let result = try await turnout.run(arguments)
        #expect(!(result.output + result.complaint).contains("canary"))
      }
    }
  }
}
