import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct HostilePageTests {
  /// A page with a text of its own in every place a text can come to.
  func page(_ text: (String) -> String) -> String {
    let (wanted, taken, other) = (text("expected"), text("decided"), text("several"))
    let failure = RunFailure(label: "error", message: text("failure"))
    let judged = [
      JudgedDecision(LabelledRequest(text("text"), route: wanted), decided(taken, other, by: text("stage"))),
      JudgedDecision(LabelledRequest(text("failed"), route: nil), failure: failure),
      JudgedDecision(LabelledRequest("sure", route: taken), decided(taken, by: text("stage"), confidence: 0.5)),
    ]
    let evaluation = RouteEvaluation(judged: judged, routes: [wanted, taken, other])
    return EvaluationPage(evaluation, title: text("title")).html
  }

  /// What stands between angle brackets, from the first on.
  func tags(_ html: String) -> [Substring] {
    html.split(separator: "<").dropFirst().map { $0.prefix { $0 != ">" } }
  }

  @Test(arguments: ["title", "expected", "decided", "several", "text", "stage", "failed", "failure"])
  func everyPlaceIsEscapedOnce(place: String) {
    let html = page { $0 == place ? #"<x-\#($0) a='1' b="2">&"# : $0 }
    #expect(html.contains("&lt;x-\(place) a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;"))
    #expect(!html.contains("<x-") && !html.contains("a='1'") && !html.contains("b=\"2\"") && !html.contains("&amp;lt;"))
  }

  @Test(arguments: 0..<60) func noTextChangesTheElements(seed: Int) {
    var random = SplitMix64(seed: seed)
    let pieces = [
      "<", ">", "&", "\"", "'", "/", "=", " ", "\n", "-->", "<!--", "]]>", "</script>", "<script>", "</title>",
      "</style>",
      "javascript:", "onclick", "&lt;", "\u{0}", "\u{202E}", "请", "{{", "`",
    ]
    let texts = Dictionary(
      uniqueKeysWithValues: ["title", "expected", "decided", "several", "text", "stage", "failed", "failure"].map {
        name in
        (name, name + (0..<random.int(1...12)).map { _ in random.element(pieces) }.joined())
      })
    let html = page { texts[$0] ?? $0 }
    #expect(tags(html) == tags(page { $0 }), "seed \(seed)")
    #expect(!html.unicodeScalars.contains { $0 == "\u{0}" || $0 == "\u{202E}" })
  }

  @Test func anAddressInATextIsNoLink() {
    let address = "https://example.org/a.js"
    let html = page { "\(address)?\($0)" }
    let rest = html.replacing(address, with: "")
    #expect(rest.count < html.count && !rest.contains("://"))
    for tag in tags(html) {
      #expect(
        !tag.contains("href") && !tag.contains("src=") && !tag.hasPrefix("link") && !tag.contains("://"), "\(tag)")
    }
    #expect(tags(html).filter { $0.hasPrefix("script") } == ["script"], "one script, without attributes")
  }

  @Test func nothingEvaluatedIsAPageToo() {
    for routes in [[], ["a", "b"]] {
      let html = EvaluationPage(RouteEvaluation(judged: [], routes: routes)).html
      #expect(html.contains("<p>0 requests, 0 in scope and 0 out of scope; \(routes.count) routes; 0 failed."))
      #expect(html.contains("<dt>Accuracy in scope</dt><dd>–</dd>") && html.hasSuffix("</body>\n</html>\n"))
      #expect(html.split(separator: "<section>").count == (routes.isEmpty ? 1 : 2), "only the table of routes")
      #expect(!html.contains("nan") && !html.contains("inf"))
    }
  }

  @Test(arguments: [1, 2, 14, 15, 16, 200]) func theDiagramHasAPointForEveryBin(rows: Int) throws {
    let judged = (0..<rows).map { number in
      let confidence = Double(number) / Double(rows)
      return JudgedDecision(
        LabelledRequest("\(number)", route: "a"), decided(number % 3 == 0 ? "b" : "a", confidence: confidence))
    }
    let evaluation = RouteEvaluation(judged: judged, routes: ["a", "b"])
    let html = EvaluationPage(evaluation).html
    let bins = min(15, rows)
    #expect(html.split(separator: "<circle ").count - 1 == bins && html.contains("over \(bins) bins of equal mass"))
    let after = try #require(html.split(separator: "<caption>The bins</caption>").last)
    let table = try #require(after.split(separator: "</table>").first)
    #expect(
      table.split(separator: "<tr><td>").dropFirst().map { Int($0.prefix { $0 != "<" }) }
        == evaluation.calibration.bins.map(\.rows))
  }

  @Test func manyFailuresAreCountedNotListed() {
    let judged = (0..<70).map {
      JudgedDecision(LabelledRequest("text \($0)", route: nil), failure: RunFailure(label: "e", message: "why \($0)"))
    }
    let html = EvaluationPage(RouteEvaluation(judged: judged, routes: [])).html
    #expect(html.contains("<bdi>why 49</bdi>") && !html.contains("<bdi>why 50</bdi>"))
    #expect(html.contains("<p>And 20 more.</p>"))
  }
}
