import Testing

/// A file that is wrong, and everything that must be said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String
  let complaints: [String]

  init(_ description: String, _ text: String, _ complaints: String...) {
    testDescription = description
    self.text = text
    self.complaints = complaints
  }
}

/// What is wrong with a file is told with its place: at the key that is wrong, or at the value.
@Suite struct BadFileTests {
  @Test(
    "the outermost level",
    arguments: [
      BadFile(
        "no mapping", "hello\n",
        "1:1: the file must be a mapping with the keys turnout, name, description, models, providers, tools, inputs, budget, prices, run"
      ),
      BadFile(
        "no version", "\n\nrun: { text: a }\n",
        "3:1: the key \"turnout\" is missing; the file must begin with \"turnout: 1\""),
      BadFile("another version", "turnout: 2\nrun: { text: a }\n", "1:10: the version of the format must be 1"),
      BadFile(
        "a version that is no number", "turnout: [1]\nrun: { text: a }\n", "1:10: the version of the format must be 1"),
      BadFile(
        "no run", "# a comment\nturnout: 1\nname: x\n",
        "2:1: the key \"run\" is missing; it says what the workflow does"),
      BadFile(
        "an unknown key", "turnout: 1\nmodel:\n  default: local\nrun: { text: a }\n",
        "2:1: unknown key \"model\" in the file; did you mean \"models\"?"),
      BadFile(
        "an unknown key like no other", "turnout: 1\nzebra: 1\nrun: { text: a }\n",
        "2:1: unknown key \"zebra\" in the file; known keys: turnout, name, description, models, providers, tools, inputs, budget, prices, run"
      ),
      BadFile("an empty name", "turnout: 1\nname: \"  \"\nrun: { text: a }\n", "2:7: name is empty"),
      BadFile("a name that is a list", "turnout: 1\nname: [a]\nrun: { text: a }\n", "2:7: name must be a text"),
      BadFile(
        "several at once, in order", "turnout: 1\nnome: x\nrun:\n  txt: a\nmodels: []\n",
        "2:1: unknown key \"nome\" in the file; did you mean \"name\"?",
        "4:3: unknown key \"txt\" in the step \"flow\"; did you mean \"text\"?",
        "4:3: the step \"flow\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use",
        "5:9: models must be a mapping from names"),
    ])
  func outermost(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "models and providers",
    arguments: [
      BadFile(
        "no provider:model", "turnout: 1\nmodels:\n  default: gpt\nrun: { text: a }\n",
        "3:12: \"gpt\" is not a model's name; it must be provider:model, or local"),
      BadFile(
        "no model after the colon", "turnout: 1\nmodels:\n  default: \"openai:\"\nrun: { text: a }\n",
        "3:12: \"openai:\" is not a model's name; it must be provider:model, or local"),
      BadFile(
        "an unknown provider", "turnout: 1\nmodels:\n  default: opanai:gpt\nrun: { text: a }\n",
        "3:12: there is no provider \"opanai\"; did you mean \"openai\"?, or declare it under providers:"),
      BadFile(
        "a provider without an address", "turnout: 1\nproviders:\n  mine: { key: MY_KEY }\nrun: { text: a }\n",
        "3:9: the key \"base_url\" is missing"),
      BadFile(
        "an address that is none", "turnout: 1\nproviders:\n  mine: { base_url: example.com }\nrun: { text: a }\n",
        "3:21: base_url must begin with http:// or https://"),
      BadFile(
        "a key instead of its variable",
        "turnout: 1\nproviders:\n  mine: { base_url: \"http://a\", key: sk-123 }\nrun: { text: a }\n",
        "3:38: key is the name of an environment variable, such as MY_API_KEY, never the key itself"),
      BadFile(
        "an agent's model", "turnout: 1\nmodels: { small: local }\nrun:\n  agent: { model: smal, instructions: a }\n",
        "4:19: there is no model \"smal\"; did you mean \"small\"?"),
      BadFile(
        "an agent without a likeness",
        "turnout: 1\nmodels: { a: local }\nrun:\n  agent: { model: b, instructions: a }\n",
        "4:19: there is no model \"b\"; models: a"),
      BadFile(
        "vectors for answers", "turnout: 1\nrun:\n  agent: { model: embeddings, instructions: a }\n",
        "3:19: embeddings is the model that makes vectors, not one that answers"),
      BadFile(
        "an agent's provider", "turnout: 1\nrun:\n  agent: { model: \"opnrouter:a\", instructions: a }\n",
        "3:19: there is no provider \"opnrouter\"; did you mean \"openrouter\"?, or declare it under providers:"),
    ])
  func models(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "steps",
    arguments: [
      BadFile(
        "no kind", "turnout: 1\nrun: {}\n",
        "2:6: the step \"flow\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use"
      ),
      BadFile(
        "two kinds", "turnout: 1\nrun:\n  text: a\n  use: b.yaml\n",
        "3:3: the step \"flow\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use; found text and use"
      ),
      BadFile(
        "no mapping", "turnout: 1\nrun: hello\n",
        "2:6: the step \"flow\" must be a mapping with the keys agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use, budget, fallback"
      ),
      BadFile(
        "an agent without instructions", "turnout: 1\nrun:\n  agent: { prompt: a }\n",
        "3:10: the agent \"flow\" has no instructions"),
      BadFile(
        "empty instructions", "turnout: 1\nrun:\n  agent: { instructions: \"\" }\n", "3:26: instructions is empty"),
      BadFile(
        "numbers out of range",
        """
        turnout: 1
        run:
          agent:
            instructions: a
            temperature: 3
            seed: -1
            max_tokens: many
            turns: 0
            reasks: 1.5
            stop: end
        """,
        "5:18: temperature must be a number from 0.0 to 2.0", "6:11: seed must be a whole number from 0 to 2147483647",
        "7:17: max_tokens must be a whole number from 1 to 1000000", "8:12: turns must be a whole number from 1 to 100",
        "9:13: reasks must be a whole number from 0 to 10", "10:11: stop must be a list"),
      BadFile(
        "a beginning for a typed answer",
        "turnout: 1\nrun:\n  agent: { instructions: a, opens_with: \"A\", output: { a: string } }\n",
        "3:41: opens_with is for text answers, and this agent has an output shape"),
      BadFile("an empty chain", "turnout: 1\nrun: { chain: [] }\n", "2:15: a chain needs at least one step"),
      BadFile(
        "a chain that is no list", "turnout: 1\nrun: { chain: { text: a } }\n",
        "2:15: chain must be a list", "2:15: a chain needs at least one step"),
      BadFile(
        "two steps of one name", "turnout: 1\nrun:\n  chain:\n    - { name: a, text: x }\n    - { name: a, text: y }\n",
        "5:15: two steps of the chain are called \"a\""),
      BadFile(
        "names that templates cannot name",
        "turnout: 1\nrun:\n  chain:\n    - { name: a.b, text: x }\n    - { name: 2, text: y }\n",
        "4:15: a step's name has no dots, braces or white space in it and is no number, so that templates can name it",
        "5:15: a step's name has no dots, braces or white space in it and is no number, so that templates can name it"),
      BadFile(
        "a fallback that is no step", "turnout: 1\nrun:\n  text: a\n  fallback: { txt: b }\n",
        "4:13: the step \"fallback\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use",
        "4:15: unknown key \"txt\" in the step \"fallback\"; did you mean \"text\"?"),
      BadFile(
        "no name is said twice", "turnout: 1\nrun:\n  each:\n    agnt: { instructions: a }\n",
        "4:5: unknown key \"agnt\" in the each step \"flow\"; did you mean \"agent\"?",
        "4:5: the step \"flow\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use"
      ),
    ])
  func steps(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "fan-outs",
    arguments: [
      BadFile(
        "no branches", "turnout: 1\nrun:\n  parallel: { at_most: 2 }\n",
        "3:13: the parallel step \"flow\" has no branches"),
      BadFile(
        "empty branches", "turnout: 1\nrun:\n  parallel: { branches: {} }\n",
        "3:25: the parallel step \"flow\" has no branches"),
      BadFile(
        "branches in a list", "turnout: 1\nrun:\n  parallel: { branches: [] }\n",
        "3:25: branches must be a mapping from names"),
      BadFile(
        "a quorum of more than there are",
        "turnout: 1\nrun:\n  parallel:\n    branches: { a: { text: x }, b: { text: y } }\n    on_failure: { quorum: 3 }\n",
        "5:27: quorum asks for 3 successes of 2 branches"),
      BadFile(
        "at least more than there are",
        "turnout: 1\nrun:\n  parallel:\n    branches: { a: { text: x } }\n    on_failure: { at_least: 2, by: 3s }\n",
        "5:29: at_least asks for 2 successes of 1 branches"),
      BadFile(
        "an unknown policy", "turnout: 1\nrun:\n  each: { text: a, on_failure: setle }\n",
        "3:32: there is no failure policy \"setle\"; did you mean \"settle\"?"),
      BadFile(
        "a policy like no other", "turnout: 1\nrun:\n  each: { text: a, on_failure: retry }\n",
        "3:32: there is no failure policy \"retry\"; policies: fail_fast, settle, { quorum: K }, { at_least: K, by: TIME }"
      ),
      BadFile(
        "half a policy", "turnout: 1\nrun:\n  each: { text: a, on_failure: { at_least: 2 } }\n",
        "3:32: on_failure must be { quorum: K } or { at_least: K, by: TIME }"),
      BadFile(
        "two policies", "turnout: 1\nrun:\n  each: { text: a, on_failure: { quorum: 1, by: 2s } }\n",
        "3:32: on_failure must be { quorum: K } or { at_least: K, by: TIME }"),
      BadFile(
        "times that are none", "turnout: 1\nrun:\n  each: { text: a, on_failure: { at_least: 1, by: 3 } }\n",
        "3:51: by must be a time such as 500ms, 30s or 2m"),
      BadFile(
        "at most none", "turnout: 1\nrun:\n  each: { text: a, at_most: 0 }\n",
        "3:29: at_most must be a whole number from 1 to 100000"),
      BadFile(
        "over a text", "turnout: 1\nrun:\n  each: { text: a, over: \"the {{input}}\" }\n",
        "3:26: over must be a single name such as {{input}} or {{input.groups}}"),
      BadFile(
        "over what is no list",
        "turnout: 1\ninputs: { groups: a }\nrun:\n  each: { over: \"{{input.groups}}\", text: a }\n",
        "4:17: each goes over a list, and this is a string"),
      BadFile(
        "a split by words", "turnout: 1\nrun:\n  split: { by: words, text: a }\n",
        "3:16: by must be headings, paragraphs, sentences or tokens"),
      BadFile(
        "a split without room", "turnout: 1\nrun:\n  split: { limit: 0, text: a }\n",
        "3:19: limit must be a whole number from 1 to 1000000"),
      BadFile(
        "a join that is no flag", "turnout: 1\nrun:\n  split: { join: yes, text: a }\n",
        "3:18: join must be true or false"),
    ])
  func fanOuts(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "tools",
    arguments: [
      BadFile(
        "no command", "turnout: 1\ntools:\n  look: { description: a }\nrun: { text: a }\n",
        "3:9: the tool \"look\" has no command"),
      BadFile(
        "no description", "turnout: 1\ntools:\n  look: { command: [a] }\nrun: { text: a }\n",
        "3:9: the tool \"look\" has no description, which models choose it by"),
      BadFile(
        "an empty command", "turnout: 1\ntools:\n  look: { description: a, command: [] }\nrun: { text: a }\n",
        "3:36: the command of \"look\" is empty"),
      BadFile(
        "a shell line", "turnout: 1\ntools:\n  look: { description: a, command: ls -l }\nrun: { text: a }\n",
        "3:36: command must be a list", "3:36: the command of \"look\" is empty"),
      BadFile(
        "a name that models cannot call",
        "turnout: 1\ntools:\n  look up: { description: a, command: [a] }\nrun: { text: a }\n",
        "3:3: a tool's name has at most 64 letters, digits, \"_\" and \"-\", since models call it by it"),
      BadFile(
        "no parameter of that name",
        "turnout: 1\ntools:\n  look: { description: a, parameters: { words: string }, command: [a, \"{{word}}\"] }\nrun: { text: a }\n",
        "3:71: {{word}} is no parameter of the tool \"look\"; did you mean \"words\"?"),
      BadFile(
        "a timeout that is none",
        "turnout: 1\ntools:\n  look: { description: a, command: [a], timeout: soon }\nrun: { text: a }\n",
        "3:50: timeout must be a time such as 500ms, 30s or 2m"),
      BadFile(
        "an agent's tool that does not exist",
        "turnout: 1\ntools:\n  search: { description: a, command: [a] }\nrun:\n  agent: { instructions: a, tools: [serch] }\n",
        "5:37: there is no tool \"serch\"; did you mean \"search\"?"),
      BadFile(
        "a tool where none is declared", "turnout: 1\nrun:\n  tool: { name: search }\n",
        "3:17: there is no tool \"search\"; the file declares no tools"),
      BadFile(
        "a tool step without a name", "turnout: 1\nrun:\n  tool: { arguments: {} }\n",
        "3:9: the tool step does not name its tool"),
      BadFile(
        "arguments",
        """
        turnout: 1
        tools:
          look:
            description: a
            parameters: { words: string, count: integer, lang: string? }
            command: [a]
        run:
          tool:
            name: look
            arguments: { word: a, count: many }
        """,
        "9:5: the tool \"look\" needs the argument \"words\"",
        "10:18: the tool \"look\" has no parameter \"word\"; did you mean \"words\"?",
        "10:34: the argument \"count\" does not fit: an integer was expected, found a string"),
    ])
  func tools(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "shapes",
    arguments: [
      BadFile("an unknown type", output("{ a: strng }"), "3:42: unknown type \"strng\"; did you mean \"string\"?"),
      BadFile(
        "a type like no other", output("{ a: date }"),
        "3:42: unknown type \"date\"; types: string, integer, number, boolean, array, object, any"),
      BadFile(
        "a bare array", output("{ a: array }"),
        "3:42: \"array\" alone does not say what is in it; write { type: array, items: … }"),
      BadFile(
        "an array of nothing", output("{ a: { type: array } }"), "3:42: the list \"a\" does not say what its items are"),
      BadFile("no type", output("{ a: { description: b } }"), "3:42: \"a\" has no type"),
      BadFile(
        "an unknown key", output("{ a: { type: string, max: 3 } }"),
        "3:58: unknown key \"max\" in the shape of \"a\"; known keys: type, description, enum, items, properties, minimum, maximum, minItems, maxItems, minLength, maxLength, optional"
      ),
      BadFile("an empty enum", output("{ a: { enum: [] } }"), "3:50: enum has no choices"),
      BadFile("a choice twice", output("{ a: { enum: [x, y, x] } }"), "3:50: enum has the choice \"x\" twice"),
      BadFile(
        "bounds the wrong way round", output("{ a: { type: integer, minimum: 5, maximum: 2 } }"),
        "3:80: maximum is less than minimum"),
      BadFile(
        "a bound that is none", output("{ a: { type: array, items: string, maxItems: -1 } }"),
        "3:82: a count must be a whole number from 0 to 1000000"),
      BadFile("no mapping", output("[a]"), "3:37: a shape must be a mapping from names"),
    ])
  func shapes(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  private static func output(_ shape: String) -> String {
    "turnout: 1\nrun:\n  agent: { instructions: a, output: \(shape) }\n"
  }
}
