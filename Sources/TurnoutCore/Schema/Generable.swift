/// A type that a model can be asked for: it knows its shape, reads itself strictly from a ``Value`` and writes itself.
///
/// The macro `@Generable` of the `Turnout` module writes the conformance:
///
/// ```swift
/// @Generable
/// struct Impact {
///   @Guide("What changes, most important first") var effects: [String]
///   @Guide("0 to 10", .range(0...10)) var severity: Int
/// }
/// ```
public protocol Generable: ValueConvertible {
  /// The shape of the type's values.
  static var schema: Schema { get }

  /// Reads a value that has this shape.
  /// - Throws: ``SchemaViolation`` with the place of what is missing or of another type; nothing is ever filled in.
  init(from field: ValueField) throws

}

extension Generable {
  /// Reads a value after checking it against the whole schema, ranges and lengths included.
  /// - Throws: ``SchemaViolation`` with the place of what does not fit.
  public init(_ value: Value) throws {
    try Self.schema.check(value)
    try self.init(from: ValueField(value))
  }
}

/// A value with its place inside the whole: what a ``Generable`` type reads itself from.
public struct ValueField: Sendable {
  /// The value.
  public let value: Value
  /// Where it is.
  public let path: ValuePath

  /// A value at a place.
  public init(_ value: Value, at path: ValuePath = .root) {
    self.value = value
    self.path = path
  }

  /// The member with a key; a missing one is null for a type that is optional, and an error for every other.
  public func decode<T: Generable>(_ key: String, as type: T.Type = T.self) throws -> T {
    guard let object = value.object else { throw mismatch("an object") }
    let place = path.appending(key)
    guard let member = object[key] else {
      guard T.schema.isOptional else { throw SchemaViolation(at: place, "is missing") }
      return try T(from: ValueField(.null, at: place))
    }
    return try T(from: ValueField(member, at: place))
  }

  /// The error for a value of another kind.
  public func mismatch(_ expected: String) -> SchemaViolation {
    SchemaViolation(at: path, "\(expected) was expected, found \(value.kindDescription)")
  }
}
