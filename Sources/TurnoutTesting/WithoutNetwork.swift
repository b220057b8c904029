public import TurnoutCore

/// Runs a body that must not use the network, and fails when it tries to.
///
/// Every call of a model or embeddings of TurnoutProviders is stopped before it leaves, in child tasks too. A call is
/// reported even when the body itself swallowed the error it got.
///
/// ```swift
/// let answer = try await withoutNetwork { try await support.run("Where is my parcel?") }
/// let local = try await withoutNetwork(except: ["http://127.0.0.1:8080"]) { try await support.run("Hello") }
/// ```
/// - Parameters:
///   - allowed: addresses that may be called, as scheme, host and port.
///   - body: what must not use the network.
/// - Throws: ``UnexpectedNetworkCall`` when a call was tried; else what the body throws.
public func withoutNetwork<Result>(
  except allowed: Set<String> = [], _ body: () async throws -> Result
) async throws -> Result {
  let network = NetworkGuard(allowing: allowed)
  do {
    let result = try await network.run(body)
    try check(network)
    return result
  } catch {
    // What the body makes of a call that was stopped says less than which call it was.
    try check(network)
    throw error
  }
}

private func check(_ network: NetworkGuard) throws {
  let calls = network.violations
  if !calls.isEmpty { throw UnexpectedNetworkCall(addresses: calls) }
}

/// Code that should not use the network tried to.
public struct UnexpectedNetworkCall: LabelledError, Hashable {
  /// The addresses that were called, each once, in the order of the first calls.
  public let addresses: [String]

  init(addresses: [String]) {
    var seen: Set<String> = []
    self.addresses = addresses.filter { seen.insert($0).inserted }
  }

  public var label: String { "unexpected_network_call" }
  public var description: String {
    "no network was expected, but these were called: \(addresses.joined(separator: ", "))"
  }
}
