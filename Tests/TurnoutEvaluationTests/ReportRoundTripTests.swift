import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct ReportRoundTripTests {
  @Test(arguments: 0..<80) func aReportReadBackIsTheSameReport(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let evaluation = random.evaluation()
    for isPretty in [false, true] {
      let json = evaluation.value.json(pretty: isPretty)
      let again = try RouteEvaluation(value: Value(json: json))
      #expect(again == evaluation, "seed \(seed)")
      #expect(again.value.json(pretty: isPretty) == json, "seed \(seed)")
    }
  }

  @Test func everyReportIsWrittenInOneOrder() {
    // Each route has two confusions that read alike and are as frequent.
    let names = (0..<24).map { "r\($0)" }
    let judged = names.flatMap { name in
      [decided("a + b"), decided("a", "b")].map { JudgedDecision(LabelledRequest("text", route: name), $0) }
    }
    let confusions = RouteEvaluation(judged: judged, routes: names + ["a", "b", "a + b"]).confusions
    #expect(confusions.map(\.expected) == names.sorted().flatMap { [$0, $0] })
    #expect(confusions.map(\.decided) == names.flatMap { _ in [["a", "b"], ["a + b"]] })
  }

  @Test(arguments: 0..<20) func theHeadCountsTheRows(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let evaluation = random.evaluation()
    let report = evaluation.value
    let rows = try #require(report["rows"]?.array)
    #expect(report["requests"]?.int == rows.count)
    #expect(report["failed"]?.int == rows.count { $0["kind"] == "failed" && $0["error"] != nil })
    #expect(report["accuracy"]?["total"]?.int == rows.count { $0["expected"]?.string != nil })
    #expect(report["several"]?["total"]?.int == rows.count { $0["kind"] == "several" })
    let wrong = rows.count { $0["kind"] != "failed" && $0["right"] == false }
    #expect(evaluation.confusions.reduce(0) { $0 + $1.count } == wrong, "seed \(seed)")
  }
}
