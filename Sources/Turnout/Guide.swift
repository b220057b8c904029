/// Tells the model what a property means, and what it may be.
///
/// ```swift
/// @Generable
/// struct Ticket {
///   @Guide("One sentence, without the customer's name", .length(1...200)) var summary: String
///   @Guide("1 is urgent", .range(1...4)) var priority: Int
///   @Guide("What it is about", .count(1...3), .element(.anyOf(["screen", "battery", "price"]))) var topics: [String]
/// }
/// ```
/// The words and the constraints become part of the schema, so the model reads them and its answer is checked against
/// them. A constraint that does not fit the property's type does not compile.
///
/// A case of an enum whose cases carry values may have a description too, without constraints.
@attached(peer)
public macro Guide(_ description: String, _ constraints: GuideConstraint...) =
  #externalMacro(module: "TurnoutMacros", type: "GuideMacro")

/// Tells the model what a property means, and what it may be, with Apple's label for the description.
///
/// ```swift
/// @Generable
/// struct Rating {
///   @Guide(description: "How sure the answer is", .range(0...1)) var confidence: Double
/// }
/// ```
@attached(peer)
public macro Guide(description: String, _ constraints: GuideConstraint...) =
  #externalMacro(module: "TurnoutMacros", type: "GuideMacro")

/// Tells the model what a property may be, where its name says enough about what it means.
///
/// ```swift
/// @Generable
/// struct Rating {
///   @Guide(.range(1...5)) var stars: Int
/// }
/// ```
@attached(peer)
public macro Guide(_ constraint: GuideConstraint, _ more: GuideConstraint...) =
  #externalMacro(module: "TurnoutMacros", type: "GuideMacro")
