import Testing
import TurnoutCore

@Suite struct RouteDecisionReadingTests {
  let whole: Value = [
    "kind": "route", "routes": ["a"], "decided_by": "examples", "confidence": 0.5, "margin": 0.1,
    "scores": ["a": 0.5, "b": 0.4], "reasoning": "why", "evidence": [["route": "a", "text": "t", "similarity": 0.9]],
    "notes": ["n"], "is_sure": false, "duration_ms": 12.5,
    "usage": [
      "calls": 1, "input_tokens": 2, "output_tokens": 0, "cached_tokens": 0, "reasoning_tokens": 0, "embeddings": 0,
    ],
  ]

  @Test func aWrittenDecisionIsRead() throws {
    let decision = try RouteDecision(value: whole)
    var expected = RouteDecision(
      .route, routes: ["a"], by: "examples", confidence: 0.5, scores: [RouteScore("a", 0.5), RouteScore("b", 0.4)],
      reasoning: "why", evidence: [RouteEvidence(route: "a", text: "t", similarity: 0.9)], notes: ["n"], isSure: false)
    expected.duration = .microseconds(12_500)
    expected.usage = Usage(calls: 1, inputTokens: 2)
    #expect(decision == expected)
    #expect(decision.value == whole)
  }

  @Test(arguments: 0..<200) func readingGivesBackWhatWasWritten(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let decision = Self.decision(&random)
    let read = try RouteDecision(value: try Value(json: decision.value.json()))
    #expect(read.kind == decision.kind && read.routes == decision.routes && read.decidedBy == decision.decidedBy)
    #expect(read.reasoning == decision.reasoning && read.notes == decision.notes && read.isSure == decision.isSure)
    #expect((read.confidence == nil) == (decision.confidence == nil), "seed \(seed)")
    #expect(abs((read.confidence ?? 0) - (decision.confidence ?? 0)) <= 0.00005001, "seed \(seed)")
    #expect(read.scores.map(\.route) == decision.scores.map(\.route))
    for (left, right) in zip(read.scores, decision.scores) { #expect(abs(left.score - right.score) <= 0.00005001) }
    #expect(read.evidence.map(\.text) == decision.evidence.map(\.text))
    #expect(read.evidence.map(\.route) == decision.evidence.map(\.route))
    #expect(abs((read.duration - decision.duration).milliseconds) <= 0.0001)
    #expect(read.usage == (decision.duration > .zero ? decision.usage : .none))
    // What was read once is read the same again.
    #expect(try RouteDecision(value: read.value) == read, "seed \(seed)")
  }

  static let wrong: [(String, Value?, String)] = [
    ("kind", "other", "kind: route, none or several"), ("kind", nil, "kind: a string was expected, not nothing"),
    ("kind", "none", "routes: 1 do not fit the kind none"), ("kind", "several", "routes: 1 do not fit"),
    ("routes", [], "routes: 0 do not fit"), ("routes", [1], "routes: a string was expected in it, not an integer"),
    ("decided_by", nil, "decided_by: a string"), ("confidence", "0.5", "confidence: a number was expected"),
    ("confidence", nil, "confidence: a number was expected, not nothing"),
    ("confidence", .double(.infinity), "confidence: the number is not finite"),
    ("scores", ["a": "x"], "scores: a: a number was expected, not a string"), ("scores", [], "scores: an object"),
    ("reasoning", 1, "reasoning: a string"), ("evidence", [1], "evidence[0]: an object was expected, not an integer"),
    ("evidence", [["route": "a", "text": "t"]], "evidence[0]: similarity: a number"), ("notes", "n", "notes: an array"),
    ("is_sure", 1, "is_sure: a boolean"), ("duration_ms", -1, "duration_ms: a time in milliseconds"),
    ("duration_ms", 1e300, "duration_ms: a time"), ("usage", 1, "usage: an object was expected, not an integer"),
    ("usage", ["calls": 1], "usage: input_tokens: an integer was expected, not nothing"),
  ]

  @Test(arguments: 0..<wrong.count) func whatIsWrongIsNamed(index: Int) throws {
    let (key, replacement, complaint) = Self.wrong[index]
    var object = try #require(whole.object)
    object[key] = replacement
    let error = try #require(throws: TurnoutError.self) { try RouteDecision(value: .object(object)) }
    #expect(error.description.contains(complaint), "\(error)")
  }

  @Test func whatIsNoObjectIsRefused() {
    #expect(throws: TurnoutError.self) { try RouteDecision(value: [1]) }
    #expect(throws: TurnoutError.self) { try RouteDecision(value: nil) }
  }

  @Test func whatIsWrittenAtTimesMayBeMissing() throws {
    var object = try #require(whole.object)
    for key in ["notes", "is_sure", "duration_ms", "usage", "margin"] { object[key] = nil }
    object["later"] = "unknown"
    object["confidence"] = .null
    object["reasoning"] = .null
    let decision = try RouteDecision(value: .object(object))
    #expect(decision.isSure && decision.notes.isEmpty && decision.duration == .zero && decision.usage == .none)
    #expect(decision.confidence == nil && decision.reasoning == nil)
  }

  @Test func aDurationIsNeverOutOfRange() {
    #expect(Duration(milliseconds: 1.5) == .microseconds(1500))
    #expect(Duration(milliseconds: 0) == .zero)
    for number in [-1, .nan, .infinity, 1e13] { #expect(Duration(milliseconds: number) == nil) }
  }

  private static func decision(_ random: inout SplitMix64) -> RouteDecision {
    let names = (0..<random.int(2...6)).map { "route \($0) \"é\n" }
    let kind = random.pick([RouteDecision.Kind.route, .none, .several])
    let count = kind == .none ? 0 : kind == .route ? 1 : 2
    func number() -> Double { Double(random.int(-1_000_000...1_000_000)) / 1_000_003 }
    var decision = RouteDecision(
      kind, routes: Array(names.prefix(count)), by: random.pick(["rules", "examples", "模型"]),
      confidence: random.chance(70) ? number() : nil,
      scores: random.chance(60) ? names.map { RouteScore($0, number()) } : [],
      reasoning: random.chance(50) ? "be\\cause\t\"" : nil,
      evidence: random.chance(50) ? [RouteEvidence(route: names[0], text: "ü", similarity: number())] : [],
      notes: random.chance(30) ? ["one", ""] : [], isSure: random.chance(50))
    if random.chance(60) {
      decision.duration = .nanoseconds(random.int(50_000...9_000_000_000))
      decision.usage = Usage(calls: random.int(0...3), outputTokens: random.int(0...100), embeddings: 1)
    }
    return decision
  }
}
