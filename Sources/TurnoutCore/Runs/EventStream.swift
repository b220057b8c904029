import Synchronization

/// Puts a run's events in order: numbers them and hands them to the sinks one at a time, whoever emits them.
///
/// A fair lock that can be awaited; the state is a value, so that its order can be reasoned about in one place.
final class EventStream: Sendable {
  private struct State {
    var sequence = 0
    var isBusy = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var firstWaiting = 0

    mutating func enter(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
      guard isBusy else {
        isBusy = true
        return true
      }
      waiting.append(continuation)
      return false
    }

    mutating func leave() -> CheckedContinuation<Void, Never>? {
      guard firstWaiting < waiting.count else {
        waiting.removeAll(keepingCapacity: true)
        firstWaiting = 0
        isBusy = false
        return nil
      }
      defer { firstWaiting += 1 }
      return waiting[firstWaiting]
    }
  }

  let sinks: [any RunEventSink]
  let wantsText: Bool
  private let state = Mutex(State())

  init(_ sinks: [any RunEventSink]) {
    self.sinks = sinks
    wantsText = sinks.contains { $0.wantsText }
  }

  func emit(_ kind: RunEvent.Kind, span: Int, path: RunPath, clock: RunClock) async {
    await enter()
    let sequence = state.withLock {
      $0.sequence += 1
      return $0.sequence
    }
    let event = RunEvent(sequence: sequence, time: clock.now, span: span, path: path, kind: kind)
    let isText = if case .text = kind { true } else { false }
    for sink in sinks where !isText || sink.wantsText { await sink.receive(event) }
    state.withLock { $0.leave() }?.resume()
  }

  private func enter() async {
    let entered = state.withLock { state in
      guard !state.isBusy else { return false }
      state.isBusy = true
      return true
    }
    if entered { return }
    await withCheckedContinuation { continuation in
      if state.withLock({ $0.enter(continuation) }) { continuation.resume() }
    }
  }
}
