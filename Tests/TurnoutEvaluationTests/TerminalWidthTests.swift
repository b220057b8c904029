import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct TerminalWidthTests {
  /// What terminals make of these letters: the columns that each takes.
  static let letters: [(text: String, columns: Int)] = [
    ("a", 1), ("é", 1), ("e\u{301}", 1), ("请", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2), ("ひ", 2), ("。", 2), ("😀", 2), ("✅", 2),
    ("⭐", 2), ("⌚", 2), ("✓", 1), ("ก\u{E31}", 1), ("ש\u{5B8}", 1), ("क\u{94D}", 1), ("𠀀", 2), ("–", 1), ("🇩🇪", 2),
  ]

  func evaluation(_ names: [String]) -> RouteEvaluation {
    RouteEvaluation(
      judged: names.map { JudgedDecision(LabelledRequest($0, route: $0), decided($0, by: $0)) }, routes: names)
  }

  @Test(arguments: 0..<letters.count) func everyLetterTakesItsColumns(index: Int) {
    let (text, columns) = Self.letters[index]
    let name = String(repeating: text, count: 8)
    let lines = EvaluationTable(evaluation([name, "plain-route-of-some-length"])).lines(width: 100)
    // "plain-route-of-some-length" has 26 letters, and after them comes a column of 11 that ends with the 1.
    let gap = String(repeating: " ", count: 26 - 8 * columns + 10)
    #expect(lines.contains { $0.hasPrefix("\(name)\(gap)1 ") }, "\(lines)")
  }

  @Test(arguments: 0..<40) func noLineIsWiderThanAsked(seed: Int) {
    var random = SplitMix64(seed: seed)
    var columns: [Character: Int] = [:]
    for letter in Self.letters { columns[Character(letter.text)] = letter.columns }
    let names = Set(
      (0..<5).map { _ in (0..<random.int(1...120)).map { _ in random.element(Self.letters).text }.joined() })
    let wrong = names.map { JudgedDecision(LabelledRequest($0 + $0, route: $0), decided(by: $0)) }
    let failed = JudgedDecision(
      LabelledRequest("x", route: nil), failure: RunFailure(label: "e", message: names.joined()))
    let table = EvaluationTable(RouteEvaluation(judged: wrong + [failed], routes: names.sorted()))
    for width in [-1, 0, 39, 40, 41, 57, 80, 200] {
      let widths = table.lines(width: width).map { $0.reduce(0) { $0 + (columns[$1] ?? 1) } }
      #expect(widths.allSatisfy { $0 <= max(40, width) }, "seed \(seed), \(width): \(widths)")
    }
  }

  @Test func whatIsCutEndsWithAnEllipsis() {
    let lines = EvaluationTable(evaluation([String(repeating: "请", count: 50)])).lines(width: 60)
    // 60 columns without the 39 of the numbers: ten letters of two columns, and the ellipsis.
    #expect(lines.contains { $0.hasPrefix(String(repeating: "请", count: 10) + "…          1") }, "\(lines)")
  }

  @Test func nothingEvaluatedIsATableToo() {
    let lines = EvaluationTable(RouteEvaluation(judged: [], routes: [])).lines(width: 80)
    #expect(lines.first == "accuracy in scope     –" && lines.contains("calibration error     –"))
    #expect(Array(lines.suffix(2)) == ["", "route       rows  precision     recall"])
    #expect(lines.contains("time p50 p90 p99      0.0 ms  0.0 ms  0.0 ms"))
  }

  @Test func failuresAreCountedAndTheFirstIsShown() {
    let judged = ["one\ntwo", "three"].map {
      JudgedDecision(LabelledRequest("x", route: "a"), failure: RunFailure(label: "e", message: $0))
    }
    let lines = EvaluationTable(RouteEvaluation(judged: judged, routes: ["a"])).lines(width: 80)
    #expect(lines.last == "failed: 2; the first: one two")
    #expect(!lines.contains { $0.hasPrefix("stage") } && !lines.contains { $0.contains("→") })
  }

  @Test(arguments: [
    (Duration.zero, "0.0 ms"), (.microseconds(50), "0.1 ms"), (.milliseconds(999), "999.0 ms"), (.seconds(1), "1.00 s"),
    (.milliseconds(61_005), "61.01 s"), (.seconds(100_000), "100000.00 s"),
  ]) func timesAreShort(time: Duration, expected: String) {
    var decision = RouteDecision(.route, routes: ["a"], by: "rules")
    decision.duration = time
    let judged = [JudgedDecision(LabelledRequest("x", route: "a"), decision)]
    let lines = EvaluationTable(RouteEvaluation(judged: judged, routes: ["a"])).lines(width: 100)
    #expect(lines.contains("time p50 p90 p99      \(expected)  \(expected)  \(expected)"), "\(lines)")
  }
}
