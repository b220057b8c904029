import NIOHTTP1
import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutProviders

@Suite struct WaitAndLimitHeaderTests {
  /// 2026-11-26 08:49:37 UTC.
  private static let now = 1_795_682_977.0

  private func headers(_ pairs: [(String, String)]) -> HTTPHeaders { HTTPHeaders(pairs) }

  @Test(
    arguments: [
      ([("retry-after", "3")], Duration.seconds(3)), ([("retry-after", "1.5")], .milliseconds(1_500)),
      ([("retry-after-ms", "250"), ("retry-after", "9")], .milliseconds(250)),
      ([("Retry-After", "Thu, 26 Nov 2026 08:50:07 GMT")], .seconds(30)),
      ([("retry-after", "Thu, 26 Nov 2026 08:49:07 GMT")], .zero), ([("retry-after", "soon")], nil),
      ([("retry-after", "86401")], nil), ([("retry-after", "nan")], nil), ([("retry-after", "")], nil),
      ([("retry-after", "Thu, 32 Nov 2026 08:50:07 GMT")], nil), ([], nil),
    ] as [([(String, String)], Duration?)])
  func `Every form of a wait`(pairs: [(String, String)], wait: Duration?) {
    #expect(WaitHeaders.wait(headers(pairs), now: Self.now) == wait)
  }

  @Test func `Whether to ask again`() {
    #expect(WaitHeaders.shouldRetry(headers([("x-should-retry", "true")])) == true)
    #expect(WaitHeaders.shouldRetry(headers([("X-Should-Retry", "FALSE")])) == false)
    #expect(WaitHeaders.shouldRetry(headers([("x-should-retry", "maybe")])) == nil)
  }

  @Test(
    arguments: [
      ("12ms", 0.012), ("1s", 1), ("6m0s", 360), ("1h2m3.5s", 3_723.5), ("250µs", 0.00025), ("", nil), ("5", nil),
      ("1x", nil), ("s", nil), ("1..2s", nil), ("-1s", nil), ("99999999999999h", nil),
    ] as [(String, Double?)])
  func `Lengths as Go writes them`(text: String, seconds: Double?) { #expect(GoDuration.seconds(text) == seconds) }

  @Test(
    arguments: [
      ("2026-11-26T08:49:37Z", now), ("2026-11-26T08:49:37.25Z", now + 0.25), ("2026-11-26T10:49:37+02:00", now),
      ("2026-11-26t04:19:37-04:30", now), ("1970-01-01T00:00:00Z", 0), ("2000-02-29T00:00:00Z", 951_782_400),
      ("2026-11-26T08:49:37", nil), ("2026-13-26T08:49:37Z", nil), ("2026-11-26", nil), ("T", nil), ("", nil),
    ] as [(String, Double?)])
  func `Dates of the internet`(text: String, seconds: Double?) { #expect(InternetDate.seconds(text) == seconds) }

  @Test func `OpenAI's limits`() {
    let limits = LimitHeaders.limits(
      headers([
        ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "59"),
        ("x-ratelimit-reset-requests", "1s"), ("x-ratelimit-limit-tokens", "150000"),
        ("x-ratelimit-remaining-tokens", "149984"), ("x-ratelimit-reset-tokens", "6m0s"),
      ]))
    #expect(limits?.requests == .init(limit: 60, remaining: 59, reset: .seconds(1)))
    #expect(limits?.tokens == .init(limit: 150_000, remaining: 149_984, reset: .seconds(360)))
  }

  @Test func `Anthropic's limits, of which the tighter one of tokens counts`() {
    let limits = LimitHeaders.limits(
      headers([
        ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "0"),
        ("anthropic-ratelimit-requests-reset", "2026-11-26T08:49:57Z"),
        ("anthropic-ratelimit-input-tokens-limit", "1000"), ("anthropic-ratelimit-input-tokens-remaining", "900"),
        ("anthropic-ratelimit-output-tokens-limit", "400"), ("anthropic-ratelimit-output-tokens-remaining", "40"),
      ]), now: Self.now)
    #expect(limits?.requests == .init(limit: 50, remaining: 0, reset: .seconds(20)))
    #expect(limits?.tokens == .init(limit: 400, remaining: 40))
  }

  @Test func `What is no limit`() {
    #expect(LimitHeaders.limits(headers([("content-type", "application/json")])) == nil)
    #expect(LimitHeaders.limits(headers([("x-ratelimit-limit-requests", "many")])) == nil)
    let odd = LimitHeaders.limits(
      headers([("x-ratelimit-limit-requests", "-5"), ("x-ratelimit-remaining-requests", "-7")]))
    #expect(odd?.requests == .init(limit: nil, remaining: 0))
  }

  @Test(arguments: 0..<2_000) func `Nothing in a header is a trap`(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let letters = Array("0123456789.,:-+TZzsmhµ GMTNovSun,e∞\u{0}é")
    let text = String((0..<random.int(0...30)).map { _ in letters[random.int(0...letters.count - 1)] })
    _ = GoDuration.seconds(text)
    _ = InternetDate.seconds(text)
    _ = HTTPDate.seconds(text)
    let names = [
      "retry-after", "retry-after-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-tokens",
      "x-ratelimit-reset-tokens", "anthropic-ratelimit-tokens-reset", "anthropic-ratelimit-tokens-limit",
    ]
    let headers = headers(names.map { ($0, text) })
    if let wait = WaitHeaders.wait(headers) { #expect(wait >= .zero && wait <= .seconds(86_400)) }
    if let reset = LimitHeaders.limits(headers)?.tokens?.reset { #expect(reset >= .zero && reset <= .seconds(86_400)) }
  }
}
