import Testing

/// The keys of a router besides its routes and rules.
@Suite struct BadRouterKeyTests {
  /// The lines stand from line 4 on, indented by four.
  private static func router(_ lines: String...) -> String { Desk.file(lines.joined(separator: "\n    ")) }

  @Test(
    "models",
    arguments: [
      BadFile(
        "an unknown key", router("bars: 0.5"), "4:5: unknown key \"bars\" in the router \"flow\"; did you mean \"bar\"?"
      ),
      BadFile(
        "a key like no other", router("colour: red"),
        "4:5: unknown key \"colour\" in the router \"flow\"; known keys: by, model, decision, bar, rules, candidates, "
          + "fit, follow_ups, sticky, routes, otherwise, merge"),
      BadFile(
        "a decision model missing", router("by: decision"),
        "4:5: the decision selector needs \"decision\": the provider:model that decides"),
      BadFile("an empty one", router("by: decision", "decision:"), "5:14: decision is empty"),
      BadFile(
        "an unknown one", router("by: decision", "decision: nobody"), "5:15: there is no model \"nobody\"; models: "),
      BadFile(
        "an unknown provider", router("by: decision", "decision: openia:d"),
        "5:15: there is no provider \"openia\"; did you mean \"openai\"?, or declare it under providers:"),
      BadFile(
        "embeddings do not decide", router("by: decision", "decision: embeddings"),
        "5:15: embeddings is the model that makes vectors, not one that answers"),
      BadFile(
        "a decision model that by does not name", router("by: examples", "decision: openai:d"),
        "5:15: decision is given, but by does not name the selector decision"),
      BadFile(
        "a model that by does not name", router("model: openai:m"),
        "4:12: model is given, but by does not name the selector model"),
    ])
  func models(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "numbers and flags",
    arguments: [
      BadFile("a bar of no number", router("bar: high"), "4:10: bar must be a number from 0.0 to 1.0"),
      BadFile("a bar below 0", router("bar: -0.1"), "4:10: bar must be a number from 0.0 to 1.0"),
      BadFile("a list of bars", router("bar: [0.5]"), "4:10: bar must be a number from 0.0 to 1.0"),
      BadFile(
        "one bar and no examples", router("by: model", "bar: 0.7"),
        "5:10: one number is the bar of the examples, which by does not name; write bar: { model: 0.7 }"),
      BadFile(
        "a bar of a stage that is not there", router("bar: { examples: 0.7, model: 0.5 }"),
        "4:27: unknown key \"model\" in bar; known keys: examples"),
      BadFile(
        "a stage misspelt", router("bar: { exmples: 0.7 }"),
        "4:12: unknown key \"exmples\" in bar; did you mean \"examples\"?"),
      BadFile("a stage's bar above 1", router("bar: { examples: 1.2 }"), "4:22: bar must be a number from 0.0 to 1.0"),
      BadFile(
        "a bar of rules", router("by: rules", "bar: 0.5", "rules: [{ route: buy, when: { words: a } }]"),
        "5:10: bar is given, but rules have none"),
      BadFile(
        "one candidate", router("by: [examples, model]", "candidates: 1"),
        "5:17: candidates must be a whole number from 2 to 255"),
      BadFile(
        "candidates for nobody", router("candidates: 3"),
        "4:17: candidates is what one selector leaves to the next, and by names one alone"),
      BadFile("a flag of another kind", router("sticky: often"), "4:13: sticky must be true or false"),
      BadFile("a flag in the old way", router("follow_ups: yes"), "4:17: follow_ups must be true or false"),
    ])
  func numbers(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "fits and merging",
    arguments: [
      BadFile("a fit outside", router("fit: ../a.json"), "4:10: \"../a.json\" lies outside the workflow's folder"),
      BadFile(
        "a fit at the root", router("fit: /etc/a.json"), "4:10: \"/etc/a.json\" lies outside the workflow's folder"),
      BadFile("an empty fit", router("fit: ''"), "4:10: fit is empty"),
      BadFile(
        "a fit for nobody", router("by: model", "fit: a.json"),
        "5:10: fit is given, but by does not name the selector examples"),
      BadFile(
        "a wrong word", router("merge: joined"),
        "4:12: merge must be join, which puts the answers one after another, or a step"),
      BadFile("no word", router("merge:"), "4:11: merge is empty"),
      BadFile(
        "no step", router("merge: { join: true }"),
        "4:12: the step \"merge\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use",
        "4:14: unknown key \"join\" in the step \"merge\"; known keys: agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, "
          + "text, use, budget, fallback"),
      BadFile(
        "what a merge does not get", router("merge: { text: \"{{input.answer}}\" }"),
        "4:20: {{input.answer}} has no \"answer\"; did you mean \"answers\"?"),
    ])
  func merging(_ file: BadFile) throws {
    #expect(try complaints(file.text) == file.complaints)
  }

  @Test(
    "names of a decision",
    arguments: [
      BadFile(
        "outside of otherwise", "turnout: 1\nrun: { text: \"{{decision.nearest}}\" }\n",
        "2:14: {{decision.nearest}} is only known in a router's otherwise"),
      BadFile(
        "in a route",
        "turnout: 1\nrun: { route: { routes: { a: { examples: [b], text: \"{{decision.routes}}\" } }, otherwise: a } }\n",
        "2:53: {{decision.routes}} is only known in a router's otherwise"),
      BadFile(
        "misspelt", Desk.file(otherwise: "{{decision.neerest}}"),
        "15:24: {{decision.neerest}} names nothing of a decision; did you mean \"decision.nearest\"?"),
      BadFile(
        "like no other", Desk.file(otherwise: "{{decision.score}}"),
        "15:24: {{decision.score}} names nothing of a decision; "
          + "known: decision.nearest, decision.routes, decision.reasoning"),
      BadFile(
        "the decision itself", Desk.file(otherwise: "{{decision}}"),
        "15:24: {{decision}} names nothing of a decision; "
          + "known: decision.nearest, decision.routes, decision.reasoning"),
      BadFile(
        "too deep", Desk.file(otherwise: "{{decision.nearest.first}}"),
        "15:24: {{decision.nearest.first}} names nothing of a decision; "
          + "known: decision.nearest, decision.routes, decision.reasoning"),
    ])
  func decisions(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "what is right",
    arguments: [
      "bar: 0.5", "bar: { examples: 0 }", "fit: fits/desk.json", "sticky: true", "follow_ups: false", "merge: join",
      "by: decision\n    decision: openai:d\n    bar: { decision: 1 }",
      "by: [examples, model]\n    candidates: 2\n    bar: { examples: 0.8, model: 0.5 }",
      "merge: { each: { over: \"{{input.answers}}\", text: \"{{item.route}} {{item.output}}\" } }",
    ])
  func right(_ lines: String) throws { #expect(try complaints(Self.router(lines)) == []) }
}
