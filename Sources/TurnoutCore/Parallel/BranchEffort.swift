/// How long an attempt at a branch may take, and how often it is tried.
struct BranchEffort: Sendable, Hashable {
  var timeout: Duration?
  var retry = Retry.never

  /// - Throws: ``TurnoutError/invalidInput(_:)`` for a time in which nothing can end.
  func validate() throws {
    if let timeout, timeout <= .zero {
      throw TurnoutError.invalidInput("the timeout of a branch must be more than 0 s and is \(timeout.inSeconds) s")
    }
  }

  /// Runs a step as a branch: each attempt between its own started and finished or failed events.
  func perform<S: Step>(_ step: S, _ input: S.Input, as name: String, in run: Run) async throws -> S.Output {
    if timeout == nil, retry.attempts == 1 { return try await run.perform(step, input, as: name) }
    return try await tried(step, input, as: name, in: run)
  }

  /// Not inlined: most branches have neither a timeout nor a second attempt.
  @inline(never)
  private func tried<S: Step>(_ step: S, _ input: S.Input, as name: String, in run: Run) async throws -> S.Output {
    let timeout = timeout
    var attempt = 1
    while true {
      var wait: Duration?
      do {
        return try await run.scope(step.identity.kind, name) { inside in
          do {
            guard let timeout else { return try await step.run(input, in: inside) }
            return try await inside.clock.timeout(after: timeout) { try await step.run(input, in: inside) }
          } catch {
            // Asked first: who was cancelled is not to be answered by another attempt.
            try Task.checkCancellation()
            // What a model has tried by itself counts too.
            attempt += ((error as? ModelError)?.attempts ?? 1) - 1
            var random = random(name, attempt, in: run)
            wait = retry.wait(after: attempt, error, using: &random)
            if let wait {
              // Told while the attempt has not ended, so that whoever sees it fail knows that it is not for good.
              let (next, failure) = (attempt + 1, RunFailure(error))
              await inside.emit(
                .retrying(.init(kind: step.identity.kind, branch: name, attempt: next, wait: wait, failure: failure)))
            }
            throw error
          }
        }
      } catch {
        guard let wait else { throw error }
        attempt += 1
        try await run.clock.sleep(for: wait)
      }
    }
  }

  private func random(_ name: String, _ attempt: Int, in run: Run) -> SplitMix64 {
    SplitMix64(seed: run.seed(for: [name, String(attempt)]))
  }

  /// What one branch may take with all its attempts.
  func worstCase(of one: WorstCase) -> WorstCase { retry.attempts == 1 ? one : one.times(retry.attempts, "") }
}

extension StepRepetition {
  /// The same, each time so many attempts.
  package func attempted(_ attempts: Int) -> StepRepetition {
    if attempts == 1 { return self }
    switch self {
    case .times(let count): return .times(count.multipliedClamped(by: attempts))
    case .perItem(let find):
      return .perItem { input in
        find(input).map { ItemBound(count: $0.count.multipliedClamped(by: attempts), largest: $0.largest) }
      }
    case .choice: return .choice
    }
  }
}
