import Testing

/// Every help screen, whole.
@Suite struct HelpTests {
  @Test(arguments: screens) func screen(_ screen: Screen) async throws {
    let result = try await Turnout().run(screen.arguments)
    #expect(result.output == screen.text)
    #expect(result.complaint == "")
    #expect(result.status == 0)
  }

  @Test("without arguments the command shows its help") func alone() async throws {
    let result = try await Turnout()()
    #expect(result.output == screens[0].text)
    #expect(result.status == 0)
  }

  @Test func version() async throws {
    let result = try await Turnout()("--version")
    #expect(result.output == "0.1.0\n")
    #expect(result.status == 0)
  }
}

struct Screen: Sendable, CustomTestStringConvertible {
  let arguments: [String]
  let text: String
  var testDescription: String { arguments.joined(separator: " ") }
}

private let screens = [
  Screen(
    arguments: ["--help"],
    text: """
      OVERVIEW: Routes requests among specialised model branches, and runs model work
      in parallel.

      Start with `turnout init`, look at what it decides with `turnout route`, and
      answer with `turnout run`.
      Results go to standard output, everything else to standard error.

      Exit status: 0 done, 1 the run failed, 64 bad usage, 65 a bad file or bad data,
      69 a server, key or model that is not there, 75 try again later, 130
      interrupted.

      USAGE: turnout <subcommand>

      OPTIONS:
        --version               Show the version.
        -h, --help              Show help information.

      SUBCOMMANDS:
        run                     Runs a workflow file and prints its result.
        route                   Only decides: prints which route a request takes, and
                                why.
        check                   Checks workflow files: names, templates, fallbacks,
                                cycles. Runs nothing.
        init                    Writes a commented workflow file to start from.
        models                  Says which models and keys are configured, and which
                                servers answer.

        See 'turnout help <subcommand>' for detailed help.

      """),
  Screen(
    arguments: ["run", "--help"],
    text: """
      OVERVIEW: Runs a workflow file and prints its result.

      USAGE: turnout run <file> [<input>] [--input-file <file>] [--model <model>] [--embeddings <model>] [--json] [--events <file>] [--progress] [--no-progress]

      ARGUMENTS:
        <file>                  The workflow file.
        <input>                 What it is given; - reads standard input.

      OPTIONS:
        --input-file <file>     Read what it is given from a file.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --json                  Print one JSON object with the run, its status,
                                output, decision and usage.
        --events <file>         Write every event of the run to a file, as JSON lines.
        --progress/--no-progress
                                Show progress; unless told, only on a terminal.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["route", "--help"],
    text: """
      OVERVIEW: Only decides: prints which route a request takes, and why.

      USAGE: turnout route <file> [<input>] [--input-file <file>] [--model <model>] [--embeddings <model>] [--json]

      ARGUMENTS:
        <file>                  The workflow file.
        <input>                 What it is given; - reads standard input.

      OPTIONS:
        --input-file <file>     Read what it is given from a file.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --json                  Print one JSON object with the decision, its duration
                                and its usage.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["check", "--help"],
    text: """
      OVERVIEW: Checks workflow files: names, templates, fallbacks, cycles. Runs
      nothing.

      USAGE: turnout check <file> ... [--json]

      ARGUMENTS:
        <file>                  The workflow files.

      OPTIONS:
        --json                  Print one JSON object with everything that is wrong.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["init", "--help"],
    text: """
      OVERVIEW: Writes a commented workflow file to start from.

      USAGE: turnout init [<template>] [--output <file>]

      ARGUMENTS:
        <template>              support: a router; map: one task over many inputs;
                                split: a document in sections. (values: support, map,
                                split; default: support)

      OPTIONS:
        -o, --output <file>     The file to write.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["models", "--help"],
    text: """
      OVERVIEW: Says which models and keys are configured, and which servers answer.

      USAGE: turnout models <subcommand>

      OPTIONS:
        --version               Show the version.
        -h, --help              Show help information.

      SUBCOMMANDS:
        list (default)          Lists providers, keys and servers.
        install                 Installs the small local chat and embedding models.

        See 'turnout help models <subcommand>' for detailed help.

      """),
  Screen(
    arguments: ["models", "list", "--help"],
    text: """
      OVERVIEW: Lists providers, keys and servers.

      USAGE: turnout models list [--json]

      OPTIONS:
        --json                  Print one JSON object.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["models", "install", "--help"],
    text: """
      OVERVIEW: Installs the small local chat and embedding models.

      USAGE: turnout models install [--into <folder>]

      OPTIONS:
        --into <folder>         The folder to install into.
        --version               Show the version.
        -h, --help              Show help information.


      """),
]
