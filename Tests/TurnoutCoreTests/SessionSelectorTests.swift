import Testing
import TurnoutCore

@Suite struct SessionSelectorTests {
  let table: RouteTable
  let scores = [RouteScore("a", 0.3), RouteScore("b", 0.5)]
  let evidence = [RouteEvidence(route: "b", text: "like this", similarity: 0.5)]

  init() throws { table = try RouteTable([RouteDescription("a"), RouteDescription("b")]) }

  private func decide(_ wrapped: RouteDecision, session: String?) async throws -> RouteDecision {
    try await SessionSelector(ScriptedSelector(wrapped))
      .select(RouteRequest("那另一个呢？", session: session), among: table, in: Run())
  }

  @Test func anUnsureDecisionStaysOnTheRoute() async throws {
    let unsure = RouteDecision(
      .route, routes: ["b"], by: "examples", confidence: 0.5, scores: scores, reasoning: "nearest", evidence: evidence,
      notes: ["cut"], isSure: false)
    #expect(
      try await decide(unsure, session: "a")
        == RouteDecision(
          .route, routes: ["a"], by: "session", confidence: 0.3, scores: scores,
          reasoning: "nothing clearly leads away from the route of the conversation", evidence: evidence,
          notes: ["cut", "stays on the route of the conversation"]))
  }

  @Test func withoutScoresThereIsNoConfidence() async throws {
    for wrapped in [
      RouteDecision(.none, by: "rules", isSure: false),
      RouteDecision(.several, routes: ["a", "b"], by: "m", isSure: false),
    ] {
      let decision = try await decide(wrapped, session: "b")
      #expect(decision.kind == .route && decision.routes == ["b"] && decision.isSure)
      #expect(decision.confidence == nil && decision.decidedBy == "session")
    }
  }

  @Test(arguments: [
    RouteDecision(.route, routes: ["b"], by: "examples", confidence: 0.9),
    RouteDecision(.route, routes: ["a"], by: "examples", confidence: 0.9), RouteDecision(.none, by: "rules"),
    RouteDecision(.several, routes: ["b", "a"], by: "compound"),
  ])
  func whatIsSureStands(wrapped: RouteDecision) async throws {
    #expect(try await decide(wrapped, session: "a") == wrapped)
  }

  @Test func withoutASessionNothingChanges() async throws {
    let unsure = RouteDecision(.route, routes: ["b"], by: "examples", isSure: false)
    #expect(try await decide(unsure, session: nil) == unsure)
  }

  @Test(arguments: ["c", "", "A", "none"])
  func aSessionThatIsNoRouteIsIgnored(session: String) async throws {
    let unsure = RouteDecision(.route, routes: ["b"], by: "examples", notes: ["cut"], isSure: false)
    var expected = unsure
    expected.notes = ["cut", "the conversation's route is not one of the routes, and was ignored"]
    #expect(try await decide(unsure, session: session) == expected)
  }

  @Test func theRequestIsReadAsItIsAndPreparingIsPassedOn() async throws {
    let asking = AskedSelector { _ in RouteDecision(.none, by: "asked", isSure: false) }
    let request = RouteRequest("x", history: [.user("y")], metadata: ["k": "v"], session: "a")
    let selector: SessionSelector = .session(asking)
    try await selector.prepare(table, in: Run())
    #expect(asking.prepared.total == 1)
    _ = try await selector.select(request, among: table, in: Run())
    #expect(asking.requests.entries == [request])
  }

  @Test func stayingEndsACascadeAndAFailureFails() async throws {
    let last = ScriptedSelector(RouteDecision(.none, by: "last"))
    let unsure = ScriptedSelector(RouteDecision(.none, by: "first", isSure: false))
    let request = RouteRequest("x", session: "a")
    let cascade = CascadeSelector([SessionSelector(unsure), last])
    #expect(try await cascade.select(request, among: table, in: Run()).routes == ["a"])
    #expect(last.asked.total == 0)
    await #expect(throws: Broken.self) {
      try await SessionSelector(AskedSelector { _ in throw Broken() }).select(request, among: table, in: Run())
    }
  }
}

/// Decides with a closure, and remembers what it was asked.
struct AskedSelector: RouteSelector {
  let name = "asked"
  let requests = Journal<RouteRequest>()
  let prepared = Gauge()
  let decide: @Sendable (RouteRequest) async throws -> RouteDecision

  init(_ decide: @escaping @Sendable (RouteRequest) async throws -> RouteDecision) { self.decide = decide }

  func prepare(_ table: RouteTable, in run: Run) async throws { prepared.enter() }

  func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
    requests.add(request)
    run.record(Usage(calls: 1))
    return try await decide(request)
  }
}
