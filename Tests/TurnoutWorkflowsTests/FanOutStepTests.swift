import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct FanOutStepTests {
  /// Answers after a number of turns of the executor, the first prompts last, and fails where the prompt says so.
  private static let slowFirst = TestModels(
    ScriptedModel { request, _ in
      if request.prompt.contains("bad") { return .failure(ModelError.refused("scripted", "no \(request.prompt)")) }
      let wait: Duration = request.prompt.hasSuffix("1") ? .milliseconds(30) : .zero
      return .text("did \(request.prompt)").delayed(by: wait)
    })

  private func keys(_ outcome: Value?) -> [String]? { outcome?.object?.keys }

  @Test("branches over one input, in the order of the file") func parallel() async throws {
    let text = """
      turnout: 1
      run:
        parallel:
          branches:
            first: { agent: { instructions: a, prompt: "{{input}} 1" } }
            second: { agent: { instructions: a, prompt: "{{input}} 2" } }
            third: { text: "{{request}} 3" }
      """
    let result = try await run(text, "work", Self.slowFirst)
    #expect(result.array?.compactMap { $0["name"]?.string } == ["first", "second", "third"])
    #expect(result.array?.compactMap { $0["output"]?.string } == ["did work 1", "did work 2", "work 3"])
    #expect(result.array?.compactMap { $0["status"]?.string } == ["succeeded", "succeeded", "succeeded"])
    #expect(keys(result[0]) == ["name", "status", "output", "duration_ms", "usage"])
    #expect((result[0]?["duration_ms"]?.double ?? 0) >= 30)
    #expect(result[0]?["usage"]?["calls"] == 1)
    #expect(result[2]?["usage"]?["calls"] == 0)
  }

  private static func each(_ policy: String, _ more: String = "") -> String {
    "turnout: 1\nrun: { each: { on_failure: \(policy), \(more) agent: { instructions: a, prompt: \"{{item}}\" } } }\n"
  }

  @Test("settle: outcomes in input order, failures among them") func settle() async throws {
    let result = try await run(Self.each("settle"), ["a1", "bad", "c"], Self.slowFirst)
    #expect(result.array?.compactMap { $0["status"]?.string } == ["succeeded", "failed", "succeeded"])
    #expect(result.array?.map { $0["output"] } == ["did a1", nil, "did c"])
    #expect(keys(result[1]) == ["status", "error", "duration_ms", "usage"])
    #expect(result[1]?["error"] == ["label": "refused", "message": "scripted: no bad"])
  }

  @Test("fail fast: the first failure is the whole's") func failFast() async throws {
    let error = try #require(await failure { try await run(Self.each("fail_fast"), ["a1", "bad"], Self.slowFirst) })
    #expect(error == RunFailure(label: "refused", message: "scripted: no bad"))
  }

  @Test("without a policy the first failure is the whole's, too") func defaultPolicy() async throws {
    let text = "turnout: 1\nrun: { each: { agent: { instructions: a, prompt: \"{{item}}\" } } }\n"
    let error = try #require(await failure { try await run(text, ["a1", "bad"], Self.slowFirst) })
    #expect(error.label == "refused")
  }

  @Test("quorum: enough successes cancel the rest, too few fail the whole") func quorum() async throws {
    let result = try await run(Self.each("{ quorum: 2 }"), ["bad", "b", "c"], Self.slowFirst)
    #expect(result.array?.compactMap { $0["status"]?.string } == ["failed", "succeeded", "succeeded"])
    let error = try #require(
      await failure { try await run(Self.each("{ quorum: 2 }"), ["bad", "bad", "c"], Self.slowFirst) })
    #expect(error.label == "unsettled")
    let impossible = try #require(
      await failure { try await run(Self.each("{ quorum: 4 }"), ["a", "b", "c"], Self.slowFirst) })
    #expect(impossible.label == "invalid_input")
  }

  @Test("at least so many by a time: what is late is cancelled") func atLeast() async throws {
    let models = TestModels(
      ScriptedModel { request, _ in .text("did").delayed(by: request.prompt == "late" ? .seconds(600) : .zero) })
    let result = try await run(Self.each("{ at_least: 1, by: 200ms }"), ["late", "b"], models)
    #expect(result.array?.compactMap { $0["status"]?.string } == ["cancelled", "succeeded"])
    let error = try #require(
      await failure { try await run(Self.each("{ at_least: 2, by: 200ms }"), ["late", "b"], models) })
    #expect(error.label == "unsettled")
  }

  @Test("at most so many at once") func bound() async throws {
    let items = (0..<6).map { Value.string("item \($0)") }
    let recorder = EventRecorder()
    _ = try await run(Self.each("settle", "at_most: 1,"), .array(items), Self.slowFirst, sinks: [recorder])
    var (current, peak) = (0, 0)
    for event in recorder.events where event.path.components.count == 2 {
      switch event.kind {
      case .started:
        current += 1
        peak = max(peak, current)
      case .finished, .failed: current -= 1
      default: break
      }
    }
    #expect(peak == 1)
  }

  @Test("over what a template names, with labels in outcomes and paths") func overAndLabel() async throws {
    let text = """
      turnout: 1
      inputs: { change: move, groups: [{ name: staff, who: { age: 3 } }, { name: guests }] }
      run:
        each:
          over: "{{input.groups}}"
          label: "{{item.name}} of {{request.change}}"
          text: "{{item.name}}/{{input.name}}/{{request.change}}"
      """
    let recorder = EventRecorder()
    let folder = try Folder(["flow.yaml": text])
    let workflow = try folder.workflow()
    let result = try await workflow.run(try #require(workflow.inputs), TestModels(), sinks: [recorder])
    #expect(result.array?.compactMap { $0["name"]?.string } == ["staff of move", "guests of move"])
    #expect(result.array?.compactMap { $0["output"]?.string } == ["staff/staff/move", "guests/guests/move"])
    let paths = recorder.events.compactMap { if case .finished = $0.kind { $0.path.description } else { nil } }
    #expect(Set(paths) == ["flow/staff of move", "flow/guests of move", "flow"])
  }

  @Test("each over nothing, and over what is no list") func noItems() async throws {
    #expect(try await run(Self.each("settle"), [], Self.slowFirst) == [])
    let error = try #require(await failure { try await run(Self.each("settle"), "text", Self.slowFirst) })
    #expect(error.label == "invalid_input")
    let missing = "turnout: 1\nrun: { each: { over: \"{{input.groups}}\", text: a } }\n"
    let reason = try #require(await failure { try await run(missing, ["a": 1], Self.slowFirst) })
    #expect(reason.message == "the template name {{input.groups}} has no value in this input")
  }

  @Test("each inside each, each item its own") func nestedEach() async throws {
    let text = """
      turnout: 1
      run:
        each:
          chain:
            - { name: outer, text: "{{item.name}}" }
            - each: { over: "{{item.parts}}", text: "{{steps.outer.output}}.{{item}}" }
      """
    let input: Value = [["name": "a", "parts": ["1", "2"]], ["name": "b", "parts": ["3"]]]
    let result = try await run(text, input)
    let outputs = result.array?.map { $0["output"]?.array?.compactMap { $0["output"]?.string } ?? [] }
    #expect(outputs == [["a.1", "a.2"], ["b.3"]])
  }
}
