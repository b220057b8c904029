import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct BaselineComparisonTests {
  /// Ten requests in scope and ten out of scope; so many of each are right, from the first on.
  func evaluation(_ right: Int, caught: Int, from first: Int = 0) -> RouteEvaluation {
    RouteEvaluation(
      judged: (first..<first + 10).map {
        JudgedDecision(LabelledRequest("in \($0)", route: "a"), $0 < first + right ? decided("a") : decided("b"))
      }
        + (first..<first + 10).map {
          JudgedDecision(LabelledRequest("out \($0)", route: nil), $0 < first + caught ? decided() : decided("b"))
        },
      routes: ["a", "b"])
  }

  @Test func theSameIsNoFailure() throws {
    let comparison = try BaselineComparison(sample, baseline: sample, maxDrop: 0)
    #expect(!comparison.hasFailed && comparison.worse.isEmpty && comparison.better.isEmpty)
    #expect(comparison.shared == 6 && comparison.comparison.probability == 1)
    #expect(comparison.value["status"] == "passed" && comparison.lines.last == "passed")
  }

  @Test func aDropOfMoreThanTheLimitFails() throws {
    let before = evaluation(9, caught: 9)
    #expect(try BaselineComparison(evaluation(8, caught: 9), baseline: before, maxDrop: 0.05).hasFailed)
    #expect(try BaselineComparison(evaluation(9, caught: 8), baseline: before, maxDrop: 0.05).hasFailed)
    #expect(try !BaselineComparison(evaluation(8, caught: 8), baseline: before, maxDrop: 0.1).hasFailed)
    #expect(try !BaselineComparison(evaluation(10, caught: 10), baseline: before, maxDrop: 0).hasFailed)
  }

  @Test func whatChangedIsListed() throws {
    let comparison = try BaselineComparison(evaluation(8, caught: 10), baseline: evaluation(9, caught: 9))
    #expect(comparison.worse.map(\.after.input) == ["in 8"])
    #expect(comparison.better.map(\.after.input) == ["out 9"])
    #expect(comparison.comparison.gained == 1 && comparison.comparison.lost == 1)
    #expect(
      comparison.value["worse"] == [["input": "in 8", "expected": "a", "before": "a", "after": "b"]])
    #expect(comparison.lines.contains("worse: in 8 (a): a → b"))
    #expect(comparison.lines.contains("better: out 9 (none): b → none"))
    #expect(comparison.lines.first == "accuracy in scope: 90.0 % → 80.0 % (-10.0 %)")
    #expect(comparison.lines.last == "failed: it fell by more than 1.0 %")
    #expect(comparison.value["status"] == "failed")
  }

  @Test func onlySharedRequestsCount() throws {
    let before = evaluation(5, caught: 5)
    let now = evaluation(10, caught: 10, from: 5)
    let comparison = try BaselineComparison(now, baseline: before)
    #expect(comparison.shared == 10 && comparison.onlyNow.count == 10 && comparison.onlyInBaseline.count == 10)
    #expect(comparison.accuracy.before == Proportion(0, of: 5) && comparison.accuracy.after == Proportion(5, of: 5))
    #expect(comparison.lines.contains("10 not in the baseline"))
    #expect(comparison.value["only_in_baseline"]?[0] == "in 0")
  }

  @Test func aBaselineOfOtherRequestsIsAnError() throws {
    let error = try #require(throws: EvaluationError.self) {
      try BaselineComparison(evaluation(5, caught: 5, from: 100), baseline: evaluation(5, caught: 5))
    }
    #expect(error.label == "other_requests")
    #expect(error.description.hasPrefix("the baseline has none of the 20 requests"))
  }

  @Test func longListsAndHostileTextsStayInTheirLines() throws {
    let texts = (0..<15).map { "line \($0)\n\u{1B}[31m" + String(repeating: "x", count: 200) }
    func all(_ route: String) -> RouteEvaluation {
      RouteEvaluation(
        judged: texts.map { JudgedDecision(LabelledRequest($0, route: "a"), decided(route)) }, routes: ["a", "b"])
    }
    let lines = try BaselineComparison(all("b"), baseline: all("a")).lines
    #expect(lines.contains("worse: and 5 more"))
    #expect(lines.contains("out of scope caught: no requests"))
    #expect(lines.allSatisfy { line in line.count < 140 && line.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
  }
}
