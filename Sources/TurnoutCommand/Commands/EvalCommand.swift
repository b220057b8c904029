import ArgumentParser
import Foundation
import TurnoutCore
import TurnoutEvaluation
import TurnoutWorkflows

/// `turnout eval FILE --cases CASES`.
struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Measures a router on labelled requests: accuracy, none, calibration, confusions.",
    discussion: """
      Labelled requests are JSON lines: {"input": "...", "route": "name"}, with null for requests of no route. With \
      --baseline the exit status is 1 when the router got worse by more than --max-drop.
      """)

  @Argument(help: ArgumentHelp("The workflow file; its outermost step is the router.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The labelled requests, as JSON lines.", valueName: "file"))
  var cases: String

  @OptionGroup var models: ModelOptions

  @Option(help: "How many requests are decided at once; their times are those under this load.")
  var atMost = 4

  @Option(
    help: ArgumentHelp(
      "Keep the decisions in a file: a run that stopped goes on there, a finished one replays at no cost.",
      valueName: "file"))
  var record: String?

  @Option(help: ArgumentHelp("Write the report as a page to look at.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the report as JSON to a file, for a later --baseline.", valueName: "file"))
  var report: String?

  @Option(help: ArgumentHelp("Compare with an earlier report.", valueName: "file"))
  var baseline: String?

  @Option(help: "How far a share may fall below the baseline's, from 0 to 1.")
  var maxDrop = 0.01

  @Flag(help: "Print one JSON object with every figure and every request.")
  var json = false

  func validate() throws {
    guard (1...1_000).contains(atMost) else { throw ValidationError("--at-most must be from 1 to 1000") }
    guard (0...1).contains(maxDrop) else { throw ValidationError("--max-drop must be from 0 to 1") }
  }

  func run() async throws {
    let interruption = Interruption(json: json)
    do {
      let (result, isWorse) = try await interruption.cancelling { try await evaluate() }
      await interruption.beginReport()
      Output.result(result)
      if isWorse { throw ExitCode(ExitStatus.failed) }
    } catch let code as ExitCode {
      throw code
    } catch {
      await interruption.beginReport()
      Output.fail(error, json: json)
    }
  }

  private func evaluate() async throws -> (String, isWorse: Bool) {
    let workflow = try Workflow(contentsOf: file, shownAs: file)
    guard let routes = workflow.routes?.routes.map(\.name) else {
      throw WorkflowError(
        file: file, "the outermost step of the workflow is no router, so there is nothing to evaluate")
    }
    // What cannot be written is said before anything is asked.
    try OutputFiles(reading: [file, cases, baseline, workflow.fitFile]).check([
      "--html": html, "--report": report, "--record": record,
    ])
    let labelled = try LabelledRequests(contentsOf: cases, routes: routes)
    for warning in labelled.warnings { Output.note(warning.description) }
    // What cannot be compared is said before anything is asked.
    let earlier = try baseline.map { try RouteEvaluation(contentsOf: $0) }
    let log = try record.map { try DecisionLog(path: $0, fingerprint: try fingerprint(workflow)) }
    let judged = try await judge(workflow, labelled.requests, log)
    let evaluation = RouteEvaluation(judged: judged, routes: routes)
    let comparison = try earlier.map { try BaselineComparison(evaluation, baseline: $0, maxDrop: maxDrop) }
    try html.map { try write(EvaluationPage(evaluation, title: "Routing of \(workflow.name)").html, to: $0) }
    try report.map { try write(evaluation.value.json() + "\n", to: $0) }
    let isWorse = comparison?.hasFailed ?? false
    guard json else {
      let table = EvaluationTable(evaluation).lines(width: Terminal.error.width)
      let changes = comparison.map { [""] + $0.lines } ?? []
      return ((table + changes).joined(separator: "\n"), isWorse)
    }
    var object = evaluation.value.object ?? [:]
    if let comparison { object["baseline"] = comparison.value }
    return (Value.object(object).json(pretty: true), isWorse)
  }

  private func judge(
    _ workflow: Workflow, _ requests: [LabelledRequest], _ log: DecisionLog?
  ) async throws -> [JudgedDecision] {
    let status = StatusLine(isShown: Terminal.error.isTerminal && !json)
    defer { status.clear() }
    let start = ContinuousClock.now
    return try await models.withModels { models in
      guard let router = try workflow.router(models: models) else { return [] }
      // A replay needs no model, so that nothing is made ready for it.
      if requests.contains(where: { log?.decision(for: $0.input) == nil }) { try await router.prepare() }
      let evaluator = RouteEvaluator(concurrency: atMost, log: log) { progress in
        let spent = start.duration(to: .now) / max(progress.done, 1) * (progress.total - progress.done)
        let right = progress.done > 0 ? progress.right * 100 / progress.done : 0
        status.show(
          "\(progress.done) of \(progress.total), \(right) % right, about \(DecisionView.milliseconds(spent)) left")
      }
      return try await evaluator.evaluate(requests) { try await router.decide(.string($0.input)) }
    }
  }

  /// What tells this router from every other: its file, its fit, and the models used instead.
  private func fingerprint(_ workflow: Workflow) throws -> String {
    var hash = StableHash()
    func add(_ bytes: some Sequence<UInt8>) {
      hash.add(bytes)
      hash.addBorder()
    }
    add(FileManager.default.contents(atPath: file) ?? Data())
    add(FileManager.default.contents(atPath: workflow.fitFile) ?? Data())
    add((models.model ?? "").utf8)
    add((models.embeddings ?? "").utf8)
    return "\(workflow.name) \(String(hash.value, radix: 16))"
  }

  private func write(_ text: String, to path: String) throws {
    do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
      throw DataError("\(path): it cannot be written")
    }
  }
}
