import Foundation
import Testing
import TurnoutCore

/// Every exit status, once in words and once as JSON: with --json standard output is one object whatever happens.
@Suite struct ExitStatusTests {
  private static let agent = "turnout: 1\nmodels: { default: \"MODEL\" }\nrun: { agent: { instructions: a } }\n"
  private static func agent(_ model: String) -> String { agent.replacing("MODEL", with: model) }

  /// Runs `flow.yaml` both ways and expects one line of complaint and a status.
  private func expect(
    _ status: Int32, _ label: String, _ message: String, _ turnout: Turnout, _ arguments: [String],
    location: SourceLocation = #_sourceLocation
  ) async throws {
    let plain = try await turnout.run(arguments)
    #expect(plain.status == status, sourceLocation: location)
    #expect(plain.output == "", sourceLocation: location)
    #expect(plain.complaint == "turnout: \(message)\n", sourceLocation: location)
    let json = try await turnout.run(arguments + ["--json"])
    #expect(json.status == status, sourceLocation: location)
    #expect(json.complaint == "", sourceLocation: location)
    let value = try json.json(location)
    #expect(value["status"] == "failed", sourceLocation: location)
    #expect(value["error"] == ["label": .string(label), "message": .string(message)], sourceLocation: location)
  }

  @Test("0: done") func done() async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { text: \"<{{input}}>\" }\n"])
    let turnout = Turnout(in: folder.path)
    let plain = try await turnout("run", "flow.yaml", "价 hello")
    #expect(plain.output == "<价 hello>\n")
    #expect(plain.complaint == "")
    #expect(plain.status == 0)
    let json = try await turnout("run", "flow.yaml", "hello", "--json")
    let value = try json.json()
    #expect(value.object?.keys == ["run", "status", "output", "usage", "duration_ms"])
    #expect(value["run"]?.string?.isEmpty == false)
    #expect(value["status"] == "succeeded")
    #expect(value["output"] == "<hello>")
    #expect(value["usage"]?["calls"] == 0)
    #expect((value["duration_ms"]?.double ?? -1) >= 0)
    #expect(json.complaint == "")
    #expect(json.status == 0)
  }

  @Test("0: done, with failed branches") func partial() async throws {
    let folder = try Folder([
      "flow.yaml":
        "turnout: 1\ninputs: [a, b]\nrun: { each: { label: \"{{item}}\", on_failure: settle, agent: { instructions: x, prompt: \"is {{item}}\" } } }\n",
      "script.yaml": "- { when: is a, text: done }\n",
    ])
    let turnout = Turnout(in: folder.path)
    let message = "scripted: script.yaml has no answer for this request"
    let plain = try await turnout("run", "flow.yaml", "--model", "scripted:script.yaml")
    #expect(plain.output == "a: done\nb: failed, \(message)\n")
    #expect(plain.status == 0)
    let json = try await turnout("run", "flow.yaml", "--model", "scripted:script.yaml", "--json")
    let value = try json.json()
    #expect(value["status"] == "partial")
    #expect(value["output"]?.array?.map { $0["status"] } == ["succeeded", "failed"])
    #expect(value["output"]?[1]?["error"] == ["label": "refused", "message": .string(message)])
    #expect(value["usage"]?["calls"] == 1)
    #expect(json.status == 0)
  }

  @Test("1: the run failed") func failed() async throws {
    let folder = try Folder(["flow.yaml": Self.agent("local"), "script.yaml": "- { when: never, text: done }\n"])
    try await expect(
      1, "refused", "scripted: script.yaml has no answer for this request", Turnout(in: folder.path),
      ["run", "flow.yaml", "hello", "--model", "scripted:script.yaml"])
  }

  @Test("1: what had finished before the failure is printed") func failedPartly() async throws {
    let folder = try Folder([
      "flow.yaml":
        "turnout: 1\nrun: { chain: [{ name: first, text: \"one {{input}}\" }, { agent: { instructions: a } }] }\n",
      "script.yaml": "- { when: never, text: done }\n",
    ])
    let json = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "hello", "--model", "scripted:script.yaml", "--json")
    #expect(try json.json()["output"] == [["path": "flow/first", "status": "succeeded", "output": "one hello"]])
    #expect(json.status == 1)
  }

  @Test(
    "64: no input, an empty one, two inputs, no place for events",
    arguments: [
      ([], "no input: give a text, --input-file FILE, or - for standard input"),
      ([""], "the input is empty"), ([" \n"], "the input is empty"), (["-"], "the input is empty"),
      (["--input-file", "empty.txt"], "the input is empty"),
      (["hello", "--input-file", "empty.txt"], "give the input once: as an argument or with --input-file"),
      (["hello", "--events", "no/such/folder.jsonl"], "no/such/folder.jsonl: the events file cannot be written"),
    ])
  func usage(_ arguments: [String], _ message: String) async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { text: a }\n", "empty.txt": ""])
    try await expect(64, "usage", message, Turnout(in: folder.path), ["run", "flow.yaml"] + arguments)
  }

  @Test(
    "64: options and arguments the command does not know",
    arguments: [
      (["run", "flow.yaml", "hello", "--fast"], "Unknown option '--fast'"),
      (["run"], "Missing expected argument '<file>'"),
      (["route"], "Missing expected argument '<file>'"), (["check"], "Missing expected argument '<file> ...'"),
      (["run", "flow.yaml", "a", "b"], "Unexpected argument 'b'"), (["fly"], "Unexpected argument 'fly'"),
    ])
  func unknownOption(_ arguments: [String], _ message: String) async throws {
    let plain = try await Turnout().run(arguments)
    #expect(plain.status == 64)
    #expect(plain.output == "")
    #expect(plain.lines.first == "Error: \(message)")
    let json = try await Turnout().run(arguments + ["--json"])
    #expect(json.status == 64)
    #expect(json.complaint == "")
    #expect(try json.json()["status"] == "failed")
    #expect(try json.json()["error"]?["label"] == "usage")
  }

  @Test("65: a bad file, told as file:line:column: message", arguments: ["run", "route"]) func badFile(
    _ command: String
  ) async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nnome: a\nrun: { txt: a }\n"])
    let complaint = """
      flow.yaml:2:1: unknown key "nome" in the file; did you mean "name"?
      flow.yaml:3:6: the step "flow" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use
      flow.yaml:3:8: unknown key "txt" in the step "flow"; did you mean "text"?
      """
    let plain = try await Turnout(in: folder.path)(command, "flow.yaml", "hello")
    #expect(plain.status == 65)
    #expect(plain.output == "")
    #expect(plain.complaint == complaint + "\n")
    let json = try await Turnout(in: folder.path)(command, "flow.yaml", "hello", "--json")
    #expect(json.status == 65)
    #expect(json.complaint == "")
    #expect(try json.json()["error"] == ["label": "workflow", "message": .string(complaint)])
  }

  @Test(
    "65: input that is no UTF-8, a file that is not there, JSON that is none",
    arguments: [
      (["--input-file", "bytes"], "bytes: the input is not valid UTF-8"),
      (["--input-file", "nothing"], "nothing: there is no such file, or it cannot be read"),
      (["--input-file", "."], ".: it cannot be read"),
    ])
  func badInput(_ arguments: [String], _ message: String) async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { text: a }\n"])
    try folder.write("bytes", Data([0x61, 0xFF, 0x62]))
    try await expect(65, "invalid_input", message, Turnout(in: folder.path), ["run", "flow.yaml"] + arguments)
  }

  @Test("65: bytes on standard input that are no UTF-8") func badStandardInput() async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { text: a }\n"])
    let result = try await Turnout(in: folder.path).run(["run", "flow.yaml", "-"], input: [0x61, 0xC3])
    #expect(result.status == 65)
    #expect(result.complaint == "turnout: standard input: the input is not valid UTF-8\n")
  }

  @Test("65: an input that is not the JSON the file declares") func badJSON() async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\ninputs: { a: 1 }\nrun: { text: \"{{input.a}}\" }\n"])
    let turnout = Turnout(in: folder.path)
    let result = try await turnout("run", "flow.yaml", "{\"a\": ")
    #expect(result.status == 65)
    #expect(result.complaint.hasPrefix("turnout: the input must be JSON like the file's own inputs: "))
    #expect(result.lines.count == 1)
    #expect(try await turnout("run", "flow.yaml", "{\"a\": [2]}").output == "[2]\n")
    #expect(try await turnout("run", "flow.yaml").output == "1\n")
    let missing = try await turnout("run", "flow.yaml", "{\"b\": 2}")
    #expect(missing.status == 65)
    #expect(missing.complaint == "turnout: the template name {{input.a}} has no value in this input\n")
  }

  @Test(
    "65: a script that is none",
    arguments: [
      ("a: b\n", "turnout: script.yaml: a script is a list of answers\n"),
      ("- { when: a }\n", "turnout: script.yaml: answer 1 has neither text, value nor call\n"),
      (
        "- { text: a }\n- { txt: a }\n",
        "turnout: script.yaml: answer 2 has an unknown key \"txt\"; known keys: when, after_tool, text, texts, value, error, times, call, calls, delay_ms, gap_ms\n"
      ),
      ("- { text: a\n", "script.yaml:2:1: not valid YAML: did not find expected ',' or '}'\n"),
    ])
  func badScript(_ script: String, _ complaint: String) async throws {
    let folder = try Folder(["flow.yaml": Self.agent("local"), "script.yaml": script])
    let result = try await Turnout(in: folder.path)("run", "flow.yaml", "hello", "--model", "scripted:script.yaml")
    #expect(result.status == 65)
    #expect(result.complaint == complaint)
  }

  @Test("65: a request that is longer than the model can read") func contextWindow() async throws {
    let body = "{\"error\": {\"code\": \"context_length_exceeded\", \"message\": \"too long\"}}"
    try await Server.answering(400, body) { base in
      let folder = try Folder(["flow.yaml": Self.agent("ollama:m")])
      try await expect(
        65, "context_window",
        "ollama: the request is longer than the model can read; shorten the input or use a model with a larger context",
        Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base]), ["run", "flow.yaml", "hello"])
    }
  }

  @Test(
    "69: a key that is not set is named",
    arguments: [
      ("openai:gpt-4o-mini", "openai", "OPENAI_API_KEY"), ("qwen:qwen-plus", "qwen", "DASHSCOPE_API_KEY"),
      ("mine:m", "mine", "MY_OWN_KEY"),
    ])
  func missingKey(_ model: String, _ provider: String, _ variable: String) async throws {
    let own = "providers: { mine: { base_url: \"https://127.0.0.1:9\", key: MY_OWN_KEY } }\n"
    let folder = try Folder(["flow.yaml": Self.agent(model) + own])
    try await expect(
      69, "missing_key", "\(provider): no API key: set \(variable), or name another model with --model",
      Turnout(in: folder.path), ["run", "flow.yaml", "hello"])
  }

  @Test("69: a server that is down, in one line") func serverDown() async throws {
    let base = Server.nothing
    let folder = try Folder(["flow.yaml": Self.agent("ollama:m")])
    let address = base.dropLast(3)
    try await expect(
      69, "connection", "ollama: nothing answers at \(address); is the server running?",
      Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base]), ["run", "flow.yaml", "hello"])
  }

  @Test("69: a server that is down while it is routed by a model") func routeServerDown() async throws {
    let folder = try Folder([
      "flow.yaml":
        "turnout: 1\nmodels: { default: \"ollama:m\" }\nrun: { route: { by: model, routes: { a: { description: b, text: c } }, otherwise: a } }\n"
    ])
    let base = Server.nothing
    let turnout = Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base])
    try await expect(
      69, "connection", "ollama: nothing answers at \(base.dropLast(3)); is the server running?", turnout,
      ["route", "flow.yaml", "hello"])
  }

  @Test("69: local models that are not installed") func notInstalled() async throws {
    let folder = try Folder(["flow.yaml": Self.agent("local")])
    let result = try await Turnout(in: folder.path)("run", "flow.yaml", "hello")
    #expect(result.status == 69)
    #expect(result.lines.count == 1)
    #expect(result.complaint.contains("turnout models install"))
  }

  @Test(
    "what a server answers becomes a status",
    arguments: [
      (401, "authentication", 69), (403, "authentication", 69), (404, "not_found", 69), (500, "server", 69),
      (429, "rate_limited", 75), (503, "overloaded", 75), (402, "quota_exhausted", 75), (504, "timeout", 75),
      (400, "refused", 1),
    ] as [(Int, String, Int32)])
  func answers(_ answer: Int, _ label: String, _ status: Int32) async throws {
    try await Server.answering(answer, "{\"error\": {\"message\": \"words\"}}") { base in
      let folder = try Folder(["flow.yaml": Self.agent("ollama:m")])
      let turnout = Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base])
      let plain = try await turnout("run", "flow.yaml", "hello")
      #expect(plain.status == status)
      #expect(plain.output == "")
      #expect(plain.lines.count == 1 && plain.complaint.hasPrefix("turnout: ollama: "), "\(plain.complaint)")
      let json = try await turnout("run", "flow.yaml", "hello", "--json")
      #expect(json.status == status)
      #expect(try json.json()["error"]?["label"] == .string(label))
    }
  }
}
