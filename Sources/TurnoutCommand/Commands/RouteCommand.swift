import ArgumentParser
import TurnoutCore
import TurnoutWorkflows

/// `turnout route FILE INPUT`.
struct RouteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route", abstract: "Only decides: prints which route a request takes, and why.")

  @OptionGroup var source: SourceOptions
  @OptionGroup var models: ModelOptions

  @Flag(help: "Print one JSON object with the decision, its duration and its usage.")
  var json = false

  func run() async throws {
    let interruption = Interruption(json: json)
    do {
      let workflow = try Workflow(contentsOf: source.file, shownAs: source.file)
      let input = try source.input(of: workflow)
      let result = try await interruption.cancelling { try await decision(workflow, input) }
      await interruption.beginReport()
      Output.result(result)
    } catch {
      await interruption.beginReport()
      Output.fail(error, json: json)
    }
  }

  private func decision(_ workflow: Workflow, _ input: Value) async throws -> String {
    try await models.withModels { models in
      guard let router = try workflow.router(models: models) else {
        throw WorkflowError(
          file: source.file, "the outermost step of the workflow is no router, so there is nothing to decide")
      }
      let run = Run()
      do {
        // What is made once for all decisions is no part of this one's time.
        try await router.prepare(in: Run(id: run.id))
        let start = run.clock.now
        let decision = try await router.decide(input, in: run)
        let duration = run.clock.now - start
        guard json else { return DecisionView(decision, duration, Terminal.output).text }
        let object: ValueObject = [
          "decision": decision.value, "duration_ms": duration.value, "usage": run.usage.value,
        ]
        return Value.object(object).json(pretty: true)
      } catch {
        // What was cancelled may fail in other words too.
        throw Task.isCancelled ? CancellationError() : error
      }
    }
  }
}
