import Foundation
import TurnoutCore
import TurnoutWorkflows

/// Standard output gets results and nothing else; everything else goes to standard error.
enum Output {
  static func result(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", STDOUT_FILENO) }

  static func note(_ text: String) { write(text + "\n", STDERR_FILENO) }

  /// Prints a run's report and ends the process.
  static func finish(_ report: RunReport, json: Bool, showsTree: Bool? = nil) -> Never {
    if json {
      result(report.value.json(pretty: true))
      if showsTree == true { for line in SummaryView(report, Terminal.error, showsTree: true).lines { note(line) } }
    } else {
      if let output = report.output { result(ResultView(output).text) }
      for line in SummaryView(report, Terminal.error, showsTree: showsTree).lines { note(line) }
    }
    exit(report.exitStatus)
  }

  /// Prints what went wrong and ends the process.
  static func fail(_ error: any Error, json: Bool) -> Never {
    let isInterrupted = error is CancellationError
    if json {
      let status = isInterrupted ? "interrupted" : "failed"
      result(Value.object(["status": .string(status), "error": ExitStatus.value(error)]).json(pretty: true))
    } else {
      note(message(error))
    }
    exit(ExitStatus.of(error))
  }

  /// What a person is told of an error: a file's diagnostics as they are, everything else behind the command's name.
  static func message(_ error: any Error) -> String {
    if let error = error as? WorkflowError { return error.description }
    if error is CancellationError { return Terminal.error.red("turnout: ") + "interrupted" }
    return Terminal.error.red("turnout: ") + RunFailure(error).message
  }

  private static func write(_ text: String, _ descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      // A reader that has gone away is no reason to complain.
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
