import ArgumentParser

/// The command: routes requests and fans work out, from workflow files.
@main
struct TurnoutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "turnout",
    abstract: "Routes requests among specialised model branches, and runs model work in parallel.",
    discussion: """
      Start with `turnout init`, look at what it decides with `turnout route`, and answer with `turnout run`.
      Results go to standard output, everything else to standard error.

      Exit status: 0 done, 1 the run failed, 64 bad usage, 65 a bad file or bad data, 69 a server, key or model that is \
      not there, 75 try again later, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, RouteCommand.self, PlanCommand.self, EvalCommand.self, FitCommand.self, CheckCommand.self,
      InitCommand.self,
      ModelsCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch  where isUsageError(error) && CommandLine.arguments.contains("--json") {
      Output.fail(UsageError(message(for: error)), json: true)
    } catch {
      exit(withError: error)
    }
  }

  private static func isUsageError(_ error: any Error) -> Bool { exitCode(for: error) == .validationFailure }
}
