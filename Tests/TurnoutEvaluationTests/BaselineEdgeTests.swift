import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct BaselineEdgeTests {
  func evaluation(_ rows: [(text: String, route: String?, decision: RouteDecision)]) -> RouteEvaluation {
    RouteEvaluation(
      judged: rows.map { JudgedDecision(LabelledRequest($0.text, route: $0.route), $0.decision) },
      routes: ["a", "b", "c"])
  }

  /// So many requests of one label, of which the first few are wrong.
  func evaluation(_ total: Int, wrong: Int, route: String?) -> RouteEvaluation {
    evaluation(
      (0..<total).map { ("\($0)", route, $0 < wrong ? decided("c") : route.map { decided($0) } ?? decided()) })
  }

  @Test(arguments: 1...40) func aDropOfExactlyTheLimitPasses(total: Int) throws {
    for route in ["a", nil] {
      let baseline = evaluation(total, wrong: 0, route: route)
      for wrong in 1...total {
        let now = evaluation(total, wrong: wrong, route: route)
        let drop = Double(wrong) / Double(total)
        #expect(try !BaselineComparison(now, baseline: baseline, maxDrop: drop).hasFailed, "\(wrong) of \(total)")
        let less = (Double(wrong) - 0.001) / Double(total)
        #expect(try BaselineComparison(now, baseline: baseline, maxDrop: less).hasFailed, "\(wrong) of \(total)")
        #expect(try !BaselineComparison(baseline, baseline: now, maxDrop: 0).hasFailed)
      }
    }
  }

  @Test func requestsOfOneSideOnlyAreEnough() throws {
    let inScope = try BaselineComparison(
      evaluation(4, wrong: 1, route: "a"), baseline: evaluation(4, wrong: 0, route: "a"))
    #expect(inScope.outOfScopeRecall.drop == nil && inScope.accuracy.drop == 0.25 && inScope.hasFailed)
    #expect(inScope.lines.contains("out of scope caught: no requests"))
    let outside = try BaselineComparison(
      evaluation(4, wrong: 1, route: nil), baseline: evaluation(4, wrong: 2, route: nil))
    #expect(outside.accuracy.drop == nil && outside.outOfScopeRecall.drop == -0.25 && !outside.hasFailed)
    #expect(outside.lines.first == "accuracy in scope: no requests")
    #expect(outside.lines.contains("out of scope caught: 50.0 % → 75.0 % (+25.0 %)"))
  }

  @Test func nothingSharedIsAnError() throws {
    let one = evaluation([("text", "a", decided("a"))])
    let relabelled = [evaluation([("text", "b", decided("b"))]), evaluation([("text", nil, decided())])]
    for other in relabelled + [evaluation([])] {
      #expect(throws: EvaluationError.self) { try BaselineComparison(one, baseline: other) }
      #expect(throws: EvaluationError.self) { try BaselineComparison(other, baseline: one) }
    }
    #expect(throws: EvaluationError.self) { try BaselineComparison(evaluation([]), baseline: evaluation([])) }
  }

  @Test func theRightOneOfSeveralIsRight() throws {
    let before = evaluation([("x", "a", decided("b", "a")), ("y", "a", decided("b", "c")), ("z", nil, decided())])
    let now = evaluation([("x", "a", decided("b", "c")), ("y", "a", decided("a")), ("z", nil, decided("a", "b"))])
    let comparison = try BaselineComparison(now, baseline: before, maxDrop: 0)
    #expect(comparison.worse.map(\.after.input) == ["x", "z"] && comparison.better.map(\.after.input) == ["y"])
    #expect(comparison.accuracy.drop == 0 && comparison.outOfScopeRecall.drop == 1 && comparison.hasFailed)
    #expect(comparison.lines.contains("worse: x (a): b + a → b + c"))
    #expect(comparison.lines.contains("worse: z (none): none → a + b"))
  }

  @Test(arguments: 0..<40) func theChangesAreTheDifferenceOfTheShares(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let requests = (0..<random.int(1...40)).map { random.request($0) }
    let (before, now) = (random.evaluation(of: requests), random.evaluation(of: requests))
    let comparison = try BaselineComparison(now, baseline: before)
    #expect(comparison.shared == requests.count && comparison.onlyNow.isEmpty && comparison.onlyInBaseline.isEmpty)
    #expect(comparison.accuracy.before == before.accuracy && comparison.accuracy.after == now.accuracy)
    #expect(comparison.outOfScopeRecall.after == now.outOfScopeRecall)
    let gain = comparison.better.count - comparison.worse.count
    #expect(gain == now.overallAccuracy.count - before.overallAccuracy.count, "seed \(seed)")
    #expect(
      comparison.comparison.gained == comparison.better.count && comparison.comparison.lost == comparison.worse.count)
    let back = try BaselineComparison(before, baseline: now)
    #expect(back.worse.map(\.after.input) == comparison.better.map(\.before.input), "seed \(seed)")
    #expect(comparison.lines.allSatisfy { !$0.contains("\n") } && comparison.value["shared"]?.int == requests.count)
  }
}
