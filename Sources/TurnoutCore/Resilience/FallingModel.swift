/// A model, and others that answer in its place when it fails.
struct FallingModel: LanguageModel {
  let model: any LanguageModel
  let others: [any LanguageModel]
  let failures: FallbackFailures
  let isAcceptable: @Sendable (ModelResponse) -> Bool

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  var attempts: [ModelAttempts] { ([model] + others).flatMap(\.attempts) }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    // All of them draw on the same retries.
    let run = run.sharingRetries()
    let passed = PassedText(onDelta)
    do {
      return try accepted(try await model.respond(to: request, in: run, onDelta: passed.handler), of: model, in: run)
    } catch let error as ModelError where failures.contains(error) {
      return try await fall(request, error, passed, in: run)
    }
  }

  /// Not inlined: most calls succeed.
  @inline(never)
  private func fall(
    _ request: ModelRequest, _ first: ModelError, _ passed: PassedText, in run: Run
  ) async throws -> ModelResponse {
    var failure = first
    var last = model.name
    for other in others where request.tools.isEmpty || other.capabilities.tools {
      try Task.checkCancellation()
      let continues = passed.canContinue(request, other.capabilities)
      await run.emit(
        .fellBack(.init(from: last, to: other.name, continues: continues, failure: RunFailure(failure))))
      last = other.name
      var next = try await passed.beginAgain(request, other.capabilities)
      next = next.describingShape(unless: other.capabilities.schemas)
      if !other.capabilities.logProbabilities { next.logProbabilities = false }
      do {
        let response = try await run.askAgain(other, next, after: failure, onDelta: passed.handler)
        return passed.completing(try accepted(response, of: other, in: run))
      } catch let error as ModelError where failures.contains(error) { failure = error }
    }
    throw failure
  }

  private func accepted(
    _ response: ModelResponse, of model: any LanguageModel, in run: Run
  ) throws -> ModelResponse {
    let isHeldBack = response.finish == .contentFilter
    if !isHeldBack, isAcceptable(response) { return response }
    // It was paid for all the same, and whoever asked gets no response to count.
    if response.origin == .call { run.record(response.usage) }
    throw isHeldBack
      ? ModelError.contentFiltered(model.name, "the answer was held back by the provider's content filter")
      : ModelError.malformed(model.name, "the answer was not acceptable")
  }
}

/// On which failures of a model another one answers.
public struct FallbackFailures: Sendable, Hashable {
  private let labels: Set<String>?

  /// Every failure: also a request that is too long, which another model may be able to read, and an answer that was held
  /// back, which another may give.
  public static let all = FallbackFailures(labels: nil)

  /// Failures with these labels, such as `overloaded` or `context_window`; see ``ModelError/label``.
  public static func labelled(_ labels: Set<String>) -> FallbackFailures { FallbackFailures(labels: labels) }

  func contains(_ error: ModelError) -> Bool { labels?.contains(error.label) ?? true }
}

extension LanguageModel {
  /// This model, and others in order that answer in its place when it fails.
  ///
  /// ```swift
  /// let model = primary.falling(back: [other, local])
  /// ```
  /// A stream that broke off in the middle is gone on with where the other model can continue a text; else its receiver
  /// gets ``ModelDelta/discarded`` and the answer begins anew. ``RunEvent`` tells which model answered. Retries of all of
  /// them together are no more than those of one.
  /// - Parameters:
  ///   - failures: on which failures.
  ///   - isAcceptable: whether an answer is one; an answer that is not is a failure labelled `malformed`.
  public func falling(
    back others: [any LanguageModel], on failures: FallbackFailures = .all,
    accepting isAcceptable: @escaping @Sendable (ModelResponse) -> Bool = { _ in true }
  ) -> some LanguageModel {
    FallingModel(model: self, others: others, failures: failures, isAcceptable: isAcceptable)
  }
}
