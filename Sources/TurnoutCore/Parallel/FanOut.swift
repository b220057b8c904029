/// Runs branches at once, at most `bound` of them, under a failure policy; outcomes come in input order.
struct FanOut: Sendable {
  let bound: Int
  let policy: FailurePolicy
  var effort = BranchEffort()
  /// Whether it is a step's own fan-out, which events tell of.
  var isAnnounced = true
  /// Whether events tell what failed and cancelled branches used, unless whoever asked for them does.
  var tellsWaste = true

  private enum Arrival<Output: Sendable>: Sendable {
    /// A worker is done, with the outcome it brings where somebody wants to see each of them.
    case worker((Int, Outcome<Output>)?)
    case deadline
  }

  /// - Parameters:
  ///   - needs: what one attempt at a branch can use at worst.
  ///   - onOutcome: gets every outcome of a branch that ran, as it arrives, one at a time; what it throws ends the whole.
  /// - Throws: ``FanOutError`` when the policy is not satisfied, with all outcomes in it; `CancellationError`.
  func run<Output: Sendable>(
    count: Int, in run: Run, name: @escaping @Sendable (Int) -> String? = { _ in nil },
    needs: (@Sendable (Int, PriceTable) -> WorstCase)? = nil,
    onOutcome: ((Int, Outcome<Output>) async throws -> Void)? = nil,
    _ body: @escaping @Sendable (Int, Run) async throws -> Output
  ) async throws -> [Outcome<Output>] {
    try validate(count)
    if isAnnounced { await run.emit(.branching(count: count)) }
    let (effort, isWatched) = (effort, onOutcome != nil)
    let board = FanOutBoard<Output>(policy, count: count)
    var refusal: (any Error)?

    await withTaskGroup(of: Arrival<Output>.self) { group in
      // A worker takes one branch after another, so that the next one waits for nobody to start it.
      func start() {
        group.addTask {
          while let index = board.next() {
            let needs = { (prices: PriceTable) in needs.map { effort.worstCase(of: $0(index, prices)) } }
            let outcome = await run.measured(name(index), branch: index, needs: needs) { try await body(index, $0) }
            board.record(outcome, of: index)
            if Task.isCancelled { board.close() }
            if isWatched { return .worker((index, outcome)) }
          }
          return .worker(nil)
        }
      }
      if let deadline = policy.deadline {
        group.addTask {
          try? await run.clock.sleep(for: deadline)
          return .deadline
        }
      }
      var workers = min(count, max(1, bound))
      for _ in 0..<workers { start() }
      while workers > 0, let arrival = await group.next() {
        switch arrival {
        case .deadline: board.close()
        case .worker(let outcome):
          workers -= 1
          if let (index, outcome) = outcome, refusal == nil {
            do { try await onOutcome?(index, outcome) } catch {
              refusal = error
              board.close()
            }
            if board.hasNext {
              workers += 1
              start()
            }
          }
        }
        if board.isClosed { group.cancelAll() }
      }
      group.cancelAll()
    }

    let (arrivals, settlement, firstFailure) = board.results
    try Task.checkCancellation()
    if let refusal { throw refusal }
    let outcomes = arrivals.enumerated().map { $1 ?? .dropped(name($0)) }
    if settlement.succeeded < count {
      await run.tell(dropped: outcomes.dropped(), wasted: isAnnounced && tellsWaste ? outcomes.wasted() : .none)
    }
    guard settlement.isSatisfied else {
      throw FanOutError(failure: reason(settlement, firstFailure), outcomes: outcomes)
    }
    return outcomes
  }

  private func validate(_ count: Int) throws {
    let required = policy.required(of: count)
    if required < 0 || required > count {
      throw TurnoutError.invalidInput("\(required) of \(count) branches were asked to succeed")
    }
    if let deadline = policy.deadline, deadline < .zero {
      throw TurnoutError.invalidInput("the deadline of a fan-out is \(deadline.inSeconds) s, before it begins")
    }
    try effort.validate()
  }

  private func reason(_ settlement: Settlement, _ first: RunFailure?) -> RunFailure {
    if policy == .failFast, let first { return first }
    let cause = first.map { "; the first failure: \($0.message)" } ?? ""
    let required = policy.required(of: settlement.succeeded + settlement.failed)
    return RunFailure(
      TurnoutError.unsettled("\(settlement.succeeded) branches succeeded and \(required) were required\(cause)"))
  }
}

extension Run {
  /// Runs a body with a meter of its own, and says what became of it. What it needs at worst is set aside before it
  /// starts, where there is a budget; a body that cannot be paid never starts.
  func measured<Output: Sendable>(
    _ name: String? = nil, branch index: Int? = nil, needs: (PriceTable) -> WorstCase? = { _ in nil },
    _ body: (Run) async throws -> Output
  ) async -> Outcome<Output> {
    let branch: Run
    do { branch = try await setAside(needs, branch: index) } catch {
      return Outcome(.failure(RunFailure(error)), name: name)
    }
    defer { if account != nil { branch.account?.close() } }
    let start = clock.now
    let result: Result<Output, RunFailure>
    do { result = .success(try await body(branch)) } catch { result = .failure(RunFailure(error)) }
    let outcome = Outcome(result, duration: clock.now - start, usage: branch.usage, name: name)
    record(outcome.usage)
    return outcome
  }
}
