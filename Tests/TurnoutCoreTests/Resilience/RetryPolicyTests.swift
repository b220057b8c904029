import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct RetryPolicyTests {
  @Test(arguments: 1...200) func `A wait is three quarters of the longest to all of it`(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let policy = RetryPolicy(retries: 8)
    let retry = random.int(1...8)
    let wait = try #require(policy.wait(before: retry, .server("x", "no"), using: &random)).inSeconds
    let longest = min(0.5 * Double(1 << (retry - 1)), 8)
    #expect(wait >= 0.75 * longest - 1e-9 && wait <= longest + 1e-9, "seed \(seed)")
  }

  @Test(arguments: 1...200) func `A hint is waited for, up to its limit`(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let policy = RetryPolicy(retries: 3, hintLimit: .seconds(random.int(0...200)))
    var failure = ModelError.rateLimited("x", "no")
    failure.retryAfter = .seconds(random.int(-5...250))
    let hint = try #require(failure.retryAfter)
    let wait = policy.wait(before: random.int(1...3), failure, using: &random)
    if hint > policy.hintLimit {
      #expect(wait == nil, "seed \(seed)")
    } else {
      #expect(try #require(wait) >= hint, "seed \(seed)")
    }
  }

  @Test func `What time does not mend is never asked again, whatever the provider says`() {
    for (failure, isRetried) in [
      (ModelError.rateLimited("x", ""), true), (.overloaded("x", ""), true), (.server("x", ""), true),
      (.connection("x", ""), true), (.timeout("x", ""), true), (.missingKey("x", variable: "X"), false),
      (.authentication("x", ""), false), (.notFound("x", ""), false), (.quotaExhausted("x", ""), false),
      (.contextWindow("x", ""), false), (.contentFiltered("x", ""), false), (.malformed("x", ""), false),
      (.refused("x", ""), false), (.notInstalled("x", ""), false), (.unavailable("x", ""), false),
    ] {
      #expect(RetryPolicy.standard.mayRetry(failure) == isRetried, "\(failure.label)")
      var said = failure
      said.shouldRetry = false
      #expect(!RetryPolicy.standard.mayRetry(said), "\(failure.label)")
      said.shouldRetry = true
      let isHopeless = !isRetried && !["malformed", "refused"].contains(failure.label)
      #expect(RetryPolicy.standard.mayRetry(said) != isHopeless, "\(failure.label)")
    }
  }

  @Test func `What is out of range is the nearest that is not`() {
    let policy = RetryPolicy(retries: -3, delay: .seconds(-1), limit: .seconds(-2), hintLimit: .seconds(-1))
    #expect(policy.retries == 0)
    #expect(policy.hintLimit == .zero)
    var random = SplitMix64(seed: 1)
    #expect(RetryPolicy(delay: .seconds(-1)).wait(before: 1, .server("x", ""), using: &random) == .zero)
    #expect(RetryPolicy(retries: .max).wait(before: .max, .server("x", ""), using: &random)?.inSeconds ?? 99 <= 8)
  }

  @Test(arguments: 1...300) func `What shares retries never makes more than each may and than the outermost allows`(
    seed: Int
  ) {
    var random = SplitMix64(seed: seed)
    let ceiling = random.int(0...6)
    let budget = RetryBudget(ceiling: ceiling)
    var made = 0
    for _ in 0..<40 {
      let own = random.int(0...8)
      let isTaken = budget.take(ofAtMost: own)
      #expect(isTaken == (made < min(own, ceiling)), "seed \(seed)")
      if isTaken { made += 1 }
    }
    #expect(made <= ceiling)
  }
}
