import Synchronization

/// A step of which a second attempt begins when the first one takes long; the first answer counts, the other attempt is
/// cancelled.
///
/// ```swift
/// let quick = try Hedge(agent, after: .p95(until: .seconds(2)), extra: 0.05)
/// let answer = try await quick.run("What does it cost?")
/// ```
/// What all runs of one hedge have learned is shared by its copies (Dean and Barroso, *The Tail at Scale*, 2013). What
/// the other attempt used is counted, and told by ``RunEvent/Kind/wasted(_:)``. A failure before the second attempt
/// begins is thrown as it is; when both fail, the first one's is.
public struct Hedge<S: Step>: Step {
  private let name: String
  private let step: S
  private let gate: Gate

  private final class Gate: Sendable {
    let state: Mutex<HedgeGate>
    init(_ gate: HedgeGate) { state = Mutex(gate) }
  }

  private struct Attempt: Sendable {
    let isFirst: Bool
    let result: Result<S.Output, any Error>
    let usage: Usage
    let duration: Duration
  }

  private enum Arrival: Sendable {
    case attempt(Attempt)
    case late
  }

  /// A step with a second attempt.
  /// - Parameters:
  ///   - delay: how long the first attempt is alone.
  ///   - share: how many extra calls there may be: one, and this share of all calls; 0 to 1.
  /// - Throws: ``TurnoutError/invalidInput(_:)`` when the step may act on the world, which must not happen twice: it has
  ///   a tool or plain code that does not say that it has no side effects; or when a number is out of its range.
  public init(_ step: S, name: String? = nil, after delay: HedgeDelay, extra share: Double = 0.05) throws {
    self.name = name ?? "hedge \(step.identity.name)"
    self.step = step
    if let actor = step.outline.firstWithSideEffects {
      throw TurnoutError.invalidInput(
        "\(self.name): a second attempt would act twice, since \(actor.name) may have side effects; declare that it has"
          + " none, or do not hedge it")
    }
    guard delay.first >= .zero else {
      throw TurnoutError.invalidInput("\(self.name): a second attempt cannot begin after \(delay.first.inSeconds) s")
    }
    guard (0...1).contains(share) else {
      throw TurnoutError.invalidInput("\(self.name): the share of extra calls must be from 0 to 1 and is \(share)")
    }
    gate = Gate(HedgeGate(delay, share: share))
  }

  public var identity: StepIdentity { StepIdentity(.hedge, name) }
  public var outline: StepOutline {
    StepOutline(identity, output: step.outline.output, children: [step.outline.repeated(.times(2))])
  }

  public func run(_ input: S.Input, in run: Run) async throws -> S.Output {
    // Both attempts draw on the same retries, or two failing attempts would make twice as many.
    let run = run.sharingRetries()
    let delay = gate.state.withLock { $0.begin() }
    var ended: [Attempt] = []
    var winner: Attempt?
    var isHedged = false
    await withTaskGroup(of: Arrival.self) { group in
      var running = 1
      group.addTask { .attempt(await attempt(input, isFirst: true, in: run)) }
      group.addTask {
        try? await run.clock.sleep(for: delay)
        return .late
      }
      while let arrival = await group.next() {
        switch arrival {
        case .late:
          guard running == 1, winner == nil, !Task.isCancelled, gate.state.withLock({ $0.takeExtra() }) else {
            continue
          }
          isHedged = true
          running += 1
          group.addTask { .attempt(await attempt(input, isFirst: false, in: run)) }
        case .attempt(let attempt):
          running -= 1
          ended.append(attempt)
          if winner == nil, case .success = attempt.result { winner = attempt }
          // One that was given up for the other had been at work so long at least.
          if attempt.isFirst, winner != nil { gate.state.withLock { $0.ended(after: attempt.duration) } }
          if winner != nil || running == 0 { group.cancelAll() }
        }
      }
    }
    try Task.checkCancellation()
    if isHedged, let winner { await tell(of: ended.filter { $0.isFirst != winner.isFirst }, in: run) }
    guard let answer = winner ?? ended.first(where: \.isFirst) else { throw CancellationError() }
    return try answer.result.get()
  }

  private func attempt(_ input: S.Input, isFirst: Bool, in run: Run) async -> Attempt {
    let start = run.clock.now
    let part = run.metered()
    defer { run.record(part.usage) }
    let result: Result<S.Output, any Error>
    do {
      result = .success(try await part.perform(step, input, as: isFirst ? "first" : "second"))
    } catch { result = .failure(error) }
    return Attempt(isFirst: isFirst, result: result, usage: part.usage, duration: run.clock.now - start)
  }

  /// Says what became of the attempt that was not needed.
  private func tell(of losers: [Attempt], in run: Run) async {
    let dropped = losers.count {
      if case .failure(let error) = $0.result { RunFailure(error).isCancellation } else { false }
    }
    await run.tell(dropped: dropped, wasted: losers.reduce(into: .none) { $0 += $1.usage })
  }
}
