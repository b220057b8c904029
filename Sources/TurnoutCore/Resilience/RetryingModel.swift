/// A model whose failed calls are made again.
struct RetryingModel: LanguageModel {
  let model: any LanguageModel
  let policy: RetryPolicy

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  // Retries are shared, so that those of a model inside do not come on top.
  var attempts: [ModelAttempts] { model.attempts.map { ModelAttempts($0.model, most: 1 + policy.retries) } }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let run = run.sharingRetries(ceiling: policy.retries)
    let passed = PassedText(onDelta)
    do { return try await model.respond(to: request, in: run, onDelta: passed.handler) } catch let error as ModelError {
      return try await again(request, error, passed, in: run)
    }
  }

  /// Not inlined: most calls succeed.
  @inline(never)
  private func again(
    _ request: ModelRequest, _ first: ModelError, _ passed: PassedText, in run: Run
  ) async throws -> ModelResponse {
    var failure = first
    var made = first.attempts
    var retry = 0
    while true {
      // Asked first: who was cancelled is not to be answered by another attempt.
      try Task.checkCancellation()
      failure.attempts = made
      retry += 1
      var random = SplitMix64(seed: policy.seed.map { $0 &+ UInt64(retry) } ?? run.seed(for: [name, "\(retry)"]))
      guard let wait = policy.wait(before: retry, failure, using: &random),
        let budget = run.values[RetryBudget.Key.self], budget.take(ofAtMost: policy.retries)
      else { throw failure }
      await run.emit(
        .retrying(.init(kind: .model, branch: name, attempt: retry + 1, wait: wait, failure: RunFailure(failure))))
      try await run.clock.sleep(for: wait)
      let next = try await passed.beginAgain(request, capabilities)
      do {
        let response = try await run.askAgain(model, next, after: failure, onDelta: passed.handler)
        return passed.completing(response)
      } catch let error as ModelError {
        made += error.attempts
        failure = error
      } catch is BudgetError { throw failure }
    }
  }
}

extension LanguageModel {
  /// This model, with calls that failed made again.
  ///
  /// All that retries one request shares its retries: when models with retries wrap each other, when a request is hedged,
  /// and when another model answers for a failed one, there are no more than the outermost allows. An answer that broke
  /// off in the middle is gone on with where the model can continue a text; else its receiver gets
  /// ``ModelDelta/discarded`` before it begins anew.
  public func retrying(_ policy: RetryPolicy = .standard) -> some LanguageModel {
    RetryingModel(model: self, policy: policy)
  }
}
