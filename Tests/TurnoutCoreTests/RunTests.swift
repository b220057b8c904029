import Testing
import TurnoutCore
import TurnoutTesting

private enum Tenant: RunKey { static let defaultValue = "public" }
private enum Limit: RunKey { static let defaultValue = 1 }

@Suite struct RunTests {
  @Test func valuesGoDownAndNotUp() async throws {
    let read = FunctionStep("read", in: { (_: Int, run: Run) in run.values[Tenant.self] })
    let change = FunctionStep(
      "change",
      in: { (input: Int, run: Run) in
        var run = run
        run.values[Tenant.self] = "inner"
        return try await run.perform(read, input)
      })
    var run = Run()
    #expect(try await run.perform(read, 0) == "public")
    run.values[Tenant.self] = "acme"
    #expect(try await run.perform(read, 0) == "acme")
    #expect(try await run.perform(change, 0) == "inner")
    #expect(run.values[Tenant.self] == "acme")
    #expect(run.values[Limit.self] == 1, "keys with values of other types do not meet")
  }

  @Test func usageAddsUpThroughFailures() async throws {
    let run = Run()
    let paid = FunctionStep(
      "paid",
      in: { (fails: Bool, run: Run) in
        run.record(Usage(calls: 1, inputTokens: 10, outputTokens: 5))
        if fails { throw Broken() }
      })
    let both = FunctionStep(
      "both",
      in: { (_: Int, run: Run) in
        try await run.perform(paid, false)
        try await run.perform(paid, true)
      })
    await #expect(throws: Broken.self) { try await run.perform(both, 0) }
    #expect(run.usage == Usage(calls: 2, inputTokens: 20, outputTokens: 10))
    try await run.perform(paid, false)
    #expect(run.usage.calls == 3)
  }

  @Test func usageStaysAtTheLargestNumber() {
    var usage = Usage(inputTokens: .max, outputTokens: 1)
    usage += Usage(calls: 1, inputTokens: 5, outputTokens: 2, cachedTokens: 3, reasoningTokens: 4, embeddings: 5)
    #expect(
      usage == Usage(calls: 1, inputTokens: .max, outputTokens: 3, cachedTokens: 3, reasoningTokens: 4, embeddings: 5))
    #expect(
      Usage(calls: 1, embeddings: 2).value.json()
        == #"{"calls":1,"input_tokens":0,"output_tokens":0,"cached_tokens":0,"reasoning_tokens":0,"embeddings":2}"#)
  }

  @Test func runsHaveNamesOfTheirOwn() {
    #expect(Run(id: "mine").id == "mine")
    let names = (0..<200).map { _ in Run().id }
    #expect(Set(names).count == 200)
    #expect(names.allSatisfy { $0.count == 12 })
  }

  @Test func failuresAreKeptSmall() {
    #expect(RunFailure(CancellationError()).isCancellation)
    #expect(RunFailure(Broken("a")) == RunFailure(label: "broken", message: "a"))
    #expect(RunFailure(RunFailure(label: "x", message: "y")) == RunFailure(label: "x", message: "y"))
    #expect(
      RunFailure(SchemaViolation(at: .root, "is missing")) == RunFailure(label: "invalid_value", message: "is missing"))
    #expect(RunFailure(label: "x", message: String(repeating: "a", count: 900)).message.count == 500)
    #expect(
      RunFailure(ModelError.rateLimited("p", "slow down")).value == [
        "label": "rate_limited", "message": "p: slow down",
      ])
  }

  @Test(
    arguments: [
      (.timedOut(after: .milliseconds(1_500)), "timed_out", "it did not finish within 1.5 s"),
      (
        .invalidOutput("too long", attempts: 3), "invalid_output",
        "the answer was not acceptable after 3 attempts: too long"
      ),
      (.turnLimit(10), "turn_limit", "no answer after 10 turns of tool calls; raise the turn limit"),
      (.invalidInput("no"), "invalid_input", "no"), (.unsettled("few"), "unsettled", "few"),
    ] as [(TurnoutError, String, String)])
  func errorsHaveLabels(error: TurnoutError, label: String, text: String) {
    #expect(error.label == label)
    #expect(error.description == text)
    #expect(RunFailure(error) == RunFailure(label: label, message: text))
  }

  @Test func pathsAndOutlines() {
    #expect(RunPath.root.description == "")
    #expect(RunPath.root.appending("a").appending("b").description == "a/b")
    let step = FunctionStep("a") { (number: Int) in number }
    let chain = Chain("both", step, FunctionStep("b") { (number: Int) in "\(number)" })
    #expect(chain.outline.kind == .chain)
    #expect(chain.outline.name == "both")
    #expect(chain.outline.children.map(\.name) == ["a", "b"])
    #expect(StepKind("reviewer").description == "reviewer")
  }
}
