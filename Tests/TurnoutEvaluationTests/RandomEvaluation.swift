import TurnoutCore
import TurnoutEvaluation

/// Texts that have broken a parser, a terminal or a page somewhere.
let oddTexts = [
  "", " ", "plain", "two\nlines", "\r\n", "a\u{0}b", "tab\there", #"quotes " and \ and /"#, "\u{2028}\u{2029}", "请求的路由",
  "👩‍👩‍👧‍👦 family", "e\u{301}", "\u{202E}turned", "\u{1B}[31m", "<b>&amp;'", "{\"input\":1}", "\u{FEFF}mark", "\u{10FFFF}",
]

let randomRoutes = ["sales", "service", "a", "b", "a + b", "请求", "<i>\n"]

extension SplitMix64 {
  mutating func element<T>(_ elements: [T]) -> T { elements[int(0...elements.count - 1)] }

  /// A request that is told from all others by its number.
  mutating func request(_ number: Int) -> LabelledRequest {
    LabelledRequest("\(number) \(element(oddTexts))", route: chance(70) ? element(randomRoutes) : nil, line: number)
  }

  /// A decision of any kind about a request, right in about half of the cases, or a failure.
  mutating func judged(_ request: LabelledRequest) -> JudgedDecision {
    if chance(8) { return JudgedDecision(request, failure: RunFailure(label: "odd", message: element(oddTexts))) }
    let first = chance(50) ? request.route : chance(50) ? element(randomRoutes) : nil
    let second = element(randomRoutes)
    let routes = first.map { chance(80) || $0 == second ? [$0] : [$0, second] } ?? []
    let kind: RouteDecision.Kind = routes.isEmpty ? .none : routes.count == 1 ? .route : .several
    let scores = randomRoutes.filter { _ in chance(40) }.map {
      RouteScore($0, Double.random(in: 0...0.2, using: &self))
    }
    var decision = RouteDecision(
      kind, routes: routes, by: element(["rules", "model", "<odd>\n"]),
      confidence: chance(80) ? Double.random(in: 0...1, using: &self) : nil, scores: scores, isSure: chance(60))
    decision.duration = .nanoseconds(int(0...int(1...9_000_000_000_000)))
    decision.usage = Usage(
      calls: int(0...3), inputTokens: int(0...900), outputTokens: int(0...9), embeddings: int(0...2))
    return JudgedDecision(request, decision)
  }

  mutating func evaluation(of requests: [LabelledRequest]) -> RouteEvaluation {
    RouteEvaluation(judged: requests.map { judged($0) }, routes: randomRoutes)
  }

  mutating func evaluation() -> RouteEvaluation {
    evaluation(of: (0..<int(0...40)).map { request($0) })
  }
}
