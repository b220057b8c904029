extension Schema.Property {
  /// A property of a Swift type, with words about what it means.
  ///
  /// ```swift
  /// Schema.Property("effects", of: [String].self, "Most important first")
  /// ```
  public init<T: Generable>(_ name: String, of type: T.Type, _ description: String? = nil) {
    self.init(name, T.schema, description)
  }

  /// A property of a Swift type, with words about what it means and guides for what it may be.
  ///
  /// ```swift
  /// Schema.Property("severity", of: Int.self, "0 to 10", .range(0...10))
  /// ```
  public init<T: Generable>(
    _ name: String, of type: T.Type, _ description: String?, _ guide: TypedGuide<T>, _ more: TypedGuide<T>...
  ) {
    self.init(name, ([guide] + more).narrow(T.schema), description)
  }

  /// A property of an optional Swift type; the guides are for the value that is not null.
  ///
  /// ```swift
  /// Schema.Property("stars", of: Int?.self, "Where a rating was given", .range(1...5))
  /// ```
  public init<T: Generable>(
    _ name: String, of type: T?.Type, _ description: String?, _ guide: TypedGuide<T>, _ more: TypedGuide<T>...
  ) {
    self.init(name, ([guide] + more).narrow(T?.schema), description)
  }
}

extension Schema {
  /// Sets bounds of whole numbers: of an integer, of a text's length or of an array's count.
  func narrowed(minimum: Int?, maximum: Int?) -> Schema {
    switch self {
    case .integer(let low, let high): .integer(minimum: minimum ?? low, maximum: maximum ?? high)
    case .string(let low, let high): .string(minimumLength: minimum ?? low, maximumLength: maximum ?? high)
    case .array(let element, let low, let high):
      .array(element, minimumCount: minimum ?? low, maximumCount: maximum ?? high)
    default: inside { $0.narrowed(minimum: minimum, maximum: maximum) }
    }
  }

  /// Sets bounds of a number.
  func narrowed(minimum: Double?, maximum: Double?) -> Schema {
    guard case .number(let low, let high) = self else {
      return inside { $0.narrowed(minimum: minimum, maximum: maximum) }
    }
    return .number(minimum: minimum ?? low, maximum: maximum ?? high)
  }

  /// Closes a text to a set.
  func narrowed(to choices: [String]) -> Schema {
    if case .string = self { .choice(choices) } else { inside { $0.narrowed(to: choices) } }
  }

  /// Narrows what an array is made of.
  func narrowedElement(_ narrow: (Schema) -> Schema) -> Schema {
    guard case .array(let element, let minimum, let maximum) = self else {
      return inside { $0.narrowedElement(narrow) }
    }
    return .array(narrow(element), minimumCount: minimum, maximumCount: maximum)
  }

  /// Goes through what only wraps a shape; every other shape stays as it is.
  private func inside(_ narrow: (Schema) -> Schema) -> Schema {
    switch self {
    case .optional(let schema): .optional(narrow(schema))
    case .described(let text, let schema): .described(text, narrow(schema))
    default: self
    }
  }
}
