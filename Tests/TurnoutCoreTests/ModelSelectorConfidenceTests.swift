import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ModelSelectorConfidenceTests {
  let table: RouteTable

  init() throws { table = try RouteTable([RouteDescription("service"), RouteDescription("consult")]) }

  private func select(_ model: TokenModel, bar: Double? = 0.6) async throws -> RouteDecision {
    try await ModelSelector(model, bar: bar).select("hi", among: table, in: Run())
  }

  @Test func `The confidence is that of the token where the names part`() async throws {
    let decision = try await select(TokenModel([.route("service", 0.9, "consult")]))
    #expect(decision.routes == ["service"])
    #expect(decision.confidence.map { abs($0 - 0.9) < 1e-9 } == true)
    #expect(decision.isSure)
    #expect(decision.reasoning == "so")
  }

  @Test func `Below the bar the decision is unsure, at the bar it is sure`() async throws {
    let low = try await select(TokenModel([.route("service", 0.55, "none")]))
    #expect(low.routes == ["service"])
    #expect(!low.isSure)
    #expect(try await select(TokenModel([.route("service", 0.5, "none")]), bar: 0.49).isSure)
    let none = try await select(TokenModel([.route("none", 0.55, "service")]))
    #expect(none.kind == .none)
    #expect(!none.isSure)
  }

  @Test func `A model that does not say is believed`() async throws {
    let decision = try await select(TokenModel([.route("service", 1, nil)]))
    #expect(decision.confidence == nil)
    #expect(decision.isSure)
  }

  @Test func `Without a bar nobody asks`() async throws {
    let model = TokenModel([.route("service", 0.9, "consult")])
    let decision = try await select(model, bar: nil)
    #expect(decision.confidence == nil)
    #expect(decision.isSure)
    #expect(model.requests.map(\.logProbabilities) == [false])
  }

  @Test func `A model that says it cannot is not asked`() async throws {
    let model = TokenModel([.route("service", 0.9, "consult")], ModelCapabilities(logProbabilities: false))
    #expect(try await select(model).confidence == nil)
    #expect(model.requests.map(\.logProbabilities) == [false])
  }

  @Test func `A server that refuses the asking is asked without, now and from then on`() async throws {
    let model = TokenModel { request, _ in
      if request.logProbabilities { throw ModelError.refused("m", "logprobs is not supported (HTTP 400)") }
      return .route("service", 0.9, "consult")
    }
    let selector = ModelSelector(model, bar: 0.6)
    for _ in 0..<2 {
      let decision = try await selector.select("hi", among: table, in: Run())
      #expect(decision.routes == ["service"])
      #expect(decision.isSure)
    }
    #expect(model.requests.map(\.logProbabilities) == [true, false, false])
  }

  @Test func `A refusal for another reason is thrown and not remembered`() async throws {
    let model = TokenModel { _, index in
      if index < 2 { throw ModelError.refused("m", "bad model") }
      return .route("service", 0.9, "consult")
    }
    let selector = ModelSelector(model, bar: 0.6)
    await #expect(throws: ModelError.self) { try await selector.select("hi", among: table, in: Run()) }
    #expect(try await selector.select("hi", among: table, in: Run()).confidence != nil)
    #expect(model.requests.map(\.logProbabilities) == [true, false, true])
  }

  @Test func `Other errors are thrown at once`() async throws {
    let model = TokenModel { _, _ in throw ModelError.rateLimited("m", "wait") }
    await #expect(throws: ModelError.rateLimited("m", "wait")) { try await select(model) }
    #expect(model.requests.count == 1)
  }

  @Test func `After a bad answer the confidence is the second one's`() async throws {
    let decision = try await select(TokenModel([.route("sales", 0.9, "none"), .route("consult", 0.7, "service")]))
    #expect(decision.routes == ["consult"])
    #expect(decision.confidence.map { abs($0 - 0.7) < 1e-9 } == true)
  }

  @Test func `Thoughts before the text and marks after it do not matter`() async throws {
    var response = ModelResponse.route("service", 0.9, "consult")
    response.tokens.append(TokenChoice("<|end|>", 0))
    #expect(try await select(TokenModel([response])).confidence.map { abs($0 - 0.9) < 1e-9 } == true)
    response = .route("service", 0.9, "consult")
    response.tokens.insert(TokenChoice("{\"route\":\"consult\"}", -1), at: 0)
    #expect(try await select(TokenModel([response])).confidence.map { abs($0 - 0.9) < 1e-9 } == true)
  }

  @Test func `A fence around the answer does not matter`() async throws {
    var response = ModelResponse.route("service", 0.9, "consult")
    response.tokens = [TokenChoice("```json\n", -0.2)] + response.tokens + [TokenChoice("\n```", 0)]
    response.text = "```json\n\(response.text)\n```"
    #expect(try await select(TokenModel([response])).confidence.map { abs($0 - 0.9) < 1e-9 } == true)
  }

  @Test func `A name in the reasons is not the answer`() async throws {
    let first = TokenChoice(
      "consult", log(0.2), alternatives: [.init("consult", log(0.2)), .init("service", log(0.8))])
    var response = ModelResponse.route("service", 0.9, "consult")
    response.text = response.text.replacing("\"so\"", with: "\"route consult\"")
    response.tokens =
      [TokenChoice(#"{"reasoning":"route "#, 0), first, TokenChoice(#"","route":""#, 0)]
      + response.tokens.dropFirst()
    let decision = try await select(TokenModel([response]))
    #expect(decision.confidence.map { abs($0 - 0.9) < 1e-9 } == true)
  }

  @Test func `Tokens of another text are not relied on`() async throws {
    var response = ModelResponse.route("service", 0.9, "consult")
    response.tokens = ModelResponse.route("consult", 0.9, "service").tokens
    #expect(try await select(TokenModel([response])).confidence == nil)
    response.tokens = []
    #expect(try await select(TokenModel([response])).confidence == nil)
  }

  @Test func `A name written with escapes cannot be told`() async throws {
    var response = ModelResponse.route("service", 0.9, "consult")
    response.text = #"{"reasoning":"so","route":"\u0073ervice"}"#
    response.tokens = [TokenChoice(response.text, -0.1, alternatives: [.init("x", -3)])]
    let decision = try await select(TokenModel([response]))
    #expect(decision.routes == ["service"])
    #expect(decision.confidence == nil)
  }

  @Test func `A later stage decides what the model is unsure of`() async throws {
    let unsure = ModelSelector(TokenModel([.route("service", 0.5, "consult")]), bar: 0.6)
    let cascade = CascadeSelector([unsure, ModelSelector(TokenModel([.route("consult", 0.9, "service")]))])
    #expect(try await cascade.select("hi", among: table, in: Run()).routes == ["consult"])
  }

  @Test func `Making ready makes the model ready`() async throws {
    let model = TokenModel([])
    try await ModelSelector(model).prepare(table, in: Run())
    #expect(model.preparations == 1)
  }
}
