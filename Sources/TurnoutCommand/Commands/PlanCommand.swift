import ArgumentParser
import TurnoutCore
import TurnoutWorkflows

/// `turnout plan FILE [INPUT]`.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Shows the steps of a workflow file and the most they can use. Runs nothing.",
    discussion: """
      With an input the bounds are those for it; without one, what depends on the input has no bound. Keys are not \
      needed. A bound is what the requests come to when everything takes as long as it may.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var models: ModelOptions

  @Flag(help: "Print a Mermaid flowchart.")
  var mermaid = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    if json, mermaid { throw ValidationError("give --json or --mermaid, not both") }
  }

  func run() async throws {
    do { Output.result(try await text()) } catch { Output.fail(error, json: json) }
  }

  private func text() async throws -> String {
    let workflow = try Workflow(contentsOf: source.file, shownAs: source.file)
    let input =
      try source.isGiven || workflow.inputs != nil ? InputBound(source.input(of: workflow)) : InputBound(bytes: nil)
    let prices = PriceTable.standard.merging(workflow.prices)
    let override = models.model
    let outline = try await models.withModels { models in
      try workflow.step(models: NamedModels(models, overriding: override)).outline
    }
    let plan = Plan(workflow.budget.map { outline.limited(to: $0) } ?? outline, input: input, prices: prices)
    if mermaid { return plan.mermaid }
    if json { return plan.value.json(pretty: true) }
    let problem: String?
    do {
      try outline.checkBudgets(within: workflow.budget, prices: prices)
      problem = nil
    } catch { problem = RunFailure(error).message }
    return PlanView(plan, prices: prices, problem: problem, Terminal.output).text
  }
}
