import ArgumentParser
import Foundation
import TurnoutCore
import TurnoutWorkflows

/// `turnout check FILE…`.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks workflow files: names, templates, fallbacks, cycles. Runs nothing.")

  @Argument(help: ArgumentHelp("The workflow files.", valueName: "file"))
  var files: [String]

  @Flag(help: "Print one JSON object with everything that is wrong.")
  var json = false

  func run() async throws {
    var diagnostics: [Diagnostic] = []
    for file in files {
      do {
        let workflow = try Workflow(contentsOf: file, shownAs: file)
        if let problem = staleFit(of: workflow) {
          diagnostics += WorkflowError(file: workflow.fitFile, problem).diagnostics
          continue
        }
        if !json { Output.result("\(file): ok, \(workflow.summary)") }
      } catch let error as WorkflowError {
        diagnostics += error.diagnostics
      }
    }
    if json {
      let list = diagnostics.map { diagnostic -> Value in
        [
          "file": .string(diagnostic.file), "line": .int(diagnostic.line), "column": .int(diagnostic.column),
          "message": .string(diagnostic.message),
        ]
      }
      Output.result(Value.object(["ok": .bool(diagnostics.isEmpty), "diagnostics": .array(list)]).json(pretty: true))
    } else {
      for diagnostic in diagnostics { Output.note(diagnostic.description) }
    }
    if !diagnostics.isEmpty { throw ExitCode(ExitStatus.badData) }
  }

  /// What is wrong with the fitted routing beside the file, if there is one.
  private func staleFit(of workflow: Workflow) -> String? {
    guard workflow.routesByExamples, let table = workflow.routes else { return nil }
    guard FileManager.default.fileExists(atPath: workflow.fitFile) else {
      return workflow.namesFit ? "there is no such file; make it with turnout fit" : nil
    }
    do {
      let fit = try RouteFit(contentsOf: workflow.fitFile)
      // An encoder whose key is missing is known only when it runs.
      let encoder = try? StandardModels().embeddingModel(workflow.embeddings, in: workflow).name
      try fit.check(table, encoder: encoder ?? fit.encoder)
      return nil
    } catch {
      let name = URL(filePath: workflow.fitFile).lastPathComponent + ": "
      let message = RunFailure(error).message
      return message.hasPrefix(name) ? String(message.dropFirst(name.count)) : message
    }
  }
}
