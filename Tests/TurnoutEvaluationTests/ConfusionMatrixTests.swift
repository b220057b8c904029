import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct ConfusionMatrixTests {
  @Test(arguments: 0..<40) func everyCellIsItsCount(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let evaluation = random.evaluation()
    let wrong = evaluation.requests.filter { $0.kind != nil && !$0.isRight }
    let confused = Set(wrong.flatMap { [$0.expected, $0.routes.first].compactMap { $0 } })
    let order: [String?] = evaluation.routes.filter(confused.contains).map { $0 } + [nil]
    let counts = order.map { expected in
      order.map { decided in
        evaluation.requests.count { row in
          guard row.kind != nil, row.expected == expected else { return false }
          return row.isRight ? expected == decided : row.routes.first == decided
        }
      }
    }
    let html = EvaluationPage(evaluation).html
    guard !wrong.isEmpty else { return #expect(!html.contains("Confusion matrix")) }
    #expect(try Self.cells(html) == counts, "seed \(seed)")
    let ending =
      evaluation.several.total > 0 ? "; a decision for several counts for the right one, else for its first" : ""
    #expect(html.contains("<p>\(order.count - 1) of 7 routes, all that were confused\(ending).</p>"))
  }

  @Test func theRoutesOfTheMostConfusionsAreKept() throws {
    // Route n is taken for none n + 1 times, so that the first 15 of 75 are cut.
    let names = (0..<75).map { "r\($0)" }
    let judged = names.enumerated().flatMap { number, name -> [JudgedDecision] in
      (0...number).map { JudgedDecision(LabelledRequest("\($0)", route: name), decided()) }
    }
    let html = EvaluationPage(RouteEvaluation(judged: judged, routes: names)).html
    #expect(html.contains("<p>60 of 75 routes, those in the most of 75 with confusions.</p>"))
    let cells = try Self.cells(html)
    #expect(cells.compactMap(\.last) == (16...75).map { $0 } + [0])
    #expect(html.contains("<p>And 25 more.</p>"), "of the list of confusions 50 are shown")
    let matrix = try #require(Self.matrix(html))
    #expect(!matrix.contains("<bdi>r14</bdi>") && matrix.contains("<bdi>r15</bdi>"))
  }

  @Test func aFullerCellIsDarker() throws {
    let judged = [("a", 1), ("b", 2), ("c", 4)].flatMap { name, count -> [JudgedDecision] in
      (0..<count).map { JudgedDecision(LabelledRequest("\($0)", route: name), decided("d")) }
    }
    let html = EvaluationPage(RouteEvaluation(judged: judged, routes: ["a", "b", "c", "d"])).html
    for (count, heat) in [(1, "0.30"), (2, "0.45"), (4, "0.75")] {
      #expect(html.contains("<td style=\"background:rgba(214,69,65,\(heat))\">\(count)</td>"))
    }
  }

  private static func matrix(_ html: String) -> Substring? {
    html.firstRange(of: "<table class=\"matrix\">").flatMap { start in
      html[start.upperBound...].firstRange(of: "</table>").map { html[start.upperBound..<$0.lowerBound] }
    }
  }

  /// The numbers of the matrix, row by row; an empty cell is 0.
  private static func cells(_ html: String) throws -> [[Int]] {
    try #require(matrix(html)).split(separator: "<tr>").dropFirst(2).map { row in
      try row.split(separator: "<td").dropFirst().map { cell in
        let text = cell.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
        return text.isEmpty ? 0 : try #require(Int(text))
      }
    }
  }
}
