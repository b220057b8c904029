import Synchronization

/// The largest number there was.
final class Peak: Sendable {
  private let largest = Mutex(0)

  var value: Int { largest.withLock { $0 } }

  func see(_ number: Int) { largest.withLock { $0 = max($0, number) } }
}
