import TurnoutCore

/// Those whose answers are compared: several steps, or one step several times.
struct PanelDefinition: Sendable {
  var branches: [StepDefinition]
  /// How often the only branch runs; nil for several branches, each once.
  var times: Int?

  /// How many answers there are at most.
  var count: Int { times ?? branches.count }
  var output: Schema { .common(branches.map(\.output)) }
}

struct VoteDefinition: Sendable {
  var panel: PanelDefinition
  var weights: [String: Double] = [:]
  /// The part of an answer that counts, as names of members.
  var part: [String] = []
  var wave = VoteWave.needed
  var stop = VoteStop.decided
  var tie = Tie.first
  var minimum = 1
  var failures = VoteFailures.abstain
  var isDetailed = false

  indirect enum Tie: Sendable {
    case first, none
    case step(StepDefinition)
  }
}

struct JudgeDefinition: Sendable {
  var panel: PanelDefinition
  var criteria: [String]
  var model: String?
  var method = JudgeMethod.roundRobin
  var reasks = 1
  var settings = ModelSettings()
  var isDetailed = false
}

struct MedoidDefinition: Sendable {
  var panel: PanelDefinition
  var isDetailed = false
}

struct BestOfDefinition: Sendable {
  var step: StepDefinition
  var times: Int
  var atOnce = 1
  var bar: Double?
  var verifier: StepDefinition
  var isDetailed = false
}

struct MixtureDefinition: Sendable {
  var layers: [[StepDefinition]]
  var combine: StepDefinition
  var fanOut = FanOutDefinition()
}
