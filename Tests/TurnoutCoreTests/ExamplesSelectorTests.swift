import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ExamplesSelectorTests {
  let routes = [
    RouteDescription("price", examples: ["phone price euro", "price discount phone", "tablet price euro discount"]),
    RouteDescription("repair", examples: ["screen broken crack", "broken battery crack", "screen battery broken"]),
  ]
  let embeddings = ScriptedEmbeddings(dimension: 256)

  private func select(_ request: String, by model: any EmbeddingModel, bar: Double = 0.6, run: Run = Run()) async throws
    -> RouteDecision
  {
    try await ExamplesSelector(model, bar: bar).select(request, among: RouteTable(routes), in: run)
  }

  @Test func whatIsLikeAnExampleIsSure() async throws {
    let decision = try await select("broken screen crack", by: embeddings)
    #expect(decision.routes == ["repair"])
    #expect(decision.isSure)
    #expect(decision.decidedBy == "examples")
    #expect(decision.confidence == decision.scores.last?.score)
    #expect(decision.scores.map(\.route) == ["price", "repair"], "scores come in the order of the routes")
    #expect(decision.evidence.first?.text == "screen broken crack")
    #expect(decision.reasoning == #"nearest example: "screen broken crack""#)
  }

  @Test func whatIsLikeNothingIsNone() async throws {
    let decision = try await select("why is the sky blue", by: embeddings)
    #expect(decision.kind == .none)
    #expect(decision.routes == [])
    #expect(decision.evidence.count == 2)
  }

  @Test(arguments: ["broken screen", "phone price", "sky blue", "", "价格", "phone broken"])
  func scoresAreProbabilities(request: String) async throws {
    let decision = try await select(request, by: embeddings)
    let sum = decision.scores.map(\.score).reduce(0, +)
    #expect(decision.scores.allSatisfy { (0...1).contains($0.score) })
    #expect(sum <= 1.000_001)
    let confidence = try #require(decision.confidence)
    #expect(abs((decision.kind == .none ? 1 - sum : decision.scores.map(\.score).max() ?? 0) - confidence) < 1e-6)
  }

  @Test func belowTheBarItIsUnsure() async throws {
    let request = "broken screen crack"
    #expect(try await select(request, by: embeddings, bar: 1.1).isSure == false)
    #expect(try await select(request, by: embeddings, bar: 1.1).routes == ["repair"])
  }

  @Test func examplesAreEmbeddedOnceHoweverManyAsk() async throws {
    let (selector, table) = (ExamplesSelector(embeddings), try RouteTable(routes))
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<20 {
        group.addTask { _ = try? await selector.select("request \(index)", among: table, in: Run()) }
      }
    }
    #expect(embeddings.requests.count { $0.count > 1 } == 1)
    #expect(embeddings.requests.count == 21)
  }

  @Test func preparingSparesTheFirstRequest() async throws {
    let (selector, table) = (ExamplesSelector(embeddings), try RouteTable(routes))
    try await selector.prepare(table, in: Run())
    #expect(embeddings.requests.count == 1)
    _ = try await selector.select("phone price", among: table, in: Run())
    #expect(embeddings.requests.count == 2)
  }

  @Test func aRouteNeedsExamples() async throws {
    let table = try RouteTable(routes + [RouteDescription("empty")])
    await #expect(throws: TurnoutError.invalidInput(#"the route "empty" has no examples to compare with"#)) {
      try await ExamplesSelector(embeddings).select("x", among: table, in: Run())
    }
    #expect(embeddings.requests.isEmpty)
  }

  @Test func longRequestsAreCut() async throws {
    let decision = try await select(String(repeating: "价", count: 500), by: embeddings)
    #expect(embeddings.requests.last?.first?.count == embeddings.maxTokens)
    #expect(decision.notes == ["only the first 400 tokens of the request were compared, by a cautious count"])
  }

  @Test(arguments: [[], [[]], [[1, 2], [1]], [[.nan]], [[.infinity]]] as [[[Float]]])
  func vectorsThatAreNoneAreRefused(vectors: [[Float]]) async {
    struct Odd: EmbeddingModel {
      let name = "odd"
      let vectors: [[Float]]
      func embed(_ texts: [String], in run: Run) async throws -> [[Float]] { vectors }
    }
    let error = await #expect(throws: ModelError.self) { try await select("x", by: Odd(vectors: vectors)) }
    #expect(error?.label == "malformed")
  }

  /// An encoder that is replaced while a program runs must not be compared in part.
  @Test(arguments: [3, 5]) func aRequestOfAnotherDimensionIsRefused(dimension: Int) async {
    struct Changing: EmbeddingModel {
      let name = "changing"
      let dimension: Int
      func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
        texts.map { _ in (0..<dimension).map { Float($0) + 1 } }
      }
      func embedExamples(_ texts: [String], in run: Run) async throws -> [[Float]] {
        texts.indices.map { place in (0..<4).map { Float((place + $0) % 7) } }
      }
    }
    let error = await #expect(throws: ModelError.self) { try await select("x", by: Changing(dimension: dimension)) }
    #expect(
      error?.description == "changing: the request's vector has \(dimension) numbers, those of the examples have 4")
  }

  @Test func afterAFailureTheIndexIsMadeAnew() async throws {
    struct Flaky: EmbeddingModel {
      let name = "flaky"
      let calls = Gauge()
      let inner: ScriptedEmbeddings
      func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
        calls.enter()
        if calls.total == 1 { throw ModelError.overloaded(name, "busy") }
        return try await inner.embed(texts, in: run)
      }
    }
    let (selector, table) = (ExamplesSelector(Flaky(inner: embeddings)), try RouteTable(routes))
    await #expect(throws: ModelError.self) { try await selector.select("phone price", among: table, in: Run()) }
    #expect(try await selector.select("phone price", among: table, in: Run()).routes == ["price"])
  }
}
