/// A value that a run carries for the steps below: declare a key, set it on a ``Run``, read it in a step.
///
/// ```swift
/// enum Tenant: RunKey { static let defaultValue = "public" }
/// run.values[Tenant.self] = "acme"
/// ```
public protocol RunKey {
  associatedtype Value: Sendable
  /// What is read where nothing was set.
  static var defaultValue: Value { get }
}

/// The values that a run carries, by key.
public struct RunValues: Sendable {
  private var storage: [ObjectIdentifier: any Sendable] = [:]

  /// No values.
  public init() {}

  /// The value under a key.
  public subscript<Key: RunKey>(key: Key.Type) -> Key.Value {
    get { storage[ObjectIdentifier(key)] as? Key.Value ?? Key.defaultValue }
    set { storage[ObjectIdentifier(key)] = newValue }
  }
}
