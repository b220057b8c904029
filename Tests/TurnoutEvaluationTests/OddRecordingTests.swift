import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct OddRecordingTests {
  @Test func oddTextsStayOneLineEach() async throws {
    let texts =
      oddTexts + [#"{"turnout_decisions":1,"fingerprint":"x"}"#, "\\u0000", "\u{1F600}\u{200D}", "x\r", "\u{85}"]
    let fingerprint = "of \"two\"\nlines \u{2028} 请"
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: fingerprint)
        for (number, text) in texts.enumerated() {
          var decision = decided(text + "a", text + "b", by: text, scores: [RouteScore(text, Double(number) / 7)])
          decision.reasoning = text
          try log.append(decision, for: text)
        }
      }
      #expect(try Array(read(path).utf8).count { $0 == 0x0A } == texts.count + 1)
      let again = try DecisionLog(path: path, fingerprint: fingerprint)
      #expect(again.count == texts.count)
      for (number, text) in texts.enumerated() {
        let decision = try #require(again.decision(for: text))
        #expect(
          decision.routes == [text + "a", text + "b"] && decision.reasoning == text && decision.decidedBy == text)
        #expect(decision.scores == [RouteScore(text, Double(number) / 7)])
      }
      #expect(throws: EvaluationError.self) { try DecisionLog(path: path + "/x", fingerprint: fingerprint) }
    }
  }

  @Test func aLongRequestIsKeptAndALongerOneRefused() async throws {
    let long = String(repeating: "请é\n", count: 1 << 17) + String(repeating: "x", count: 1 << 18)
    // Each of these takes six bytes where it is written.
    let escaped = String(repeating: "\u{1}", count: 1 << 20)
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: "one")
        try log.append(decided("a"), for: long)
        let error = try #require(throws: EvaluationError.self) { try log.append(decided("b"), for: escaped) }
        #expect(error.description == "\(path): a request with its decision is longer than 4 MiB")
        try log.append(decided("c"), for: "short")
      }
      let again = try DecisionLog(path: path, fingerprint: "one")
      #expect(again.count == 2 && again.decision(for: long)?.routes == ["a"] && again.decision(for: escaped) == nil)
      #expect(again.decision(for: "short")?.routes == ["c"])
    }
  }

  @Test func whateverIsWrittenIsReadAgain() async throws {
    try await withPath { path in
      func length(_ count: Int) throws -> Int {
        let log = try DecisionLog(path: path, fingerprint: "one")
        let before = try read(path).utf8.count
        try log.append(decided("a"), for: String(repeating: "x", count: count))
        return try read(path).utf8.count - before
      }
      // With its line feed the longest line has exactly 4 MiB.
      let most = (4 << 20) - (try length(0))
      #expect(try length(most) == 4 << 20)
      #expect(throws: EvaluationError.self) { try length(most + 1) }
      #expect(try DecisionLog(path: path, fingerprint: "one").count == 2)
    }
  }

  @Test func theLaterDecisionCounts() async throws {
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: "one")
        for route in ["a", "b", "c"] { try log.append(decided(route), for: "same\r\n") }
        #expect(log.count == 1 && log.decision(for: "same\r\n")?.routes == ["c"])
      }
      // A file that an editor gave other line ends is still the same recording.
      try write(try read(path).replacing("\n", with: "\r\n"), to: path)
      let again = try DecisionLog(path: path, fingerprint: "one")
      #expect(again.count == 1 && again.decision(for: "same\r\n")?.routes == ["c"])
    }
  }

  @Test(arguments: 0..<10) func aReplayGivesTheSameReport(seed: Int) async throws {
    var random = SplitMix64(seed: seed)
    let judged = (0..<30).map { number in random.judged(random.request(number)) }.filter { $0.decision != nil }
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: "one")
        for row in judged { try log.append(try row.result.get(), for: row.request.input) }
      }
      let log = try DecisionLog(path: path, fingerprint: "one")
      let again = try judged.map { JudgedDecision($0.request, try #require(log.decision(for: $0.request.input))) }
      #expect(
        RouteEvaluation(judged: again, routes: randomRoutes) == RouteEvaluation(judged: judged, routes: randomRoutes),
        "seed \(seed)")
    }
  }
}
