import Testing
import TurnoutCore

/// What the command says of branches that are tried again.
@Suite struct AttemptTests {
  /// A tool that takes far too long when it is called for the first time.
  private static func file(attempts: Int) -> [String: String] {
    [
      "flow.yaml": """
      turnout: 1
      inputs: [a, b]
      tools:
        look_up:
          description: looks up
          command: [sh, -c, "test -f seen || { touch seen; sleep 600; }; echo done"]
      run:
        each:
          timeout: 2s
          retry: { attempts: \(attempts), delay: 10ms }
          on_failure: settle
          at_most: 1
          tool: { name: look_up }
      """
    ]
  }

  private func run(_ files: [String: String]) async throws -> Value {
    let folder = try Folder(files)
    let result = try await Turnout(in: folder.path).run(["run", "flow.yaml", "--json"])
    #expect(result.status == 0)
    return try result.json()
  }

  @Test("a branch that succeeded at its second attempt leaves nothing partial") func mended() async throws {
    let value = try await run(Self.file(attempts: 2))
    #expect(value["output"]?.array?.map { $0["output"] } == ["done", "done"])
    #expect(value["status"] == "succeeded")
  }

  @Test("a branch without another attempt makes the run partial") func late() async throws {
    let value = try await run(Self.file(attempts: 1))
    #expect(value["output"]?.array?.map { $0["status"] } == ["failed", "succeeded"])
    #expect(value["output"]?[0]?["error"]?["label"] == "timed_out")
    #expect(value["status"] == "partial")
  }
}

/// What the command says was wasted: what failed or lost, each call once.
@Suite struct WasteTests {
  private func wasted(_ flow: String, _ script: String) async throws -> Value? {
    let folder = try Folder(["flow.yaml": flow, "s.yaml": script])
    let result = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "hello", "--json", "--model", "scripted:s.yaml")
    return try result.json()["wasted"]?["calls"]
  }

  private static let script = "- when: [good]\n  text: \"Yes, well\"\n- text: no\n"

  @Test("a step whose fallback answers") func fallback() async throws {
    let flow = """
      turnout: 1
      run:
        agent: { instructions: bad, opens_with: "Yes", reasks: 1 }
        fallback: { agent: { instructions: good, opens_with: "Yes" } }

      """
    #expect(try await wasted(flow, Self.script) == 2)
  }

  @Test("branches inside of a branch that failed count once") func nested() async throws {
    let flow = """
      turnout: 1
      run:
        parallel:
          on_failure: settle
          branches:
            good: { agent: { instructions: good } }
            inner:
              parallel:
                on_failure: { quorum: 2 }
                branches:
                  a: { agent: { instructions: good } }
                  b: { agent: { instructions: bad, opens_with: "Yes", reasks: 0 } }

      """
    #expect(try await wasted(flow, Self.script) == 2)
  }

  @Test("nothing, and then nothing is said") func nothing() async throws {
    #expect(try await wasted("turnout: 1\nrun: { agent: { instructions: good } }\n", Self.script) == nil)
  }
}
