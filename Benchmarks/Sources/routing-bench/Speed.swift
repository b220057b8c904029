import TurnoutCore
import TurnoutEvaluation

/// How long a decision takes beyond the embedding, beside the bare products of the same sizes.
enum Speed {
  static let decisions = 2_000
  static let dimension = 384

  static func section(_ whole: Bench.Whole, _ vectors: KnownVectors, _ set: DataSet) async throws -> Section {
    let routes = whole.table.routes.count
    let examples = whole.table.routes.reduce(0) { $0 + $1.examples.count }
    let texts = (0..<decisions).map { set.valid[$0 % set.valid.count].input }
    Progress.say("speed: \(decisions) decisions")
    let fitted = try await median(ExamplesSelector(vectors, fit: whole.fitted.fit), whole.table, texts)
    let unfitted = try await median(ExamplesSelector(vectors), whole.table, Array(texts.prefix(500)))
    Progress.say("speed: 10,000 routes of 5 examples")
    let (many, table) = try large(routes: 10_000, examples: 5)
    let large = try await median(ExamplesSelector(many), table, (0..<200).map { "asked \($0)" })
    return Section(
      title: "speed: medians, beyond the embedding, evidence included",
      lines: [
        Line("fitted, \(routes) routes, \(examples) examples", micros(fitted), .atMost(50)),
        Line("floor: the product with \(routes) vectors", micros(floor(rows: routes))),
        Line("floor: the product with \(examples) vectors", micros(floor(rows: examples))),
        Line("not fitted, \(routes) routes, \(examples) examples", micros(unfitted)),
        Line("not fitted, 10,000 routes, 50,000 examples", micros(large)),
      ])
  }

  private static func median(
    _ selector: ExamplesSelector, _ table: RouteTable, _ texts: [String]
  ) async throws -> Duration {
    let run = Run()
    try await selector.prepare(table, in: run)
    var times: [Duration] = []
    for text in texts {
      let request = RouteRequest(text)
      let start = ContinuousClock.now
      let decision = try await selector.select(request, among: table, in: run)
      times.append(ContinuousClock.now - start)
      guard decision.scores.count == table.routes.count else { return .zero }
    }
    return LatencyPercentiles(times).p50
  }

  private static func floor(rows: Int) -> Duration {
    var random = Seeded(1)
    let matrix = (0..<rows * dimension).map { _ in Float.random(in: -1...1, using: &random) }
    var products = [Float](repeating: 0, count: rows)
    var times: [Duration] = []
    var sum: Float = 0
    for _ in 0..<(rows > 1_000 ? 200 : decisions) {
      let vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
      let start = ContinuousClock.now
      sum += Plain.product(matrix, vector, into: &products)
      times.append(ContinuousClock.now - start)
    }
    return sum.isNaN ? .zero : LatencyPercentiles(times).p50
  }

  /// Routes with random vectors around one of their own.
  private static func large(routes: Int, examples: Int) throws -> (KnownVectors, RouteTable) {
    var random = Seeded(2)
    func vector(near centre: [Float]) -> [Float] {
      Plain.unit(centre.map { $0 + Float.random(in: -0.5...0.5, using: &random) })
    }
    let zero = [Float](repeating: 0, count: dimension)
    var known: [String: [Float]] = [:]
    var descriptions: [RouteDescription] = []
    for route in 0..<routes {
      let centre = vector(near: zero)
      let texts = (0..<examples).map { "route \(route), example \($0)" }
      for text in texts { known[text] = vector(near: centre) }
      if route < 200 { known["asked \(route)"] = vector(near: centre) }
      descriptions.append(RouteDescription("route \(route)", examples: texts))
    }
    return (KnownVectors(known, others: Everything(vector: vector(near: zero))), try RouteTable(descriptions))
  }

  private static func micros(_ time: Duration) -> Figure { .plain(time / .microseconds(1), unit: "µs", places: 1) }

  /// An encoder to which all texts are alike.
  private struct Everything: EmbeddingModel {
    let vector: [Float]
    var name: String { "everything" }

    func embed(_ texts: [String], in run: Run) async throws -> [[Float]] { texts.map { _ in vector } }
  }
}
