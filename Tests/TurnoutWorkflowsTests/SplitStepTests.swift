import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

@Suite struct SplitStepTests {
  /// Answers with the prompt, and fails where it says so.
  private static let models = TestModels(
    ScriptedModel { request, _ in
      if request.prompt.contains("bad") { return .failure(ModelError.refused("scripted", "no \(request.prompt)")) }
      return .text("did \(request.prompt)")
    })

  private func keys(_ outcome: Value?) -> [String]? { outcome?.object?.keys }

  private static let document =
    "# One\n\nfirst bad text\n\n\n## Two\n\nsecond text 1\n\n| a | b |\n|---|---|\n\n# Three\nlast\n"
  private static func split(_ more: String) -> String {
    "turnout: 1\nrun: { split: { \(more) agent: { instructions: \"Section {{item}}\", prompt: \"{{input}}\" } } }\n"
  }

  @Test("split: sections joined in order with the document's own gaps; one that failed stays as it was") func split()
    async throws
  {
    let result = try await run(Self.split("on_failure: settle,"), .string(Self.document), Self.models)
    let expected = """
      # One

      first bad text


      did ## Two

      second text 1

      | a | b |
      |---|---|

      did # Three
      last

      """
    #expect(result.string == expected)
  }

  @Test("split without joining gives outcomes") func unjoined() async throws {
    let result = try await run(Self.split("on_failure: settle, join: false,"), .string(Self.document), Self.models)
    #expect(result.array?.compactMap { $0["status"]?.string } == ["failed", "succeeded", "succeeded"])
    #expect(result[2]?["output"] == "did # Three\nlast")
    #expect(keys(result[0]) == ["status", "error", "duration_ms", "usage"])
  }

  @Test("split fails with its first section unless told otherwise") func splitFails() async throws {
    let error = try #require(await failure { try await run(Self.split(""), .string(Self.document), Self.models) })
    #expect(error.label == "refused")
  }

  @Test("split by paragraphs within a limit") func paragraphs() async throws {
    let models = TestModels { $0 }
    let text = "# One\n\naaaa bbbb\n\ncccc dddd\n\neeee"
    let result = try await run(Self.split("by: paragraphs, limit: 18, join: false,"), .string(text), models)
    #expect(result.array?.compactMap { $0["output"]?.string } == ["# One\n\naaaa bbbb", "cccc dddd\n\neeee"])
    #expect(try await run(Self.split("by: paragraphs, limit: 18,"), .string(text), models) == .string(text))
  }

  private func outputs(_ more: String, _ text: String) async throws -> [String]? {
    let models = TestModels { $0 }
    #expect(try await run(Self.split(more), .string(text), models) == .string(text))
    let outcomes = try await run(Self.split("join: false, \(more)"), .string(text), models)
    return outcomes.array?.compactMap { $0["output"]?.string }
  }

  @Test("split by sentences and tokens, in either unit") func borders() async throws {
    let text = "One one. Two two.\n\nThree. Four four four."
    #expect(try await outputs("by: sentences, limit: 26,", text) == ["One one. Two two.\n\nThree.", "Four four four."])
    let tokens = TokenEstimate.upperBound("One one. Two two.")
    #expect(
      try await outputs("by: sentences, unit: tokens, limit: \(tokens),", text)
        == ["One one. Two two.", "Three.", "Four four four."].filter { TokenEstimate.upperBound($0) <= tokens })
    #expect(try await outputs("by: tokens, limit: 3,", "one two three four") == ["one", "two", "three", "four"])
    #expect(try await outputs("by: tokens,", text) == [text])
  }

  @Test("kept blocks are not sent and put back") func keep() async throws {
    let text = "# One\n\ntext\n\n```\ncode\n```\n\n| a |\n|---|\n\nmore\n"
    #expect(try await outputs("keep: [headings, code, tables],", text) == ["text", "more"])
    #expect(try await outputs("keep: [code],", text) == ["# One\n\ntext", "| a |\n|---|\n\nmore"])
    #expect(try await outputs("keep: [],", text)?.count == 1)
  }

  @Test("what comes before is named by templates") func context() async throws {
    let text = """
      turnout: 1
      run:
        split:
          by: sentences
          limit: 10
          overlap: 8
          chain:
            - text: "({{context}}|{{item}})"
            - text: "{{input}}"
      """
    let result = try await run(text, "One one. Two two. Three.")
    #expect(result == "(|One one.) (One one.|Two two.) (Two two.|Three.)")
  }

  @Test("an answer that lost something is sent back; one that stays so is a failed section") func preserve()
    async throws
  {
    let models = TestModels(
      ScriptedModel { request, _ in
        let isSecond = request.prompt.hasPrefix("That answer was not acceptable")
        if request.messages.contains(where: { "\($0)".contains("Three") }) { return .text("lost") }
        return .text(isSecond ? "## Zwei" : "Zwei")
      })
    let text = "## Two\n\n# Three\nlast\n"
    let agent = "agent: { instructions: a, reasks: 1 }"
    let recorder = EventRecorder()
    let result = try await run(
      "turnout: 1\nrun: { split: { by: headings, preserve: true, on_failure: settle, \(agent) } }\n",
      .string("## Two\n\ntext\n\n# Three\nlast\n"), models, sinks: [recorder])
    #expect(result == "## Zwei\n\n# Three\nlast\n")
    let complaints = recorder.events.compactMap { if case .reasked(let complaint) = $0.kind { complaint } else { nil } }
    #expect(
      complaints.sorted() == [
        "it must have 1 heading (##), and it has no headings", "it must have 1 heading (#), and it has no headings",
      ])
    // Without it, and with a step that cannot be asked again.
    let loose = "turnout: 1\nrun: { split: { on_failure: settle, \(agent) } }\n"
    #expect(try await run(loose, .string(text), models) == "lost\n")
    let plain = "turnout: 1\nrun: { split: { preserve: true, text: lost } }\n"
    let error = try #require(await failure { try await run(plain, .string(text), models) })
    #expect(error.label == "invalid_output")
  }

  @Test("a model that comes with the input and a fallback are checked, too") func preserveElsewhere() async throws {
    let models = TestModels([
      "local": ScriptedModel { request, _ in .text(request.prompt.hasPrefix("That") ? "# Ok" : "lost") },
      "openai:x": ScriptedModel { _, _ in .text("lost") },
    ])
    let text = """
      turnout: 1
      models: { other: "openai:x" }
      run:
        split:
          preserve: true
          agent: { instructions: a, reasks: 0, model: other }
          fallback: { agent: { instructions: a, model: "{{request.model}}" } }
      """
    #expect(try await run(text, "# One\ntext", models) == "# Ok")
  }

  @Test("a section that is too long for the window, or for the limit where that is wanted") func tooLong() async throws
  {
    let text = "one\n\n```\n1 2 3 4 5 6 7 8 9\n```\n"
    let window = try #require(await failure { try await run(Self.split("window: 9,"), .string(text), Self.models) })
    #expect(window.label == "invalid_input")
    #expect(window.message.hasPrefix("section 0, from line 1, has "))
    let limit = try #require(
      await failure { try await run(Self.split("limit: 9, oversized: fail,"), .string(text), Self.models) })
    #expect(limit.message.hasPrefix("the section from line 3, a code block of 25 characters, cannot be cut"))
    #expect(try await outputs("limit: 9, oversized: whole,", text)?.count == 2)
  }

  @Test(
    "what is wrong with a split is said",
    arguments: [
      ("by: lines", "2:21: by must be headings, paragraphs, sentences or tokens"),
      ("by: sentence", "2:21: by must be headings, paragraphs, sentences or tokens; did you mean \"sentences\"?"),
      ("limit: 0", "2:24: limit must be a whole number from 1 to 1000000"),
      ("unit: words", "2:23: unit must be characters or tokens"),
      ("by: tokens, unit: characters", "2:35: by: tokens counts tokens; leave unit out, or cut by something else"),
      ("overlap: -1", "2:26: overlap must be a whole number from 0 to 1000000"),
      ("overlap: 5", "2:26: the overlap is not used: no template of the step names {{context}}"),
      ("keep: code", "2:23: keep must be a list"),
      ("keep: [lists]", "2:24: keep must be headings, code or tables"),
      ("preserve: 1", "2:27: preserve must be true or false"),
      ("window: none", "2:25: window must be a whole number from 1 to 100000000"),
      ("oversized: cut", "2:28: oversized must be whole or fail"),
      ("overlaps: 1", "2:17: unknown key \"overlaps\" in the split step \"flow\"; did you mean \"overlap\"?"),
    ])
  func bad(key: String, message: String) throws {
    #expect(try complaints("turnout: 1\nrun: { split: { \(key), text: \"{{item}}\" } }\n") == [message])
  }

  @Test("what comes before is only known with an overlap") func badContext() throws {
    let lines = try complaints("turnout: 1\nrun: { split: { text: \"{{context}}\" } }\n")
    #expect(lines == ["2:23: {{context}} is only known inside a split with an overlap"])
    let part = try complaints("turnout: 1\nrun: { split: { overlap: 5, text: \"{{context.a}}\" } }\n")
    #expect(part == ["2:35: {{context.a}} asks for \"a\" of a string"])
  }
}
