import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct TableTests {
  @Test func theSampleAsLines() {
    let lines = EvaluationTable(sample).lines(width: 80)
    #expect(
      lines == [
        "accuracy in scope     50.0 %  (15.0–85.0)  2 of 4",
        "out of scope caught   50.0 %  (9.5–90.5)  1 of 2",
        "right when none       50.0 %  (9.5–90.5)  1 of 2",
        "none AUROC            1.0000",
        "decided surely        66.7 %  (30.0–90.3)  4 of 6",
        "right when sure       75.0 %  (30.1–95.4)  3 of 4",
        "calibration error     40.0 %",
        "time p50 p90 p99      30.0 ms  50.0 ms  50.0 ms",
        "used                  3 calls, 50 + 0 tokens, 0 embeddings",
        "several at once       100.0 %  (20.7–100.0)  1 of 1",
        "",
        "route         rows  precision     recall",
        "sales            1     33.3 %    100.0 %",
        "service          3    100.0 %     33.3 %",
        "idle             0          –          –",
        "",
        "stage       decided      right        p50",
        "examples     60.0 %     66.7 %    20.0 ms",
        "model        40.0 %     50.0 %    40.0 ms",
        "",
        "1 × service → none",
        "    the screen is dark",
        "1 × service → sales",
        "    it is broken",
        "",
        "failed: 1; the first: no answer",
      ])
  }

  @Test(arguments: [0, 40, 60, 100]) func noLineIsWiderThanTheTerminal(width: Int) {
    let names = ["请求的路由名称很长", String(repeating: "long-name-", count: 20), "a\u{1B}[31m\nb", "é́e"]
    let judged = names.map { JudgedDecision(LabelledRequest($0 + $0, route: $0), decided("other", by: $0)) }
    let lines = EvaluationTable(RouteEvaluation(judged: judged, routes: names)).lines(width: width)
    #expect(lines.allSatisfy { Self.width($0) <= max(40, width) }, "\(lines.map(Self.width))")
    #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
  }

  @Test func wideLettersKeepTheColumnsAligned() {
    let judged = ["请求", "ab"].map { JudgedDecision(LabelledRequest($0, route: $0), decided($0)) }
    let lines = EvaluationTable(RouteEvaluation(judged: judged, routes: ["请求", "ab"])).lines(width: 80)
    let rows = lines.filter { $0.hasPrefix("请求") || $0.hasPrefix("ab") }
    #expect(rows.count == 2 && Set(rows.map(Self.width)).count == 1)
  }

  @Test func longListsEndWithACount() {
    let judged = (0..<40).map { JudgedDecision(LabelledRequest("t", route: "r\($0)"), decided("x\($0)")) }
    let lines = EvaluationTable(RouteEvaluation(judged: judged, routes: (0..<40).map { "r\($0)" })).lines(width: 80)
    #expect(lines.contains("and 10 more routes") && lines.contains("and 30 more confusions"))
  }

  private static func width(_ line: String) -> Int {
    line.unicodeScalars.reduce(0) { width, scalar in
      width + ((0x300..<0x370).contains(scalar.value) ? 0 : (0x2E80...0xA4CF).contains(scalar.value) ? 2 : 1)
    }
  }
}
