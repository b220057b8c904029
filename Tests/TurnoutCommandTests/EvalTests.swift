import Foundation
import Testing
import TurnoutCore

/// `turnout eval`, on a router by rules, which needs no model.
@Suite struct EvalTests {
  static let desk = """
    turnout: 1
    run:
      route:
        by: rules
        rules:
          - { route: sales, when: { words: [price, cost] } }
          - { route: service, when: { words: [broken, crash] } }
        routes:
          sales: { text: "sales" }
          service: { text: "service" }
        otherwise: { text: "nobody" }
    """

  static let cases = """
    {"input": "what is the price", "route": "sales"}
    {"input": "does it cost much", "route": "sales"}
    {"input": "my screen is broken", "route": "service"}
    {"input": "it does not start", "route": "service"}
    {"input": "will it rain", "route": null}
    {"input": "at any price: is there life on Mars", "route": null}
    """

  private func desk(_ body: (_ turnout: Turnout, _ folder: String) async throws -> Void) async throws {
    let folder = try Folder(["desk.yaml": Self.desk, "cases.jsonl": Self.cases])
    try await body(Turnout(in: folder.path), folder.path)
  }

  @Test("every figure, and every request, as one JSON object") func json() async throws {
    try await desk { turnout, _ in
      let result = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--json")
      #expect(result.status == 0)
      #expect(result.complaint == "")
      let value = try result.json()
      #expect(value["accuracy"]?["count"] == 3 && value["accuracy"]?["total"] == 4)
      #expect(value["out_of_scope"]?["recall"]?["count"] == 1)
      #expect(value["requests"] == 6 && value["rows"]?.array?.count == 6)
    }
  }

  @Test("a table for a person, and a page") func table() async throws {
    try await desk { turnout, folder in
      let result = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--html", "page.html")
      #expect(result.status == 0)
      #expect(result.output.contains("accuracy in scope     75.0 %"))
      #expect(result.output.contains("out of scope caught   50.0 %"))
      let page = try String(contentsOfFile: "\(folder)/page.html", encoding: .utf8)
      #expect(page.hasPrefix("<!doctype html>") && page.contains("at any price: is there life on Mars"))
    }
  }

  @Test("a router that got worse ends with 1, and says which requests changed") func baseline() async throws {
    try await desk { turnout, folder in
      let first = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--report", "before.json")
      #expect(first.status == 0)
      let same = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--baseline", "before.json")
      #expect(same.status == 0)
      #expect(same.output.hasSuffix("passed\n"))
      let worse = Self.desk.replacing("[broken, crash]", with: "[crash]")
      try worse.write(toFile: "\(folder)/desk.yaml", atomically: true, encoding: .utf8)
      let second = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--baseline", "before.json")
      #expect(second.status == 1)
      #expect(second.output.contains("worse: my screen is broken (service): service → none"))
      let lenient = try await turnout(
        "eval", "desk.yaml", "--cases", "cases.jsonl", "--baseline", "before.json", "--max-drop", "0.5", "--json")
      #expect(lenient.status == 0)
      #expect(try lenient.json()["baseline"]?["status"] == "passed")
    }
  }

  @Test("what was recorded replays, and only for the same router") func record() async throws {
    try await desk { turnout, folder in
      let arguments = ["eval", "desk.yaml", "--cases", "cases.jsonl", "--json", "--record", "log.jsonl"]
      let first = try await turnout.run(arguments)
      #expect(try String(contentsOfFile: "\(folder)/log.jsonl", encoding: .utf8).split(separator: "\n").count == 7)
      let second = try await turnout.run(arguments)
      // The times are those of the first run, so that everything is the same.
      #expect(first.output == second.output)
      try (Self.desk + "\n").write(toFile: "\(folder)/desk.yaml", atomically: true, encoding: .utf8)
      let other = try await turnout.run(arguments)
      #expect(other.status != 0)
      #expect(try other.json()["error"]?["message"]?.string?.contains("log.jsonl") == true)
    }
  }

  @Test(
    "65: labelled requests that are none, with the line",
    arguments: [
      (
        "{\"input\": \"x\", \"route\": \"sale\"}",
        "cases.jsonl:1: route: there is no route \"sale\" (did you mean \"sales\"?)"
      ),
      ("{\"input\": \"x\", \"route\": null}\n\n{\"input\": \"y\", \"route\": null}", "cases.jsonl:2:"),
      ("no JSON", "cases.jsonl:1:"), ("", "cases.jsonl"), ("{\"input\": \"x\"}", "cases.jsonl:1:"),
      ("{\"input\": \"\", \"route\": null}", "cases.jsonl:1:"),
    ])
  func badCases(cases: String, message: String) async throws {
    try await desk { turnout, folder in
      try cases.write(toFile: "\(folder)/cases.jsonl", atomically: true, encoding: .utf8)
      let result = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl")
      #expect(result.status == 65)
      #expect(result.output == "")
      #expect(result.complaint.contains(message), "\(result.complaint)")
    }
  }

  @Test("65: no router, no such files") func nothingToMeasure() async throws {
    try await desk { turnout, folder in
      try "turnout: 1\nrun: { text: x }\n".write(toFile: "\(folder)/text.yaml", atomically: true, encoding: .utf8)
      #expect(try await turnout("eval", "text.yaml", "--cases", "cases.jsonl").status == 65)
      #expect(try await turnout("eval", "desk.yaml", "--cases", "nowhere.jsonl").status == 65)
      #expect(try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--baseline", "no.json").status == 65)
      #expect(try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--max-drop", "2").status == 64)
      #expect(try await turnout("fit", "desk.yaml").status == 65)
    }
  }

  @Test(
    "nothing that is read is written over, and what cannot be written is said before anything is asked",
    arguments: [
      (["--report", "cases.jsonl"], 64), (["--html", "desk.yaml"], 64), (["--record", "./cases.jsonl"], 64),
      (["--report", "x", "--html", "./x"], 64), (["--baseline", "before.json", "--report", "before.json"], 64),
      (["--html", "nowhere/page.html"], 65),
    ] as [([String], Int32)])
  func outputs(options: [String], status: Int32) async throws {
    try await desk { turnout, folder in
      _ = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--report", "before.json")
      let result = try await turnout.run(["eval", "desk.yaml", "--cases", "cases.jsonl"] + options)
      #expect(result.status == status)
      #expect(result.output == "" && result.lines.count == 1, "\(result.complaint)")
      #expect(try String(contentsOfFile: "\(folder)/cases.jsonl", encoding: .utf8) == Self.cases)
      #expect(try String(contentsOfFile: "\(folder)/desk.yaml", encoding: .utf8) == Self.desk)
    }
  }

  @Test("a fit that the file names and that is not there, or would be written over the file") func namedFit()
    async throws
  {
    let text = """
      turnout: 1
      run:
        route:
          fit: gone.fit.json
          routes:
            a: { examples: [one, two], text: a }
          otherwise: { text: b }
      """
    let folder = try Folder(["desk.yaml": text])
    let turnout = Turnout(in: folder.path)
    let check = try await turnout("check", "desk.yaml")
    #expect(check.status == 65)
    #expect(check.complaint.hasSuffix("gone.fit.json:1:1: there is no such file; make it with turnout fit\n"))
    let over = try await turnout("fit", "desk.yaml", "--output", "desk.yaml")
    #expect(over.status == 64)
    #expect(over.complaint.contains("--output desk.yaml would write over a file that is read"))
    #expect(try folder.text("desk.yaml") == text)
  }

  @Test("an input that is a conversation stays one beside the options") func conversationInput() async throws {
    let desk = Self.desk.replacing("turnout: 1", with: "turnout: 1\ninputs: { messages: [] }").replacing(
      "words: [price, cost]", with: "words: [price, cost], metadata: { plan: [gold] }")
    let folder = try Folder([
      "desk.yaml": desk,
      "in.json": """
      {"messages": [{"role": "system", "content": "broken"}, {"role": "user", "content": "the price"}],
       "metadata": {"plan": "gold"}}
      """,
    ])
    let turnout = Turnout(in: folder.path)
    for more in [[], ["--session", "sales"], ["--metadata", "site=de"]] {
      let result = try await turnout.run(["route", "desk.yaml", "--input-file", "in.json", "--json"] + more)
      #expect(try result.json()["decision"]?["routes"] == ["sales"])
    }
    let lost = try await turnout.run([
      "route", "desk.yaml", "--input-file", "in.json", "--metadata", "plan=none", "--json",
    ])
    #expect(try lost.json()["decision"]?["routes"] == [])
  }

  @Test("conversations, sessions and metadata reach the rules") func surroundings() async throws {
    let gold = "    rules:\n      - { route: service, when: { metadata: { plan: [gold] } } }\n"
    let folder = try Folder([
      "desk.yaml": Self.desk.replacing("    rules:\n", with: "    sticky: true\n" + gold),
      "talk.json": "[{\"role\": \"user\", \"content\": \"price\"}]",
    ])
    let turnout = Turnout(in: folder.path)
    func routes(_ arguments: String...) async throws -> Value? {
      try await turnout.run(["route", "desk.yaml", "hello", "--json"] + arguments).json()["decision"]?["routes"]
    }
    #expect(try await routes() == [])
    #expect(try await routes("--metadata", "plan=gold") == ["service"])
    #expect(try await routes("--session", "sales") == ["sales"])
    #expect(try await routes("--conversation", "talk.json", "--session", "service") == ["service"])
    #expect(try await turnout("route", "desk.yaml", "hello", "--metadata", "plan").status == 64)
    #expect(try await turnout("route", "desk.yaml", "hello", "--conversation", "desk.yaml").status == 65)
  }
}
