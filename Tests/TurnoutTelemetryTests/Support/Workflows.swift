import TurnoutCore
import TurnoutTesting

/// Small workflows that do what telemetry is about, out of scripts.
enum Workflows {
  /// A router whose selector is a model, before an agent that calls a tool and is asked again.
  static func support(_ text: String = "fine", tool: @escaping @Sendable () throws -> String = { "found" })
    -> Router<String, String>
  {
    let chooser = ScriptedModel([.value(["reasoning": .string(text), "route": "consult"])], name: "openai:gpt-4o-mini")
    let writer = ScriptedModel(
      [.call("look_up", ["key": .string(text)]), .text("short"), .text("\(text), at length")],
      name: "gemini:flash")
    let lookUp = Tool("look_up", "Looks up", parameters: .object("Key", [.init("key", .string())])) { _, _ in
      try tool()
    }
    let patient = OutputValidator<String> { $0 == "short" ? text : nil }
    let agent = Agent("consult", model: writer, instructions: text, tools: [lookUp], validators: [patient])
    return Router("support", by: .model(chooser)) {
      Route("consult", "Questions") { agent }
    } otherwise: {
      agent
    }
  }

  /// An agent named `writer` whose model answers once.
  static func writer(_ reply: ScriptedReply) -> Agent<String, String> {
    Agent("writer", model: ScriptedModel([reply], name: "local"), instructions: "Write.")
  }

  /// A branch for every number; those that `fails` says fail with a label.
  static func branches(
    atMost bound: Int = 8, _ label: String = "malformed", fails: @escaping @Sendable (Int) -> Bool = { _ in false }
  ) -> ForEach<FunctionStep<Int, Int>> {
    let step = FunctionStep("work") { (number: Int) in
      if fails(number) { throw Broken(label) }
      return number
    }
    return ForEach(step, name: "many", atMost: bound, onFailure: .settle)
  }

  /// The branch of 0 wins as soon as the two others sleep, which are then dropped.
  static func race(_ clock: ManualClock) -> ForEach<FunctionStep<Int, Int>> {
    let step = FunctionStep<Int, Int>(
      "work",
      in: { number, run in
        if number > 0 { try await run.clock.sleep(for: .seconds(1)) } else { await clock.sleepers(2) }
        return number
      })
    return ForEach(step, name: "race", onFailure: .quorum(1))
  }
}
