import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct CascadeTests {
  let table: RouteTable
  let scores = [RouteScore("a", 0.5), RouteScore("b", 0.4)]
  let evidence = [RouteEvidence(route: "a", text: "like this", similarity: 0.5)]

  init() throws { table = try RouteTable([RouteDescription("a"), RouteDescription("b")]) }

  @Test func theSecondIsNotAskedWhenTheFirstIsSure() async throws {
    let first = ScriptedSelector(RouteDecision(.route, routes: ["a"], by: "first"))
    let second = ScriptedSelector(RouteDecision(.route, routes: ["b"], by: "second"))
    let decision = try await CascadeSelector([first, second]).select("x", among: table, in: Run())
    #expect(decision == first.decision)
    #expect(second.asked.total == 0)
  }

  @Test func aSureNoneEndsItToo() async throws {
    let second = ScriptedSelector(RouteDecision(.route, routes: ["b"], by: "second"))
    let first = ScriptedSelector(RouteDecision(.none, by: "first"))
    #expect(try await CascadeSelector([first, second]).select("x", among: table, in: Run()).kind == .none)
    #expect(second.asked.total == 0)
  }

  @Test func whatTheFirstSawStaysVisible() async throws {
    let first = ScriptedSelector(
      RouteDecision(
        .route, routes: ["a"], by: "first", confidence: 0.5, scores: scores, evidence: evidence, notes: ["cut"],
        isSure: false))
    let second = ScriptedSelector(
      RouteDecision(.route, routes: ["b"], by: "second", reasoning: "why", notes: ["cut", "own"]))
    let decision = try await CascadeSelector([first, second]).select("x", among: table, in: Run())
    #expect(
      decision
        == RouteDecision(
          .route, routes: ["b"], by: "second", scores: scores, reasoning: "why", evidence: evidence,
          notes: ["cut", "own"]))
  }

  @Test func aLaterStageMayHaveScoresOfItsOwn() async throws {
    let first = ScriptedSelector(RouteDecision(.none, by: "first", scores: scores, isSure: false))
    let own = [RouteScore("a", 0.1), RouteScore("b", 0.9)]
    let second = ScriptedSelector(RouteDecision(.route, routes: ["b"], by: "second", scores: own))
    #expect(try await CascadeSelector([first, second]).select("x", among: table, in: Run()).scores == own)
  }

  @Test func whenNobodyIsSureTheLastDecides() async throws {
    let first = ScriptedSelector(RouteDecision(.route, routes: ["a"], by: "first", isSure: false))
    let last = ScriptedSelector(RouteDecision(.route, routes: ["b"], by: "last", isSure: false))
    let decision = try await CascadeSelector([first, last]).select("x", among: table, in: Run())
    #expect(decision.routes == ["b"])
    #expect(!decision.isSure)
    #expect(first.asked.total == 1 && last.asked.total == 1)
  }

  @Test func withoutStagesOtherwiseAnswers() async throws {
    let router = Router(by: CascadeSelector([])) {
      Route("a") { named("a") }
    } otherwise: {
      named("human")
    }
    let routed = try await router("x")
    #expect(routed.output == "human: x")
    #expect(routed.decision.decidedBy == "otherwise")
  }

  @Test func threeStagesAreAskedInOrder() async throws {
    let unsure = ScriptedSelector(RouteDecision(.none, by: "unsure", isSure: false))
    let sure = ScriptedSelector(RouteDecision(.route, routes: ["a"], by: "sure"))
    let router = Router(by: .cascade(unsure, unsure, sure)) {
      Route("a") { named("a") }
    } otherwise: {
      named("human")
    }
    #expect(try await router("x").decision.decidedBy == "sure")
    #expect(unsure.asked.total == 2)
  }

  /// Whoever is asked next need not read what is out of the question.
  @Test func aLaterStageIsAskedAboutTheBestRoutes() async throws {
    struct Asked: RouteSelector {
      let name = "asked"
      func select(_ request: RouteRequest, among table: RouteTable, in run: Run) async throws -> RouteDecision {
        RouteDecision(.none, by: name, notes: request.candidates ?? ["all"])
      }
    }
    let table = try RouteTable(["d", "c", "b", "a"].map { RouteDescription($0) })
    let all = [RouteScore("d", 0.1), RouteScore("c", 0.3), RouteScore("b", 0.1), RouteScore("a", 0.4)]
    for (scores, candidates, expected) in [(all, 3, ["a", "c", "b"]), (all, 4, ["all"]), ([], 2, ["all"])] {
      let first = ScriptedSelector(RouteDecision(.none, by: "first", scores: scores, isSure: false))
      let decision = try await CascadeSelector([first, Asked()], candidates: candidates)
        .select("x", among: table, in: Run())
      #expect(decision.notes == expected)
    }
  }

  @Test func aStageThatFailsFailsTheCascade() async {
    let model = ScriptedModel([.failure(ModelError.server("m", "down"))])
    let unsure = ScriptedSelector(RouteDecision(.none, by: "unsure", isSure: false))
    await #expect(throws: ModelError.server("m", "down")) {
      try await CascadeSelector([unsure, ModelSelector(model)]).select("x", among: table, in: Run())
    }
  }
}

@Suite struct RouteDecisionTests {
  @Test func isWrittenWithEverythingItKnows() {
    let decision = RouteDecision(
      .route, routes: ["service"], by: "examples", confidence: 0.912345,
      scores: [RouteScore("consult", 0.0876549), RouteScore("service", 0.912345)], reasoning: "it is broken",
      evidence: [RouteEvidence(route: "service", text: "It restarts", similarity: 0.87654321)],
      notes: ["only the beginning"])
    #expect(
      decision.value.json(pretty: true) == """
        {
          "kind": "route",
          "routes": [
            "service"
          ],
          "decided_by": "examples",
          "confidence": 0.9123,
          "margin": 0.8247,
          "scores": {
            "consult": 0.0877,
            "service": 0.9123
          },
          "reasoning": "it is broken",
          "evidence": [
            {
              "route": "service",
              "text": "It restarts",
              "similarity": 0.8765
            }
          ],
          "notes": [
            "only the beginning"
          ]
        }
        """)
  }

  @Test func whatIsUnknownIsNull() {
    #expect(
      RouteDecision(.none, by: "otherwise").value.json()
        == #"{"kind":"none","routes":[],"decided_by":"otherwise","confidence":null,"margin":null,"scores":{},"reasoning":null,"evidence":[]}"#
    )
    #expect(RouteDecision(.several, routes: ["a", "b"], by: "x").value["kind"] == "several")
  }
}
