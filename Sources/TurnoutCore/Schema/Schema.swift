/// The shape of a typed value: what a model is asked for and what its answer is checked against.
///
/// ```swift
/// let impact = Schema.object("Impact", [
///   .init("effects", .array(.string(), count: 1...5), "Most important first"),
///   .init("severity", .integer(0...10)),
/// ])
/// ```
/// `@Generable` makes one from a Swift type; a workflow file's `output:` block is one.
public indirect enum Schema: Sendable, Hashable {
  /// Any value at all.
  case any
  case null
  case boolean
  /// A whole number within the bounds, where there are any.
  case integer(minimum: Int? = nil, maximum: Int? = nil)
  /// A number within the bounds, where there are any.
  case number(minimum: Double? = nil, maximum: Double? = nil)
  /// A text with as many characters as the bounds allow.
  case string(minimumLength: Int? = nil, maximumLength: Int? = nil)
  /// One text out of a closed set.
  case choice([String])
  /// A list of elements of one shape, with as many elements as the bounds allow.
  case array(Schema, minimumCount: Int? = nil, maximumCount: Int? = nil)
  /// An object with exactly these properties; others are ignored when a value is read.
  case object(name: String, properties: [Property])
  /// A value of the first of several shapes that fits.
  case anyOf([Schema])
  /// The shape or null; as a property it may also be missing.
  case optional(Schema)
  /// A shape with words about what it means.
  case described(String, Schema)

  /// One property of an object.
  public struct Property: Sendable, Hashable {
    /// The key.
    public let name: String
    /// The shape of its value.
    public let schema: Schema

    /// A property, with words for the model about what it means.
    public init(_ name: String, _ schema: Schema, _ description: String? = nil) {
      self.name = name
      self.schema = description.map { .described($0, schema) } ?? schema
    }
  }

  /// An object with a name and properties.
  public static func object(_ name: String, _ properties: [Property]) -> Schema {
    .object(name: name, properties: properties)
  }

  /// A whole number in a range.
  public static func integer(_ range: ClosedRange<Int>) -> Schema {
    .integer(minimum: range.lowerBound, maximum: range.upperBound)
  }

  /// A number in a range.
  public static func number(_ range: ClosedRange<Double>) -> Schema {
    .number(minimum: range.lowerBound, maximum: range.upperBound)
  }

  /// A list whose number of elements lies in a range.
  public static func array(_ element: Schema, count: ClosedRange<Int>) -> Schema {
    .array(element, minimumCount: count.lowerBound, maximumCount: count.upperBound)
  }

  /// The shape without its description.
  public var undescribed: Schema {
    if case .described(_, let schema) = self { schema.undescribed } else { self }
  }

  /// The words about what it means.
  public var description: String? {
    if case .described(let text, _) = self { text } else { nil }
  }

  /// The name of an object shape, for wires that want one; `output` for all others.
  public var name: String {
    switch undescribed {
    case .object(let name, _): name
    case .optional(let schema): schema.name
    default: "output"
    }
  }

  /// Whether a property of this shape may be missing.
  public var isOptional: Bool {
    if case .optional = undescribed { true } else { false }
  }
}
