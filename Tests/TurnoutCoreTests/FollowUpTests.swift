import Testing
import TurnoutCore

@Suite struct FollowUpTests {
  let table: RouteTable
  let history: [Message] = [.user("phone price"), .assistant("499. Is it broken?")]
  private let note = "read together with the message before"

  init() throws { table = try RouteTable([RouteDescription("consult"), RouteDescription("service")]) }

  /// Surely consult where a price is spoken of, surely service where something is broken, else the given decision.
  private func byWords(otherwise: RouteDecision = RouteDecision(.none, by: "words", isSure: false)) -> AskedSelector {
    AskedSelector { request in
      if request.text.contains("broken") { return RouteDecision(.route, routes: ["service"], by: "words") }
      if request.text.contains("price") { return RouteDecision(.route, routes: ["consult"], by: "words", notes: ["n"]) }
      return otherwise
    }
  }

  private func decide(
    _ text: String, after history: [Message]? = nil, _ selector: AskedSelector
  ) async throws -> RouteDecision {
    try await FollowUpSelector(selector)
      .select(RouteRequest(text, history: history ?? self.history), among: table, in: Run())
  }

  /// A goodbye is no follow-up, however sure the message before was.
  @Test(arguments: [(0.94, true), (0.95, false), (1, false)]) func whatIsClearlyNoneIsReadByItself(
    confidence: Double, isReadAgain: Bool
  ) async throws {
    let none = RouteDecision(.none, by: "x", confidence: confidence)
    let second = RouteDecision(.route, routes: ["consult"], by: "x", confidence: 0.9)
    let decision = try await decide("thanks, bye", AskedSelector { $0.text.contains("\n") ? second : none })
    #expect(decision.routes == (isReadAgain ? ["consult"] : []))
  }

  @Test func aFollowUpIsReadWithTheMessageBefore() async throws {
    let selector = byWords()
    let decision = try await decide("and the blue one?", selector)
    #expect(decision == RouteDecision(.route, routes: ["consult"], by: "words", notes: ["n", note]))
    #expect(selector.requests.entries.map(\.text) == ["and the blue one?", "phone price\nand the blue one?"])
  }

  @Test func aSureNoneIsReadAgainToo() async throws {
    let decision = try await decide("蓝色的呢？", byWords(otherwise: RouteDecision(.none, by: "words")))
    #expect(decision.routes == ["consult"])
  }

  @Test func whatIsSureIsReadOnce() async throws {
    let selector = byWords()
    #expect(try await decide("and it is broken", selector).routes == ["service"])
    #expect(selector.requests.entries.count == 1)
  }

  @Test func onlyThePersonsLastMessageIsRead() async throws {
    let selector = byWords()
    let history: [Message] = [.user("it is broken"), .user("phone price"), .user(" \n"), .assistant("broken broken")]
    #expect(try await decide("and blue?", after: history, selector).routes == ["consult"])
    #expect(selector.requests.entries.last?.text == "phone price\nand blue?")
    for history in [[], [.assistant("it is broken")], [.system("broken"), .user("")]] as [[Message]] {
      let selector = byWords()
      #expect(try await decide("and blue?", after: history, selector).kind == .none)
      #expect(selector.requests.entries.count == 1)
    }
  }

  @Test(arguments: [
    ("one two three four five six seven eight", true), ("one two three four five six seven eight nine", false),
    ("what about one two three four five six seven eight", true), ("And one two three four five six seven eight", true),
    ("android one two three four five six seven eight", false), ("一二三四五六七八九十一二三四五六", true),
    ("一二三四五六七八九十一二三四五六七", false), ("那一二三四五六七八九十一二三四五六七", true), ("另外一二三四五六七八九十一二三四五六七", true),
    ("one two three four five six seven eight and", false), ("", false), (" \n", false), ("?", true),
  ])
  func onlyFollowUpsAreReadAgain(text: String, expected: Bool) async throws {
    let selector = byWords()
    let decision = try await decide(text, selector)
    #expect(selector.requests.entries.count == (expected ? 2 : 1))
    #expect(decision.notes.contains(note) == expected)
  }

  @Test(
    arguments: [
      (0.4, false, 0.5, false, true), (0.4, false, 0.4, false, false), (0.4, false, 0.3, false, false),
      (0.4, false, 0.3, true, true), (nil, false, 0.3, false, true), (0.4, false, nil, false, false),
      (0.4, false, nil, true, true),
    ] as [(Double?, Bool, Double?, Bool, Bool)])
  func theBetterDecisionIsKept(
    first: Double?, firstIsSure: Bool, second: Double?, secondIsSure: Bool, expected: Bool
  ) async throws {
    let one = RouteDecision(.route, routes: ["consult"], by: "x", confidence: first, isSure: firstIsSure)
    let two = RouteDecision(.route, routes: ["service"], by: "x", confidence: second, isSure: secondIsSure)
    let selector = AskedSelector { $0.text.contains("\n") ? two : one }
    #expect(try await decide("and?", selector).routes == [expected ? "service" : "consult"])
  }

  @Test func anUnsureSecondDoesNotReplaceASureNone() async throws {
    for second in [
      RouteDecision(.route, routes: ["consult"], by: "x", confidence: 0.5, isSure: false),
      RouteDecision(.none, by: "x", confidence: 1), RouteDecision(.none, by: "x", confidence: 0.9, isSure: false),
    ] {
      let first = RouteDecision(.none, by: "x", confidence: 0.7)
      #expect(try await decide("thanks", AskedSelector { $0.text.contains("\n") ? second : first }) == first)
    }
    let unsure = RouteDecision(.route, routes: ["consult"], by: "x", isSure: false)
    let none = RouteDecision(.none, by: "x", confidence: 0.9, isSure: false)
    #expect(try await decide("thanks", AskedSelector { $0.text.contains("\n") ? none : unsure }) == unsure)
  }

  @Test func theRestOfTheRequestIsKept() async throws {
    let selector = byWords()
    var request = RouteRequest("and?", history: history, metadata: ["k": "v"], session: "consult", candidates: ["a"])
    request.mostRoutes = 2
    let wrapped: FollowUpSelector = .followUp(selector)
    try await wrapped.prepare(table, in: Run())
    #expect(selector.prepared.total == 1)
    _ = try await wrapped.select(request, among: table, in: Run())
    request.text = "phone price\nand?"
    #expect(selector.requests.entries.last == request)
  }

  @Test func selectorsAreWrappedInEachOther() async throws {
    let selector = SessionSelector(CompoundSelector(FollowUpSelector(byWords())))
    var request = RouteRequest("hm", history: [.user("hello")], session: "service")
    #expect(try await selector.select(request, among: table, in: Run()).decidedBy == "session")
    request.text = "what is the price of it? it is broken again."
    request.mostRoutes = 2
    let several = AskedSelector { request in
      let routes = ["price": "consult", "broken": "service"].filter { request.text.contains($0.key) }.map(\.value)
      return RouteDecision(.route, routes: Array(routes.prefix(1)), by: "x", isSure: routes.count == 1)
    }
    let decision = try await SessionSelector(CompoundSelector(FollowUpSelector(several)))
      .select(request, among: table, in: Run())
    #expect(decision.routes == ["consult", "service"])
  }

  @Test func garbageIsAnswered() async throws {
    for seed in 0..<200 {
      var random = SplitMix64(seed: seed)
      _ = try await decide(garbage(&random), after: [.user(garbage(&random))], byWords())
    }
  }
}
