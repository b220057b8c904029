/// What a value may be, as it is written inside `@Guide`.
///
/// ```swift
/// @Generable
/// struct Plan {
///   @Guide("In order", .count(1...5), .element(.length(1...80))) var steps: [String]
///   @Guide("Hours, all together", .minimum(0)) var hours: Double
/// }
/// ```
/// These values carry nothing: `@Generable` reads the source of the attribute, checks that it fits the property's type
/// and states it again as a ``TypedGuide``, which the compiler checks once more.
public struct GuideConstraint: Sendable, Hashable {
  private init() {}

  /// A number in a range: `.range(0...10)`. Fits `Int` and `Double`.
  public static func range<Number: Numeric>(_ range: ClosedRange<Number>) -> Self { Self() }
  /// A number that is not smaller: `.minimum(0)`. Fits `Int` and `Double`.
  public static func minimum(_ minimum: some Numeric) -> Self { Self() }
  /// A number that is not greater: `.maximum(10)`. Fits `Int` and `Double`.
  public static func maximum(_ maximum: some Numeric) -> Self { Self() }
  /// As many characters as the range allows: `.length(1...200)`. Fits `String`.
  public static func length(_ length: ClosedRange<Int>) -> Self { Self() }
  /// One text out of a closed set: `.anyOf(["buy", "repair"])`. Fits `String`.
  public static func anyOf(_ choices: [String]) -> Self { Self() }
  /// Exactly as many elements: `.count(3)`. Fits arrays.
  public static func count(_ count: Int) -> Self { Self() }
  /// As many elements as the range allows: `.count(1...5)`. Fits arrays.
  public static func count(_ count: ClosedRange<Int>) -> Self { Self() }
  /// Not fewer elements: `.minimumCount(1)`. Fits arrays.
  public static func minimumCount(_ count: Int) -> Self { Self() }
  /// Not more elements: `.maximumCount(5)`. Fits arrays.
  public static func maximumCount(_ count: Int) -> Self { Self() }
  /// What each element may be: `.element(.range(0...10))`. Fits arrays whose elements it fits.
  public static func element(_ constraints: GuideConstraint...) -> Self { Self() }
}
