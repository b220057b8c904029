import TurnoutCore

/// A router of a file.
struct RouteDefinition: Sendable {
  enum Selector: String, Sendable, Hashable, CaseIterable { case rules, examples, model, decision }
  enum Otherwise: Sendable {
    case step(StepDefinition)
    case route(String)
  }
  enum Merge: Sendable {
    /// The answers one after another.
    case join
    case step(StepDefinition)
  }

  var by: [Selector]
  /// The language model that chooses.
  var model: String?
  /// The decision model that chooses.
  var decision: String?
  /// The bars of the stages that have one of their own.
  var bars: [Selector: Double] = [:]
  var rules: [Rule] = []
  /// How many routes a stage leaves to the next one.
  var candidates: Int?
  /// The file of the fitted routing, as the file names it.
  var fit: String?
  var followsUp = false
  var isSticky = false
  var routes: [(description: RouteDescription, step: StepDefinition)]
  var otherwise: Otherwise
  var merge: Merge?
}
