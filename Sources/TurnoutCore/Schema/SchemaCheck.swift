/// Says which value did not fit its shape: where it is, what was expected and what was found.
public struct SchemaViolation: LabelledError, Hashable {
  /// Where in the value, such as `groups[2].severity`; empty for the value itself.
  public let path: ValuePath
  /// What was expected and what was found, without the value itself.
  public let message: String

  /// A violation at a place.
  public init(at path: ValuePath, _ message: String) {
    self.path = path
    self.message = message
  }

  public var label: String { "invalid_value" }
  public var description: String { path.isRoot ? message : "\(path): \(message)" }
}

/// A place inside a value: keys and indices from the outside in.
public struct ValuePath: Sendable, Hashable, CustomStringConvertible {
  private var text = ""
  /// How many keys and indices it has.
  public private(set) var depth = 0

  /// The value itself.
  public static let root = ValuePath()
  /// Whether this is the value itself.
  public var isRoot: Bool { text.isEmpty }
  public var description: String { text }

  /// The place of a member.
  public func appending(_ key: String) -> ValuePath {
    var path = self
    path.text += path.text.isEmpty ? key : ".\(key)"
    path.depth += 1
    return path
  }

  /// The place of an element.
  public func appending(_ index: Int) -> ValuePath {
    var path = self
    path.text += "[\(index)]"
    path.depth += 1
    return path
  }
}

extension Schema {
  /// Checks that a value has this shape, ranges and lengths included. Nothing is ever filled in or converted.
  ///
  /// ```swift
  /// try Schema.integer(0...10).check(11)   // throws: at most 10 was expected, found 11
  /// ```
  /// - Throws: ``SchemaViolation`` for the first thing that does not fit.
  public func check(_ value: Value, at path: ValuePath = .root) throws {
    switch self {
    case .any: break
    case .null: try require(value.isNull, "null", value, path)
    case .boolean: try require(value.bool != nil, "a boolean", value, path)
    case .integer(let minimum, let maximum):
      guard let number = value.int, value.bool == nil else { throw mismatch("an integer", value, path) }
      try Self.bound(number, minimum, maximum, path)
    case .number(let minimum, let maximum):
      guard let number = value.double else { throw mismatch("a number", value, path) }
      try Self.bound(number, minimum, maximum, path)
    case .string(let minimum, let maximum):
      guard let text = value.string else { throw mismatch("a string", value, path) }
      try Self.bound(text.count, minimum, maximum, path, unit: " characters")
    case .choice(let names):
      guard let text = value.string else { throw mismatch("one of \(Self.list(names))", value, path) }
      if !names.contains(text) { throw SchemaViolation(at: path, "one of \(Self.list(names)) was expected") }
    case .array(let element, let minimum, let maximum):
      guard let elements = value.array else { throw mismatch("an array", value, path) }
      try Self.bound(elements.count, minimum, maximum, path, unit: " elements")
      for (index, value) in elements.enumerated() { try element.check(value, at: path.appending(index)) }
    case .object(_, let properties): try Self.check(properties, value, path)
    case .anyOf(let shapes): try Self.checkAny(shapes, value, path)
    case .optional(let schema): if !value.isNull { try schema.check(value, at: path) }
    case .described(_, let schema): try schema.check(value, at: path)
    }
  }

  private static func check(_ properties: [Property], _ value: Value, _ path: ValuePath) throws {
    guard let object = value.object else {
      throw SchemaViolation(at: path, "an object was expected, found \(value.kindDescription)")
    }
    for property in properties {
      let place = path.appending(property.name)
      if let member = object[property.name] {
        try property.schema.check(member, at: place)
      } else if !property.schema.isOptional {
        throw SchemaViolation(at: place, "is missing")
      }
    }
  }

  private static func checkAny(_ shapes: [Schema], _ value: Value, _ path: ValuePath) throws {
    // Among objects the one is meant whose closed choices hold, such as the `case` of an enum.
    let meant = shapes.filter { $0.hasFittingChoices(value) }
    var deepest: SchemaViolation?
    for shape in meant.isEmpty ? shapes : meant {
      do { return try shape.check(value, at: path) } catch let violation as SchemaViolation {
        if violation.path.depth > deepest?.path.depth ?? -1 { deepest = violation }
      }
    }
    throw deepest ?? SchemaViolation(at: path, "no shape is allowed here")
  }

  private func hasFittingChoices(_ value: Value) -> Bool {
    guard case .object(_, let properties) = undescribed, let object = value.object else { return false }
    return properties.allSatisfy { property in
      guard case .choice(let names) = property.schema.undescribed else { return true }
      return object[property.name]?.string.map(names.contains) ?? false
    }
  }

  private func require(_ holds: Bool, _ expected: String, _ value: Value, _ path: ValuePath) throws {
    if !holds { throw mismatch(expected, value, path) }
  }

  private func mismatch(_ expected: String, _ value: Value, _ path: ValuePath) -> SchemaViolation {
    SchemaViolation(at: path, "\(expected) was expected, found \(value.kindDescription)")
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }

  private static func bound<Number: Comparable>(
    _ number: Number, _ minimum: Number?, _ maximum: Number?, _ path: ValuePath, unit: String = ""
  ) throws {
    if let minimum, number < minimum {
      throw SchemaViolation(at: path, "at least \(minimum)\(unit) was expected, found \(number)")
    }
    if let maximum, number > maximum {
      throw SchemaViolation(at: path, "at most \(maximum)\(unit) was expected, found \(number)")
    }
  }
}
