import TurnoutEvaluation

/// Fitted on English requests and asked the same in Chinese.
struct Languages {
  private let bench: Bench

  init(_ bench: Bench) { self.bench = bench }

  func section() async throws -> Section {
    let pairs = try bench.data.pairs()
    var english: [Double] = []
    var chinese: [Double] = []
    var left: [Double] = []
    for seed in 0..<bench.seeds {
      var random = Seeded(seed)
      let shuffled = pairs.shuffled(using: &random)
      let half = shuffled.count / 2
      // A fit needs two of each route.
      let drawn = Drawn(shuffled[..<half].map(\.english)).withAtLeast(2)
      let asked = shuffled[half...].filter { drawn.routes.contains($0.english.route ?? "") }
      left.append(Double(shuffled.count - half - asked.count))
      let (table, fitted, _) = try await bench.fit(drawn, as: "xsid, half \(seed + 1) of \(bench.seeds)")
      english.append(
        try await Scoring.score(asked.map(\.english), table, bench.vectors, fit: fitted.fit).accuracy)
      let same = asked.map { LabelledRequest($0.chinese.input, route: $0.english.route) }
      chinese.append(try await Scoring.score(same, table, bench.vectors, fit: fitted.fit).accuracy)
    }
    return Section(
      title:
        "xsid: \(pairs.count) texts, fitted on a random half in English, the other half asked; \(bench.seeds) halves",
      lines: [
        Line("right in English", .mean(MeanInterval(english))),
        Line("right in Chinese", .mean(MeanInterval(chinese))),
        Line("the gap", .mean(MeanInterval(zip(english, chinese).map { $0 - $1 })), .atMost(6)),
        Line(
          "asked rows left out, their route having less than two to fit on",
          .plain(MeanInterval(left).mean ?? 0, unit: "of \(pairs.count - pairs.count / 2)", places: 1)),
      ])
  }
}
