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
  private let fit: RouteFit?
  private let bar: Double
  private let indices = TableCache<AsyncOnce<Prepared>>()

  private struct Prepared: Sendable {
    let index: Index
    /// The length of the examples' vectors.
    let dimension: Int
  }

  private enum Index: Sendable {
    case examples(ExampleIndex)
    /// With the place in the table of each of the fit's routes.
    case fitted(FittedIndex, places: [Int])

    func score(_ vector: [Float], _ text: String) -> ExampleScore {
      switch self {
      case .examples(let index): index.score(vector)
      case .fitted(let index, let places): index.score(vector, text).placed(places)
      }
    }
  }

  /// A selector over an encoder.
  /// - Parameters:
  ///   - bar: the probability at which it is sure, from 0 to 1; that of the fit, or 0.6, unless it is given.
  ///   - fit: what was learned from labelled requests; without it, the examples alone decide.
  public init(_ embeddings: any EmbeddingModel, bar: Double? = nil, fit: RouteFit? = nil) {
    self.embeddings = embeddings
    self.fit = fit
    self.bar = bar ?? fit?.bar ?? 0.6
  }

  public func prepare(_ table: RouteTable, in run: Run) async throws {
    async let ready: Void = embeddings.prepare()
    _ = try await index(of: table, in: run)
    try await ready
  }

  public func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    let prepared = try await index(of: table, in: run)
    let limit = embeddings.maxTokens
    let cut = TokenEstimate.cut(request.text, to: limit)
    let notes = cut == nil ? [] : ["only the first \(limit) tokens of the request were compared, by a cautious count"]
    let text = cut ?? request.text
    let vectors = try checked(try await embeddings.embed([text], in: run), count: 1)
    guard vectors[0].count == prepared.dimension else {
      throw ModelError.malformed(
        embeddings.name,
        "the request's vector has \(vectors[0].count) numbers, those of the examples have \(prepared.dimension)")
    }
    let score = prepared.index.score(Vectors.unit(vectors[0]), text)

    let scores = zip(table.names, score.routes).map { RouteScore($0, $1) }
    // The best example of each of the best routes.
    let evidence = score.nearest.map { nearest in
      let route = table.routes[nearest.route]
      return RouteEvidence(
        route: route.name, text: route.examples[nearest.example], similarity: Double(nearest.similarity))
    }
    guard let best = score.ranked.first, !score.isNone else {
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

  private func index(of table: RouteTable, in run: Run) async throws -> Prepared {
    try await indices.value(for: table) { AsyncOnce() }.get {
      for route in table.routes where route.examples.isEmpty {
        throw TurnoutError.invalidInput("the route \"\(route.name)\" has no examples to compare with")
      }
      try fit?.check(table, encoder: embeddings.name)
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
      let dimension = vectors.first?.count ?? 0
      if let fit {
        guard dimension == fit.dimension else {
          throw ModelError.malformed(
            embeddings.name, "the vectors have \(dimension) numbers, the fitted routing reads \(fit.dimension)")
        }
        let places = fit.routes.compactMap(table.index)
        let index = FittedIndex(
          head: fit.head, scale: fit.scale, examples: places.map { routes[$0] },
          background: Array(vectors[..<background.count]))
        return Prepared(index: .fitted(index, places: places), dimension: dimension)
      }
      let languages = RoutingBackground.english.count
      let index = ExampleIndex(
        english: Array(vectors[..<languages]), chinese: Array(vectors[languages..<background.count]), routes: routes)
      return Prepared(index: .examples(index), dimension: dimension)
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
