import Testing
import TurnoutCore

@Suite struct EventsFileTests {
  private static let flow = """
    turnout: 1
    inputs: [a, b]
    run:
      chain:
        - { name: note, text: noted }
        - each: { over: "{{request}}", label: "{{item}}", agent: { instructions: x, prompt: "is {{item}}" } }
    """

  private func events(_ script: String) async throws -> (result: Finished, events: [Value]) {
    let folder = try Folder(["flow.yaml": Self.flow, "script.yaml": script])
    let result = try await Turnout(in: folder.path)(
      "run", "flow.yaml", "--model", "scripted:script.yaml", "--events", "events.jsonl")
    #expect(try folder.text("events.jsonl").last == "\n")
    return (result, try folder.events())
  }

  /// Numbered from 1 without gaps, in order of time, and what has started has ended.
  private func expectOrder(_ events: [Value]) {
    #expect(events.map { $0["seq"]?.int } == Array(1...events.count))
    let times = events.compactMap { $0["time_ms"]?.double }
    #expect(times == times.sorted())
    var open: Set<Int> = []
    for event in events {
      let span = event["span"]?.int ?? 0
      switch event["event"]?.string {
      case "started":
        #expect(open.insert(span).inserted)
        if let parent = event["parent"]?.int { #expect(open.contains(parent)) }
      case "finished", "failed": #expect(open.remove(span) != nil)
      default: #expect(open.contains(span))
      }
    }
    #expect(open.isEmpty)
  }

  @Test("a line for every event of a run, with what each step produced") func complete() async throws {
    let (result, events) = try await events("- { when: is a, text: \"done a\" }\n- { when: is b, text: \"done b\" }\n")
    #expect(result.status == 0)
    expectOrder(events)
    let outputs = events.filter { $0["event"] == "finished" }.map { ($0["path"]?.string ?? "", $0["output"] ?? .null) }
    #expect(outputs.first { $0.0 == "flow/note" }?.1 == "noted")
    #expect(outputs.first { $0.0 == "flow/2/a" }?.1 == "done a")
    #expect(outputs.first { $0.0 == "flow/2/b" }?.1 == "done b")
    #expect(outputs.last?.0 == "flow")
    let text = events.filter { $0["event"] == "text" && $0["path"] == "flow/2/a" }.compactMap { $0["text"]?.string }
    #expect(text.joined() == "done a")
  }

  @Test("a run that failed holds what had finished") func failed() async throws {
    let (result, events) = try await events("- { when: is a, text: done }\n")
    #expect(result.status == 1)
    expectOrder(events)
    #expect(events.contains { $0["event"] == "finished" && $0["output"] == "noted" })
    #expect(events.last?["event"] == "failed")
    #expect(events.last?["error"]?["label"] == "refused")
  }

  @Test("a run that never began has an empty file") func none() async throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\n"])
    let result = try await Turnout(in: folder.path)("run", "flow.yaml", "hello", "--events", "events.jsonl")
    #expect(result.status == 65)
    #expect(try folder.text("events.jsonl") == "")
  }
}
