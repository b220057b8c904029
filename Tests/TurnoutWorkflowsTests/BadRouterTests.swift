import Testing

@Suite struct BadRouterTests {
  private static func router(_ body: String) -> String { "turnout: 1\nrun:\n  route:\n\(body)\n" }
  private static let routes = """
        routes:
          buy: { examples: [price, cost], text: a }
          fix: { examples: [broken], text: b }
    """

  @Test(
    "routers",
    arguments: [
      BadFile("no routes", router("    otherwise: { text: a }"), "4:5: the router \"flow\" has no routes"),
      BadFile(
        "empty routes", router("    routes: {}\n    otherwise: { text: a }"), "4:13: the router \"flow\" has no routes"),
      BadFile(
        "routes in a list", router("    routes: []\n    otherwise: { text: a }"),
        "4:13: routes must be a mapping from names"),
      BadFile(
        "no otherwise", router(routes),
        "4:5: the router \"flow\" has no otherwise: a step or a route's name for requests that fit no route"),
      BadFile(
        "an unknown route", router("\(routes)\n    otherwise: human"),
        "7:16: there is no route \"human\"; routes: buy, fix"),
      BadFile(
        "a route misspelt", router("\(routes)\n    otherwise: fixx"),
        "7:16: there is no route \"fixx\"; did you mean \"fix\"?"),
      BadFile("an empty otherwise", router("\(routes)\n    otherwise:"), "7:15: otherwise is empty"),
      BadFile(
        "a route without examples", router("    routes:\n      buy: { text: a }\n    otherwise: buy"),
        "5:7: the route \"buy\" has no examples, which the examples selector compares with; give it three or more"),
      BadFile(
        "nothing for the model to know",
        router("    by: model\n    routes:\n      buy: { text: a }\n    otherwise: buy"),
        "6:7: the route \"buy\" has neither a description nor examples, so the model cannot know what it is for"),
      BadFile(
        "a route called none",
        router("    routes:\n      none: { examples: [a], text: a }\n    otherwise: { text: b }"),
        "5:7: a route cannot be called \"none\"; that is what no route is called"),
      BadFile(
        "one example in two routes",
        router(
          "    routes:\n      buy: { examples: [price], text: a }\n      fix: { examples: [broken, price], text: b }\n    otherwise: fix"
        ),
        "6:33: the example \"price\" stands under \"buy\" too"),
      BadFile(
        "an example twice", router("    routes:\n      buy: { examples: [price, price], text: a }\n    otherwise: buy"),
        "5:32: the example \"price\" stands twice here"),
      BadFile(
        "an example that is no text",
        router("    routes:\n      buy: { examples: [[a], price], text: a }\n    otherwise: buy"),
        "5:25: an example must be a text"),
      BadFile(
        "an unknown selector", router("    by: exmples\n\(routes)\n    otherwise: fix"),
        "4:9: there is no selector \"exmples\"; did you mean \"examples\"?"),
      BadFile(
        "a selector like no other", router("    by: [examples, vote]\n\(routes)\n    otherwise: fix"),
        "4:20: there is no selector \"vote\"; selectors: rules, examples, model, decision"),
      BadFile(
        "a selector twice", router("    by: [examples, examples]\n\(routes)\n    otherwise: fix"),
        "4:20: this selector stands here twice"),
      BadFile(
        "no selector", router("    by: []\n\(routes)\n    otherwise: fix"),
        "4:9: by names no selector; selectors: rules, examples, model, decision"),
      BadFile(
        "a bar that cannot be reached", router("    bar: 1.5\n\(routes)\n    otherwise: fix"),
        "4:10: bar must be a number from 0.0 to 1.0"),
      BadFile(
        "an unknown model", router("    by: model\n    model: nobody\n\(routes)\n    otherwise: fix"),
        "5:12: there is no model \"nobody\"; models: "),
      BadFile(
        "an unknown key in a route",
        router("    routes:\n      buy: { exmples: [a], examples: [b], text: a }\n    otherwise: buy"),
        "5:14: unknown key \"exmples\" in the route \"buy\"; did you mean \"examples\"?"),
      BadFile(
        "a route that is no step", router("    routes:\n      buy: { examples: [b] }\n    otherwise: buy"),
        "5:12: the step \"buy\" needs exactly one of agent, route, parallel, each, split, race, hedge, vote, judge, medoid, best_of, mixture, refine, orchestrate, chain, tool, text, use"
      ),
    ])
  func routers(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }
}
