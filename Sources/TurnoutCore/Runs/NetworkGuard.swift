import Synchronization

/// Forbids network calls while a body runs; see `withoutNetwork` in TurnoutTesting, which tests use.
public final class NetworkGuard: Sendable {
  @TaskLocal static var current: NetworkGuard?

  private let allowed: Set<String>
  private let seen = Mutex<[String]>([])

  /// A guard that lets only these addresses through, such as `http://127.0.0.1:8080`.
  public init(allowing allowed: Set<String> = []) { self.allowed = allowed }

  /// The addresses that were called against the rule, without paths.
  public var violations: [String] { seen.withLock { $0 } }

  /// Runs a body under the guard; child tasks are under it too.
  public func run<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    try await Self.$current.withValue(self, operation: body)
  }

  /// A call that was not allowed.
  struct Violation: Error, Sendable {
    let address: String
  }

  /// Whoever is about to use the network asks here first, with the scheme, host and port it will call.
  /// - Throws: an error when a guard is set that does not allow the address.
  package static func check(_ address: @autoclosure () -> String) throws {
    guard let current else { return }
    let address = address()
    if current.allowed.contains(address) { return }
    current.seen.withLock { $0.append(address) }
    throw Violation(address: address)
  }
}
