import Foundation
import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct UsedFileTests {
  private func flow(_ run: String) -> String { "turnout: 1\nrun:\n  \(run)\n" }

  @Test("a file that uses itself") func cycle() throws {
    let folder = try Folder(["flow.yaml": flow("use: flow.yaml")])
    #expect(folder.complaints() == ["flow.yaml:3:8: the file uses itself: flow.yaml → flow.yaml"])
  }

  @Test("two files that use each other, told where the circle closes") func longCycle() throws {
    let folder = try Folder([
      "flow.yaml": flow("use: b.yaml"), "b.yaml": flow("chain: [{ use: c.yaml }]"), "c.yaml": flow("use: b.yaml"),
    ])
    #expect(folder.complaints() == ["c.yaml:3:8: the file uses itself: b.yaml → c.yaml → b.yaml"])
  }

  @Test("a circle through a link") func linkedCycle() throws {
    let folder = try Folder(["flow.yaml": flow("use: link.yaml")])
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link.yaml", withDestinationPath: "flow.yaml")
    #expect(folder.complaints() == ["flow.yaml:3:8: the file uses itself: flow.yaml → flow.yaml"])
  }

  @Test("files outside of the folder", arguments: ["../a.yaml", "/etc/hostname", "inner/../../a.yaml", "link.yaml"])
  func outside(_ name: String) throws {
    let folder = try Folder(["inner/flow.yaml": flow("use: \(name)"), "a.yaml": flow("text: a")])
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/inner/link.yaml", withDestinationPath: "../a.yaml")
    #expect(
      folder.complaints(about: "inner/flow.yaml")
        == ["inner/flow.yaml:3:8: \"\(name)\" lies outside the workflow's folder"])
  }

  @Test("a file that is not there, and a folder", arguments: ["b.yaml", "inner", "."]) func missing(_ name: String)
    throws
  {
    let folder = try Folder(["flow.yaml": flow("use: \(name)"), "inner/a.yaml": flow("text: a")])
    #expect(folder.complaints() == ["flow.yaml:3:8: there is no file \"\(name)\", or it cannot be read"])
  }

  @Test("what is wrong in a used file is told there, once, after what is wrong in the file itself") func diagnostics()
    throws
  {
    let folder = try Folder([
      "flow.yaml":
        "turnout: 1\nrun:\n  parallel:\n    branches: { a: { use: inner/b.yaml }, b: { use: inner/b.yaml } }\n    at_most: 0\n",
      "inner/b.yaml": flow("txt: a"),
    ])
    #expect(
      folder.complaints() == [
        "flow.yaml:5:14: at_most must be a whole number from 1 to 100000",
        "inner/b.yaml:3:3: unknown key \"txt\" in the step \"b\"; did you mean \"text\"?",
        "inner/b.yaml:3:3: the step \"b\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use",
      ])
  }

  @Test("few files that stand for millions are refused soon") func growth() throws {
    var files = ["f20.yaml": flow("text: a")]
    for index in 0..<20 {
      files["f\(index).yaml"] = flow(
        "parallel: { branches: { a: { use: f\(index + 1).yaml }, b: { use: f\(index + 1).yaml } } }")
    }
    let found = try Folder(files).complaints(about: "f0.yaml")
    #expect(found.contains { $0.hasSuffix("more than 1000 files are used, each counted as often as it is") })
    #expect(found.count <= 100)
  }

  @Test("a used file has its own models, tools and folder") func ownNames() async throws {
    let folder = try Folder([
      "flow.yaml":
        "turnout: 1\nmodels: { default: \"ollama:outer\" }\nrun:\n  chain: [{ use: inner/b.yaml }, { agent: { instructions: a } }]\n",
      "inner/b.yaml": """
      turnout: 1
      models: { default: "ollama:inner" }
      tools: { show: { description: a, command: [cat, note.txt] } }
      run:
        chain:
          - { name: note, tool: { name: show } }
          - agent: { instructions: a, prompt: "{{steps.note.output}}" }
      """,
      "inner/note.txt": "the note\n",
    ])
    let models = TestModels([
      "ollama:outer": ScriptedModel { request, _ in .text("outer(\(request.prompt))") },
      "ollama:inner": ScriptedModel { request, _ in .text("inner(\(request.prompt))") },
    ])
    #expect(try await folder.workflow().run("hello", models) == "outer(inner(the note))")
  }

  @Test("a used file's request is what the file is given, and no name of the outer file reaches it") func request()
    async throws
  {
    let folder = try Folder([
      "flow.yaml": """
      turnout: 1
      inputs: [a, b]
      run:
        each:
          chain:
            - { name: first, text: "<{{item}}>" }
            - use: b.yaml
      """,
      "b.yaml": """
      turnout: 1
      run:
        chain:
          - text: other
          - text: "{{request}} {{input}}"
      """,
    ])
    let result = try await folder.workflow().run(["a", "b"], TestModels())
    #expect(result.array?.compactMap { $0["output"]?.string } == ["<a> other", "<b> other"])
  }
}
