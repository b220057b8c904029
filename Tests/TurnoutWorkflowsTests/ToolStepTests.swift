import Testing
import TurnoutCore

@testable import TurnoutWorkflows

@Suite struct ToolStepTests {
  private static func file(_ arguments: String) -> String {
    """
    turnout: 1
    tools:
      show:
        description: Prints its arguments, one a line
        parameters: { words: string, count: { type: integer, minimum: 0, optional: true }, more: any? }
        command: [sh, -c, 'printf "[%s]" "$@"; echo', sh, "{{words}}", "{{count}}", "{{more}}", "--{{words}}-{{count}}"]
    run: { tool: { name: show, arguments: { \(arguments) } } }
    """
  }

  @Test(
    "arguments are templates or values; what is left out is empty",
    arguments: [
      ("words: \"{{input}}\"", "hello", "[hello][][][--hello-]"),
      ("words: \"a {{input}} b\", count: 3", "x", "[a x b][3][][--a x b-3]"),
      ("words: 12, count: 0x10", "x", "[12][16][][--12-16]"),
      (
        "words: \"{{input.a}}\", count: \"{{input.n}}\", more: \"{{input.l}}\"", ["a": "b", "n": 7, "l": ["c", nil]],
        "[b][7][[\"c\",null]][--b-7]"
      ),
      ("words: b, more: { c: [d, 1.5] }", "x", "[b][][{\"c\":[\"d\",1.5]}][--b-]"),
      (
        "words: \"{{input}}\"", "$(id) `id` \"; rm -r / '价'\n-x",
        "[$(id) `id` \"; rm -r / '价'\n-x][][][--$(id) `id` \"; rm -r / '价'\n-x-]"
      ),
    ] as [(String, Value, String)])
  func arguments(_ arguments: String, _ input: Value, _ expected: String) async throws {
    #expect(try await run(Self.file(arguments), input).string == expected)
  }

  @Test("values that do not fit are told before anything runs") func misfits() throws {
    for arguments in ["words: [a]", "words: b, count: -1", "words: b, count: two", "words: b, count: 1.5"] {
      let found = try complaints(Self.file(arguments))
      #expect(found.count == 1 && found.first?.contains("does not fit: ") == true, "\(arguments): \(found)")
      #expect(found.first?.hasPrefix("7:") == true)
    }
  }

  @Test("a value from the input that does not fit fails the run") func runtimeMisfit() async throws {
    let text = Self.file("words: a, count: \"{{input}}\"")
    #expect(await failure { try await run(text, "many") } != nil)
    #expect(try await run(text, 4) == "[a][4][][--a-4]")
  }

  @Test("a program that fails, with its exit status and its last line") func fails() async throws {
    let text = """
      turnout: 1
      tools: { bad: { description: a, command: [sh, -c, "echo out; echo first >&2; echo last >&2; exit 4"] } }
      run: { tool: { name: bad } }
      """
    let error = try #require(await failure { try await run(text) })
    #expect(error.message.contains("last") && error.message.contains("4"))
  }

  @Test("a program with a path belongs to the file's folder, wherever the process is") func folder() async throws {
    let text = """
      turnout: 1
      tools: { here: { description: a, command: [sh, -c, "pwd; cat inner/a.txt"] } }
      run: { tool: { name: here } }
      """
    let folder = try Folder(["flow.yaml": text, "inner/a.txt": "x"])
    #expect(try await folder.workflow().run("a", TestModels()).string == "\(folder.path)\nx")
    let shell = folder.path.split(separator: "/").map { _ in ".." }.joined(separator: "/") + "/bin/sh"
    let outside = text.replacing("[sh, -c, \"pwd; cat inner/a.txt\"]", with: "[\(shell)]")
    #expect(await failure { try await run(outside) }?.message.contains("outside") == true)
  }

  @Test("a tool sees no keys of this process") func environment() async throws {
    let text = "turnout: 1\ntools: { env: { description: a, command: [env] } }\nrun: { tool: { name: env } }\n"
    let names = try await run(text).text.split(separator: "\n").map { $0.prefix { $0 != "=" } }
    #expect(Set(names).isSubset(of: ["PATH", "HOME", "LANG", "TMPDIR", "PWD", "SHLVL", "_"]))
  }
}
