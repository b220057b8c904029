import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct PageTests {
  let hostile = #"</td><script>alert("x")</script><img src=x onerror='a()'>&amp;"# + "\u{202E}\u{1B}[2J"

  @Test func thePageHasEveryPart() {
    let html = EvaluationPage(sample, title: "Support & more").html
    #expect(html.hasPrefix("<!doctype html>") && html.contains("<title>Support &amp; more</title>"))
    for title in ["Confusion matrix", "Reliability", "Routes", "Confusions", "Stages", "Failed"] {
      #expect(html.contains("<h2>\(title)</h2>"), "\(title)")
    }
    #expect(html.contains("6 requests, 4 in scope and 2 out of scope; 3 routes; 1 failed."))
    #expect(html.contains("50.0 % <small>15.0–85.0</small>"))
    #expect(html.contains("prefers-color-scheme: dark") && html.contains("<svg"))
    #expect(html.contains("<li><bdi>it is broken</bdi></li>"))
    #expect(html.contains("<em>none</em>"))
  }

  @Test func elementsAreBalanced() {
    var open: [Substring] = []
    let html = EvaluationPage(sample).html
    for piece in (html.split(separator: "<script>").first ?? "").split(separator: "<").dropFirst() {
      let name = piece.prefix { $0.isLetter || $0.isNumber || $0 == "/" }
      let single = ["meta", "circle", "rect", "line", "polyline"].contains { name.hasPrefix($0) }
      if name.hasPrefix("/") {
        if name != "/circle" { #expect(open.popLast() == name.dropFirst(), "\(piece)") }
      } else if !single, !name.isEmpty {
        open.append(name)
      }
    }
    #expect(open == ["html", "body"])
  }

  @Test func nothingIsLoadedFromElsewhere() {
    let html = EvaluationPage(sample).html
    for word in ["http:", "https:", "src=", "href=", "@import", "url(", "fetch("] {
      #expect(!html.contains(word), "\(word)")
    }
    #expect(html.contains("default-src 'none'"))
  }

  @Test func hostileTextsStayTexts() {
    let judged = [
      JudgedDecision(LabelledRequest(hostile, route: hostile), decided("b", by: hostile, confidence: 0.5)),
      JudgedDecision(
        LabelledRequest(hostile + "2", route: nil), failure: RunFailure(label: "error", message: hostile)),
    ]
    let evaluation = RouteEvaluation(judged: judged, routes: [hostile, "b"])
    let html = EvaluationPage(evaluation, title: hostile).html
    let plain = EvaluationPage(evaluation).html
    #expect(html.split(separator: "<script>").count == 2, "only the page's own script")
    for text in [html, plain] {
      #expect(!text.contains("<img") && !text.contains("alert(\"x") && !text.contains("\u{1B}"))
      #expect(!text.unicodeScalars.contains("\u{202E}"))
      #expect(text.contains("&lt;/td&gt;&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&lt;img src=x onerror=&#39;"))
    }
  }

  @Test func theMatrixHoldsOnlyWhatWasConfused() throws {
    let judged = (0..<100).flatMap { number -> [JudgedDecision] in
      let request = LabelledRequest("t\(number)", route: "r\(number)")
      return [
        JudgedDecision(request, decided("r\(number)")),
        // The first 80 routes are confused with the next one.
        JudgedDecision(request, decided(number < 80 ? "r\(number + 1)" : "r\(number)")),
      ]
    }
    let html = EvaluationPage(RouteEvaluation(judged: judged, routes: (0..<100).map { "r\($0)" })).html
    let after = try #require(html.split(separator: "<table class=\"matrix\">").last)
    let matrix = try #require(after.split(separator: "</table>").first)
    #expect(matrix.split(separator: "<tr>").count - 1 == 62, "60 routes, none, and the head")
    #expect(html.contains("60 of 100 routes, those in the most of 81 with confusions."))
    #expect(matrix.contains("<td class=\"right\">1</td>"))
    #expect(matrix.contains("<td style=\"background:rgba(214,69,65,0.75)\">1</td>"))
  }

  @Test func withoutConfusionsThereIsNoMatrix() {
    let judged = [JudgedDecision(LabelledRequest("t", route: "a"), decided("a"))]
    let html = EvaluationPage(RouteEvaluation(judged: judged, routes: ["a"])).html
    #expect(!html.contains("Confusion") && !html.contains("Reliability") && !html.contains("Failed"))
  }

  @Test func aTableIsSortedByItsNumbers() {
    let html = EvaluationPage(sample).html
    #expect(html.contains(#"<th scope="col"><button type="button">Recall</button></th>"#))
    #expect(html.contains(#"<td data-sort="0.5">0.500</td>"#))
    #expect(html.contains(#"<td data-sort="">–</td>"#))
  }
}
