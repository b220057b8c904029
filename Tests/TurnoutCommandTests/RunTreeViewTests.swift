import Testing
import TurnoutCore

/// What `--summary` and `--json` say of the steps of a run.
@Suite struct RunTreeViewTests {
  /// A text without the times in it, which are never the same.
  private func timeless(_ text: String) -> [String] {
    text.replacing(#/\ *[0-9.]+\ m?s\b/#, with: " T").split(separator: "\n").map { line in
      String(line).replacing(#/\ +/#, with: " ")
    }
  }

  private static let files = [
    "flow.yaml": """
    turnout: 1
    run:
      chain:
        - name: both
          parallel:
            on_failure: settle
            branches:
              slow: { agent: { instructions: slowly } }
              quick: { agent: { instructions: quickly } }
              broken: { agent: { instructions: never } }
        - text: done
    """,
    "script.yaml": """
    - { when: slowly, text: a, delay_ms: 150 }
    - { when: quickly, text: b }
    """,
  ]

  @Test("a tree with what decided how long it took") func tree() async throws {
    let folder = try Folder(Self.files)
    let result = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "x", "--model", "scripted:script.yaml", "--summary")
    #expect(result.status == 0)
    #expect(result.output == "done\n")
    #expect(
      timeless(result.complaint) == [
        " flow T 30 tokens", " ├─ both T 30 tokens 3 branches", "● │ ├─ slow T 15 tokens", " │ ├─ quick T 15 tokens",
        " │ └─ broken T failed: scripted: script.yaml has no answer for this request", "● └─ 2 T",
        "● critical path: both/slow T → 2 T", "✓ partial in T · 2 calls, 20 tokens in, 10 out",
      ])
  }

  @Test("without a terminal nobody asks for a tree") func quiet() async throws {
    let folder = try Folder(Self.files)
    let result = try await Turnout(in: folder.path)("run", "flow.yaml", "x", "--model", "scripted:script.yaml")
    #expect(result.complaint == "")
  }

  @Test("JSON has the critical path") func json() async throws {
    let folder = try Folder(Self.files)
    let result = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "x", "--model", "scripted:script.yaml", "--json")
    let value = try result.json()
    let path = try #require(value["critical_path"]?.array)
    #expect(path.map { $0["path"] } == ["flow/both/slow", "flow/2"])
    let total = path.compactMap { $0["duration_ms"]?.double }.reduce(0, +)
    #expect(total >= 150 && total <= value["duration_ms"]?.double ?? 0)
  }

  @Test("of many branches the longest and the failed are shown, the rest is counted") func many() async throws {
    let folder = try Folder([
      "flow.yaml": """
      turnout: 1
      inputs: [0]
      run: { each: { on_failure: settle, at_most: 40, agent: { instructions: x, prompt: "is {{item}}!" } } }
      """,
      "script.yaml":
        "- { when: is 7!, text: late, delay_ms: 200 }\n- { when: is 1, text: one }\n- { when: is 2, text: two }\n",
    ])
    let items = (0..<30).map(String.init).joined(separator: ", ")
    let result = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "[\(items)]", "--model", "scripted:script.yaml", "--summary", "--json")
    let lines = timeless(result.complaint)
    #expect(lines.first?.hasPrefix(" flow T") == true)
    #expect(lines.contains("● ├─ 7 T 15 tokens"))
    #expect(
      lines.count { $0.contains("failed: ") } == 7, "all that failed are shown")
    #expect(lines.contains { $0.hasPrefix(" └─ 18 more") })
    #expect(try result.json()["status"] == "partial")
  }
}
