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

    mutating func next() -> Int {
      sequence += 1
      return sequence
    }

    /// The next number when nobody is at it, else nothing.
    mutating func enter() -> Int? {
      if isBusy { return nil }
      isBusy = true
      return next()
    }

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
      let next = waiting[firstWaiting]
      firstWaiting += 1
      // Under steady contention the queue is never empty, so what has been served is dropped now and then.
      if firstWaiting >= 64, firstWaiting * 2 >= waiting.count {
        waiting.removeFirst(firstWaiting)
        firstWaiting = 0
      }
      return next
    }
  }

  let sinks: [any RunEventSink]
  let wantsText: Bool
  private let state = Mutex(State())

  init(_ sinks: [any RunEventSink]) {
    self.sinks = sinks
    wantsText = sinks.contains { $0.wantsText }
  }

  /// Not inlined, so that an event is no part of the memory of every task that may send one.
  @inline(never)
  func emit(_ kind: RunEvent.Kind, span: Int, path: RunPath, clock: RunClock) async {
    let free = state.withLock { $0.enter() }
    let sequence = if let free { free } else { await turn() }
    let event = RunEvent(sequence: sequence, time: clock.now, span: span, path: path, kind: kind)
    let isText = if case .text = kind { true } else { false }
    for sink in sinks where !isText || sink.wantsText { await sink.receive(event) }
    state.withLock { $0.leave() }?.resume()
  }

  /// Waits for its turn behind others.
  private func turn() async -> Int {
    await withCheckedContinuation { continuation in
      if state.withLock({ $0.enter(continuation) }) { continuation.resume() }
    }
    return state.withLock { $0.next() }
  }
}
