import NIOCore
import Synchronization
import TurnoutCore

/// What a server has seen so far, and who waits for it to see more.
struct ServerState {
  typealias Waiter = CheckedContinuation<Void, Never>

  private(set) var requests: [ServedRequest] = []
  /// How many requests have arrived, those included that are not remembered any more.
  private(set) var arrived = 0
  /// How many requests are remembered.
  let remembered: Int
  /// Requests that got the answer of the script.
  var answered = 0
  var open: [ObjectIdentifier: any Channel] = [:]
  var opened = 0
  var closed = 0
  var isClosing = false
  var bucket: TokenBucket?
  private var waiters: [Int: (isMet: @Sendable (ServerState) -> Bool, waiter: Waiter)] = [:]
  private var nextWaiter = 0

  init(remembering remembered: Int) { self.remembered = max(0, remembered) }

  /// The number of the next request.
  var nextNumber: Int { arrived + 1 }

  /// Takes note of a request that has its number.
  mutating func note(_ request: ServedRequest) {
    arrived += 1
    requests.append(request)
    // In batches, since taking the first one away moves all others.
    if requests.count - remembered >= max(1, remembered / 2) { requests.removeFirst(requests.count - remembered) }
  }

  /// Takes note of what went wrong about a request, if it is remembered.
  mutating func note(_ fault: Fault?, of number: Int) {
    if let index = requests.lastIndex(where: { $0.number == number }) { requests[index].fault = fault }
  }

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
