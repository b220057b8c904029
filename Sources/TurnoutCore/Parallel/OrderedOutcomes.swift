/// The outcomes of a step over a stream of inputs, in input order; see ``ForEach/withOutcomes(of:in:window:_:)``.
public struct OrderedOutcomes<Output: Sendable>: AsyncSequence, Sendable {
  let queue: DeliveryQueue<Outcome<Output>>

  /// Takes one outcome after the other.
  public struct Iterator: AsyncIteratorProtocol {
    let queue: DeliveryQueue<Outcome<Output>>

    /// The next outcome; nil when all inputs are done.
    /// - Throws: with ``FailurePolicy/failFast`` the first failure, as a ``RunFailure``; what the inputs throw, once
    ///   everything that was started has been taken; `CancellationError`.
    public mutating func next() async throws -> Outcome<Output>? {
      try Task.checkCancellation()
      let outcome = try await queue.next()
      // Work that was cut short is not to be taken for all there was.
      if outcome == nil { try Task.checkCancellation() }
      return outcome
    }
  }

  /// Takes the outcomes from where the last iterator stopped.
  public func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }
}

extension ForEach {
  /// Runs the step over a stream of inputs and gives the outcomes in input order, without ever holding many of them.
  ///
  /// ```swift
  /// let total = try await each.withOutcomes(of: lines, in: run) { outcomes in
  ///   var total = 0
  ///   for try await outcome in outcomes { total += outcome.output ?? 0 }
  ///   return total
  /// }
  /// ```
  /// Inputs are read as they are needed: no more than the step's bound run at once, and none starts `window` or more
  /// ahead of the oldest outcome that was not taken. A slow reader thus slows down everything, and memory does not grow
  /// with the number of inputs. When the body returns or throws, what still runs is cancelled. With
  /// ``FailurePolicy/failFast`` the first failure to arrive is thrown from the sequence at once.
  /// - Parameters:
  ///   - inputs: the inputs; they are iterated once, in a task of their own.
  ///   - window: how far ahead of the oldest outcome that was not taken inputs may start; four times the bound unless
  ///     it is given, at least 1.
  ///   - body: takes the outcomes. They may be taken only until it returns.
  /// - Throws: what the body throws; ``TurnoutError/invalidInput(_:)`` for ``FailurePolicy/quorum(_:)`` and
  ///   ``FailurePolicy/atLeast(_:by:)``, which need to know how many inputs there are.
  public func withOutcomes<Inputs: AsyncSequence & Sendable, Result: Sendable>(
    of inputs: Inputs, in run: Run, window: Int? = nil, _ body: (OrderedOutcomes<S.Output>) async throws -> Result
  ) async throws -> Result where Inputs.Element == S.Input {
    try fanOut.validateStream()
    return try await run.scope(identity.kind, name) { run in
      let queue = DeliveryQueue<Outcome<S.Output>>(
        size: window ?? max(1, fanOut.bound).multipliedClamped(by: 4), bound: fanOut.bound)
      return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await feed(inputs, to: queue, in: run) }
        defer {
          queue.close()
          group.cancelAll()
        }
        return try await body(OrderedOutcomes(queue: queue))
      }
    }
  }

  /// Reads inputs and starts the step for each, as the queue admits them.
  private func feed<Inputs: AsyncSequence & Sendable>(
    _ inputs: Inputs, to queue: DeliveryQueue<Outcome<S.Output>>, in run: Run
  ) async where Inputs.Element == S.Input {
    var failure: (any Error)?
    do {
      try await withThrowingDiscardingTaskGroup { group in
        do {
          for try await input in inputs {
            guard let index = await queue.admit() else { break }
            group.addTask { try await work(on: input, index, queue, run) }
          }
        } catch { failure = error }
      }
    } catch { queue.fail(error) }
    queue.complete(failure)
  }

  private func work(
    on input: S.Input, _ index: Int, _ queue: DeliveryQueue<Outcome<S.Output>>, _ run: Run
  ) async throws {
    let given = label?(index, input)
    let needs = { (prices: PriceTable) in fanOut.effort.worstCase(of: step.worstCase(for: input, prices: prices)) }
    let outcome = await run.measured(given, branch: index, needs: needs) {
      try await fanOut.effort.perform(step, input, as: given ?? String(index), in: $0)
    }
    if fanOut.policy == .failFast, let failure = outcome.failure, !failure.isCancellation {
      queue.fail(failure)
      // Leaves the group, which cancels the rest.
      throw failure
    }
    queue.arrive(index, outcome)
  }
}

extension FanOut {
  func validateStream() throws {
    switch policy {
    case .failFast, .settle: try effort.validate()
    case .quorum, .atLeast:
      throw TurnoutError.invalidInput("a stream does not say how many inputs there are; use failFast or settle for it")
    }
  }
}
