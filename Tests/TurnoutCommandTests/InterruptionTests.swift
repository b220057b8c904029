import Foundation
import Synchronization
import Testing
import TurnoutCore

/// SIGINT and SIGTERM end a run in good order.
@Suite struct InterruptionTests {
  private static let files = [
    "flow.yaml": """
    turnout: 1
    inputs: [first, stuck, third]
    run: { each: { label: "{{item}}", on_failure: settle, agent: { instructions: x, prompt: "is {{item}}" } } }
    """,
    "script.yaml": """
    - { when: is first, text: done first, delay_ms: 20 }
    - { when: is stuck, text: never, delay_ms: 600000 }
    - { when: is third, text: done third }
    """,
    "route.yaml": """
    turnout: 1
    run: { route: { by: model, routes: { a: { description: b, text: c } }, otherwise: a } }
    """,
    "stuck.yaml": "- { text: never, delay_ms: 600000 }\n",
    "chain.yaml": """
    turnout: 1
    run:
      chain:
        - { name: one, text: "1 {{input}}" }
        - { name: both, parallel: { branches: { quick: { text: "2 {{input}}" }, slow: { tool: { name: sleep } } } } }
    tools: { sleep: { description: a, command: [sleep, "600"] } }
    """,
  ]
  private static let run = ["run", "flow.yaml", "--model", "scripted:script.yaml", "--events", "events.jsonl"]

  private func finished(_ folder: Folder, _ count: Int, _ prefix: String = "flow/") throws -> Bool {
    try folder.events().count {
      $0["event"] == "finished" && $0["path"]?.string?.hasPrefix(prefix) == true
        && $0["path"]?.string?.hasSuffix("/scripted") == false
    } >= count
  }

  @Test("what had finished is told as JSON, in the order of the inputs", arguments: [SIGINT, SIGTERM])
  func json(_ signal: Int32) async throws {
    let folder = try Folder(Self.files)
    let result = try await Turnout(in: folder.path).signalled(Self.run + ["--json"]) { process in
      try await eventually("two branches finish") { try finished(folder, 2) }
      process.send(signal)
    }
    #expect(result.status == 130)
    #expect(result.complaint == "")
    let value = try result.json()
    #expect(value["status"] == "interrupted")
    #expect(
      value["output"] == [
        ["path": "flow/first", "status": "succeeded", "output": "done first"],
        ["path": "flow/third", "status": "succeeded", "output": "done third"],
      ])
    #expect(value["error"]?["label"] == "cancelled")
    // The one that was cancelled had been made, too.
    #expect(value["usage"]?["calls"] == 3)
    let events = try folder.events()
    #expect(events.map { $0["seq"]?.int } == Array(1...events.count))
    #expect(events.last?["event"] == "failed" && events.last?["path"] == "flow")
    #expect(events.filter { $0["event"] == "failed" }.allSatisfy { $0["error"]?["label"] == "cancelled" })
  }

  @Test("what had finished is told in words") func words() async throws {
    let folder = try Folder(Self.files)
    let result = try await Turnout(in: folder.path).signalled(Self.run) { process in
      try await eventually("two branches finish") { try finished(folder, 2) }
      process.send(SIGINT)
    }
    #expect(result.status == 130)
    #expect(result.output == "flow/first: done first\nflow/third: done third\n")
    #expect(result.complaint == "turnout: interrupted; 2 finished and were printed: flow/first, flow/third\n")
  }

  @Test("steps of a chain count, and a tool that is at work ends") func chain() async throws {
    let folder = try Folder(Self.files)
    let arguments = ["run", "chain.yaml", "x", "--json", "--events", "events.jsonl"]
    let result = try await Turnout(in: folder.path).signalled(arguments) { process in
      try await eventually("a branch finishes and the tool starts") {
        let events = try folder.events()
        return events.contains { $0["event"] == "finished" && $0["path"] == "chain/both/quick" }
          && events.contains { $0["event"] == "started" && $0["path"] == "chain/both/slow" }
      }
      process.send(SIGINT)
    }
    #expect(result.status == 130)
    let output = try result.json()["output"]
    #expect(
      output == [
        ["path": "chain/one", "status": "succeeded", "output": "1 x"],
        ["path": "chain/both/quick", "status": "succeeded", "output": "2 1 x"],
      ])
  }

  @Test("nothing had finished") func nothing() async throws {
    let folder = try Folder(Self.files)
    let arguments = ["run", "flow.yaml", "[\"stuck\"]", "--model", "scripted:script.yaml", "--events", "events.jsonl"]
    for json in [false, true] {
      let result = try await Turnout(in: folder.path).signalled(arguments + (json ? ["--json"] : [])) { process in
        try await eventually("the run starts") { try folder.events().contains { $0["kind"] == "model" } }
        process.send(SIGINT)
      }
      #expect(result.status == 130)
      if json {
        #expect(try result.json()["status"] == "interrupted")
        #expect(try result.json()["output"] == .null)
      } else {
        #expect(result.output == "")
        #expect(result.complaint == "turnout: interrupted\n")
      }
      try folder.write("events.jsonl", Data())
    }
  }

  @Test("while the input is read there is nothing to cancel", arguments: ["run", "route"])
  func readingInput(_ command: String) async throws {
    let folder = try Folder(Self.files)
    let pipe = "\(folder.path)/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    for json in [false, true] {
      let arguments = [command, "route.yaml", "--input-file", "pipe"] + (json ? ["--json"] : [])
      let result = try await Turnout(in: folder.path).signalled(arguments) { process in
        // A pipe can be opened in this way only when someone is reading it.
        var descriptor: Int32 = -1
        try await eventually("the input is read") {
          descriptor = open(pipe, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
          return descriptor >= 0
        }
        defer { close(descriptor) }
        process.send(SIGINT)
        try await eventually("the process ends") { process.hasEnded }
      }
      #expect(result.status == 130)
      if json {
        #expect(try result.json()["status"] == "interrupted")
        #expect(try result.json()["error"]?["label"] == "cancelled")
      } else {
        #expect(result.output == "")
        #expect(result.complaint == "turnout: interrupted\n")
      }
    }
  }

  @Test("a decision is interrupted, too") func route() async throws {
    let folder = try Folder(Self.files)
    for json in [false, true] {
      let result = try await Server.stalling { base, lines in
        let turnout = Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base])
        let arguments = ["route", "route.yaml", "hello", "--model", "ollama:m"] + (json ? ["--json"] : [])
        return try await turnout.signalled(arguments) { process in
          _ = try await lines()
          process.send(SIGINT)
        }
      }
      #expect(result.status == 130)
      if json {
        #expect(try result.json()["status"] == "interrupted")
      } else {
        #expect(result.output == "")
        #expect(result.complaint == "turnout: interrupted\n")
      }
    }
  }

  @Test("a model that never answers is left") func network() async throws {
    let folder = try Folder(Self.files)
    let result = try await Server.stalling { base, lines in
      let turnout = Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base])
      return try await turnout.signalled(["run", "flow.yaml", "[\"a\"]", "--model", "ollama:m", "--json"]) { process in
        _ = try await lines()
        process.send(SIGINT)
      }
    }
    #expect(result.status == 130)
    #expect(try result.json()["status"] == "interrupted")
  }

  @Test("the calls of models that are under way are cancelled within 200 ms") func upstream() async throws {
    let folder = try Folder(Self.files)
    // The machine may be busy with other tests: the best of three tells how quick it can be.
    var best = Double.infinity
    for _ in 0..<3 where best > 0.2 {
      let (signalled, closed) = try await Server.stalling { base, lines in
        let turnout = Turnout(in: folder.path, environment: ["OLLAMA_BASE_URL": base])
        let signalled = Mutex(0.0)
        let arguments = ["run", "flow.yaml", "[\"a\", \"b\", \"c\"]", "--model", "ollama:m", "--json"]
        let result = try await turnout.signalled(arguments) { process in
          for _ in 0..<3 {
            let word = try await lines()
            #expect(word == "asked")
          }
          signalled.withLock { $0 = Date().timeIntervalSince1970 }
          process.send(SIGINT)
        }
        #expect(result.status == 130)
        var closed: [Double] = []
        for _ in 0..<3 {
          let words = try await lines().split(separator: " ")
          #expect(words.first == "closed")
          closed.append(words.last.flatMap { Double($0) } ?? .infinity)
        }
        return (signalled.withLock { $0 }, closed.max() ?? .infinity)
      }
      best = min(best, closed - signalled)
    }
    #expect(best < 0.2, "the last connection was closed \(best) s after the signal")
  }

  @Test("a second signal ends a process that nobody listens to") func second() async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\nrun: { text: \"{{input}}\" }\n"])
    let long = String(repeating: "long ", count: 1 << 18)
    try folder.write("long.txt", Data(long.utf8))
    let status = try await Turnout(in: folder.path).unread(
      ["run", "flow.yaml", "--input-file", "long.txt", "--events", "events.jsonl"]
    ) { process in
      // What it prints does not fit into the pipe, so it waits for a reader for ever.
      try await eventually("the run ends") { try folder.events().contains { $0["event"] == "finished" } }
      try await eventually("the process ends") {
        process.send(SIGINT)
        return process.hasEnded
      }
    }
    #expect(status == 130)
  }
}
