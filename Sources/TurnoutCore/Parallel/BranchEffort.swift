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
            var random = random(name, attempt, in: run)
            wait = retry.wait(after: attempt, error, using: &random)
            if let wait {
              // Told while the attempt has not ended, so that whoever sees it fail knows that it is not for good.
              let (next, failure) = (attempt + 1, RunFailure(error))
              await inside.emit(.retrying(.init(branch: name, attempt: next, wait: wait, failure: failure)))
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

  /// A generator that depends on the run's id and on what is tried, and on nothing that happens at the same time.
  private func random(_ name: String, _ attempt: Int, in run: Run) -> SplitMix64 {
    var hash = StableHash(run.id.utf8)
    for part in run.path.components + [name, String(attempt)] {
      hash.addBorder()
      hash.add(part.utf8)
    }
    return SplitMix64(seed: hash.value)
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
