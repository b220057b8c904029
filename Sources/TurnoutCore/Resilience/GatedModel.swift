/// A model whose calls pass a gate.
struct GatedModel: LanguageModel {
  let model: any LanguageModel
  let gate: RateGate

  /// What an answer is taken to have at most when nothing limits it.
  private static let unlimitedAnswer = 1_024

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  var attempts: [ModelAttempts] { model.attempts }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let ticket = try await gate.enter(
      run: run.id, tokens: gate.countsTokens ? Self.tokens(request) : 0,
      isInteractive: run.values[CallPriority.Key.self] == .interactive)
    var ending = GateState.Ending.other
    defer { gate.end(ticket, ending) }
    do {
      let response = try await model.respond(to: request, in: run, onDelta: onDelta)
      let used = response.usage.inputTokens.addingClamped(response.usage.outputTokens)
      ending = .answered(tokens: used > 0 ? used : nil, limits: response.limits)
      return response
    } catch let error as ModelError {
      switch error.code {
      case .rateLimited, .overloaded: ending = .refused(wait: error.retryAfter, limits: error.limits)
      default: ending = .other
      }
      throw error
    }
  }

  /// About how many tokens a call takes: four bytes a token, and all that it may write, as providers count too.
  private static func tokens(_ request: ModelRequest) -> Int {
    (request.tokenBound / 4).addingClamped(request.settings.maxOutputTokens ?? unlimitedAnswer)
  }
}

extension LanguageModel {
  /// This model, with calls that wait until its provider's limits allow them.
  ///
  /// Put retries around it, so that each attempt waits for its turn: `model.gated(by: gate).retrying()`.
  public func gated(by gate: RateGate) -> some LanguageModel { GatedModel(model: self, gate: gate) }
}
