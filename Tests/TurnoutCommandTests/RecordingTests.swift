import Foundation
import Testing
import TurnoutCore

/// `turnout run --record` and `--replay`.
@Suite struct RecordingTests {
  private static let flow = """
    turnout: 1
    models: { default: "openai:m" }
    tools: { price: { description: looks up, command: [echo, "499"], parameters: { name: string } } }
    run:
      chain:
        - { name: ask, agent: { instructions: Answer., tools: [price], prompt: "{{request}}" } }
        - name: groups
          parallel:
            on_failure: settle
            branches:
              employees: { agent: { instructions: employees, prompt: "{{steps.ask.output}}" } }
              customers: { agent: { instructions: customers, prompt: "{{steps.ask.output}}" } }
              investors: { agent: { instructions: investors, prompt: "{{steps.ask.output}}" } }
    """
  private static let script = """
    - { when: [Aurora], call: { tool: price, arguments: { name: Aurora } } }
    - { when: [Aurora], after_tool: true, text: "It costs {{tool}}." }
    - { when: [customers], text: "Cheap\\nfor them." }
    - { when: [employees], text: Fine. }
    """

  private func folder() throws -> Folder { try Folder(["flow.yaml": Self.flow, "s.yaml": Self.script]) }

  private func record(_ folder: Folder, _ more: String...) async throws -> Finished {
    try await Turnout(in: folder.path).run(
      ["run", "flow.yaml", "How much is the Aurora?", "--record", "tape", "--model", "scripted:s.yaml"] + more)
  }

  @Test("a run is replayed without a key, a model or a network, failures included") func again() async throws {
    let folder = try folder()
    let recorded = try await record(folder, "--json", "--events", "a.jsonl")
    #expect(recorded.status == 0, "\(recorded.complaint)")
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tape")
    #expect(files.count == 5)
    // There is no key for openai:m, which the file names.
    let replayed = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "How much is the Aurora?", "--replay", "tape", "--json", "--events", "b.jsonl")
    #expect(replayed.status == 0, "\(replayed.complaint)")
    let (one, two) = (try recorded.json(), try replayed.json())
    for key in ["name", "status", "output", "error", "usage"] {
      #expect((0..<3).map { two["output"]?[$0]?[key] } == (0..<3).map { one["output"]?[$0]?[key] }, "\(key)")
    }
    #expect(two["usage"] == one["usage"])
    #expect(two["status"] == "partial")
    #expect(two["output"]?[1]?["output"] == "Cheap\nfor them.")
    #expect(two["output"]?[2]?["error"]?["label"] == "refused")
    // What was written in pieces came in the same pieces.
    func texts(_ name: String) throws -> [String: [Value]] {
      Dictionary(grouping: try folder.events(name).filter { $0["event"] == "text" }, by: { $0["path"]?.text ?? "" })
        .mapValues { $0.map { $0["text"] ?? .null } }
    }
    #expect(try texts("b.jsonl") == texts("a.jsonl"))
    #expect(try !texts("a.jsonl").isEmpty)
  }

  @Test("a request that was not recorded ends with 65 and a short difference") func other() async throws {
    let folder = try folder()
    _ = try await record(folder)
    for json in [false, true] {
      let result = try await Turnout(in: folder.path).run(
        ["run", "flow.yaml", "How much is the Borealis?", "--replay", "tape"] + (json ? ["--json"] : []))
      #expect(result.status == 65)
      if json {
        let error = try result.json()["error"]
        #expect(error?["label"] == "not_recorded")
        #expect(error?["difference"]?.array?.map(\.text).contains("  + How much is the Borealis?") == true)
      } else {
        #expect(
          result.lines.first?.hasPrefix("turnout: openai:m: this request was not recorded; the nearest is tape/")
            == true)
        #expect(
          result.lines.dropFirst().prefix(3) == [
            "  messages[1].content", "    - How much is the Aurora?", "    + How much is the Borealis?",
          ])
      }
    }
  }

  @Test("a fallback does not hide a request that was not recorded") func fallback() async throws {
    let flow = """
      turnout: 1
      run: { agent: { instructions: a }, fallback: { text: never mind } }
      """
    let folder = try Folder(["flow.yaml": flow, "s.yaml": "- text: hello\n"])
    let turnout = Turnout(in: folder.path)
    _ = try await turnout("run", "flow.yaml", "one", "--record", "tape", "--model", "scripted:s.yaml")
    #expect(try await turnout("run", "flow.yaml", "one", "--replay", "tape").output == "hello\n")
    #expect(try await turnout("run", "flow.yaml", "two", "--replay", "tape").status == 65)
  }

  @Test("options that do not go together, and folders that cannot be used") func wrong() async throws {
    let folder = try folder()
    _ = try await record(folder)
    let turnout = Turnout(in: folder.path)
    func status(_ more: String..., status: Int32, _ complaint: String) async throws {
      let result = try await turnout.run(["run", "flow.yaml", "a"] + more)
      #expect(result.status == status, "\(more)")
      #expect(result.complaint.contains(complaint), "\(result.complaint)")
      #expect(result.output == "")
    }
    try await status("--record", "b", "--replay", "tape", status: 64, "not both")
    try await status("--replay", "tape", "--model", "local", status: 64, "leave out --model")
    try await status("--replay", "none", status: 65, "none: there is no such folder")
    try await status("--record", "tape", "--model", "scripted:s.yaml", status: 65, "there are recordings in it")
    try await status("--record", "flow.yaml", "--model", "scripted:s.yaml", status: 65, "flow.yaml: ")
  }

  @Test("what a server answers is recorded without the key it repeats") func secrets() async throws {
    let canary = "a-canary-that-looks-like-nothing"
    let answer =
      "{\"choices\": [{\"message\": {\"role\": \"assistant\", \"content\": \"you sent {key}\"}, \"finish_reason\": \"stop\"}]}"
    let flow = "turnout: 1\nmodels: { default: \"openai:m\" }\nrun: { agent: { instructions: a } }\n"
    try await Server.answering(200, answer) { base in
      let folder = try Folder(["flow.yaml": flow])
      let turnout = Turnout(in: folder.path, environment: ["OPENAI_API_KEY": canary, "OPENAI_BASE_URL": base])
      let result = try await turnout("run", "flow.yaml", "my key is \(canary)", "--record", "tape")
      #expect(result.status == 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/tape")
      #expect(files.count == 1)
      for file in files {
        let text = try folder.text("tape/\(file)")
        #expect(!text.contains("canary") && text.contains("•••"))
      }
      let again = try await turnout("run", "flow.yaml", "my key is \(canary)", "--replay", "tape")
      #expect(again.output == "you sent Bearer •••\n")
    }
  }
}
