import ArgumentParser
import Foundation
import TurnoutCore
import TurnoutEvaluation
import TurnoutWorkflows

/// `turnout fit FILE`.
struct FitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Fits a router to labelled requests, and writes what it learned beside the file.",
    discussion: """
      Labelled requests are JSON lines: {"input": "...", "route": "name"}, with null for requests of no route. The file's \
      examples count too. Where they are few, requests that nobody labelled help: {"input": "..."}, as they came in. What \
      is printed of the accuracy comes from requests that were left out of the fit.
      """)

  @Argument(help: ArgumentHelp("The workflow file; its outermost step is the router.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("Labelled requests, as JSON lines; without them, the examples alone.", valueName: "file"))
  var cases: String?

  @Option(
    help: ArgumentHelp(
      "Requests as they came in, as JSON lines with an input; 10,000 of them are looked at.", valueName: "file"))
  var unlabelled: String?

  @Option(name: .customLong("catch"), help: "The share of requests of no route that should be caught, from 0 to 1.")
  var catching = 0.8

  @Option(help: "The share of requests in scope that may be lost to none, where no request is labelled null.")
  var lose = 0.1

  @Option(help: "The share of sure decisions that should be right, from 0 to 1.")
  var sure = 0.95

  @Option(help: "In how many parts the requests are cut for cross-validation.")
  var folds = 4

  @Option(help: ArgumentHelp("Where the fit is written, instead of beside the workflow file.", valueName: "file"))
  var output: String?

  @OptionGroup var models: ModelOptions

  @Flag(help: "Print one JSON object with what is to be expected.")
  var json = false

  func validate() throws {
    for (name, share) in [("catch", catching), ("lose", lose), ("sure", sure)] where !(0...1).contains(share) {
      throw ValidationError("--\(name) must be from 0 to 1")
    }
    guard (2...20).contains(folds) else { throw ValidationError("--folds must be from 2 to 20") }
  }

  func run() async throws {
    let interruption = Interruption(json: json)
    do {
      let result = try await interruption.cancelling { try await fit() }
      await interruption.beginReport()
      Output.result(result)
    } catch {
      await interruption.beginReport()
      Output.fail(error, json: json)
    }
  }

  private func fit() async throws -> String {
    let workflow = try Workflow(contentsOf: file, shownAs: file)
    guard let table = workflow.routes, workflow.routesByExamples else {
      throw WorkflowError(file: file, "the outermost step is no router by examples, so there is nothing to fit")
    }
    let labelled = try cases.map { try LabelledRequests(contentsOf: $0, routes: table.routes.map(\.name)) }
    let target = output ?? workflow.fitFile
    let silent = try unlabelled.map { try LabelledRequests.inputs(of: $0) }
    try OutputFiles(reading: [file, cases, unlabelled]).check(["--output": target])
    for warning in labelled?.warnings ?? [] { Output.note(warning.description) }
    let progress = StatusLine(isShown: Terminal.error.isTerminal && !json)
    let fitter = RouteFitter(catching: catching, losing: lose, sureness: sure, folds: folds)
    do {
      let fitted = try await models.withModels { models in
        try await fitter.fit(
          table, cases: labelled?.requests.map { ($0.input, $0.route) } ?? [], unlabelled: silent ?? [],
          embeddings: try models.embeddingModel(workflow.embeddings, in: workflow)
        ) { step in
          switch step {
          case .embedding(let done, let total): progress.show("vectors \(done) of \(total)")
          case .training(let done, let total): progress.show("heads \(done) of \(total)")
          }
        }
      }
      progress.clear()
      for warning in fitted.warnings { Output.note("warning: \(warning)") }
      let nulls = fitted.fit.size.outOfScope
      if (1..<20).contains(nulls) {
        Output.note("note: \(nulls) requests are labelled null; from 20 on they set the bar of none by themselves")
      }
      do {
        try Data((fitted.fit.value.json() + "\n").utf8).write(to: URL(filePath: target), options: .atomic)
      } catch { throw DataError("\(target): it cannot be written") }
      return text(fitted, target)
    } catch {
      progress.clear()
      throw error
    }
  }

  private static func rounded(_ share: Double) -> Value { .double((share * 10_000).rounded() / 10_000) }

  private func text(_ fitted: RouteFitter.Fitted, _ path: String) -> String {
    let (fit, expected) = (fitted.fit, fitted.fit.expectation)
    if json {
      return Value.object([
        "fit": .string(path), "routes": .int(fit.routes.count),
        "requests": [
          "in_scope": .int(fit.size.inScope), "out_of_scope": .int(fit.size.outOfScope),
          "unlabelled": .int(fit.size.unlabelled),
        ],
        "expected": [
          "accuracy": Self.rounded(expected.accuracy), "low": Self.rounded(expected.interval.lowerBound),
          "high": Self.rounded(expected.interval.upperBound), "caught": expected.caught.map(Self.rounded) ?? .null,
        ],
        "sure_bar": Self.rounded(fit.bar), "coverage": Self.rounded(fitted.coverage),
        "none_from": .string(fitted.noneFrom),
      ]).json(pretty: true)
    }
    let terminal = Terminal.output
    func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
    let interval = "\(percent(expected.interval.lowerBound)) to \(percent(expected.interval.upperBound))"
    return [
      terminal.bold(terminal.green("→ \(path)")),
      "  \(fit.routes.count) routes, \(fit.size.inScope) requests in scope, \(fit.size.outOfScope) of no route"
        + (fit.size.unlabelled > 0 ? ", \(fit.size.unlabelled) without a label" : ""),
      "  expected in scope   \(terminal.bold(percent(expected.accuracy))) right (\(interval)), by cross-validation",
      "  expected none       \(expected.caught.map { percent($0) + " caught; " } ?? "")\(fitted.noneFrom)",
      "  sure from           \(DecisionView.decimal(fit.bar)), which \(percent(fitted.coverage)) of the requests reach",
    ].joined(separator: "\n")
  }
}
