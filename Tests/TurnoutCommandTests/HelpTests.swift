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
        plan                    Shows the steps of a workflow file and the most they
                                can use. Runs nothing.
        eval                    Measures a router on labelled requests: accuracy,
                                none, calibration, confusions.
        fit                     Fits a router to labelled requests, and writes what
                                it learned beside the file.
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

      USAGE: turnout run [<options>] <file> [<input>]

      ARGUMENTS:
        <file>                  The workflow file.
        <input>                 What it is given; - reads standard input.

      OPTIONS:
        --input-file <file>     Read what it is given from a file.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --record <folder>       Write every call of a model into a folder, to replay
                                the run.
        --replay <folder>       Answer from a recording instead of from models.
        --json                  Print one JSON object with the run, its status,
                                output, decision and usage.
        --events <file>         Write every event of the run to a file, as JSON lines.
        --progress/--no-progress
                                Show progress; unless told, only on a terminal.
        --summary/--no-summary  Show the steps with their times and costs at the end;
                                unless told, on a terminal for more than one step.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["route", "--help"],
    text: """
      OVERVIEW: Only decides: prints which route a request takes, and why.

      USAGE: turnout route <file> [<input>] [--input-file <file>] [--model <model>] [--embeddings <model>] [--conversation <file>] [--session <route>] [--metadata <key=value> ...] [--json]

      ARGUMENTS:
        <file>                  The workflow file.
        <input>                 What it is given; - reads standard input.

      OPTIONS:
        --input-file <file>     Read what it is given from a file.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --conversation <file>   What was said before: a JSON list of messages, each
                                with role and content; the input is the last one.
        --session <route>       The route that the conversation is on.
        --metadata <key=value>  What is known of the request, for rules; may be given
                                several times.
        --json                  Print one JSON object with the decision, its duration
                                and its usage.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["plan", "--help"],
    text: """
      OVERVIEW: Shows the steps of a workflow file and the most they can use. Runs
      nothing.

      With an input the bounds are those for it; without one, what depends on the
      input has no bound. Keys are not needed. A bound is what the requests come to
      when everything takes as long as it may.

      USAGE: turnout plan <file> [<input>] [--input-file <file>] [--model <model>] [--embeddings <model>] [--mermaid] [--json]

      ARGUMENTS:
        <file>                  The workflow file.
        <input>                 What it is given; - reads standard input.

      OPTIONS:
        --input-file <file>     Read what it is given from a file.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --mermaid               Print a Mermaid flowchart.
        --json                  Print one JSON object.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["eval", "--help"],
    text: """
      OVERVIEW: Measures a router on labelled requests: accuracy, none, calibration,
      confusions.

      Labelled requests are JSON lines: {"input": "...", "route": "name"}, with null
      for requests of no route. With --baseline the exit status is 1 when the router
      got worse by more than --max-drop.

      USAGE: turnout eval <file> --cases <file> [--model <model>] [--embeddings <model>] [--at-most <at-most>] [--record <file>] [--html <file>] [--report <file>] [--baseline <file>] [--max-drop <max-drop>] [--json]

      ARGUMENTS:
        <file>                  The workflow file; its outermost step is the router.

      OPTIONS:
        --cases <file>          The labelled requests, as JSON lines.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --at-most <at-most>     How many requests are decided at once; their times
                                are those under this load. (default: 4)
        --record <file>         Keep the decisions in a file: a run that stopped goes
                                on there, a finished one replays at no cost.
        --html <file>           Write the report as a page to look at.
        --report <file>         Write the report as JSON to a file, for a later
                                --baseline.
        --baseline <file>       Compare with an earlier report.
        --max-drop <max-drop>   How far a share may fall below the baseline's, from 0
                                to 1. (default: 0.01)
        --json                  Print one JSON object with every figure and every
                                request.
        --version               Show the version.
        -h, --help              Show help information.


      """),
  Screen(
    arguments: ["fit", "--help"],
    text: """
      OVERVIEW: Fits a router to labelled requests, and writes what it learned beside
      the file.

      Labelled requests are JSON lines: {"input": "...", "route": "name"}, with null
      for requests of no route. The file's examples count too. Where they are few,
      requests that nobody labelled help: {"input": "..."}, as they came in. What is
      printed of the accuracy comes from requests that were left out of the fit.

      USAGE: turnout fit <file> [--cases <file>] [--unlabelled <file>] [--catch <catch>] [--lose <lose>] [--sure <sure>] [--folds <folds>] [--output <file>] [--model <model>] [--embeddings <model>] [--json]

      ARGUMENTS:
        <file>                  The workflow file; its outermost step is the router.

      OPTIONS:
        --cases <file>          Labelled requests, as JSON lines; without them, the
                                examples alone.
        --unlabelled <file>     Requests as they came in, as JSON lines with an
                                input; 10,000 of them are looked at.
        --catch <catch>         The share of requests of no route that should be
                                caught, from 0 to 1. (default: 0.8)
        --lose <lose>           The share of requests in scope that may be lost to
                                none, where no request is labelled null. (default:
                                0.1)
        --sure <sure>           The share of sure decisions that should be right,
                                from 0 to 1. (default: 0.95)
        --folds <folds>         In how many parts the requests are cut for
                                cross-validation. (default: 4)
        --output <file>         Where the fit is written, instead of beside the
                                workflow file.
        --model <model>         Use this model instead of every one in the file:
                                local, provider:model, local:FILE.gguf or
                                scripted:FILE.
        --embeddings <model>    Use these embeddings instead of the file's.
        --json                  Print one JSON object with what is to be expected.
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
