import Testing
import TurnoutCore
import TurnoutLocal

/// The programs under Examples that are written in Swift, on the local models.
@Suite(.enabled(if: installation != nil, "the local models are not installed"), .serialized, .timeLimit(.minutes(5)))
struct SwiftExampleTests {
  private func run(_ program: String, _ arguments: String...) async throws -> [Substring] {
    let path = try #require(builtProduct(program), "\(program) is not built: run `make test`")
    let output = try await CommandRunner.run(
      arguments: [path] + arguments, in: packageFolder, timeout: .seconds(120), outputLimit: 1 << 20)
    return output.split(separator: "\n")
  }

  @Test(
    "support: each question is answered by its branch",
    arguments: [
      (
        "when does the new phone come out and what does it cost", "→ consult, decided by examples",
        "[Consult] Kestrel 5, phone: 749 USD"
      ),
      ("my phone keeps restarting", "→ service, decided by examples", "[Service] A device that keeps restarting"),
      ("any news about a car maker", "→ none of these, decided by examples", "[Others] A colleague will call you back"),
    ])
  func support(question: String, decision: String, answer: String) async throws {
    let lines = try await run("support-example", question)
    #expect(lines.count == 2)
    #expect(lines.first == decision[...])
    #expect(lines.last?.hasPrefix(answer) == true)
  }

  /// What the small model says is not looked at; that each group gets its own result, in order, is.
  @Test("stakeholders: one result for each group, in the order of the groups") func stakeholders() async throws {
    let lines = try await run("stakeholders-example")
    let groups = lines.filter { !$0.hasPrefix("  - ") }.compactMap { $0.split(separator: ":").first }
    #expect(groups == ["customers", "employees", "investors"])
  }
}

/// The example that compares by vectors, on the local encoder; a script answers.
@Suite(.enabled(if: installation != nil, "the local models are not installed"), .timeLimit(.minutes(5)))
struct SummaryExampleTests {
  @Test("summary: what only one of the attempts says is not taken") func summary() async throws {
    let result = try await Turnout().local(
      "run", "Examples/summary.yaml", "--model", "scripted:Examples/scripts/summary.yaml", "--json")
    #expect(result.status == 0, "\(result.complaint)")
    let value = try result.json()
    #expect(value["output"]?.string?.contains("Harbour Square") == true)
    #expect(value["usage"]?["calls"] == 4)
    #expect((value["usage"]?["embeddings"]?.int ?? 0) >= 1)
  }
}

/// The patterns in Swift, which a script answers.
@Suite struct PatternsExampleTests {
  @Test("each pattern prints its result") func patterns() async throws {
    let path = try #require(builtProduct("patterns-example"), "patterns-example is not built: run `make test`")
    let output = try await CommandRunner.run(
      arguments: [path], in: packageFolder, timeout: .seconds(30), outputLimit: 1 << 20)
    #expect(
      output.split(separator: "\n") == [
        "vote: 9, agreement 1.0, 3 of 7 calls saved", "judge: Rolling again today.",
        "best of 4: Coffee with a view. (attempt 2)", "race: Yes.",
        "refine: A red bicycle, for 80 dollars. (attempt 2, passed: true)",
        "orchestrate: A swan is heavier than a goose, by 7 kg.",
      ])
  }
}
