import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

/// Every client of ours is put through every check; another one is one test more.
@Suite struct ConformanceTests {
  /// For a machine that runs everything else at the same time.
  private static let limit = Duration.seconds(240)

  @Test(arguments: ModelConformance.checks) func `Chat Completions`(check: ModelConformance.Check) async throws {
    try await check.run(within: Self.limit) { OpenAIChatModel("test", at: OpenAIEndpoint(baseURL: $0.url + "/v1")) }
  }

  @Test(arguments: ModelConformance.checks) func `Chat Completions as OpenAI has them`(
    check: ModelConformance.Check
  ) async throws {
    let key = try APIKey(Remains.key)
    try await check.run(within: Self.limit) {
      OpenAIChatModel("test", at: OpenAIEndpoint(baseURL: $0.url + "/v1", key: key, profile: .openAI))
    }
  }

  @Test(arguments: ModelConformance.checks) func `Anthropic's Messages`(check: ModelConformance.Check) async throws {
    let key = try APIKey(Remains.key)
    try await check.run(within: Self.limit) {
      AnthropicModel("claude-sonnet-4-5", at: .anthropic(baseURL: $0.url, key: key))
    }
  }

  @Test(arguments: ModelConformance.checks) func `Google's Gemini`(check: ModelConformance.Check) async throws {
    let key = try APIKey(Remains.key)
    try await check.run(within: Self.limit) {
      GeminiModel("gemini-test", at: .gemini(baseURL: $0.url + "/v1beta", key: key))
    }
  }

  @Test(arguments: ModelConformance.checks) func `OpenAI's Responses`(check: ModelConformance.Check) async throws {
    let key = try APIKey(Remains.key)
    try await check.run(within: Self.limit) {
      OpenAIResponsesModel("gpt-test", at: OpenAIEndpoint(baseURL: $0.url + "/v1", key: key, profile: .openAI))
    }
  }

  @Test(arguments: ModelConformance.checks) func `A model with a probe before it`(
    check: ModelConformance.Check
  ) async throws {
    // Its probe is a request of its own, which the script would answer.
    guard !check.name.contains("typed") else { return }
    try await check.run(within: Self.limit) {
      ProbedModel(OpenAIChatModel("test", at: OpenAIEndpoint(baseURL: $0.url + "/v1")))
    }
  }

  @Test func `Checks have names of their own`() {
    #expect(Set(ModelConformance.checks.map(\.name)).count == ModelConformance.checks.count)
    #expect(ModelConformance.checks.count >= 30)
  }
}

/// The checks themselves: what is wrong with a model is found, and by the check that is about it.
@Suite struct BrokenModelTests {
  /// A good model with one thing wrong about it.
  private struct Broken: LanguageModel {
    let model: OpenAIChatModel
    let change: @Sendable (ModelResponse) -> ModelResponse
    var request: @Sendable (ModelRequest) -> ModelRequest = { $0 }
    var error: @Sendable (any Error) -> any Error = { $0 }
    var passes: @Sendable (ModelDelta) -> Bool = { _ in true }

    var name: String { model.name }
    var capabilities: ModelCapabilities { model.capabilities }

    func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
      do {
        let passing = onDelta.map { pass -> ModelDeltaHandler in
          { if passes($0) { try await pass($0) } }
        }
        return change(try await model.respond(to: self.request(request), in: run, onDelta: passing))
      } catch { throw self.error(error) }
    }
  }

  private func failure(
    _ check: ModelConformance.Check, within limit: Duration = .seconds(60),
    _ broken: @escaping @Sendable (OpenAIChatModel) -> any LanguageModel
  ) async -> ConformanceFailure? {
    do {
      try await check.run(within: limit) {
        broken(OpenAIChatModel("test", at: OpenAIEndpoint(baseURL: $0.url + "/v1")))
      }
      return nil
    } catch {
      #expect(error is ConformanceFailure)
      return error as? ConformanceFailure
    }
  }

  /// The names of the checks that a model fails.
  private func failing(_ broken: @escaping @Sendable (OpenAIChatModel) -> any LanguageModel) async -> [String] {
    var failing: [String] = []
    // The slow one says nothing that the others do not.
    for check in ModelConformance.checks where !check.name.contains("hundred megabytes") {
      guard let failure = await failure(check, broken) else { continue }
      #expect(failure.description.hasPrefix("\(check.name): "))
      failing.append(check.name)
    }
    return failing
  }

  private func changing(_ change: @escaping @Sendable (inout ModelResponse) -> Void) async -> [String] {
    await failing { model in
      Broken(model: model) { response in
        var response = response
        change(&response)
        return response
      }
    }
  }

  @Test func `Cached tokens that are forgotten`() async throws {
    #expect(
      await changing { $0.usage.cachedTokens = 0 } == ["tokens are counted, cached ones among those read"])
  }

  @Test func `Tool calls in another order`() async throws {
    let failing = await changing { $0.toolCalls.reverse() }
    #expect(failing.contains("several tool calls come in order, each with a name of its own"))
    #expect(!failing.contains("a tool call has its name and arguments, and the tools were described"))
  }

  @Test func `Ids that are all the same`() async throws {
    let failing = await changing { response in
      for index in response.toolCalls.indices { response.toolCalls[index].id = "call" }
    }
    #expect(failing.first == "several tool calls come in order, each with a name of its own")
  }

  @Test func `A limit that is not told`() async throws {
    #expect(
      await changing { if $0.finish == .length { $0.finish = .stop } }
        == ["an answer that reached its limit says so"])
  }

  @Test(arguments: ["a text comes as it was written", "tokens are counted", "a stream brings its pieces"])
  func `Pieces that are lost`(name: String) async throws {
    let check = try #require(ModelConformance.checks.first { $0.name.hasPrefix(name) })
    // Only the check that waits for a piece has to run into its limit.
    let limit = Duration.seconds(name == "a stream brings its pieces" ? 2 : 60)
    let lost = await failure(check, within: limit) { Broken(model: $0, change: { $0 }, passes: { _ in false }) }
    // Nobody looks at pieces where tokens are counted.
    #expect((lost == nil) == (name == "tokens are counted"))
    if name == "a stream brings its pieces" { #expect(lost?.description.hasSuffix("it did not end in time") == true) }
  }

  @Test func `A model that cannot be made`() async throws {
    let check = try #require(ModelConformance.checks.first)
    let error = await #expect(throws: ConformanceFailure.self) {
      try await check.run { _ in throw ModelError.missingKey("vendor", variable: "VENDOR_KEY") }
    }
    #expect(error?.description.contains("set VENDOR_KEY") == true)
  }

  @Test func `Settings and tools that do not arrive`() async throws {
    let failing = await failing { model in
      Broken(
        model: model, change: { $0 },
        request: { ModelRequest(messages: $0.messages, output: $0.output) })
    }
    #expect(
      failing == ["settings arrive", "a tool call has its name and arguments, and the tools were described"])
  }

  @Test func `Errors of another type`() async throws {
    struct Other: Error {}
    let failing = await failing { model in
      Broken(model: model, change: { $0 }, error: { $0 is CancellationError ? $0 : Other() })
    }
    #expect(failing.count > 15)
    #expect(failing.allSatisfy { !$0.contains("cancelling") })
  }

  @Test func `A cancellation that is another error`() async throws {
    let failing = await failing { model in
      Broken(model: model, change: { $0 }, error: { $0 is ModelError ? $0 : ModelError.timeout("x", "late") })
    }
    #expect(failing.count == 3 && failing.allSatisfy { $0.contains("cancelling") })
  }

  @Test func `A model that tries again by itself`() async throws {
    struct Stubborn: LanguageModel {
      let model: OpenAIChatModel
      var name: String { model.name }
      func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
        do { return try await model.respond(to: request, in: run, onDelta: onDelta) } catch is ModelError {
          return try await model.respond(to: request, in: run, onDelta: onDelta)
        }
      }
    }
    #expect(await failing { Stubborn(model: $0) }.contains("a refusal with 429 is the error rate_limited"))
  }
}
