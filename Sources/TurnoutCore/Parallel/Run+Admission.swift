extension Run {
  /// What a branch that was admitted came to.
  typealias Arrival<Output: Sendable> = (index: Int, outcome: Outcome<Output>)

  /// Runs branches that are let in as others arrive: `admit` is asked once before the first and after each arrival, and
  /// says which start now, or nil when the rest is not needed any more. What runs then is cancelled.
  ///
  /// Unlike a ``FanOut`` it looks at what arrived before it starts more, so that no branch waits for one that it does not
  /// depend on and none is paid for that nobody needs.
  /// - Parameter deadline: when the rest is cancelled, counted from now.
  /// - Returns: every branch's outcome, in order.
  /// - Throws: `CancellationError` when the task is cancelled.
  func admitting<Output: Sendable>(
    _ count: Int, deadline: Duration? = nil, name: @escaping @Sendable (Int) -> String?,
    needs: @escaping @Sendable (Int, PriceTable) -> WorstCase, admit: (Arrival<Output>?) async -> [Int]?,
    _ body: @escaping @Sendable (Int, Run) async throws -> Output
  ) async throws -> [Outcome<Output>] {
    await emit(.branching(count: count))
    var outcomes = [Outcome<Output>?](repeating: nil, count: count)
    await withTaskGroup(of: Arrival<Output>?.self) { group in
      var running = 0
      func start(_ indices: [Int]) {
        for index in indices {
          running += 1
          group.addTask {
            (
              index,
              await measured(name(index), branch: index, needs: { needs(index, $0) }) { try await body(index, $0) }
            )
          }
        }
      }
      if let deadline {
        group.addTask {
          try? await clock.sleep(for: deadline)
          return nil
        }
      }
      var isOpen = true
      start(await admit(nil) ?? [])
      while running > 0, let next = await group.next() {
        guard let arrival = next else {
          isOpen = false
          group.cancelAll()
          continue
        }
        running -= 1
        outcomes[arrival.index] = arrival.outcome
        guard isOpen else { continue }
        if !Task.isCancelled, let more = await admit(arrival) {
          start(more)
        } else {
          isOpen = false
          group.cancelAll()
        }
      }
      group.cancelAll()
    }
    try Task.checkCancellation()
    let all = outcomes.enumerated().map { $1 ?? .dropped(name($0)) }
    await tell(dropped: all.dropped(), wasted: all.wasted())
    return all
  }
}
