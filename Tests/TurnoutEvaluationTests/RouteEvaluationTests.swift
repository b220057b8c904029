import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct RouteEvaluationTests {
  @Test func theSharesOfTheSample() {
    #expect(sample.accuracy == Proportion(2, of: 4))
    #expect(sample.overallAccuracy == Proportion(3, of: 6))
    #expect(sample.outOfScopeRecall == Proportion(1, of: 2))
    #expect(sample.outOfScopePrecision == Proportion(1, of: 2))
    #expect(sample.coverage == Proportion(4, of: 6))
    #expect(sample.sureAccuracy == Proportion(3, of: 4))
    #expect(sample.several == Proportion(1, of: 1))
    #expect(sample.latency.count == 5 && sample.latency.p50 == .milliseconds(30))
    #expect(sample.usage == Usage(calls: 3, inputTokens: 50))
    #expect(sample.failures.map(\.input) == ["hello"])
    #expect(sample.calibration.bins.count == 4)
  }

  @Test func theNoneScoreIsWhatTheScoresLackElseWhatTheConfidenceSays() throws {
    let scores = sample.requests.map(\.noneScore)
    let expected: [Double?] = [0.05, 0.4, 0.7, 0.8, nil, nil]
    for (score, expected) in zip(scores, expected) {
      #expect((score == nil) == (expected == nil) && abs((score ?? 0) - (expected ?? 0)) < 1e-9)
    }
    #expect(sample.outOfScopeRanking == 1)
    #expect(sample.operatingPoints.points.last?.kept.total == 3)
  }

  @Test func everyRouteHasItsMeasures() {
    let sales = sample.perRoute[0]
    #expect(sales.rows == 1 && sales.precision == Proportion(1, of: 3) && sales.recall == Proportion(1, of: 1))
    #expect(sales.f1 == 0.5)
    let service = sample.perRoute[1]
    #expect(service.rows == 3 && service.precision == Proportion(1, of: 1) && service.recall == Proportion(1, of: 3))
    #expect(service.f1 == 0.5)
    #expect(sample.perRoute[2].f1 == nil && sample.perRoute[2].precision.share == nil)
  }

  @Test func everyStageHasItsMeasures() throws {
    #expect(sample.perStage.map(\.stage) == ["examples", "model"])
    let model = try #require(sample.perStage.last)
    #expect(model.rows == Proportion(2, of: 5) && model.accuracy == Proportion(1, of: 2))
    #expect(model.usage.calls == 3 && model.latency.p90 == .milliseconds(50))
  }

  @Test func confusionsAreRankedWithTheirFirstTexts() {
    let judged =
      (0..<5).map { JudgedDecision(LabelledRequest("t\($0)", route: "a"), decided("b")) }
      + [
        JudgedDecision(LabelledRequest("x", route: nil), decided("a")),
        JudgedDecision(LabelledRequest("y", route: "a"), decided()),
        JudgedDecision(LabelledRequest("z", route: "a"), decided("b", "c")),
        JudgedDecision(LabelledRequest("right", route: "a"), decided("a", "c")),
      ]
    let confusions = RouteEvaluation(judged: judged, routes: ["a", "b", "c"]).confusions
    #expect(confusions.map(\.count) == [5, 1, 1, 1])
    #expect(confusions[0].texts == ["t0", "t1", "t2"])
    #expect(confusions.map(\.expectedText) == ["a", "a", "a", "none"])
    #expect(confusions.map(\.decidedText) == ["b", "b + c", "none", "a"])
  }

  @Test func nothingAtAllIsNoError() {
    let empty = RouteEvaluation(judged: [], routes: [])
    #expect(empty.accuracy.share == nil && empty.outOfScopeRanking == nil && empty.calibration.expectedError == nil)
    #expect(empty.perStage.isEmpty && empty.confusions.isEmpty)
    #expect(!EvaluationTable(empty).lines(width: 0).isEmpty)
    #expect(EvaluationPage(empty).html.contains("0 requests"))
  }

  @Test(arguments: 0..<30) func measuresAreThoseOfPlainCounting(seed: Int) {
    let (judged, routes) = Self.random(seed)
    let evaluation = RouteEvaluation(judged: judged, routes: routes)
    let inScope = judged.filter { $0.request.route != nil }
    let right = inScope.count { judged in
      judged.decision?.routes.contains { $0 == judged.request.route } == true
    }
    #expect(evaluation.accuracy == Proportion(right, of: inScope.count), "seed \(seed)")
    for measure in evaluation.perRoute {
      let decided = judged.count { $0.decision?.routes.contains(measure.route) == true }
      let hits = judged.count { $0.request.route == measure.route && $0.isRight }
      #expect(measure.precision == Proportion(hits, of: decided), "seed \(seed)")
      #expect(measure.recall == Proportion(hits, of: judged.count { $0.request.route == measure.route }))
    }
    let wrong = judged.count { $0.failure == nil && !$0.isRight }
    #expect(evaluation.confusions.reduce(0) { $0 + $1.count } == wrong, "seed \(seed)")
    #expect(evaluation.perStage.reduce(0) { $0 + $1.rows.count } == judged.count { $0.failure == nil })
  }

  @Test(arguments: 0..<30) func aReportIsReadAgain(seed: Int) throws {
    let (judged, routes) = Self.random(seed)
    let evaluation = RouteEvaluation(judged: judged, routes: routes)
    #expect(try RouteEvaluation(value: try Value(json: evaluation.value.json())) == evaluation, "seed \(seed)")
  }

  static func random(_ seed: Int) -> ([JudgedDecision], [String]) {
    var random = SplitMix64(seed: seed)
    let routes = (0..<random.int(1...5)).map { "r\($0)" }
    func name() -> String { routes[random.int(0...routes.count - 1)] }
    let judged = (0..<random.int(0...40)).map { place -> JudgedDecision in
      let request = LabelledRequest("request \(place)", route: random.chance(70) ? name() : nil, line: place + 1)
      if random.chance(5) { return JudgedDecision(request, failure: RunFailure(label: "error", message: "\"broken\"")) }
      let confidence = random.chance(80) ? Double(random.int(0...1000)) / 1003 : nil
      let scores = random.chance(50) ? routes.map { RouteScore($0, Double(random.int(0...100)) / 701) } : []
      let (sure, time) = (random.chance(70), random.int(1...5000))
      if random.chance(25) { return JudgedDecision(request, decided(confidence: confidence, isSure: sure, took: time)) }
      let route = random.chance(60) ? request.route ?? name() : name()
      let stage = random.chance(50) ? "examples" : "model"
      guard random.chance(10), let other = routes.first(where: { $0 != route }) else {
        return JudgedDecision(
          request, decided(route, by: stage, confidence: confidence, scores: scores, isSure: sure, took: time))
      }
      return JudgedDecision(request, decided(route, other, by: stage, isSure: sure, took: time, usage: Usage(calls: 1)))
    }
    return (judged, routes)
  }
}
