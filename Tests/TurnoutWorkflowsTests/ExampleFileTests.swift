import Testing
import TurnoutWorkflows

@Suite struct ExampleFileTests {
  @Test("there are examples") func present() {
    for name in [
      "support.yaml", "support.zh.yaml", "stakeholders.yaml", "translate.yaml", "parallel.yaml", "race.yaml",
      "sentence.yaml",
    ] {
      #expect(exampleFiles.contains(name))
    }
  }

  @Test("every example is right", arguments: exampleFiles) func isRight(_ name: String) throws {
    let workflow = try Workflow(contentsOf: "\(packageFolder)/Examples/\(name)", shownAs: name)
    #expect(workflow.name == name.dropLast(5))
    #expect(!workflow.summary.isEmpty)
  }

  @Test("what a file is made of, in words") func summary() throws {
    let folder = try Folder([
      "flow.yaml": """
      turnout: 1
      tools: { a: { description: a, command: [a] }, b: { description: b, command: [b] } }
      run:
        chain:
          - { text: a }
          - { agent: { instructions: a }, fallback: { text: b } }
          - { each: { over: "{{request.list}}", use: b.yaml } }
      """,
      "b.yaml": "turnout: 1\nrun: { agent: { instructions: a } }\n",
    ])
    #expect(
      try folder.workflow().summary == "2 agents, 1 chain, 1 each step, 1 fallback, 2 texts, 1 used file, 2 tools")
  }
}
