import Testing
import TurnoutCore
import TurnoutTesting

/// A selector that gives decisions in order, and says how often it was asked.
struct ScriptedSelector: RouteSelector {
  let name = "scripted"
  let decision: RouteDecision
  let asked = Gauge()

  init(_ decision: RouteDecision) { self.decision = decision }

  func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    asked.enter()
    return decision
  }
}

extension RouteDecision {
  /// The decision without what the router measured.
  var untimed: RouteDecision {
    var decision = self
    decision.duration = .zero
    decision.usage = .none
    return decision
  }
}

/// Answers with its own name.
func named(_ name: String) -> FunctionStep<String, String> { FunctionStep(name) { "\(name): \($0)" } }

@Suite struct RouterTests {
  private func router(_ decision: RouteDecision) -> Router<String, String> {
    Router("support", by: ScriptedSelector(decision)) {
      Route("consult", "Before buying") { named("consult") }
      Route("service", "After buying") { named("service") }
    } otherwise: {
      named("human")
    }
  }

  @Test func theChosenRouteAnswers() async throws {
    let recorder = EventRecorder()
    let decision = RouteDecision(.route, routes: ["service"], by: "scripted", confidence: 0.9)
    let routed = try await router(decision)("hi", in: Run(sinks: [recorder]))
    #expect(routed.output == "service: hi")
    #expect(routed.decision.untimed == decision)
    #expect(
      recorder.lines == [
        "started support", "decided support", "started support/service", "finished support/service", "finished support",
      ])
    #expect(recorder.events.last?.value["output"] == "service: hi")
  }

  @Test func whenNoneFitsOtherwiseAnswers() async throws {
    let recorder = EventRecorder()
    let routed = try await router(RouteDecision(.none, by: "scripted"))("hi", in: Run(sinks: [recorder]))
    #expect(routed.output == "human: hi")
    #expect(routed.decision.decidedBy == "scripted")
    #expect(recorder.lines.contains("started support/otherwise"))
  }

  /// Being sure matters between the stages of a cascade; what the last one says stands.
  @Test func anUnsureDecisionStands() async throws {
    let unsure = RouteDecision(.route, routes: ["consult"], by: "scripted", confidence: 0.3, isSure: false)
    let routed = try await router(unsure)("hi")
    #expect(routed.output == "consult: hi")
    #expect(routed.decision.untimed == unsure)
    #expect(try await router(RouteDecision(.none, by: "otherwise", isSure: false))("hi").output == "human: hi")
  }

  /// Selectors must not answer so; if one does, nobody is asked whom it did not mean.
  @Test func aNameOutsideTheTableIsAnError() async throws {
    let router = router(RouteDecision(.route, routes: ["sales"], by: "scripted"))
    let error = await #expect(throws: TurnoutError.self) { try await router("hi") }
    #expect(error?.description == "the selector scripted chose \"sales\", which is no route")
  }

  @Test func itIsAStepLikeAnyOther() async throws {
    let decision = RouteDecision(.route, routes: ["consult"], by: "scripted")
    #expect(try await router(decision).run("hi") == "consult: hi")
    #expect(try await router(decision).then(named("end")).run("hi") == "end: consult: hi")
  }

  @Test func routersMayBeBranchesOfRouters() async throws {
    let recorder = EventRecorder()
    let inner = router(RouteDecision(.route, routes: ["service"], by: "scripted"))
    let outer = Router("front", by: ScriptedSelector(RouteDecision(.route, routes: ["support"], by: "scripted"))) {
      Route("support") { inner }
    } otherwise: {
      named("human")
    }
    #expect(try await outer.run("hi", sinks: [recorder]) == "service: hi")
    #expect(recorder.lines.contains("decided front/support"))
    #expect(recorder.lines.contains("finished front/support/service"))
    #expect(outer.outline.children.map(\.name) == ["support", "human"])
    #expect(outer.outline.children[0].children.map(\.name) == ["consult", "service", "human"])
  }

  @Test func decidingRunsNoBranch() async throws {
    let ran = Gauge()
    let branch = FunctionStep("branch") { (_: String) in ran.enter() }
    let router = Router(by: ScriptedSelector(RouteDecision(.route, routes: ["a"], by: "scripted"))) {
      Route("a") { branch }
    } otherwise: {
      branch
    }
    #expect(try await router.decide("x").routes == ["a"])
    #expect(ran.total == 0)
  }

  @Test func whatFailsFailsTheRouter() async {
    struct Failing: RouteSelector {
      let name = "failing"
      func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
        throw Broken()
      }
    }
    let router = Router(by: Failing()) {
      Route("a") { named("a") }
    } otherwise: {
      named("human")
    }
    await #expect(throws: Broken.self) { try await router("x") }
    let branch = FunctionStep("bad") { (_: String) -> String in throw Broken("branch") }
    let chosen = Router(by: ScriptedSelector(RouteDecision(.route, routes: ["a"], by: "s"))) {
      Route("a") { branch }
    } otherwise: {
      named("human")
    }
    await #expect(throws: Broken("branch")) { try await chosen("x") }
  }

  private func merging(_ decision: RouteDecision) -> Router<String, String> {
    Router("support", by: ScriptedSelector(decision)) {
      Route("consult", "Before buying") { named("consult") }
      Route("service", "After buying") { named("service") }
      Route("sales") { named("sales") }
      Route("press") { named("press") }
    } otherwise: {
      named("human")
    } merge: {
      FunctionStep("join") { (answers: [RouteAnswer<String>]) in
        answers.map { "\($0.route.name)=\($0.output)" }.joined(separator: "; ")
      }
    }
  }

  @Test func severalRoutesAnswerAtOnceAndAreMerged() async throws {
    let recorder = EventRecorder()
    let decision = RouteDecision(.several, routes: ["service", "consult"], by: "scripted")
    let routed = try await merging(decision)("hi", in: Run(sinks: [recorder]))
    #expect(routed.output == "service=service: hi; consult=consult: hi")
    #expect(routed.decision.kind == .several)
    for path in ["service", "consult", "merge"] { #expect(recorder.lines.contains("finished support/\(path)")) }
  }

  @Test func noMoreRoutesThanCanBeMerged() async throws {
    let four = RouteDecision(.several, routes: ["service", "consult", "press", "sales"], by: "scripted")
    let many = try await merging(four).decide("hi")
    #expect(many.routes == ["service", "consult", "press"])
    #expect(many.notes == ["takes 3 of 4 routes"])
    let two = RouteDecision(.several, routes: ["service", "consult"], by: "scripted")
    let one = try await router(two)("hi")
    #expect(one.output == "service: hi")
    #expect(one.decision.kind == .route)
    #expect(one.decision.notes == ["takes 1 of 2 routes"])
  }

  @Test func theStepThatAnswersWhenNoneFitsKnowsTheDecision() async throws {
    let scores = [RouteScore("consult", 0.4), RouteScore("service", 0.1)]
    let selector = ScriptedSelector(RouteDecision(.none, by: "scripted", scores: scores))
    let router = Router(by: selector) {
      Route("consult") { named("consult") }
      Route("service") { named("service") }
    } otherwise: {
      FunctionStep(
        "ask", in: { (_: String, run: Run) in run.values[RouteDecision.Key.self]?.scores.first?.route ?? "?" })
    }
    #expect(try await router.run("hi") == "consult")
  }

  @Test func decidingIsMeasured() async throws {
    struct Slow: RouteSelector {
      let name = "slow"
      let clock: ManualClock

      func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
        run.record(Usage(calls: 2))
        clock.advance(by: .milliseconds(30))
        return RouteDecision(.none, by: name)
      }
    }
    let clock = ManualClock()
    let router = Router(by: Slow(clock: clock)) {
      Route("a") { named("a") }
    } otherwise: {
      named("human")
    }
    let run = Run(clock: RunClock(clock))
    let decision = try await router.decide("hi", in: run)
    #expect(decision.duration == .milliseconds(30))
    #expect(decision.usage.calls == 2)
    #expect(run.usage.calls == 2)
    #expect(decision.value["duration_ms"] == 30.0)
  }

  @Test func inputsOfAnyTypeAreReadAsText() async throws {
    struct Ticket: Sendable { let text: String }
    struct Reads: RouteSelector {
      let name = "reads"
      func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
        RouteDecision(.route, routes: [request.text], by: name)
      }
    }
    let router = Router(by: Reads(), request: { (ticket: Ticket) in RouteRequest(ticket.text) }) {
      Route("a") { FunctionStep("a") { (ticket: Ticket) in 1 } }
      Route("b") { FunctionStep("b") { (ticket: Ticket) in 2 } }
    } otherwise: {
      FunctionStep("none") { (_: Ticket) in 0 }
    }
    #expect(try await router.run(Ticket(text: "b")) == 2)
  }
}

@Suite struct RouteRequestTests {
  @Test func aConversationIsReadWithoutSystemTextsAndTools() {
    let request = RouteRequest(conversation: [
      .system("You are a coding harness. Route everything to service."), .user("What does the phone cost?"),
      .assistant("", toolCalls: [ToolCall(id: "1", name: "look", arguments: "{}")]),
      .toolResult(ToolResult(callID: "1", name: "look", content: "499")), .assistant("499."),
      .user("and the blue one?"), .system("harness: remember the rules"),
    ])
    #expect(request.text == "and the blue one?")
    #expect(request.history == [.user("What does the phone cost?"), .assistant("499.")])
  }

  @Test func whoeverSaysNothingAsksNothing() {
    #expect(RouteRequest(conversation: []).text == "")
    #expect(RouteRequest(conversation: [.assistant("hello")]).history == [])
  }

  @Test(arguments: [([0.6, 0.3], 0.3), ([0.2, 0.1], 0.5), ([0.5], 0.0)])
  func theMarginCountsNone(scores: [Double], margin: Double) throws {
    let decision = RouteDecision(.none, by: "x", scores: scores.map { RouteScore("r", $0) })
    #expect(abs(try #require(decision.margin) - margin) < 1e-9)
    #expect(RouteDecision(.none, by: "x").margin == nil)
  }
}

@Suite struct RouteTableTests {
  @Test(arguments: [
    ([], "a router needs at least one route"), (["a", ""], "a route has no name"),
    (["a", "none"], #"a route cannot be called "none"; that is what no route is called"#),
    (["a", "b", "a"], #"two routes are called "a""#),
  ])
  func wrongNamesAreRefused(names: [String], message: String) {
    #expect(throws: TurnoutError.invalidInput(message)) { try RouteTable(names.map { RouteDescription($0) }) }
  }

  @Test func aRouterSaysItWhenItRuns() async {
    let selector = ScriptedSelector(RouteDecision(.none, by: "s"))
    let router = Router(by: selector) {
      Route("a") { named("a") }
      Route("a") { named("b") }
    } otherwise: {
      named("human")
    }
    await #expect(throws: TurnoutError.invalidInput(#"two routes are called "a""#)) { try await router("x") }
    #expect(selector.asked.total == 0)
  }

  @Test func theOrderIsThatOfTheDeclaration() throws {
    #expect(try RouteTable([RouteDescription("b"), RouteDescription("a")]).routes.map(\.name) == ["b", "a"])
  }

  @Test func buildersTakeConditionsAndLoops() {
    func names(_ more: Bool) -> [String] {
      let router = Router(by: ScriptedSelector(RouteDecision(.none, by: "s"))) {
        Route("first") { named("first") }
        if more { Route("extra") { named("extra") } }
        if more { Route("yes") { named("yes") } } else { Route("no") { named("no") } }
        for index in 0..<2 { Route("loop\(index)") { named("loop\(index)") } }
        ["x", "y"].map { name in Route(name) { named(name) } }
      } otherwise: {
        named("human")
      }
      return router.outline.children.map(\.name)
    }
    #expect(names(true) == ["first", "extra", "yes", "loop0", "loop1", "x", "y", "human"])
    #expect(names(false) == ["first", "no", "loop0", "loop1", "x", "y", "human"])
  }
}
