import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct CompoundSelectorTests {
  let table: RouteTable
  let text = "My screen is broken, and what does a new phone cost?"

  init() throws { table = try RouteTable(["service", "consult", "press", "sales"].map { RouteDescription($0) }) }

  /// Surely the route of the words in a part; unsure about a text with words of several.
  private func byWords(whole: RouteDecision? = nil) -> AskedSelector {
    let words = [
      ("broken", "service"), ("坏", "service"), ("cost", "consult"), ("多少钱", "consult"), ("interview", "press"),
    ]
    return AskedSelector { request in
      if request.mostRoutes > 1, let whole { return whole }
      let routes = words.filter { request.text.contains($0.0) }.map(\.1)
      guard let route = routes.first else { return RouteDecision(.none, by: "words", isSure: false) }
      let confidence = route == "consult" ? 0.85 : 0.9
      return RouteDecision(.route, routes: [route], by: "words", confidence: confidence, isSure: routes.count == 1)
    }
  }

  private func decide(_ text: String, most: Int = 3, _ selector: AskedSelector) async throws -> RouteDecision {
    var request = RouteRequest(text)
    request.mostRoutes = most
    return try await CompoundSelector(selector).select(request, among: table, in: Run())
  }

  @Test func twoRequestsTakeTwoRoutes() async throws {
    let scores = [RouteScore("service", 0.4), RouteScore("consult", 0.4)]
    let evidence = [RouteEvidence(route: "service", text: "like", similarity: 0.4)]
    let whole = RouteDecision(
      .route, routes: ["service"], by: "words", confidence: 0.4, scores: scores, reasoning: "why", evidence: evidence,
      notes: ["cut"], isSure: false)
    #expect(
      try await decide(text, byWords(whole: whole))
        == RouteDecision(
          .several, routes: ["service", "consult"], by: "words", confidence: 0.85, scores: scores,
          reasoning: "of 2 parts, part 1 is for service, part 2 is for consult", evidence: evidence, notes: ["cut"]))
  }

  @Test(arguments: [
    ("我的手机坏了。新款手机多少钱？", ["service", "consult"]), ("新款手机多少钱，另外我的手机坏了", ["consult", "service"]),
    ("What does it cost? My screen is broken. What is the cost of two?", ["consult", "service"]),
    ("What does it cost? My dog is nice too. My screen is broken.", ["consult", "service"]),
  ])
  func routesAreInTheOrderOfTheText(text: String, routes: [String]) async throws {
    let decision = try await decide(text, byWords())
    #expect(decision.kind == .several && decision.routes == routes)
    #expect(!decision.value.json().contains("手机") && !decision.value.json().contains("screen"))
  }

  @Test func noMoreThanTheRouterCanMerge() async throws {
    let long = text + " And I want an interview please."
    #expect(try await decide(long, most: 2, byWords()).routes == ["service", "consult"])
    #expect(try await decide(long, most: 3, byWords()).routes == ["service", "consult", "press"])
    #expect(
      try await decide(long, most: 2, byWords()).reasoning
        == "of 3 parts, part 1 is for service, part 2 is for consult")
  }

  @Test func partsAreReadWithoutWhatParted() async throws {
    let selector = byWords()
    _ = try await decide("My screen is broken,  and also what does it cost? ", selector)
    let texts = selector.requests.entries.map(\.text)
    #expect(texts.first == "My screen is broken,  and also what does it cost? ")
    #expect(Set(texts.dropFirst()) == ["My screen is broken", "and also what does it cost?"])
    #expect(selector.requests.entries.map(\.mostRoutes) == [3, 1, 1])
  }

  @Test func aRequestThatIsNotCompoundCostsOneDecision() async throws {
    for (text, most) in [(text, 1), ("What does it cost?", 3), ("", 3)] {
      let selector = byWords()
      let decision = try await decide(text, most: most, selector)
      #expect(selector.requests.entries.count == 1)
      #expect(decision.kind != .several)
    }
  }

  @Test(arguments: [
    "My screen is broken. The frame is broken too.", "My screen is broken. I bought it last year.",
    "The weather is nice. I like your shop.",
  ])
  func partsThatAgreeOrSayNothingChangeNothing(text: String) async throws {
    let whole = RouteDecision(.route, routes: ["press"], by: "words", confidence: 0.1, isSure: false)
    #expect(try await decide(text, byWords(whole: whole)) == whole)
  }

  @Test func partsThatAreNotSureDoNotCount() async throws {
    let selector = AskedSelector { request in
      RouteDecision(.route, routes: [request.text.contains("cost") ? "consult" : "service"], by: "x", isSure: false)
    }
    #expect(try await decide(text, selector).kind == .route)
  }

  @Test func whatTheWholeSaysOfSeveralOrNoneStands() async throws {
    for whole in [RouteDecision(.none, by: "rules"), RouteDecision(.several, routes: ["press", "sales"], by: "model")] {
      let selector = byWords(whole: whole)
      #expect(try await decide(text, selector) == whole)
      #expect(selector.requests.entries.count == 1)
    }
    let unsure = RouteDecision(.none, by: "rules", isSure: false)
    #expect(try await decide(text, byWords(whole: unsure)).kind == .several)
  }

  /// One weak part is not a second request when the whole is clear.
  @Test(
    arguments: [
      (0.9, 0.05, 0.79, true, .route), (0.9, 0.05, 0.8, true, .several), (0.7, 0.25, 0.79, true, .several),
      (0.9, 0.05, 0.79, false, .several), (0.9, 0.05, nil, true, .several), (0.75, 0.25, 0.79, true, .route),
    ] as [(Double, Double, Double?, Bool, RouteDecision.Kind)])
  func aClearWholeStandsAgainstOneWeakPart(
    service: Double, consult: Double, part: Double?, isSure: Bool, expected: RouteDecision.Kind
  ) async throws {
    let selector = AskedSelector { request in
      if request.mostRoutes > 1 {
        let scores = [RouteScore("service", service), RouteScore("consult", consult)]
        return RouteDecision(.route, routes: ["service"], by: "x", confidence: service, scores: scores, isSure: isSure)
      }
      let isCost = request.text.contains("cost")
      return RouteDecision(.route, routes: [isCost ? "consult" : "service"], by: "x", confidence: isCost ? part : 0.95)
    }
    #expect(try await decide(text, selector).kind == expected)
  }

  @Test func twoWeakPartsStandAgainstAClearWhole() async throws {
    let selector = AskedSelector { request in
      if request.mostRoutes > 1 { return RouteDecision(.route, routes: ["service"], by: "rules", confidence: 1) }
      let route = request.text.contains("cost") ? "consult" : request.text.contains("talk") ? "press" : "service"
      return RouteDecision(.route, routes: [route], by: "x", confidence: 0.6)
    }
    #expect(try await decide(text, selector).kind == .route)
    #expect(try await decide(text + " I want a talk.", selector).routes == ["service", "consult", "press"])
  }

  @Test func partsAreDecidedAtOnceAndCounted() async throws {
    let gate = Gate()
    let selector = AskedSelector { request in
      if request.mostRoutes == 1 { try await gate.wait() }
      return RouteDecision(.route, routes: [request.text.contains("cost") ? "consult" : "service"], by: "x")
    }
    let router = Router<String, String>(by: CompoundSelector(selector)) {
      Route("service") { named("service") }
      Route("consult") { named("consult") }
    } otherwise: {
      named("human")
    } merge: {
      FunctionStep("join") { (answers: [RouteAnswer<String>]) in answers.map(\.route.name).joined(separator: "+") }
    }
    async let routed = router(text)
    await gate.waiters(2)
    gate.open()
    #expect(try await routed.output == "service+consult")
    #expect(try await routed.decision.usage.calls == 3)
  }

  @Test func aPartThatFailsFailsTheDecision() async throws {
    let selector = AskedSelector { request in
      if request.text.hasPrefix("and what") { throw Broken() }
      return RouteDecision(.route, routes: ["service"], by: "x")
    }
    await #expect(throws: Broken.self) { try await decide(text, selector) }
    try await CompoundSelector(selector).prepare(table, in: Run())
    #expect(selector.prepared.total == 1)
  }

  @Test func garbageNeverTakesRoutesThatAreNotThere() async throws {
    for seed in 0..<200 {
      var random = SplitMix64(seed: seed)
      let text = (0..<6).map { _ in garbage(&random, upTo: 20) + random.pick(["broken a b. ", "多少钱啊。", "cost a b\n"]) }
      let decision = try await decide(text.joined(), most: random.int(-1...3), byWords())
      #expect(Set(decision.routes).count == decision.routes.count && decision.routes.count <= 3, "seed \(seed)")
      #expect((decision.kind == .several) == (decision.routes.count > 1), "seed \(seed)")
    }
  }
}
