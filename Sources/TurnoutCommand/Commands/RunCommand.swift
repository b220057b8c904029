import ArgumentParser
import TurnoutCore
import TurnoutWorkflows

/// `turnout run FILE [INPUT]`.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a workflow file and prints its result.")

  @OptionGroup var source: SourceOptions
  @OptionGroup var models: ModelOptions
  @OptionGroup var recordings: RecordingOptions

  @Flag(help: "Print one JSON object with the run, its status, output, decision and usage.")
  var json = false

  @Option(help: ArgumentHelp("Write every event of the run to a file, as JSON lines.", valueName: "file"))
  var events: String?

  @Flag(inversion: .prefixedNo, help: "Show progress; unless told, only on a terminal.")
  var progress: Bool?

  @Flag(
    inversion: .prefixedNo,
    help: "Show the steps with their times and costs at the end; unless told, on a terminal for more than one step.")
  var summary: Bool?

  func run() async throws {
    let interruption = Interruption(json: json)
    var report = await execute(interruption)
    report.wasWatched = showsProgress && !json
    await interruption.beginReport()
    Output.finish(report, json: json, showsTree: summary)
  }

  private var showsProgress: Bool { progress ?? (Terminal.error.isTerminal && !json) }

  private func execute(_ interruption: Interruption) async -> RunReport {
    let summary = RunSummary()
    let view = ProgressView(isLive: Terminal.error.isTerminal, isShown: showsProgress)
    do {
      let file = try events.map(EventsFile.init)
      let workflow = try Workflow(contentsOf: source.file, shownAs: source.file)
      let input = try source.input(of: workflow)
      let recording = try recordings.recording(of: workflow, models)
      return try await interruption.cancelling {
        try await models.withModels { models in
          let step = try workflow.step(models: recording.models(models))
          let prices = PriceTable.standard.merging(workflow.prices)
          try step.outline.checkBudgets(within: workflow.budget, prices: prices)
          let sinks: [any RunEventSink] = [summary] + (view.isShown ? [view] : []) + (file.map { [$0] } ?? [])
          let run = Run(sinks: sinks, budget: workflow.budget, prices: prices)
          summary.began(run.id)
          return await view.showing {
            do {
              let output = try await run.perform(step, input)
              if let unmatched = recording.unmatched { return RunReport(summary, error: unmatched) }
              return RunReport(summary, output: output)
            } catch {
              // What was cancelled may fail in other words too, and so may what was not recorded.
              let told = recording.unmatched ?? error
              return RunReport(summary, error: Task.isCancelled ? CancellationError() : told)
            }
          }
        }
      }
    } catch { return RunReport(summary, error: error) }
  }
}
