import TurnoutCore

/// A check between the steps of a chain.
struct GateDefinition: Sendable {
  /// What must hold of the text.
  var conditions: [RuleCondition] = []
  /// What says whether the chain goes on; nil when the conditions alone do.
  var check: StepDefinition?
  /// Why it stops, where the check does not say.
  var reason: String?
  /// What answers when it stops; without it the chain fails.
  var otherwise: StepDefinition?
  /// The shape of what it lets pass.
  var passes: Schema
}

/// A model with settings that a step of a kind of its own asks.
struct AskedModelDefinition: Sendable {
  var model: String?
  var settings = ModelSettings()
}

struct RefineDefinition: Sendable {
  var step: StepDefinition
  var evaluator: Evaluator
  var bar: Double?
  var limit = 3
  var isDetailed = false

  enum Evaluator: Sendable {
    case criteria([String], AskedModelDefinition, reasks: Int)
    case step(StepDefinition)
  }
}

struct OrchestrateDefinition: Sendable {
  var planner = AskedModelDefinition()
  var guidance = ""
  var workers: [(description: String, step: StepDefinition)]
  var combine: StepDefinition
  var limits = PlanLimits()
  var fanOut = FanOutDefinition()
}
