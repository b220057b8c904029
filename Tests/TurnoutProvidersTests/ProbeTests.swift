import Synchronization
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

/// A server of which some keep to schemas, some ignore them and some refuse them; the same for probabilities.
private struct Manners: Sendable {
  enum Manner: CaseIterable {
    case honours, ignores, refuses
  }

  var schemas = Manner.honours
  var probabilities = Manner.honours

  func reply(_ request: CapturedRequest) -> Reply {
    let body = (try? Value(json: request.body)) ?? .null
    let (schema, asks) = (body["response_format"], body["logprobs"] == true)
    if schema != nil, schemas == .refuses { return refusal("response_format") }
    if asks, probabilities == .refuses { return refusal("logprobs") }
    var content = #"{"word":"blue"}"#
    if body["messages"]?.json().contains("route") == true { content = #"{"reasoning":"","route":"service"}"# }
    if let schema, schemas == .honours, schema.json().contains("quoxalter") { content = #"{"word":"quoxalter"}"# }
    let tokens = asks && probabilities == .honours ? #"{"content":[{"token":"x","logprob":-1}]}"# : "null"
    return .json(
      #"{"choices":[{"logprobs":\#(tokens),"message":{"content":\#(Wire.quoted(content))},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":5,"completion_tokens":2}}"#)
  }

  private func refusal(_ what: String) -> Reply {
    .json(#"{"error":{"message":"\#(what) is not supported"}}"#, status: 400)
  }
}

@Suite struct ProbeTests {
  private let table: RouteTable

  init() throws { table = try RouteTable([RouteDescription("service")]) }

  private func serve<R: Sendable>(
    _ manners: Manners, _ body: (LoopbackServer) async throws -> R
  ) async throws -> R {
    try await withServer({ request, _ in manners.reply(request) }, body)
  }

  @Test(arguments: Manners.Manner.allCases, Manners.Manner.allCases)
  fileprivate func `A probe says what was honoured`(_ schemas: Manners.Manner, _ probabilities: Manners.Manner)
    async throws
  {
    try await serve(Manners(schemas: schemas, probabilities: probabilities)) { server in
      let model = try server.model()
      guard schemas != .refuses || probabilities != .refuses else {
        let error = try await modelError { try await model.probe() }
        #expect(error.label == "refused")
        return
      }
      let run = Run()
      let found = try await model.probe(in: run)
      #expect(found.schemas == (schemas == .honours))
      #expect(found.logProbabilities == (probabilities == .honours))
      #expect(found.tools)
      #expect(server.requests.count == (schemas == .refuses ? 3 : probabilities == .refuses ? 2 : 1))
      #expect(run.usage == Usage(calls: 1, inputTokens: 5, outputTokens: 2))
    }
  }

  @Test func `A profile that denies is found wrong too`() async throws {
    try await serve(Manners()) { server in
      let found = try await server.model(OpenAIProfile(schemas: false)).probe()
      #expect(found.schemas)
    }
  }

  @Test func `One that thinks until its limit has shown nothing`() async throws {
    let reply = Reply.json(Wire.completion(message: #"{"content":""}"#, finish: "length"))
    try await withServer(reply) { server in
      let found = [
        try await server.model().probe(), try await server.model(OpenAIProfile(schemas: false)).probe(),
      ]
      #expect(found.map(\.schemas) == [true, false])
    }
  }

  @Test(arguments: ["", "quoxalter", "[1]", #"{"word":7}"#]) func `Whatever is not the word shows no schema`(
    answer: String
  ) async throws {
    let found = try await withServer(.text(answer)) { try await $0.model().probe() }
    #expect(!found.schemas)
  }

  private func select(_ model: some LanguageModel, _ run: Run = Run()) async throws -> RouteDecision {
    try await ModelSelector(model, bar: 0.5).select("x", among: table, in: run)
  }

  @Test func `A server that ignores schemas is told in words, from the first request on`() async throws {
    try await serve(Manners(schemas: .ignores, probabilities: .ignores)) { server in
      let model = ProbedModel(try server.model())
      #expect(model.capabilities.schemas)
      let decision = try await select(model)
      #expect(decision.routes == ["service"])
      #expect(!model.capabilities.schemas)
      #expect(!model.capabilities.logProbabilities)
      let next = try await select(model)
      #expect(next.routes == ["service"])
      let requests = server.requests.map(\.text)
      #expect(requests.count == 3)
      // The probe, the request it was made for, and the next, which the agent words itself.
      #expect(requests.map { $0.contains("response_format") } == [true, false, false])
      #expect(requests.map { $0.contains("logprobs") } == [true, false, false])
      #expect(requests.map { $0.contains("Answer with JSON only, of this JSON Schema:") } == [false, true, true])
      #expect(requests[1] == requests[2])
    }
  }

  @Test func `A conversation keeps to what it began with when an answer is sent back`() async throws {
    try await withServer { request, index in
      let isProbe = request.text.contains("quoxalter")
      return .text(isProbe ? #"{"word":"blue"}"# : #"{"reasoning":"","route":"\#(index < 2 ? "sales" : "service")"}"#)
    } _: { server in
      let decision = try await select(ProbedModel(try server.model()))
      #expect(decision.routes == ["service"])
      let requests = server.requests.map(\.text)
      #expect(requests.count == 3)
      #expect(requests.map { $0.contains("Answer with JSON only, of this JSON Schema:") } == [false, true, true])
    }
  }

  @Test func `A server that keeps to schemas gets them`() async throws {
    try await serve(Manners()) { server in
      let decision = try await select(ProbedModel(try server.model()))
      #expect(decision.routes == ["service"])
      #expect(server.requests.map { $0.text.contains(#""response_format""#) } == [true, true])
      #expect(server.requests.map { $0.text.contains(#""logprobs""#) } == [true, true])
    }
  }

  @Test func `Text is asked for without a probe`() async throws {
    try await withServer(.text("hello")) { server in
      let model = ProbedModel(try server.model())
      let response = try await model.respond(to: .hello, in: Run(), onDelta: nil)
      #expect(response.text == "hello")
      #expect(server.requests.count == 1)
      #expect(model.name == "test:small")
    }
  }

  @Test func `Many who ask at once probe once`() async throws {
    try await serve(Manners(schemas: .ignores)) { server in
      let model = ProbedModel(try server.model())
      try await withThrowingTaskGroup(of: RouteDecision.self) { group in
        for _ in 0..<8 { group.addTask { try await select(model) } }
        for try await decision in group { #expect(decision.routes == ["service"]) }
      }
      #expect(server.requests.filter { $0.text.contains("quoxalter") }.count == 1)
      #expect(server.requests.count == 9)
    }
  }

  @Test func `Making ready probes, and what it found stays`() async throws {
    try await serve(Manners(schemas: .refuses)) { server in
      let model = ProbedModel(try server.model())
      let selector = ModelSelector(model, bar: 0.5)
      try await selector.prepare(table, in: Run())
      #expect(!model.capabilities.schemas)
      #expect(model.capabilities.logProbabilities)
      let count = server.requests.count
      _ = try await selector.select("x", among: table, in: Run())
      try await selector.prepare(table, in: Run())
      #expect(server.requests.count == count + 1)
    }
  }

  @Test func `A probe that fails is not remembered`() async throws {
    try await withServer { request, index in
      index == 0 ? .json("{}", status: 503) : Manners().reply(request)
    } _: { server in
      let model = ProbedModel(try server.model(OpenAIProfile(schemas: false)))
      let error = try await modelError { try await model.prepare(in: Run()) }
      #expect(error.label == "overloaded")
      #expect(!model.capabilities.schemas)
      try await model.prepare(in: Run())
      #expect(model.capabilities.schemas)
    }
  }

  @Test func `A request without instructions gets some`() async throws {
    try await serve(Manners(schemas: .ignores)) { server in
      let request = ModelRequest(messages: [.user("x")], output: .object("A", [.init("b", .boolean)]))
      _ = try await ProbedModel(try server.model()).respond(to: request, in: Run(), onDelta: nil)
      let messages = try Value(json: server.requests[1].text)["messages"]
      #expect(messages?.array?.map { $0["role"]?.text } == ["system", "user"])
      #expect(messages?[0]?["content"]?.text.hasPrefix("Answer with JSON only") == true)
    }
  }

  @Test func `A probe is paid for by whoever needed it`() async throws {
    try await serve(Manners()) { server in
      let run = Run()
      _ = try await select(ProbedModel(try server.model()), run)
      #expect(run.usage == Usage(calls: 2, inputTokens: 10, outputTokens: 4))
    }
  }
}
