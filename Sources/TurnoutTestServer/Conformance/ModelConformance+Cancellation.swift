import TurnoutCore

extension ModelConformance {
  static let cancellations: [Check] = [
    check("cancelling before the answer closes the connection", ServedAnswer.text("late").with(.stall(.beforeHeaders)))
    { probe in
      try await cancelled(probe) { _ in await probe.server.received(1) }
    },
    check("cancelling in the headers closes the connection", ServedAnswer.text("late").with(.stall(.inHeaders))) {
      probe in
      try await cancelled(probe) { _ in await probe.server.received(1) }
    },
    check(
      "a stream brings its pieces before its end, and cancelling it closes the connection",
      ServedAnswer.text("one two three four five six seven eight").with(.stall(.afterHeaders))
    ) { probe in
      // A whole answer shows nothing before its end.
      try await cancelled(probe) { pieces in
        if probe.streams { await pieces.arrival() } else { await probe.server.received(1) }
      }
    },
  ]

  /// Asks, cancels once the condition is met, and waits for the connection to close.
  private static func cancelled(
    _ probe: Probe, when isMet: @escaping @Sendable (PieceList) async -> Void
  ) async throws {
    let pieces = PieceList()
    let outcome = await withTaskGroup(of: Result<ModelResponse, any Error>?.self) { group in
      group.addTask {
        do {
          return .success(
            try await probe.model.respond(to: .probing, in: Run(), onDelta: probe.streams ? pieces.handler : nil))
        } catch { return .failure(error) }
      }
      group.addTask {
        await isMet(pieces)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      if let first { return first }
      for await result in group { if let result { return result } }
      return .failure(CancellationError())
    }
    // The time of the whole check is over.
    try Task.checkCancellation()
    switch outcome {
    case .success: throw ConformanceFailure("\(probe.kind): an answer was made out of half of one")
    case .failure(let error):
      try probe.expect(error is CancellationError, "\(type(of: error)) was thrown, not a CancellationError")
    }
    await probe.server.closed(1)
  }
}
