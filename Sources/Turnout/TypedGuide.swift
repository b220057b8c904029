/// What a value of one type may be: a ``GuideConstraint`` that only exists where it fits.
///
/// The code that `@Generable` writes uses it, and so may a conformance that is written by hand:
///
/// ```swift
/// static var schema: Schema {
///   .object("Rating", [.init("stars", of: Int.self, "1 is bad", .range(1...5))])
/// }
/// ```
public struct TypedGuide<Subject: Generable>: Sendable {
  /// Narrows the schema of the subject.
  let narrow: @Sendable (Schema) -> Schema

  private static func bounds(_ minimum: Int?, _ maximum: Int?) -> Self {
    Self { $0.narrowed(minimum: minimum, maximum: maximum) }
  }

  private static func bounds(_ minimum: Double?, _ maximum: Double?) -> Self {
    Self { $0.narrowed(minimum: minimum, maximum: maximum) }
  }
}

extension TypedGuide where Subject == Int {
  /// A whole number in a range.
  public static func range(_ range: ClosedRange<Int>) -> Self { bounds(range.lowerBound, range.upperBound) }
  /// A whole number that is not smaller.
  public static func minimum(_ minimum: Int) -> Self { bounds(minimum, nil) }
  /// A whole number that is not greater.
  public static func maximum(_ maximum: Int) -> Self { bounds(nil, maximum) }
}

extension TypedGuide where Subject == Double {
  /// A number in a range.
  public static func range(_ range: ClosedRange<Double>) -> Self { bounds(range.lowerBound, range.upperBound) }
  /// A number that is not smaller.
  public static func minimum(_ minimum: Double) -> Self { bounds(minimum, nil) }
  /// A number that is not greater.
  public static func maximum(_ maximum: Double) -> Self { bounds(nil, maximum) }
}

extension TypedGuide where Subject == String {
  /// As many characters as the range allows.
  public static func length(_ length: ClosedRange<Int>) -> Self { bounds(length.lowerBound, length.upperBound) }
  /// One text out of a closed set.
  public static func anyOf(_ choices: [String]) -> Self { Self { $0.narrowed(to: choices) } }
}

extension TypedGuide {
  /// Exactly as many elements.
  public static func count<Element>(_ count: Int) -> Self where Subject == [Element] { bounds(count, count) }
  /// As many elements as the range allows.
  public static func count<Element>(_ count: ClosedRange<Int>) -> Self where Subject == [Element] {
    bounds(count.lowerBound, count.upperBound)
  }
  /// Not fewer elements.
  public static func minimumCount<Element>(_ count: Int) -> Self where Subject == [Element] { bounds(count, nil) }
  /// Not more elements.
  public static func maximumCount<Element>(_ count: Int) -> Self where Subject == [Element] { bounds(nil, count) }
  /// What each element may be.
  public static func element<Element>(_ guides: TypedGuide<Element>...) -> Self where Subject == [Element] {
    Self { $0.narrowedElement { guides.narrow($0) } }
  }
  /// What each element that is not null may be.
  public static func element<Element>(_ guides: TypedGuide<Element>...) -> Self where Subject == [Element?] {
    Self { $0.narrowedElement { guides.narrow($0) } }
  }
}

extension Array {
  /// Narrows a schema by one guide after the other.
  func narrow<Subject>(_ schema: Schema) -> Schema where Element == TypedGuide<Subject> {
    reduce(schema) { $1.narrow($0) }
  }
}
