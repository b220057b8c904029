import Testing
import TurnoutCore

@Suite struct RulesSelectorTests {
  let table: RouteTable

  init() throws { table = try RouteTable(["billing", "service", "press"].map { RouteDescription($0) }) }

  private func decide(_ rules: [Rule], _ request: RouteRequest) async throws -> RouteDecision {
    try await RulesSelector(rules).select(request, among: table, in: Run())
  }

  private func holds(_ condition: RuleCondition, _ request: RouteRequest) async throws -> Bool {
    try await decide([Rule(route: "billing", when: [condition])], request).isSure
  }

  @Test func aMatchIsSureAndSaysWhy() async throws {
    let rules = [
      Rule(route: "press", when: [.words(["interview"])]),
      Rule(route: "billing", when: [.words(["receipt", "Invoice"]), .length(atMost: 40)], name: "papers"),
    ]
    #expect(
      try await decide(rules, "Where is my INVOICE?")
        == RouteDecision(
          .route, routes: ["billing"], by: "rules", confidence: 1,
          reasoning: #"rule 2 "papers" matches: the word "Invoice", 20 characters"#))
  }

  @Test func withoutAMatchTheNextStageDecides() async throws {
    let rules = RulesSelector([Rule(route: "press", when: [.words(["interview"])])])
    let next = ScriptedSelector(RouteDecision(.route, routes: ["service"], by: "scripted"))
    #expect(
      try await rules.select("hello", among: table, in: Run())
        == RouteDecision(.none, by: "rules", reasoning: "no rule holds", isSure: false))
    #expect(try await CascadeSelector([rules, next]).select("hello", among: table, in: Run()).routes == ["service"])
    #expect(try await CascadeSelector([rules, next]).select("interview", among: table, in: Run()).routes == ["press"])
    #expect(next.asked.total == 1)
  }

  @Test func aRuleMayWantNoneOfTheRoutes() async throws {
    let decision = try await decide([Rule(route: nil, when: [.words(["律师"])])], "我要找律师投诉你们")
    #expect(decision.kind == .none && decision.routes.isEmpty && decision.isSure && decision.confidence == 1)
    #expect(decision.reasoning == #"rule 1 matches: the word "律师""#)
  }

  @Test func theFirstOfTheHighestPriorityDecides() async throws {
    let condition = RuleCondition.words(["x"])
    func rule(_ route: String, _ priority: Int) -> Rule { Rule(route: route, when: [condition], priority: priority) }
    let cases: [([Rule], String)] = [
      ([rule("billing", 0), rule("service", 0), rule("press", 0)], "rule 1"),
      ([rule("billing", 0), rule("service", 2), rule("press", 2)], "rule 2"),
      ([rule("billing", -1), rule("service", -2), rule("press", 0)], "rule 3"),
    ]
    for (rules, winner) in cases {
      #expect(try await decide(rules, "x").reasoning?.hasPrefix(winner + " matches") == true)
    }
  }

  @Test func allConditionsMustHold() async throws {
    let rules = [Rule(route: "service", when: [.words(["phone"]), .words(["broken"])])]
    #expect(try await decide(rules, "my phone is broken").isSure)
    #expect(try await !decide(rules, "my phone is blue").isSure)
    #expect(try await !decide(rules, "my heart is broken").isSure)
  }

  @Test func withoutConditionsARuleAlwaysMatches() async throws {
    #expect(try await decide([Rule(route: "press", when: [])], "").reasoning == "rule 1 matches: it has no conditions")
  }

  /// A name nobody can answer to is found before any request comes, also in a rule that would not match.
  @Test func unknownRoutesAreAnError() async throws {
    let selector = RulesSelector([
      Rule(route: nil, when: []), Rule(route: "bills", when: [.words(["x"])], priority: 9, name: "old"),
    ])
    let expected = TurnoutError.invalidInput(
      #"rule 2 "old" names "bills", which is no route; the routes are billing, service, press"#)
    for _ in 0..<2 {
      await #expect(throws: expected) { try await selector.prepare(table, in: Run()) }
      await #expect(throws: expected) { try await selector.select("hi", among: table, in: Run()) }
    }
    let other = try RouteTable([RouteDescription("bills")])
    #expect(try await selector.select("hi", among: other, in: Run()).kind == .none)
  }

  @Test(arguments: [
    ("refund", "I want a refund.", true), ("refund", "Refunded already", false), ("refund", "unrefund", false),
    ("refund", "REFUND", true), ("refund", "re fund", false), ("money back", "my money\n  back please", true),
    ("money back", "money backs", false), ("C++", "is it in c++?", true), ("C++", "c+", false),
    ("5G", "a 5g phone", true),
    ("5G", "15G", false), ("don't", "I don’t know", true), ("iPhone", "我的iPhone坏了", true), ("退款", "我要退款。", true),
    ("退款", "退货款", false), ("かえす", "これをかえすには", true), ("환불", "환불해주세요", true), ("คืนเงิน", "ขอคืนเงินครับ", true),
    ("ＡＢＣ", "abc", true), ("abc", "ＡＢＣ　Ｄ", true), ("résumé", "my resume", false), ("resume", "my résumé", false),
    ("resume", "my re\u{301}sume\u{301}", false), ("résumé", "MY RE\u{301}SUME\u{301}", true),
    ("re\u{301}sume\u{301}", "résumé", true), ("Straße", "STRAßE", true), ("ΟΔΟΣ", "οδος", true),
    ("οδός", "ΟΔΌΣ", true),
    ("", "anything", false), ("  ", "any  thing", false), ("a", "", false), ("-", "a-b", true),
    ("привет", "ПРИВЕТ!", true), ("привет", "приветик", false),
  ])
  func wordsAreWholeAndFolded(word: String, text: String, expected: Bool) async throws {
    #expect(try await holds(.words([word]), RouteRequest(text)) == expected)
  }

  @Test func theWordThatOccursFirstIsNamed() async throws {
    let rule = Rule(route: "billing", when: [.words(["pay", "bill", "bill me"])])
    #expect(try await decide([rule], "a BILL me to pay").reasoning == #"rule 1 matches: the word "bill""#)
    #expect(try await !holds(.words([]), "anything"))
  }

  @Test(arguments: [
    (TextScript.han, "我的手机坏了 ok", 0.5, true), (.han, "我 am here", 0.5, false), (.han, "我 am here", 0.1, true),
    (.latin, "Ça va?", 1.0, true), (.cyrillic, "Привет, Bob", 0.6, true), (.arabic, "مرحبا", 1.0, true),
    (.greek, "Γειά σου", 1.0, true), (.hebrew, "שלום", 1.0, true), (.kana, "これはペンです", 1.0, true),
    (.kana, "漢字", 0.1, false), (.hangul, "안녕하세요", 1.0, true), (.thai, "สวัสดี", 1.0, true),
    (.devanagari, "नमस्ते", 1.0, true), (.han, "123 !?", 0.0, false), (.latin, "", 0.0, false),
  ])
  func scriptsAreAShareOfTheLetters(script: TextScript, text: String, share: Double, expected: Bool) async throws {
    #expect(try await holds(.script(script, atLeast: share), RouteRequest(text)) == expected)
  }

  @Test func theShareIsInTheReason() async throws {
    let decision = try await decide([Rule(route: "press", when: [.script(.han)])], "手机坏了ab")
    #expect(decision.reasoning == "rule 1 matches: 67 % han letters")
  }

  @Test func lengthsAreInCharacters() async throws {
    let text = RouteRequest("👨‍👩‍👧e\u{301}好")
    #expect(try await holds(.length(3...3), text))
    #expect(try await !holds(.length(atMost: 2), text))
    #expect(try await !holds(.length(atLeast: 4), text))
    #expect(try await holds(.length(atLeast: 3), text))
    #expect(try await holds(.length(atLeast: .min), text))
    #expect(try await !holds(.length(atMost: -1), ""))
  }

  @Test func metadataIsNamedByItsKeyAlone() async throws {
    let rule = Rule(route: "press", when: [.metadata("customer", ["42-secret", "43"])])
    let decision = try await decide([rule], RouteRequest("hi", metadata: ["customer": "42-secret"]))
    #expect(decision.reasoning == #"rule 1 matches: the metadata "customer""#)
    #expect(!decision.value.json().contains("42-secret"))
    #expect(try await !decide([rule], RouteRequest("hi", metadata: ["customer": "44"])).isSure)
    #expect(try await !decide([rule], "hi").isSure)
  }

  @Test func patternsSayWhereAndNotWhat() async throws {
    let rule = Rule(route: "service", when: [try .pattern(#"\b[A-Z]{2}-\d{6}\b"#)])
    let decision = try await decide([rule], "订单 AB-123456 呢")
    #expect(decision.reasoning == #"rule 1 matches: the pattern "\b[A-Z]{2}-\d{6}\b" at character 4"#)
    #expect(try await !decide([rule], "AB-1234567").isSure)
    #expect(try await holds(.pattern("(?i)re(turn|fund)"), "REFUND"))
  }

  @Test func onlyTheBeginningIsSearched() async throws {
    let rule = Rule(route: "service", when: [try .pattern("x")])
    let before = String(repeating: "好", count: RulesSelector.patternLimit)
    #expect(try await decide([rule], RouteRequest(before.dropLast() + "x")).isSure)
    let decision = try await decide([rule], RouteRequest(before + "x"))
    #expect(!decision.isSure)
    #expect(decision.notes == ["patterns searched only the first 2000 characters of the request"])
    #expect(try await decide([rule], RouteRequest(before)).notes.isEmpty)
  }

  @Test func conditionsAreEqualWhenTheyAskTheSame() throws {
    #expect(try RuleCondition.pattern("a+") == .pattern("a+"))
    #expect(try RuleCondition.pattern("a+") != .pattern("a"))
    #expect(RuleCondition.words(["a"]) == .words(["a"]))
    #expect(Set([RuleCondition.length(1...2), .length(1...2), .script(.han)]).count == 2)
  }

  @Test func garbageIsAnswered() async throws {
    let selector = RulesSelector([
      Rule(route: "press", when: [.words(["é", "ab c", "款", "\u{301}"]), try .pattern(#"\w+\s"#), .script(.kana)])
    ])
    for seed in 0..<200 {
      var random = SplitMix64(seed: seed)
      let request = RouteRequest(garbage(&random), metadata: ["a": garbage(&random)])
      _ = try await selector.select(request, among: table, in: Run())
    }
  }

  @Test func manyTasksMayShareASelector() async throws {
    let selector = RulesSelector.rules(Rule(route: "service", when: [try .pattern(#"(?i)order\s*#?\d{5,}"#)]))
    let table = table
    let sure = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<400 {
        group.addTask {
          let text = number % 2 == 0 ? "my Order #\(10_000 + number)" : "my order is late"
          return try await selector.select(text, among: table, in: Run()).isSure
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(sure == 200)
  }
}

/// A short text of letters, signs and scalars from anywhere in Unicode.
func garbage(_ random: inout SplitMix64, upTo length: Int = 60) -> String {
  let common = Array(" .,?!;。？！；，、\n\r\t\"')andalso另外还有同时款é\u{301}\u{200D}\u{FE0F}한คＡ1.".unicodeScalars)
  var text = String.UnicodeScalarView()
  for _ in 0..<random.int(0...length) {
    let any = Unicode.Scalar(UInt32(random.int(0...0x10FFFF)))
    text.append(random.chance(85) ? random.pick(common) : any ?? " ")
  }
  return String(text)
}
