import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct FittedSelectorTests {
  let embeddings = ScriptedEmbeddings(FitSample.vectors)

  private func select(
    _ request: String, fit: RouteFit? = nil, routes: [RouteDescription] = FitSample.routes,
    by model: (any EmbeddingModel)? = nil, bar: Double? = nil
  ) async throws -> RouteDecision {
    let fit = try fit ?? FitSample.fit()
    return try await ExamplesSelector(model ?? embeddings, bar: bar, fit: fit)
      .select(RouteRequest(request), among: RouteTable(routes), in: Run())
  }

  @Test(arguments: [("how much", "price"), ("a crack", "repair"), ("my order", "delivery")])
  func theHeadDecides(request: String, route: String) async throws {
    let decision = try await select(request)
    #expect(decision.routes == [route])
    #expect(decision.isSure)
    #expect(decision.decidedBy == "examples")
    #expect(decision.scores.map(\.route) == ["price", "repair", "delivery"])
    #expect(decision.confidence == decision.scores.first { $0.route == route }?.score)
  }

  @Test func theHeadDecidesAgainstTheNearestExample() async throws {
    var head = FitSample.head
    // Routes one and two changed places in what was learned.
    head.weights = VectorMatrix([1, 0, 2].map { FitSample.axis($0).map { $0 * 12 } })
    #expect(try await select("how much", fit: FitSample.fit(head: head)).scores.map(\.score)[1] > 0.5)
  }

  @Test func wordsDecideToo() async throws {
    var head = FitSample.head
    let hashes = TextFeatures.counts("how much").keys.sorted()
    head.words = WordWeights(
      hashes: hashes, rarities: hashes.map { _ in 1 }, weights: hashes.flatMap { _ in [Float(0), 0, 40] }, routes: 3)
    #expect(try await select("how much", fit: FitSample.fit(head: head)).routes == ["delivery"])
  }

  @Test func aStrangerIsNone() async throws {
    let decision = try await select("the sky")
    #expect(decision.kind == .none)
    #expect(decision.routes.isEmpty)
    #expect(decision.isSure)
    let confidence = try #require(decision.confidence)
    #expect(abs(decision.scores.reduce(confidence) { $0 + $1.score } - 1) < 1e-9)
    #expect(confidence > 0.5)
  }

  @Test func theTableMayHaveAnotherOrder() async throws {
    let fit = try FitSample.fit()
    let orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]]
    for request in ["how much", "a crack", "my order", "price or repair", "the sky"] {
      let first = try await select(request, fit: fit)
      for order in orders {
        let routes = order.map { place -> RouteDescription in
          let route = FitSample.routes[place]
          return RouteDescription(route.name, examples: route.examples.reversed())
        }
        let other = try await select(request, fit: fit, routes: routes)
        #expect(other.routes == first.routes && other.kind == first.kind)
        #expect(other.scores.map(\.route) == routes.map(\.name))
        let scores = Dictionary(uniqueKeysWithValues: other.scores.map { ($0.route, $0.score) })
        for score in first.scores { #expect(abs((scores[score.route] ?? -1) - score.score) < 1e-6, "\(request)") }
        #expect(other.evidence.map(\.route) == first.evidence.map(\.route))
        #expect(other.evidence.map(\.text) == first.evidence.map(\.text))
      }
    }
  }

  @Test func evidenceComesFromTheBestRoutes() async throws {
    let decision = try await select("how much")
    #expect(decision.evidence.first?.text == "what does it cost")
    #expect(decision.reasoning == #"nearest example: "what does it cost""#)
    #expect(decision.evidence.count <= 3)
    let ranked = decision.scores.sorted { $0.score > $1.score }.prefix(3).map(\.route)
    #expect(decision.evidence.map(\.route) == ranked)
    for evidence in decision.evidence {
      let examples = FitSample.routes.first { $0.name == evidence.route }?.examples ?? []
      #expect(examples.contains(evidence.text))
    }
  }

  @Test func evidenceOfManyRoutesIsThatOfThree() async throws {
    let count = 12
    func axis(_ place: Int) -> [Float] { (0..<count).map { $0 == place ? 1 : 0 } }
    let routes = (0..<count).map { RouteDescription("r\($0)", examples: ["example \($0)", "other \($0)"]) }
    var vectors: [String: [Float]] = ["asked": (0..<count).map { Float($0) }]
    for place in 0..<count { (vectors["example \(place)"], vectors["other \(place)"]) = (axis(place), axis(place)) }
    let axes = VectorMatrix((0..<count).map(axis))
    let head = RouteHead(
      mean: [Float](repeating: 0, count: count), removed: VectorMatrix([]), directions: VectorMatrix([]), weights: axes,
      centroids: axes, names: axes,
      strangers: VectorMatrix([]), words: WordWeights(hashes: [], rarities: [], weights: [], routes: count),
      centroidWeight: 0)
    let fit = try FitSample.fit(routes, dimension: count, head: head)
    let decision = try await select("asked", fit: fit, routes: routes, by: ScriptedEmbeddings(vectors))
    #expect(decision.evidence.map(\.route) == ["r11", "r10", "r9"])
  }

  @Test func theBarIsThatOfTheFitUnlessItIsGiven() async throws {
    let sure = try await select("how much", fit: FitSample.fit(bar: 0.5))
    let unsure = try await select("how much", fit: FitSample.fit(bar: 1.1))
    #expect(sure.isSure && !unsure.isSure)
    #expect(sure.routes == unsure.routes && sure.confidence == unsure.confidence)
    #expect(try await select("how much", fit: FitSample.fit(bar: 1.1), bar: 0.5).isSure)
    #expect(try await select("how much", fit: FitSample.fit(bar: 0.5), bar: 1.1).isSure == false)
  }

  @Test func aFitThatDoesNotFitIsRefusedBeforeAnythingIsAsked() async throws {
    let others: [[RouteDescription]] = [
      Array(FitSample.routes.dropLast()), FitSample.routes + [RouteDescription("new", examples: ["x"])],
      FitSample.routes.dropLast() + [RouteDescription("delivery", examples: ["another example"])],
    ]
    for routes in others {
      await #expect(throws: TurnoutError.self) { try await select("how much", routes: routes) }
      let selector = ExamplesSelector(embeddings, fit: try FitSample.fit())
      let table = try RouteTable(routes)
      await #expect(throws: TurnoutError.self) { try await selector.prepare(table, in: Run()) }
    }
    let fit = try FitSample.fit(encoder: "another")
    await #expect(throws: TurnoutError.self) { try await select("how much", fit: fit) }
    #expect(embeddings.requests.isEmpty)
  }

  @Test func anEncoderOfAnotherDimensionIsRefused() async throws {
    let other = ScriptedEmbeddings(dimension: 7)
    let error = await #expect(throws: ModelError.self) { try await select("how much", by: other) }
    #expect(error?.description.contains("the vectors have 7 numbers, the fitted routing reads 4") ?? false)
  }

  @Test(arguments: [3, 5])
  func aRequestOfAnotherDimensionIsRefused(dimension: Int) async throws {
    struct Odd: EmbeddingModel {
      let name = "scripted-embeddings"
      let dimension: Int
      func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
        texts.map { text in (0..<(text == "odd" ? dimension : 4)).map { Float($0 + 1) } }
      }
    }
    let model = Odd(dimension: dimension)
    let table = try RouteTable(FitSample.routes)
    let selector = ExamplesSelector(model, fit: try FitSample.fit())
    let error = await #expect(throws: ModelError.self) {
      try await selector.select(RouteRequest("odd"), among: table, in: Run())
    }
    let message = "the request's vector has \(dimension) numbers, those of the examples have 4"
    #expect(error?.description.contains(message) ?? false)
  }

  @Test func whatWasWrittenAndReadDecidesAlike() async throws {
    let fit = try FitSample.fit()
    let again = try RouteFit(value: Value(json: fit.value.json()))
    for request in ["how much", "a crack", "my order", "price or repair", "the sky"] {
      let (one, other) = (try await select(request, fit: fit), try await select(request, fit: again))
      #expect(one.routes == other.routes && one.isSure == other.isSure)
      #expect(zip(one.scores, other.scores).allSatisfy { abs($0.score - $1.score) < 1e-3 })
    }
  }

  @Test func anyRequestIsDecided() async throws {
    for request in ["", " ", "🙂", "退货", String(repeating: "a very long request ", count: 500)] {
      let decision = try await select(request)
      #expect(decision.scores.allSatisfy { (0...1).contains($0.score) })
    }
  }
}
