import NIOCore
import Synchronization
import TurnoutCore

/// What a server has seen so far, and who waits for it to see more.
struct ServerState {
  typealias Waiter = CheckedContinuation<Void, Never>

  var requests: [ServedRequest] = []
  /// Requests that got the answer of the script.
  var answered = 0
  var open: [ObjectIdentifier: any Channel] = [:]
  var opened = 0
  var closed = 0
  var isClosing = false
  var bucket: TokenBucket?
  private var waiters: [Int: (isMet: @Sendable (ServerState) -> Bool, waiter: Waiter)] = [:]
  private var nextWaiter = 0

  /// A name for the next who waits.
  mutating func name() -> Int {
    nextWaiter += 1
    return nextWaiter
  }

  mutating func add(_ waiter: Waiter, _ name: Int, until isMet: @escaping @Sendable (ServerState) -> Bool) {
    waiters[name] = (isMet, waiter)
  }

  mutating func remove(_ name: Int) -> Waiter? { waiters.removeValue(forKey: name)?.waiter }

  /// Those who have waited for what is now.
  mutating func takeMet() -> [Waiter] {
    let met = waiters.filter { $0.value.isMet(self) }
    for name in met.keys { waiters[name] = nil }
    return met.values.map(\.waiter)
  }
}
