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
      RunCommand.self, RouteCommand.self, CheckCommand.self, InitCommand.self, ModelsCommand.self,
    ])
}
