import Testing

/// A template name that is not there is found before anything runs.
@Suite struct BadTemplateTests {
  private static func text(_ template: String) -> String { "turnout: 1\nrun: { text: \"\(template)\" }\n" }
  private static func change(_ template: String) -> String {
    "turnout: 1\ninputs: { change: a, groups: [{ name: b, age: 3 }, { name: c, model: x }] }\nrun: { text: \"\(template)\" }\n"
  }
  private static func each(_ template: String) -> String {
    "turnout: 1\ninputs: { groups: [{ name: b }, { name: c, model: x }] }\nrun: { each: { over: \"{{input.groups}}\", text: \"\(template)\" } }\n"
  }
  private static func chain(_ template: String) -> String {
    "turnout: 1\nrun:\n  chain:\n    - { name: facts, text: a }\n    - text: \"\(template)\"\n    - { name: later, text: b }\n"
  }

  @Test(arguments: [
    BadFile("an unknown name", text("{{inptu}}"), "2:14: unknown template name {{inptu}}; did you mean \"input\"?"),
    BadFile(
      "a name like no other", text("{{customer}}"),
      "2:14: unknown template name {{customer}}; known names: input, request, item, context, steps, decision"),
    BadFile("an open brace", text("a {{input"), "2:14: \"{{\" has no \"}}\""),
    BadFile("no name", text("a {{ }}"), "2:14: \"{{ }}\" is not a name such as {{input}} or {{item.name}}"),
    BadFile(
      "two words", text("{{the input}}"), "2:14: \"{{the input}}\" is not a name such as {{input}} or {{item.name}}"),
    BadFile(
      "a dot too many", text("{{input.}}"), "2:14: \"{{input.}}\" is not a name such as {{input}} or {{item.name}}"),
    BadFile("an item outside of each", text("{{item}}"), "2:14: {{item}} is only known inside each and split"),
    BadFile(
      "a key that the inputs lack", change("{{input.chnge}}"),
      "3:14: {{input.chnge}} has no \"chnge\"; did you mean \"change\"?"),
    BadFile(
      "a key like no other", change("{{request.why}}"), "3:14: {{request.why}} has no \"why\"; known: change, groups"),
    BadFile(
      "a key of a text", change("{{input.change.who}}"), "3:14: {{input.change.who}} asks for \"who\" of a string"),
    BadFile(
      "a key of a list", change("{{input.groups.name}}"), "3:14: {{input.groups.name}} asks for \"name\" of an array"),
    BadFile(
      "a key that no item has", each("{{item.nome}}"), "3:48: {{item.nome}} has no \"nome\"; did you mean \"name\"?"),
    BadFile(
      "the item is the input of each", each("{{input.groups}}"),
      "3:48: {{input.groups}} has no \"groups\"; known: name, model"),
    BadFile("a step without output", chain("{{steps.facts}}"), "5:13: {{steps.facts}} must be {{steps.NAME.output}}"),
    BadFile(
      "a step that is not there", chain("{{steps.fact.output}}"),
      "5:13: {{steps.fact.output}} names no step; did you mean \"facts\"?"),
    BadFile(
      "a step that comes later", chain("{{steps.later.output}}"),
      "5:13: {{steps.later.output}} names no step; steps before this one: facts"),
    BadFile(
      "a step outside of chains", text("{{steps.a.output}}"),
      "2:14: {{steps.a.output}} names no step; no named step comes before this one"),
  ])
  func isReported(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test("every place that takes a template is checked") func everywhere() throws {
    let text = """
      turnout: 1
      tools: { look: { description: a, parameters: { words: string }, command: [a] } }
      run:
        chain:
          - agent: { instructions: "{{a1}}", prompt: "{{a2}}", model: "{{a3}}" }
          - each: { over: "{{a4}}", label: "{{a5}}", text: "{{a6}}" }
          - tool: { name: look, arguments: { words: "{{a7}}" } }
          - split: { text: "{{a8}}" }
          - parallel: { branches: { a: { text: "{{a9}}" } } }
          - route:
              routes: { a: { examples: [b], text: "{{a10}}" } }
              otherwise: { text: "{{a11}}" }
          - text: a
            fallback: { text: "{{a12}}" }
      """
    let found = try complaints(text).map { line in
      [line.prefix { $0 != ":" }, line.drop { $0 != "{" }.prefix { $0 != ";" }].joined(separator: " ")
    }
    #expect(
      found == [
        "5 {{a1}}", "5 {{a2}}", "5 {{a3}}", "6 {{a4}}", "6 {{a5}}", "6 {{a6}}", "7 {{a7}}", "8 {{a8}}", "9 {{a9}}",
        "11 {{a10}}", "12 {{a11}}", "14 {{a12}}",
      ])
  }

  @Test("what is only known when it runs is not complained about") func unknown() throws {
    #expect(try complaints("turnout: 1\nrun: { text: \"{{input.a}} {{request.b}}\" }\n") == [])
    #expect(try complaints("turnout: 1\nrun: { each: { text: \"{{item.a}} {{input.b}}\" } }\n") == [])
    #expect(
      try complaints(
        "turnout: 1\nrun: { chain: [{ name: a, text: a }, { text: \"{{request.c}} {{steps.a.output}}\" }] }\n")
        == [])
  }
}
