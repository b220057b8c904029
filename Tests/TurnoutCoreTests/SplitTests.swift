import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct SplitTests {
  private let manual = "# One\n\nfirst part\n\n\n# Two\n\nsecond part\n"

  @Test func theOutputsAreADocumentAgain() async throws {
    let shout = FunctionStep("shout") { (text: String) in text.uppercased() + "\n\n" }
    let document = try await Split(shout).run(manual)
    #expect(document.text == manual.uppercased())
    #expect(document.sections.map(\.text) == ["# One\n\nfirst part", "# Two\n\nsecond part"])
    #expect(document.value.array?.count == 2)
  }

  @Test func aSectionThatFailsStaysAsItWas() async throws {
    let picky = FunctionStep("picky") { (text: String) -> String in
      if text.contains("first") { throw Broken() }
      return "done"
    }
    let document = try await Split(picky, onFailure: .settle).run(manual)
    #expect(document.text == "# One\n\nfirst part\n\n\ndone\n")
    #expect(document.outcomes.map { $0.failure?.label } == ["broken", nil])
  }

  /// Five sections with code and a table, of which the third fails.
  private static let parts = "# A\n\na\n\n# B\n\n```\nb\n```\n\n# C\n\n| c |\n|---|\n| d |\n\n# D\n\nd\n\n# E\n\ne\n"
  private static let failing = FunctionStep("translate") { (text: String) -> String in
    if text.hasPrefix("# C") { throw Broken() }
    return text.replacing("# ", with: "# 译 ")
  }

  @Test(arguments: [FailurePolicy.settle, .quorum(4), .atLeast(4, by: .seconds(60))])
  func oneFailingSectionUnderEachPolicyThatAllowsIt(policy: FailurePolicy) async throws {
    let split = Split(Self.failing, preservesShape: true, atMost: 1, onFailure: policy)
    let document = try await split.run(Self.parts)
    #expect(document.outcomes.map { $0.failure?.label } == [nil, nil, "broken", nil, nil])
    #expect(
      document.text
        == "# 译 A\n\na\n\n# 译 B\n\n```\nb\n```\n\n# C\n\n| c |\n|---|\n| d |\n\n# 译 D\n\nd\n\n# 译 E\n\ne\n")
    #expect(DocumentShape(of: Self.parts).complaint(about: document.text) == nil)
  }

  @Test func aQuorumThatIsReachedLeavesTheRestAsItWas() async throws {
    let document = try await Split(Self.failing, atMost: 1, onFailure: .quorum(2)).run(Self.parts)
    #expect(document.outcomes.map { $0.failure?.label } == [nil, nil, "cancelled", "cancelled", "cancelled"])
    #expect(document.text == Self.parts.replacing("# A", with: "# 译 A").replacing("# B", with: "# 译 B"))
  }

  @Test(arguments: [FailurePolicy.failFast, .quorum(5), .atLeast(5, by: .seconds(60))])
  func oneFailingSectionUnderEachPolicyThatDoesNot(policy: FailurePolicy) async throws {
    let split = Split(Self.failing, atMost: 1, onFailure: policy)
    let error = await #expect(throws: FanOutError<String>.self) { try await split.run(Self.parts) }
    // What was finished is in the error.
    #expect(error?.outcomes.count == 5)
    #expect(error?.outcomes.prefix(2).compactMap(\.output).count == 2)
    #expect(error?.outcomes[2].failure?.label == "broken")
  }

  @Test func whatIsLateStaysAsItWas() {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let step = FunctionStep(
      "slow",
      in: { (text: String, run: Run) in
        try await run.clock.sleep(for: text.hasPrefix("# A") ? .seconds(9) : .seconds(1))
        return "done"
      })
    let split = Split(step, onFailure: .atLeast(3, by: .seconds(5)))
    let run = Run(clock: RunClock(clock))
    let started = executor.start { try await run.perform(split, Self.parts) }
    for _ in 0..<2 {
      clock.advance(by: .seconds(4))
      executor.runUntilIdle()
    }
    #expect(started.value?.text == "# A\n\na\n\ndone\n\ndone\n\ndone\n\ndone\n")
  }

  @Test func sectionsAreWorkedOnAtOnceAndJoinedInOrder() {
    let (executor, clock) = (SeededExecutor(), ManualClock())
    let step = FunctionStep(
      "slow",
      in: { (text: String, run: Run) in
        try await run.clock.sleep(for: text.hasPrefix("a") ? .seconds(2) : .seconds(1))
        return text
      })
    let split = Split(step, by: DocumentSplitter(limit: .characters(1)), atMost: 2)
    let run = Run(clock: RunClock(clock))
    let started = executor.start { try await run.perform(split, "a\n\nb\n\nc") }
    for _ in 0..<2 {
      clock.advance(by: .seconds(1))
      executor.runUntilIdle()
    }
    #expect(started.value?.text == "a\n\nb\n\nc")
    #expect(started.value?.outcomes.map(\.duration) == [.seconds(2), .seconds(1), .seconds(1)])
  }

  @Test(arguments: ["", " \n\n", "```\ncode\n```\n"]) func whereNothingIsToBeDoneNobodyIsAsked(text: String)
    async throws
  {
    let asked = Gauge()
    let step = FunctionStep("s") { (text: String) in
      asked.enter()
      return text
    }
    let document = try await Split(step, by: DocumentSplitter(keeping: [.code]), onFailure: .quorum(0)).run(text)
    #expect(document.text == text)
    #expect(document.outcomes.isEmpty)
    #expect(asked.total == 0)
  }

  @Test func oneSectionIsOneOutcome() async throws {
    let document = try await Split(FunctionStep("s") { (text: String) in "\(text.count)" }).run("one two\n")
    #expect(document.text == "7\n")
    #expect(document.outcomes.count == 1)
  }

  @Test func sectionsAreNumberedInPaths() async throws {
    let recorder = EventRecorder()
    let splitter = DocumentSplitter(keeping: [.headings])
    let split = Split(FunctionStep("s") { (text: String) in text }, name: "translate", by: splitter, atMost: 1)
    _ = try await split.run(manual, sinks: [recorder])
    #expect(
      recorder.lines.filter { $0.hasPrefix("started") } == [
        "started translate", "started translate/0", "started translate/1",
      ])
    #expect(split.outline.kind == .split)
    #expect(split.outline.children.map(\.name) == ["s"])
  }

  @Test func whatIsKeptIsNotSentAndPutBack() async throws {
    let text = "# A\n\nOne.\n\n```\ncode\n```\n\nTwo.\n\n| a |\n|---|\n\n- x\n\n  ```\n  y\n  ```\n  z\n"
    let step = FunctionStep("hide") { (text: String) in
      text.map { $0.isLetter ? "•" : "\($0)" }.joined()
    }
    let splitter = DocumentSplitter(keeping: [.headings, .code, .tables])
    let document = try await Split(step, by: splitter, preservesShape: true).run(text)
    #expect(
      document.text == "# A\n\n•••.\n\n```\ncode\n```\n\n•••.\n\n| a |\n|---|\n\n- •\n\n  ```\n  y\n  ```\n  •\n")
    #expect(document.sent.map(\.input) == ["One.", "Two.", "- x", "z"])
    #expect(document.outcomes.count == 4)
    // A quorum counts what was sent.
    let error = await #expect(throws: FanOutError<String>.self) {
      try await Split(
        FunctionStep("broken") { (_: String) -> String in throw Broken() }, by: splitter, onFailure: .quorum(1)
      ).run(text)
    }
    #expect(error?.outcomes.count == 4)
  }

  /// What is inside of a list comes without its indent and gets it back.
  @Test func anIndentIsTakenAwayAndPutBack() async throws {
    let text = "- an item with a list inside\n\n    - one one\n    - two two\n\n      more\n"
    let splitter = DocumentSplitter(by: .paragraphs, limit: .characters(40))
    let step = FunctionStep("add") { (text: String) in text + "\n- three\n" }
    let document = try await Split(step, by: splitter).run(text)
    #expect(document.sent.map(\.input) == ["- an item with a list inside", "- one one\n- two two\n\n  more"])
    #expect(
      document.text
        == "- an item with a list inside\n- three\n\n    - one one\n    - two two\n\n      more\n    - three\n")
  }

  @Test func aStepReadsWhatComesBefore() async throws {
    let step = FunctionStep("s", in: { (text: String, run: Run) in "[\(run.values[SectionContext.self])]" })
    let splitter = DocumentSplitter(by: .sentences, limit: .characters(10), overlap: 8)
    let document = try await Split(step, by: splitter).run("One one. Two two. Three.\n")
    #expect(document.text == "[] [One one.] [Two two.]\n")
  }

  @Test func aSectionLongerThanTheContextWindowIsAnErrorThatNamesIt() async throws {
    let asked = Gauge()
    let step = FunctionStep("s") { (text: String) in
      asked.enter()
      return text
    }
    let text = "one\n\n# B\n\n```\n\(String(repeating: "x ", count: 50))\n```\n"
    let error = await #expect(throws: TurnoutError.self) {
      try await Split(step, window: 20, onFailure: .settle).run(text)
    }
    let tokens = TokenEstimate.upperBound(String(text.dropFirst(5).dropLast()))
    #expect(error?.label == "invalid_input")
    #expect(
      error?.description
        == "section 1, from line 3, has \(tokens) tokens, and the context window is 20: lower the limit, or keep code "
        + "and tables from the step")
    #expect(asked.total == 0)
    #expect(try await Split(step, window: tokens).run(text).text == text)
    let kept = Split(step, by: DocumentSplitter(keeping: [.code]), window: 20)
    #expect(try await kept.run(text).text == text)
    // The context counts too.
    let overlapping = DocumentSplitter(limit: .tokens(4) { $0.split(separator: " ").count }, overlap: 4)
    await #expect(throws: TurnoutError.self) {
      try await Split(step, by: overlapping, window: 4).run("One two three.\n\n# Four five six.")
    }
    _ = try await Split(step, by: overlapping, window: 5).run("One two three.\n\n# Four five six.")
  }

  @Test func aPlanKnowsHowManySectionsThereAre() throws {
    let model = ScriptedModel([])
    let agent = Agent(
      "t", model: model, instructions: "Translate.", settings: ModelSettings(maxOutputTokens: 10),
      limits: AgentLimits(reasks: 0))
    let splitter = DocumentSplitter(keeping: [.headings])
    let plan = Plan(Split(agent, by: splitter).outline, input: InputBound(of: manual + "\n# Three\n\n\nthird"))
    #expect(plan.worst.calls == 3)
    let counted = DocumentSplitter(limit: .tokens(5) { $0.count })
    #expect(Plan(Split(agent, by: counted).outline, input: InputBound(of: manual)).worst.calls == nil)
  }
}

/// Outputs that must keep the shape of their sections.
@Suite struct ShapePreservingSplitTests {
  private static let text = "# One\n\n```\ncode\n```\n\n# Two\n\n| a | b |\n|---|---|\n| c | d |\n"

  @Test func anOutputWithoutItsShapeIsAFailureOfItsSection() async throws {
    let step = FunctionStep("s") { (text: String) in text.contains("Two") ? "# Zwei\n\nno table" : text }
    let document = try await Split(step, preservesShape: true, onFailure: .settle).run(Self.text)
    #expect(document.text == Self.text)
    #expect(
      document.outcomes[1].failure
        == RunFailure(
          label: "invalid_output", message: "the answer was not acceptable: it must have 1 tables, and it has 0"))
    let loose = try await Split(step, onFailure: .settle).run(Self.text)
    #expect(loose.text == "# One\n\n```\ncode\n```\n\n# Zwei\n\nno table\n")
  }

  private func agent(_ replies: @escaping @Sendable (String, Int) -> String) -> (Agent<String, String>, ScriptedModel) {
    let model = ScriptedModel { request, _ in
      guard case .user(let section) = request.messages[1] else { return .text("") }
      return .text(replies(section, request.messages.count))
    }
    return (Agent("translate", model: model, instructions: "Translate."), model)
  }

  @Test func anAgentIsToldWhatIsMissingAndAskedAgain() async throws {
    let (agent, model) = agent { section, messages in
      messages == 2 && section.contains("code") ? "# Eins\n\n```\nKode\n```" : section.replacing("# ", with: "# 译")
    }
    let document = try await Split(agent, preservesShape: true, atMost: 1).run(Self.text)
    #expect(document.text == Self.text.replacing("# ", with: "# 译"))
    let complaints = model.requests.flatMap(\.messages).compactMap { message -> String? in
      if case .user(let text) = message, text.hasPrefix("That answer") { text } else { nil }
    }
    #expect(
      complaints == [
        "That answer was not acceptable: code block 1 is not the same: repeat it exactly as it is, with its fences\n"
          + "Answer again."
      ])
    #expect(model.requests.count == 3)
  }

  @Test func anAgentThatNeverListensFails() async throws {
    let (agent, model) = agent { section, _ in section.contains("code") ? "text" : section }
    let document = try await Split(agent, preservesShape: true, onFailure: .settle).run(Self.text)
    #expect(document.text == Self.text)
    #expect(document.outcomes.map { $0.failure?.label } == ["invalid_output", nil])
    #expect(document.outcomes[0].failure?.message.contains("after 3 attempts") == true)
    #expect(model.requests.count == 4)
  }

  @Test func theValidatorsOfAnAgentStay() async throws {
    let model = ScriptedModel { _, index in .text(index == 0 ? "no" : "yes") }
    let agent = Agent(
      "a", model: model, instructions: "Answer.", validators: [OutputValidator { $0 == "yes" ? nil : "say yes" }])
    #expect(try await Split(agent, preservesShape: true).run("text").text == "yes")
    #expect(model.requests.count == 2)
  }

  @Test func bothSidesOfAFallbackAreChecked() async throws {
    let (first, _) = agent { _, _ in "text" }
    let (second, model) = agent { section, _ in section.replacing("# ", with: "# 2 ") }
    let document = try await Split(first.fallback(to: second), preservesShape: true, atMost: 1).run(Self.text)
    #expect(document.text == Self.text.replacing("# ", with: "# 2 "))
    #expect(model.requests.count == 2)
  }

  @Test func lineEndsAreThoseOfTheSection() async throws {
    let text = Self.text.replacing("\n", with: "\r\n")
    let step = FunctionStep("lf") { (text: String) in
      text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }
    let document = try await Split(step, preservesShape: true).run(text)
    #expect(Array(document.text.utf8) == Array(text.utf8))
  }

  /// The rows of a table that was cut are rows of a table in each part.
  @Test func partsOfATableAreChecked() async throws {
    let table = "a | b\n--|--\n" + (0..<9).map { "\($0) | x\n" }.joined()
    let splitter = DocumentSplitter(limit: .characters(24))
    let step = FunctionStep("drop") { (text: String) in
      text.hasSuffix("8 | x") ? String(text.dropLast(5)) : text.replacing("x", with: "译")
    }
    let document = try await Split(step, by: splitter, preservesShape: true, onFailure: .settle).run(table)
    #expect(document.outcomes.count > 2)
    #expect(
      document.outcomes.map { $0.failure == nil } == document.outcomes.indices.map { $0 < document.outcomes.count - 1 })
    #expect(document.text.contains("8 | x"))
    #expect(document.text.contains("3 | 译"))
  }
}
