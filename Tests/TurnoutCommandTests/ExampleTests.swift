import Foundation
import Synchronization
import Testing
import TurnoutCore

/// The examples that need no model run as their comments say.
@Suite struct ScriptedExampleTests {
  private static let stakeholders = [
    "run", "Examples/stakeholders.yaml", "--model", "scripted:Examples/scripts/stakeholders.yaml",
  ]

  @Test("stakeholders: three typed results, in the order of the inputs") func stakeholders() async throws {
    let result = try await Turnout().run(Self.stakeholders + ["--json"])
    #expect(result.status == 0)
    let value = try result.json()
    #expect(value["status"] == "succeeded")
    let outcomes = try #require(value["output"]?.array)
    #expect(outcomes.compactMap { $0["name"]?.string } == ["customers", "employees", "investors"])
    for outcome in outcomes {
      let output = try #require(outcome["output"])
      #expect(output.object?.keys == ["effects", "severity", "advice"])
      #expect((1...4).contains(output["effects"]?.array?.count ?? 0))
      #expect((0...10).contains(output["severity"]?.int ?? -1))
      #expect(output["advice"]?.string?.isEmpty == false)
      #expect(outcome["usage"]?["calls"] == 1)
    }
    #expect(value["usage"]?["calls"] == 3)
    // They ran at once: the whole took less than its parts.
    let parts = outcomes.compactMap { $0["duration_ms"]?.double }.reduce(0, +)
    #expect((value["duration_ms"]?.double ?? .infinity) < parts)
  }

  @Test("stakeholders: other groups than the file's") func otherGroups() async throws {
    let input =
      "{\"change\": \"x\", \"groups\": [{\"name\": \"investors\", \"concerns\": \"y\"}, {\"name\": \"customers\", \"concerns\": \"z\"}]}"
    let result = try await Turnout().run(Self.stakeholders + [input, "--json"])
    #expect(try result.json()["output"]?.array?.compactMap { $0["name"]?.string } == ["investors", "customers"])
  }

  @Test("translate: headings, code, table and links in their order, and every section translated") func translate()
    async throws
  {
    let result = try await Turnout()(
      "run", "Examples/translate.yaml", "--input-file", "Examples/data/notice.md", "--model",
      "scripted:Examples/scripts/translate.yaml")
    #expect(result.status == 0)
    #expect(result.complaint == "")
    let original = try String(contentsOfFile: "\(packageFolder)/Examples/data/notice.md", encoding: .utf8)
    #expect(Structure(result.output).headings == Structure(original).headings)
    #expect(Structure(original).headings.count > 5)
    #expect(Structure(result.output).kinds == Structure(original).kinds)
    #expect(Structure(result.output).code == Structure(original).code)
    #expect(Structure(result.output).code.count == 7)
    #expect(Structure(result.output).targets == Structure(original).targets)
    for line in result.output.split(separator: "\n") where line.hasPrefix("#") && !line.hasPrefix("# charging.conf") {
      #expect(line.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "not translated: \(line)")
    }
  }

  @Test(
    "votes, judges and mixtures answer from their scripts",
    arguments: [
      ("judge", "We mend bicycles while you wait.\n"),
      ("mixture", "Air scatters blue light more than red. So blue comes from everywhere in the sky.\n"),
      (
        "research",
        "A courier should buy the Wren 2 for 279 dollars. It is small, and its battery can be replaced during the day.\n"
      ),
      ("polish", "Bicycle repairs. We never tire of it.\n"),
    ])
  func answers(_ name: String, _ answer: String) async throws {
    let result = try await Turnout()(
      "run", "Examples/\(name).yaml", "--model", "scripted:Examples/scripts/\(name).yaml")
    #expect(result.output == answer)
    #expect(result.status == 0)
  }

  @Test("fallback: another model answers, and what had been shown is taken back") func fallback() async throws {
    let folder = try Folder([:])
    let result = try await Turnout()(
      "run", "Examples/fallback.yaml", "--model", "scripted:Examples/scripts/fallback.yaml", "--json", "--events",
      "\(folder.path)/events.jsonl")
    #expect(result.status == 0)
    let value = try result.json()
    #expect(value["output"]?.string?.hasPrefix("Rivers carry salt out of the rocks") == true)
    let events = try folder.events()
    #expect(
      events.compactMap { $0["event"]?.string }.filter { ["retrying", "fell_back"].contains($0) } == [
        "retrying", "fell_back",
      ])
    #expect(value["notes"]?.array?.contains { $0.string?.contains("answered for") == true } == true)
  }

  @Test("slogan: the first attempt that a program finds good enough wins") func slogan() async throws {
    let result = try await Turnout()(
      "run", "Examples/slogan.yaml", "--model", "scripted:Examples/scripts/slogan.yaml", "--json")
    let output = try result.json()["output"]
    #expect(output?["winner"] == "Back on your bike by breakfast.")
    #expect(output?["scores"] == [0, 8, 10, .null])
    #expect(output?["number"] == 3)
    #expect(try result.json()["usage"]?["calls"] == 3)
  }

  @Test("polish: a request that the gate stops is not written") func gated() async throws {
    let result = try await Turnout()(
      "run", "Examples/polish.yaml", "sign", "--model", "scripted:Examples/scripts/polish.yaml", "--json")
    #expect(try result.json()["output"] == "Nothing was written: a request has 10 to 500 characters.")
    #expect(try result.json()["usage"]?["calls"] == 0)
  }

  @Test("research: the plan, and what waits for what, can be read from the events") func research() async throws {
    let folder = try Folder([:])
    let result = try await Turnout()(
      "run", "Examples/research.yaml", "--model", "scripted:Examples/scripts/research.yaml", "--events",
      "\(folder.path)/events.jsonl")
    #expect(result.status == 0)
    let events = try String(contentsOfFile: "\(folder.path)/events.jsonl", encoding: .utf8).split(separator: "\n")
      .map { try Value(json: String($0)) }
    let planned = try #require(events.first { $0["event"] == "planned" })
    #expect(planned["tasks"]?.array?.map { $0["id"] } == ["kestrel", "wren", "compare"])
    func time(_ event: String, _ path: String) -> Double? {
      events.first { $0["event"]?.string == event && $0["path"]?.string == path }?["time_ms"]?.double
    }
    let started = try #require(time("started", "research/compare"))
    for path in ["research/kestrel", "research/wren"] { #expect(try #require(time("finished", path)) <= started) }
  }

  @Test("vote: it ends when the rest cannot change it") func vote() async throws {
    let result = try await Turnout()(
      "run", "Examples/vote.yaml", "--json", "--model", "scripted:Examples/scripts/vote.yaml")
    let output = try result.json()["output"]
    #expect(output?["winner"]?["answer"] == "9")
    #expect(output?["agreement"] == 1)
    #expect(output?["saved"] == 3)
    #expect(try result.json()["usage"]?["calls"] == 4)
  }

  @Test("race: the quicker model answers, and what the other did is told") func race() async throws {
    let folder = try Folder([:])
    let result = try await Turnout()(
      "run", "Examples/race.yaml", "What is the Aurora like?", "--model", "scripted:Examples/scripts/race.yaml",
      "--json", "--events", "\(folder.path)/events.jsonl")
    #expect(result.status == 0)
    let value = try result.json()
    #expect(value["output"] == "The Aurora is light, quick and costs 499.")
    #expect((value["usage"]?["calls"]?.int ?? 0) >= 3, "the loser's call is counted")
    #expect(value["wasted"]?["calls"] == 2, "the first of the hedge and the loser of the race")
    #expect((value["duration_ms"]?.double ?? .infinity) < 5_000, "the loser is not waited for")
    let events = try String(contentsOfFile: "\(folder.path)/events.jsonl", encoding: .utf8)
    #expect(events.contains("\"event\":\"wasted\""))
    #expect(events.contains("race/answer/second"))
  }

  /// The example with another policy and another script, run on its document.
  private func translate(_ policy: String, _ change: (String) -> String) async throws -> (Finished, Value) {
    let file = try String(contentsOfFile: "\(packageFolder)/Examples/translate.yaml", encoding: .utf8)
    let script = try String(contentsOfFile: "\(packageFolder)/Examples/scripts/translate.yaml", encoding: .utf8)
    let folder = try Folder([
      "translate.yaml": file.replacing("on_failure: settle", with: "on_failure: \(policy)"),
      // The pauses are for people.
      "script.yaml": change(script).replacing(/(delay|gap)_ms: \d+/) { "\($0.1)_ms: 0" },
    ])
    let result = try await Turnout()(
      "run", "\(folder.path)/translate.yaml", "--input-file", "Examples/data/notice.md", "--model",
      "scripted:\(folder.path)/script.yaml", "--json")
    return (result, try result.json())
  }

  private static func withoutAnswer(_ script: String) -> String {
    script.replacing("## Who is affected", with: "## No such section")
  }

  /// The script with a table that has lost a row.
  private static func withShortTable(_ script: String) -> String {
    script.replacing(#/ *\| Wren 2 .*\n/#, with: "")
  }

  private func expectTranslatedButForTheTable(_ text: String?) throws {
    let text = try #require(text)
    let original = try String(contentsOfFile: "\(packageFolder)/Examples/data/notice.md", encoding: .utf8)
    #expect(Structure(text).headings == Structure(original).headings)
    #expect(Structure(text).kinds == Structure(original).kinds)
    #expect(Structure(text).code == Structure(original).code)
    #expect(DocumentShape(of: original).complaint(about: text) == nil)
    #expect(
      text.contains("## Who is affected\n\n| Model | Version before | Version after | Change on |\n|---|---|---|---|\n")
    )
    #expect(text.contains("| Kestrel 4 | 5.2 | 6.0 | 2 March |"))
    #expect(text.contains("Phones that were bought after 1 April already have version 6.\n\n## 更新之前"))
  }

  @Test(
    "one section fails: under each policy that allows it, everything else is translated and nothing is lost",
    arguments: ["settle", "{ quorum: 8 }", "{ at_least: 8, by: 60s }"])
  func oneFailure(policy: String) async throws {
    for change in [Self.withoutAnswer, Self.withShortTable] {
      let (result, value) = try await translate(policy, change)
      #expect(result.status == 0, "\(result.complaint)")
      // Once enough have succeeded, the one that would fail is cancelled, when it has not failed by then.
      let statuses: [Value] = policy.contains("quorum") ? ["partial", "succeeded"] : ["partial"]
      #expect(statuses.contains(value["status"] ?? .null))
      try expectTranslatedButForTheTable(value["output"]?.string)
    }
  }

  @Test(
    "one section fails: under a policy that does not allow it, the run fails, and says what is finished",
    arguments: ["fail_fast", "{ quorum: 9 }", "{ at_least: 9, by: 60s }"])
  func oneFailureTooMany(policy: String) async throws {
    for (change, reason) in [(Self.withoutAnswer, "refused"), (Self.withShortTable, "table 1 must have 4 columns")] {
      let (result, value) = try await translate(policy, change)
      #expect(result.status != 0)
      #expect(value["status"] == "failed")
      let outcomes = try #require(value["output"]?.array)
      #expect(outcomes.count == 9)
      let failed = outcomes.filter { $0["status"] == "failed" }
      #expect(failed.count == 1)
      let error = failed.first?["error"]
      #expect(error?["label"]?.string == reason || error?["message"]?.string?.contains(reason) == true)
    }
  }

  @Test("an answer that lost something is sent back, and a better one is taken") func mended() async throws {
    let (result, value) = try await translate("fail_fast") { script in
      // The entry with all rows fits only after a complaint.
      let short = Self.withShortTable(script)
      return script.replacing(
        "when: [\"## Who is affected\"]", with: "when: [\"## Who is affected\", \"not acceptable\"]")
        + short
    }
    #expect(result.status == 0, "\(result.complaint)")
    #expect(value["status"] == "succeeded")
    #expect(value["output"]?.string?.contains("| Wren 2 | 3.9 | 不变 | – |") == true)
    #expect(value["usage"]?["calls"] == 10)
  }
}

/// What of a Markdown document a translation must keep.
private struct Structure {
  /// The number signs of each heading.
  var headings: [String] = []
  /// The kinds of the lines of tables, lists, quotes and fences.
  var kinds: [String] = []
  /// The lines of fenced code with their fences.
  var code: [String] = []
  /// Where links lead.
  var targets: [String] = []

  init(_ text: String) {
    var isCode = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("```") || isCode {
        if line.hasPrefix("```") { isCode.toggle() }
        code.append(String(line))
        kinds.append("code")
      } else if line.hasPrefix("#") {
        headings.append(String(line.prefix { $0 == "#" }))
      } else if line.hasPrefix("|") {
        kinds.append("row of \(line.count { $0 == "|" })" + (line.contains("---") ? ", rule" : ""))
      } else if let mark = line.prefixMatch(of: /-\s|>\s|\d+\.\s/) {
        kinds.append(String(mark.output))
      }
      targets += line.split(separator: "](").dropFirst().map { String($0.prefix { $0 != ")" }) }
    }
  }
}

/// The examples on the local models of this machine.
@Suite(.enabled(if: installation != nil, "the local models are not installed"), .serialized, .timeLimit(.minutes(5)))
struct LocalExampleTests {
  private let turnout = Turnout().local

  struct Request: Sendable, CustomTestStringConvertible {
    let file: String
    let input: String
    let route: String
    let prefix: String
    /// What the tool finds.
    let fact: String?
    let tool: String
    var testDescription: String { input }
  }

  private static let requests = [
    Request(
      file: "support", input: "when does the new phone come out and what does it cost", route: "consult",
      prefix: "[Consult] ", fact: "Kestrel 5", tool: "product_info"),
    Request(
      file: "support", input: "my phone keeps restarting, what now", route: "service", prefix: "[Service] ",
      fact: "power and volume-down buttons", tool: "search_notes"),
    Request(
      file: "support", input: "any news about a car maker", route: "otherwise", prefix: "[Others] ", fact: nil,
      tool: "search_notes"),
    Request(
      file: "support.zh", input: "新手机什么时候上市，多少钱？", route: "consult", prefix: "【售前】", fact: "隼5", tool: "product_info"),
    Request(
      file: "support.zh", input: "我的手机总是重启，怎么办？", route: "service", prefix: "【售后】", fact: "音量减键", tool: "search_notes"),
    Request(
      file: "support.zh", input: "有没有某家汽车厂商的新闻？", route: "otherwise", prefix: "【其他】", fact: nil, tool: "search_notes"),
  ]

  @Test(
    "the support desk with a model that calls tools: the answer has its prefix, and the tool was really called",
    arguments: requests)
  func support(_ request: Request) async throws {
    let folder = try Folder()
    let result = try await turnout(
      "run", "Examples/\(request.file).yaml", request.input, "--model",
      "scripted:Examples/scripts/\(request.file).yaml",
      "--events", "\(folder.path)/events.jsonl")
    #expect(result.status == 0, "\(result.complaint)")
    #expect(result.output.hasPrefix(request.prefix))
    if let fact = request.fact { #expect(result.output.contains(fact)) }
    let events = try folder.events()
    let calls = events.filter { $0["event"] == "finished" && $0["kind"] == "tool" }
    #expect(calls.compactMap { $0["path"]?.string } == ["\(request.file)/\(request.route)/agent/\(request.tool)"])
    if let fact = request.fact { #expect(calls.first?["output"]?.string?.contains(fact) == true) }
    let decision = events.first { $0["event"] == "decided" }?["decision"]
    #expect(decision?["routes"] == (request.route == "otherwise" ? [] : [.string(request.route)]))
  }

  @Test("the support desk on this machine alone: facts that were looked up", arguments: requests)
  func supportAlone(_ request: Request) async throws {
    let result = try await turnout("run", "Examples/\(request.file).yaml", request.input, "--json")
    #expect(result.status == 0, "\(result.complaint)")
    let value = try result.json()
    #expect(value["output"]?.string?.hasPrefix(request.prefix) == true)
    if let fact = request.fact { #expect(value["output"]?.string?.contains(fact) == true) }
    #expect(value["decision"]?["decided_by"] == "examples")
    // The model cannot call tools, and is not asked.
    #expect(value["usage"]?["calls"] == 0)
    #expect(value["notes"]?.array?.isEmpty == false)
  }

  @Test("three texts at once on the small model") func parallel() async throws {
    let result = try await turnout("run", "Examples/parallel.yaml", "--json")
    #expect(result.status == 0, "\(result.complaint)")
    let value = try result.json()
    let outcomes = try #require(value["output"]?.array)
    #expect(outcomes.compactMap { $0["name"]?.string } == ["the sea", "a railway station", "the first snow"])
    #expect(outcomes.allSatisfy { $0["status"] == "succeeded" && $0["output"]?.string?.isEmpty == false })
    #expect(outcomes.allSatisfy { ($0["usage"]?["output_tokens"]?.int ?? 0) > 0 })
  }

  @Test("facts that a step looked up, in a sentence of the small model") func sentence() async throws {
    let folder = try Folder()
    let result = try await turnout(
      "run", "Examples/sentence.yaml", "What is the Kestrel 4 like?", "--json", "--events",
      "\(folder.path)/events.jsonl")
    #expect(result.status == 0, "\(result.complaint)")
    #expect(try result.json()["output"]?.string?.isEmpty == false)
    let facts = try folder.events().first { $0["event"] == "finished" && $0["path"] == "sentence/facts" }
    #expect(facts?["output"]?.string?.contains("Kestrel 4") == true)
  }

  @Test("a decision in words, and as JSON") func route() async throws {
    let words = try await turnout("route", "Examples/support.yaml", "my phone keeps restarting")
    #expect(words.status == 0, "\(words.complaint)")
    #expect(words.complaint == "")
    let lines = words.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("→ service  decided by examples, confidence 0.") == true)
    #expect(lines.contains { $0.hasPrefix("  none  ") || $0.hasPrefix("  none     ") })
    #expect(!words.output.contains("\u{1B}"))
    let json = try await turnout("route", "Examples/support.zh.yaml", "今天天气怎么样", "--json")
    let value = try json.json()
    #expect(value.object?.keys == ["decision", "duration_ms", "usage"])
    #expect(value["decision"]?["kind"] == "none")
    #expect(value["decision"]?["routes"] == [])
    #expect(value["decision"]?["scores"]?.object?.keys == ["consult", "service"])
    #expect(value["usage"]?["embeddings"] == 1)
  }

  @Test("1 MiB is routed by its beginning, by file and by standard input, and the decision says so") func longRequest()
    async throws
  {
    let folder = try Folder()
    let text = String(repeating: "my phone keeps restarting and does not start any more. ", count: 1 << 15)
    #expect(text.utf8.count > 1 << 20)
    try folder.write("long.txt", Data(text.utf8))
    let note: Value = ["only the first 400 tokens of the request were compared, by a cautious count"]
    let file = try await turnout("route", "Examples/support.yaml", "--input-file", "\(folder.path)/long.txt", "--json")
    #expect(try file.json()["decision"]?["notes"] == note, "\(file.complaint)")
    #expect(try file.json()["decision"]?["routes"] == ["service"])
    let input = try await turnout("route", "Examples/support.yaml", "-", "--json", input: text)
    #expect(try input.json()["decision"]?["notes"] == note)
    let words = try await turnout("route", "Examples/support.yaml", "-", input: text)
    #expect(words.output.contains("only the first 400 tokens of the request were compared"))
  }

  @Test("1 MiB for the small model is one clear line") func contextWindow() async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { agent: { instructions: Be brief. } }\n"])
    let text = String(repeating: "one two three four ", count: 1 << 16)
    let result = try await turnout("run", "\(folder.path)/flow.yaml", "-", input: text)
    #expect(result.status == 65)
    #expect(result.output == "")
    #expect(result.lines.count == 1, "\(result.complaint)")
    #expect(result.complaint.hasPrefix("turnout: local: the request is longer than the model can read"))
  }

  @Test("an interrupted run leaves no server behind") func interrupted() async throws {
    let folder = try Folder([
      "flow.yaml": "turnout: 1\nrun: { agent: { instructions: Tell a very long story., max_tokens: 1500 } }\n"
    ])
    let arguments = ["run", "\(folder.path)/flow.yaml", "Begin.", "--json", "--events", "\(folder.path)/events.jsonl"]
    let servers = Mutex<[ProcessTable.Entry]>([])
    let result = try await turnout.signalled(arguments) { process in
      try await eventually("the model writes") { try folder.events().contains { $0["event"] == "text" } }
      let found = try ProcessTable.now().below(process.process)
      servers.withLock { $0 = found }
      process.send(SIGINT)
    }
    #expect(result.status == 130)
    #expect(try result.json()["status"] == "interrupted")
    let found = servers.withLock { $0 }
    #expect(found.count >= 2)
    try await eventually("the servers end") {
      let table = try ProcessTable.now()
      return found.allSatisfy { !table.isAtWork($0) }
    }
  }
}
