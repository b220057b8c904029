import Testing
import TurnoutCore
import TurnoutTestServer
import TurnoutTesting

@Suite struct FaultPlanTests {
  @Test func `A list is for the first requests`() {
    let plan = FaultPlan([.truncation, nil, .garbage])
    #expect((0...4).map { plan.fault(of: $0) } == [nil, .truncation, nil, .garbage, nil])
    #expect(FaultPlan.none.fault(of: 1) == nil)
  }

  @Test(arguments: [0, 1, -7, Int.max]) func `A seed decides, and hits as many as its share says`(seed: Int) {
    let plan = FaultPlan(seed: seed, share: 0.3)
    let faults = (1...20_000).map { plan.fault(of: $0) }
    #expect(faults == (1...20_000).map { FaultPlan(seed: seed, share: 0.3).fault(of: $0) })
    // Six standard deviations of a binomial draw are 389.
    #expect((5_600...6_400).contains(faults.count { $0 != nil }), "seed \(seed)")
    #expect(Set(faults.compactMap { $0 }) == Set(Fault.usual))
    #expect(faults != (1...20_000).map { FaultPlan(seed: seed &+ 1, share: 0.3).fault(of: $0) })
  }

  @Test func `All or none can be drawn, and nothing from nothing`() {
    #expect((1...100).allSatisfy { FaultPlan(seed: 1, share: 1, among: [.gzip]).fault(of: $0) == .gzip })
    #expect((1...100).allSatisfy { FaultPlan(seed: 1, share: 0).fault(of: $0) == nil })
    #expect(FaultPlan(seed: 1, share: 1, among: []).fault(of: 1) == nil)
  }

  @Test func `An answer waits for a request that gets it`() async throws {
    let plan = FaultPlan([.refusal(500), .singleBytes, .reset(.beforeHeaders)])
    try await ModelServer.serve([.text("one"), .text("two")], faults: plan) { server in
      var texts: [String?] = []
      for _ in 0..<4 {
        texts.append(try await server.ask(.messages).json["content"]?[0]?["text"]?.string)
      }
      #expect(texts == [nil, "one", nil, "two"])
    }
  }

  @Test func `A limit is told in headers, kept, and flows back`() async throws {
    let clock = ManualClock()
    try await ModelServer.serve(
      answering: { _, _ in .text("ok") }, limit: RequestLimit(bucket: 2, perSecond: 0.5), clock: RunClock(clock)
    ) { server in
      let first = try await server.ask(.chatCompletions)
      #expect(first.header("x-ratelimit-limit-requests") == "2")
      #expect(first.header("x-ratelimit-remaining-requests") == "1")
      #expect(first.header("x-ratelimit-reset-requests") == "2s")
      #expect(try await server.ask(.responses).header("x-ratelimit-remaining-requests") == "0")
      clock.advance(by: .milliseconds(500))
      let refused = try await server.ask(.chatCompletions)
      #expect(refused.status == 429)
      #expect(refused.header("retry-after-ms") == "1500")
      #expect(refused.header("x-ratelimit-reset-requests") == "3.5s")
      let anthropic = try await server.ask(.messages)
      #expect(anthropic.status == 429)
      #expect(anthropic.header("retry-after") == "2")
      #expect(anthropic.header("anthropic-ratelimit-requests-remaining") == "0")
      let reset = try #require(anthropic.header("anthropic-ratelimit-requests-reset"))
      #expect(reset.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil, "\(reset)")
      let gemini = try await server.ask(.gemini)
      #expect(gemini.json["error"]?["details"]?[0]?["retryDelay"] == "1.5s")
      clock.advance(by: .milliseconds(1500))
      #expect(try await server.ask(.gemini).status == 200)
      #expect(server.requests.map { $0.fault == nil } == [true, true, false, false, false, true])
    }
  }

  @Test func `A bucket never holds more than it can`() async throws {
    let clock = ManualClock()
    try await ModelServer.serve(
      answering: { _, _ in .text("ok") }, limit: RequestLimit(bucket: 3, perSecond: 10), clock: RunClock(clock)
    ) { server in
      clock.advance(by: .seconds(3600))
      var statuses: [Int?] = []
      for _ in 0..<4 { statuses.append(try await server.ask(.gemini).status) }
      #expect(statuses == [200, 200, 200, 429])
    }
  }
}
