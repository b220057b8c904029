import Turnout
import TurnoutProviders
import TurnoutTesting

/// Votes, judges, races, revisions and subtasks in Swift: `swift run patterns-example [provider:model]`. Without a model's
/// name a script answers, so that the program shows how the patterns work and not what a model knows.
@main
struct Patterns {
  let model: any LanguageModel

  static func main() async throws {
    let name = CommandLine.arguments.dropFirst().first
    let patterns = Patterns(model: try name.map { try KeyRing.standard().model($0) } ?? scripted)
    try await patterns.vote()
    try await patterns.judge()
    try await patterns.best()
    try await patterns.race()
    try await patterns.refine()
    try await patterns.orchestrate()
  }

  /// The same question several times; it ends as soon as the rest cannot change the outcome.
  func vote() async throws {
    let asker = Agent("asker", model: model, instructions: "Answer with one number.", settings: .init(temperature: 1))
    let result = try await Vote(asker, votes: 7, stop: .either()).run(
      "17 sheep, all but 9 run away. How many are left?")
    print("vote: \(result.winner), agreement \(result.agreement), \(result.saved) of 7 calls saved")
  }

  /// Two writers, and a judge that sees their answers in both orders.
  func judge() async throws {
    let short = Agent("short", model: model, instructions: "Write a slogan of three words.")
    let long = Agent("long", model: model, instructions: "Write a slogan of twenty words.")
    let judge = Judge<String, String>(by: ["It can be remembered."], model: model)
    let best = try await Panel("slogans", [Branch("short", short), Branch("long", long)]).then(judge)
      .run("A shop that mends bicycles")
    print("judge: \(best.winner)")
  }

  /// Attempts that code scores; the first that is good enough wins.
  func best() async throws {
    let poet = Agent("poet", model: model, instructions: "Write a slogan of at most six words.")
    let best = try await BestOf(poet, times: 4, bar: 1) { slogan in slogan.split(separator: " ").count <= 6 ? 1 : 0 }
      .run("A café by the harbour")
    print("best of 4: \(best.winner) (attempt \(best.number))")
  }

  /// Whoever answers first.
  func race() async throws {
    let brief = Agent("brief", model: model, instructions: "Answer in one word.")
    let careful = Agent("careful", model: model, instructions: "Answer in one careful sentence.")
    let answer = try await Race("race", [Branch("brief", brief), Branch("careful", careful)]).run("Is it raining?")
    print("race: \(answer)")
  }

  /// Writes, has it evaluated, and revises until it passes.
  func refine() async throws {
    let writer = Agent<Draft<String, String>, String>(
      "writer", model: model, output: .text, instructions: { _, _ in "Write what is asked for." },
      prompt: { draft, _ in draft.text })
    let result = try await Refiner(writer, criteria: ["It names the price."], model: model, limit: 3)
      .run("An offer for a red bicycle at 80 dollars")
    print("refine: \(result.output) (attempt \(result.number), passed: \(result.passed))")
  }

  /// A planner, workers that run as soon as what they need is there, and a last step.
  func orchestrate() async throws {
    func worker(_ name: String, _ instructions: String) -> Agent<Subtask<String, String>, String> {
      Agent(
        name, model: model, output: .text, instructions: { _, _ in instructions }, prompt: { task, _ in task.text })
    }
    let writer = Agent<WorkReport<String, String>, String>(
      "writer", model: model, output: .text, instructions: { _, _ in "Answer from the results." },
      prompt: { report, _ in report.text })
    let research = Orchestrator(
      "research", by: model,
      workers: [
        Worker("finder", "Finds one fact", worker("finder", "Tell the fact.")),
        Worker("analyst", "Compares facts", worker("analyst", "Compare the results.")),
      ], combiningBy: writer, limits: PlanLimits(tasks: 5), onFailure: .settle)
    print("orchestrate: \(try await research.run("Which is heavier, a swan or a goose?"))")
  }
}
