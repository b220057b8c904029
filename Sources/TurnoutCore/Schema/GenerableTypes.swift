extension String: Generable {
  public static var schema: Schema { .string() }
  public var value: Value { .string(self) }
  public init(from field: ValueField) throws {
    guard let text = field.value.string else { throw field.mismatch("a string") }
    self = text
  }
}

extension Bool: Generable {
  public static var schema: Schema { .boolean }
  public var value: Value { .bool(self) }
  public init(from field: ValueField) throws {
    guard let flag = field.value.bool else { throw field.mismatch("a boolean") }
    self = flag
  }
}

extension Int: Generable {
  public static var schema: Schema { .integer() }
  public var value: Value { .int(self) }
  public init(from field: ValueField) throws {
    guard let number = field.value.int else { throw field.mismatch("an integer") }
    self = number
  }
}

extension Double: Generable {
  public static var schema: Schema { .number() }
  public var value: Value { .double(self) }
  public init(from field: ValueField) throws {
    guard let number = field.value.double else { throw field.mismatch("a number") }
    self = number
  }
}

extension Array: Generable where Element: Generable {
  public static var schema: Schema { .array(Element.schema) }
  public init(from field: ValueField) throws {
    guard let elements = field.value.array else { throw field.mismatch("an array") }
    self = try elements.enumerated().map { index, value in
      try Element(from: ValueField(value, at: field.path.appending(index)))
    }
  }
}

extension Optional: Generable where Wrapped: Generable {
  public static var schema: Schema { .optional(Wrapped.schema) }
  public init(from field: ValueField) throws {
    self = field.value.isNull ? nil : try Wrapped(from: field)
  }
}

extension Value: Generable {
  public static var schema: Schema { .any }
  public var value: Value { self }
  public init(from field: ValueField) throws { self = field.value }
}
