import ArgumentParser
import Foundation
import TurnoutCore
import TurnoutWorkflows

/// `turnout route FILE INPUT`.
struct RouteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route", abstract: "Only decides: prints which route a request takes, and why.")

  @OptionGroup var source: SourceOptions
  @OptionGroup var models: ModelOptions

  @Option(
    help: ArgumentHelp(
      "What was said before: a JSON list of messages, each with role and content; the input is the last one.",
      valueName: "file"))
  var conversation: String?

  @Option(help: ArgumentHelp("The route that the conversation is on.", valueName: "route"))
  var session: String?

  @Option(
    help: ArgumentHelp("What is known of the request, for rules; may be given several times.", valueName: "key=value"))
  var metadata: [String] = []

  @Flag(help: "Print one JSON object with the decision, its duration and its usage.")
  var json = false

  func run() async throws {
    let interruption = Interruption(json: json)
    do {
      let workflow = try Workflow(contentsOf: source.file, shownAs: source.file)
      let input = try surrounded(try source.input(of: workflow))
      let result = try await interruption.cancelling { try await decision(workflow, input) }
      await interruption.beginReport()
      Output.result(result)
    } catch {
      await interruption.beginReport()
      Output.fail(error, json: json)
    }
  }

  /// The input as a conversation's last message, when anything is known around it.
  private func surrounded(_ input: Value) throws -> Value {
    guard conversation != nil || session != nil || !metadata.isEmpty else { return input }
    // An input that is a conversation itself stays one.
    let isConversation = input["messages"]?.array != nil
    var messages: [Value] = []
    if let conversation {
      guard !isConversation else { throw UsageError("the input has messages of its own; leave --conversation out") }
      guard let data = FileManager.default.contents(atPath: conversation) else {
        throw DataError("\(conversation): there is no such file, or it cannot be read")
      }
      guard let list = try? data.withUnsafeBytes({ try Value(json: $0) }).array,
        list.allSatisfy({ $0["role"]?.string != nil && $0["content"]?.string != nil })
      else { throw DataError("\(conversation): it must be a JSON list of messages, each with role and content") }
      messages = list
    }
    var known = input["metadata"]?.object ?? [:]
    for entry in metadata {
      guard let equals = entry.firstIndex(of: "="), equals > entry.startIndex else {
        throw UsageError("--metadata must be key=value, not \"\(entry)\"")
      }
      known[String(entry[..<equals])] = .string(String(entry[entry.index(after: equals)...]))
    }
    if isConversation {
      messages = input["messages"]?.array ?? []
    } else {
      messages.append(["role": "user", "content": .string(input.text)])
    }
    return [
      "messages": .array(messages), "metadata": .object(known),
      "session": session.map { .string($0) } ?? input["session"] ?? .null,
    ]
  }

  private func decision(_ workflow: Workflow, _ input: Value) async throws -> String {
    try await models.withModels { models in
      guard let router = try workflow.router(models: models) else {
        throw WorkflowError(
          file: source.file, "the outermost step of the workflow is no router, so there is nothing to decide")
      }
      let prices = PriceTable.standard.merging(workflow.prices)
      let run = Run(budget: workflow.budget, prices: prices)
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
