/// Chooses by meaning: compares the request's vector with those of each route's examples.
///
/// The scores are probabilities, and what they lack to 1 is the probability that no route is meant. The selector is sure
/// when the best of them, *none* included, reaches the bar; below it, the next stage of a cascade decides, and without
/// one the likeliest answer stands.
///
/// ```swift
/// let selector = ExamplesSelector(embeddings)
/// let decision = try await selector.select("my phone keeps restarting", among: table, in: run)
/// decision.scores.first?.score   // 0.99
/// ```
/// Three or more examples a route separate well; examples in every language that is served separate best.
public struct ExamplesSelector: RouteSelector {
  public let name = "examples"
  private let embeddings: any EmbeddingModel
  private let bar: Double
  private let indices = TableCache<AsyncOnce<ExampleIndex>>()

  /// A selector over an encoder.
  /// - Parameter bar: the probability at which it is sure, from 0 to 1.
  public init(_ embeddings: any EmbeddingModel, bar: Double = 0.6) {
    self.embeddings = embeddings
    self.bar = bar
  }

  public func prepare(_ table: RouteTable, in run: Run) async throws {
    async let ready: Void = embeddings.prepare()
    _ = try await index(of: table, in: run)
    try await ready
  }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    let index = try await index(of: table, in: run)
    let limit = embeddings.maxTokens
    let cut = TokenEstimate.cut(request.text, to: limit)
    let notes = cut == nil ? [] : ["only the first \(limit) tokens of the request were compared, by a cautious count"]
    let vectors = try checked(try await embeddings.embed([cut ?? request.text], in: run), count: 1)
    let score = index.score(Vectors.unit(vectors[0]))

    let ranked = score.routes.indices.sorted { score.routes[$0] > score.routes[$1] }
    let scores = zip(table.routes, score.routes).map { RouteScore($0.name, $1) }
    let evidence = Self.evidence(table, score, ranked)
    guard let best = ranked.first, score.routes[best] >= score.none else {
      return RouteDecision(
        .none, by: name, confidence: score.none, scores: scores,
        reasoning: "nearer to everyday requests than to the examples of any route", evidence: evidence, notes: notes,
        isSure: score.none >= bar)
    }
    let nearest = evidence.first { $0.route == table.routes[best].name }
    return RouteDecision(
      .route, routes: [table.routes[best].name], by: name, confidence: score.routes[best], scores: scores,
      reasoning: nearest.map { "nearest example: \"\($0.text)\"" }, evidence: evidence, notes: notes,
      isSure: score.routes[best] >= bar)
  }

  /// The best example of each of the best three routes, nearest first.
  private static func evidence(_ table: RouteTable, _ score: ExampleIndex.Score, _ ranked: [Int]) -> [RouteEvidence] {
    ranked.prefix(3).compactMap { route in
      let similarities = score.similarities[route]
      guard let nearest = similarities.indices.max(by: { similarities[$0] < similarities[$1] }) else { return nil }
      return RouteEvidence(
        route: table.routes[route].name, text: table.routes[route].examples[nearest],
        similarity: Double(similarities[nearest]))
    }
  }

  private func index(of table: RouteTable, in run: Run) async throws -> ExampleIndex {
    try await indices.value(for: table) { AsyncOnce() }.get {
      for route in table.routes where route.examples.isEmpty {
        throw TurnoutError.invalidInput("the route \"\(route.name)\" has no examples to compare with")
      }
      let background = RoutingBackground.english + RoutingBackground.chinese
      let examples = table.routes.flatMap(\.examples).map { TokenEstimate.cut($0, to: embeddings.maxTokens) ?? $0 }
      let texts = background + examples
      let vectors = try checked(try await embeddings.embedExamples(texts, in: run), count: texts.count).map(
        Vectors.unit)
      var rest = vectors[background.count...]
      let routes = table.routes.map { route in
        defer { rest = rest.dropFirst(route.examples.count) }
        return Array(rest.prefix(route.examples.count))
      }
      return ExampleIndex(
        english: Array(vectors[..<RoutingBackground.english.count]),
        chinese: Array(vectors[RoutingBackground.english.count..<background.count]), routes: routes)
    }
  }

  private func checked(_ vectors: [[Float]], count: Int) throws -> [[Float]] {
    guard vectors.count == count, let dimension = vectors.first?.count, dimension > 0,
      vectors.allSatisfy({ $0.count == dimension && $0.allSatisfy(\.isFinite) })
    else {
      throw ModelError.malformed(
        embeddings.name, "the embeddings are not \(count) vectors of one length with finite numbers")
    }
    return vectors
  }
}

extension RouteSelector where Self == ExamplesSelector {
  /// An encoder that compares the request with examples.
  public static func examples(_ embeddings: any EmbeddingModel) -> ExamplesSelector { ExamplesSelector(embeddings) }
}
