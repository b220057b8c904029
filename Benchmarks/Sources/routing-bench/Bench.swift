import TurnoutCore
import TurnoutEvaluation

/// What all parts share: the sets, their vectors, and the fits that more than one part asks about.
struct Bench {
  let data: DataFolder
  let seeds: Int
  let vectors: KnownVectors
  private let encoder = Encoder()
  private var whole: Whole?

  /// A fit on all that a set has to fit on.
  struct Whole {
    let table: RouteTable
    let fitted: RouteFitter.Fitted
    let time: Duration
    let scored: [Scored]
  }

  init(_ data: DataFolder, seeds: Int, parts: [Part]) async throws {
    self.data = data
    self.seeds = seeds
    var files: [String] = []
    for file in parts.flatMap(\.files) where !files.contains(file) { files.append(file) }
    let texts = try files.flatMap { try data.requests($0).map(\.input) }
    vectors = try await KnownVectors(of: texts, from: encoder.model)
  }

  func end() async { await encoder.end() }

  mutating func sections(of part: Part) async throws -> [Section] {
    switch part {
    case .banking77: [try await FewExamples(self, part).inScope(target: 85)]
    case .hwu64: [try await FewExamples(self, part).inScope(target: 84)]
    case .clinc150:
      try await FewExamples(self, part).sections(target: 92) + [try await calibration()]
    case .curekart: [try await OneFit.shop(self)]
    case .healthcare: [try await OneFit.health(self)]
    case .xsid: [try await Languages(self).section()]
    case .speed: [try await Speed.section(try await fullClinc(), vectors, try data.set(.clinc150))]
    }
  }

  /// Fits on some examples and requests of no route, saying how far it is.
  func fit(
    _ drawn: Drawn, strangers: [LabelledRequest] = [], unlabelled: [String] = [], as name: String
  ) async throws -> (table: RouteTable, fitted: RouteFitter.Fitted, time: Duration) {
    let table = try RouteTable(zip(drawn.routes, drawn.examples).map { RouteDescription($0, examples: $1) })
    let rows = drawn.examples.reduce(0) { $0 + $1.count }
    Progress.say("\(name): fitting on \(rows) examples of \(drawn.routes.count) routes")
    let start = ContinuousClock.now
    let fitted = try await RouteFitter().fit(
      table, cases: strangers.map { ($0.input, nil) }, unlabelled: unlabelled, embeddings: vectors,
      progress: { step in
        // Small fits are over before anyone asks.
        if rows > 5_000, case .training(let done, let all) = step { Progress.say("\(name): \(done) of \(all) heads") }
      })
    return (table, fitted, ContinuousClock.now - start)
  }

  func whole(_ set: DataSet) async throws -> Whole {
    let (table, fitted, time) = try await fit(Drawn(set.train), strangers: set.strangers, as: set.name)
    let scored = try await Scoring.score(set.valid, table, vectors, fit: fitted.fit)
    return Whole(table: table, fitted: fitted, time: time, scored: scored)
  }

  mutating func fullClinc() async throws -> Whole {
    if let whole { return whole }
    let made = try await whole(try data.set(.clinc150))
    whole = made
    return made
  }

  private mutating func calibration() async throws -> Section {
    let set = try data.set(.clinc150)
    let whole = try await fullClinc()
    let lines = set.train.count
    return Section(
      title: "clinc150: fitted on all \(lines) lines of train; expected calibration error, 15 bins of equal mass",
      lines: [
        Line(
          "the best route among the routes, in scope",
          Self.error(whole.scored.inScope) { scored in
            (scored.probability / max(1 - scored.none, 1e-12), scored.isBestRight)
          }),
        Line("decisions in scope", Self.error(whole.scored.inScope) { ($0.confidence, $0.isRight) }, .atMost(0.05)),
        Line("decisions over all rows", Self.error(whole.scored) { ($0.confidence, $0.isRight) }, .atMost(0.05)),
        Line("decided right, over all rows", .share(whole.scored.proportion(\.isRight))),
        Line("right route in scope, none not offered", .share(whole.scored.inScope.proportion(\.isBestRight))),
        Line(
          "time of the fit for 10,000 lines",
          .plain(
            whole.time / .seconds(1) * 10_000 / Double(max(lines, 1)), unit: "s", places: 1), .atMost(60)),
      ])
  }

  private static func error(_ rows: [Scored], _ row: (Scored) -> (Double, Bool)) -> Figure {
    .plain(Calibration(rows.map(row)).expectedError ?? .nan, places: 3)
  }
}
