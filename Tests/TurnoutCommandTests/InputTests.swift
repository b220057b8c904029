import Foundation
import Testing
import TurnoutCore

@Suite struct InputTests {
  private func turnout() throws -> (Folder, Turnout) {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { text: \"<{{input}}>\" }\n", "in.txt": "from a file\n价"])
    return (folder, Turnout(in: folder.path))
  }

  @Test("by argument, by file, by standard input") func sources() async throws {
    let (_folder, turnout) = try turnout()
    #expect(try await turnout("run", "flow.yaml", "an argument").output == "<an argument>\n")
    #expect(try await turnout("run", "flow.yaml", "--input-file", "in.txt").output == "<from a file\n价>\n")
    #expect(try await turnout("run", "flow.yaml", "-", input: "from\nstdin\n").output == "<from\nstdin\n>\n")
    #expect(try await turnout("run", "flow.yaml", "--", "--dashes").output == "<--dashes>\n")
    // What is not asked for is not read.
    #expect(try await turnout("run", "flow.yaml", "an argument", input: "from stdin").output == "<an argument>\n")
    withExtendedLifetime(_folder) {}
  }

  @Test("1 MiB comes through as it is, by file and by standard input") func large() async throws {
    let (folder, turnout) = try turnout()
    let text = String(repeating: "a 价 line\n", count: 1 << 17)
    #expect(text.utf8.count > 1 << 20)
    try folder.write("large.txt", Data(text.utf8))
    #expect(try await turnout("run", "flow.yaml", "--input-file", "large.txt").output == "<\(text)>\n")
    #expect(try await turnout("run", "flow.yaml", "-", input: text).output == "<\(text)>\n")
  }

  @Test("values are printed as lines, and as they are with --json") func values() async throws {
    let folder = try Folder([
      "flow.yaml":
        "turnout: 1\nrun: { agent: { instructions: a, output: { who: string, tags: { type: array, items: string } } } }\n",
      "script.yaml": "- { value: { who: Ada, tags: [x, y] } }\n",
    ])
    let arguments = ["run", "flow.yaml", "hello", "--model", "scripted:script.yaml"]
    let turnout = Turnout(in: folder.path)
    #expect(try await turnout.run(arguments).output == "who: Ada\ntags:\n  - x\n  - y\n")
    #expect(try await turnout.run(arguments + ["--json"]).json()["output"] == ["who": "Ada", "tags": ["x", "y"]])
  }
}

@Suite struct TerminalTests {
  private static let files = [
    "flow.yaml":
      "turnout: 1\ninputs: [a, b]\nrun: { each: { label: \"{{item}}\", on_failure: settle, agent: { instructions: x, prompt: \"is {{item}}\" } } }\n",
    "script.yaml": "- { when: is a, text: done }\n",
  ]
  private static let run = ["run", "flow.yaml", "--model", "scripted:script.yaml"]

  @Test("without a terminal there is no progress and no colour") func plain() async throws {
    let folder = try Folder(Self.files)
    let result = try await Turnout(in: folder.path).run(Self.run)
    #expect(result.complaint == "")
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test("progress that is asked for goes to standard error, a line for each branch that ended") func progress()
    async throws
  {
    let folder = try Folder(Self.files)
    let turnout = Turnout(in: folder.path)
    let result = try await turnout.run(Self.run + ["--progress"])
    #expect(result.output == (try await turnout.run(Self.run).output))
    #expect(result.lines.count == 2)
    #expect(result.lines.contains { $0.hasPrefix("✓ flow/a  ") && $0.hasSuffix("  15 tokens") }, "\(result.complaint)")
    #expect(result.lines.contains { $0.hasPrefix("✗ flow/b  ") && $0.hasSuffix("has no answer for this request") })
    #expect(!result.complaint.contains("\u{1B}"))
    let json = try await turnout.run(Self.run + ["--progress", "--json"])
    #expect(try json.json()["status"] == "partial")
    #expect(json.lines.count == 2)
  }

  @Test(
    "colours are forced or forbidden by the environment, and forbidding wins",
    arguments: [
      ([:], false), (["CLICOLOR_FORCE": "1"], true), (["CLICOLOR_FORCE": "0"], false),
      (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), (["CLICOLOR_FORCE": "1", "NO_COLOR": ""], true),
    ] as [([String: String], Bool)])
  func colours(_ environment: [String: String], _ isColoured: Bool) async throws {
    let folder = try Folder(Self.files)
    let turnout = Turnout(in: folder.path, environment: environment)
    let result = try await turnout.run(Self.run + ["--progress"])
    #expect(result.complaint.contains("\u{1B}[32m✓\u{1B}[0m") == isColoured)
    #expect(!result.output.contains("\u{1B}"))
    let error = try await turnout("run", "flow.yaml", " ")
    #expect(error.complaint == (isColoured ? "\u{1B}[31mturnout: \u{1B}[0m" : "turnout: ") + "the input is empty\n")
  }
}
