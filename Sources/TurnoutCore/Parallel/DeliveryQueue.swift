import Synchronization

/// Hands outcomes from the branches to whoever takes them: a ``DeliveryWindow`` that can be awaited.
///
/// Neither side needs a handler of cancellation: who cancels the branches brings the feeder to its end, which wakes
/// whoever waits here.
final class DeliveryQueue<Element: Sendable>: Sendable {
  private typealias Taker = CheckedContinuation<DeliveryWindow<Element>.Answer, Never>

  private struct State {
    var window: DeliveryWindow<Element>
    var starter: CheckedContinuation<Int?, Never>?
    var takers: [Taker] = []

    /// Everyone who need not wait any more, with what they get.
    mutating func woken() -> Woken {
      var woken = Woken()
      while !takers.isEmpty {
        let answer = window.take()
        if case .wait = answer { break }
        woken.takers.append((takers.removeFirst(), answer))
      }
      if let waiting = starter {
        let index = window.start()
        if index != nil || window.isClosed {
          starter = nil
          woken.starter = (waiting, index)
        }
      }
      return woken
    }
  }

  private struct Woken {
    var takers: [(Taker, DeliveryWindow<Element>.Answer)] = []
    var starter: (CheckedContinuation<Int?, Never>, Int?)?

    func resume() {
      for (taker, answer) in takers { taker.resume(returning: answer) }
      if let (starter, index) = starter { starter.resume(returning: index) }
    }
  }

  private let state: Mutex<State>

  init(size: Int, bound: Int) { state = Mutex(State(window: DeliveryWindow(size: size, bound: bound))) }

  /// How many inputs were started.
  var started: Int { state.withLock { $0.window.started } }

  /// The index of the next input once it may start; nil when nothing starts any more. One at a time may ask.
  func admit() async -> Int? {
    await withCheckedContinuation { continuation in
      change { $0.starter = continuation }
    }
  }

  /// The next outcome in input order; nil when there are no more.
  func next() async throws -> Element? {
    let answer = await withCheckedContinuation { continuation in
      change { $0.takers.append(continuation) }
    }
    switch answer {
    case .element(let element): return element
    case .failed(let error): throw error
    case .end, .wait: return nil
    }
  }

  func arrive(_ index: Int, _ element: Element) { change { $0.window.arrive(index, element) } }
  func fail(_ error: any Error) { change { $0.window.fail(error) } }
  func close() { change { $0.window.close() } }
  func complete(_ error: (any Error)? = nil) { change { $0.window.complete(error) } }

  private func change(_ body: (inout State) -> Void) {
    state.withLock { state in
      body(&state)
      return state.woken()
    }.resume()
  }
}
