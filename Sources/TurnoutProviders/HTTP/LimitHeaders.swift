import NIOHTTP1
import TurnoutCore

/// Where a provider's limits stand, as the headers of its responses say.
///
/// OpenAI's `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`, whose resets are lengths of time, and Anthropic's
/// `anthropic-ratelimit-{requests,tokens,…}-{limit,remaining,reset}`, whose resets are dates.
enum LimitHeaders {
  /// - Parameter now: seconds since 1970, against which dates are held.
  static func limits(_ headers: HTTPHeaders, now: Double = WallClock.seconds) -> RateLimits? {
    // Most servers say nothing, and that is seen at one look.
    guard headers.contains(where: { $0.name.utf8.count > 20 && Self.mayBeLimit($0.name.utf8) }) else { return nil }
    let limits = RateLimits(
      requests: openAI(headers, "requests") ?? anthropic(headers, "requests", now),
      tokens: openAI(headers, "tokens") ?? anthropic(headers, "tokens", now)
        ?? tighter(anthropic(headers, "input-tokens", now), anthropic(headers, "output-tokens", now)))
    return limits.requests == nil && limits.tokens == nil ? nil : limits
  }

  /// Whether a name begins as those of limits do, with an x or an a.
  private static func mayBeLimit(_ name: String.UTF8View) -> Bool {
    guard let first = name.first else { return false }
    return first | 0x20 == UInt8(ascii: "x") || first | 0x20 == UInt8(ascii: "a")
  }

  private static func openAI(_ headers: HTTPHeaders, _ what: String) -> RateLimits.Window? {
    window(
      headers.first(name: "x-ratelimit-limit-\(what)"), headers.first(name: "x-ratelimit-remaining-\(what)"),
      headers.first(name: "x-ratelimit-reset-\(what)").flatMap { GoDuration.seconds($0) ?? Double($0) })
  }

  private static func anthropic(_ headers: HTTPHeaders, _ what: String, _ now: Double) -> RateLimits.Window? {
    window(
      headers.first(name: "anthropic-ratelimit-\(what)-limit"),
      headers.first(name: "anthropic-ratelimit-\(what)-remaining"),
      headers.first(name: "anthropic-ratelimit-\(what)-reset").flatMap { InternetDate.seconds($0) }.map { $0 - now })
  }

  private static func window(_ limit: String?, _ remaining: String?, _ reset: Double?) -> RateLimits.Window? {
    let limit = limit.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    let remaining = remaining.flatMap { Int($0) }.map { max(0, $0) }
    guard limit != nil || remaining != nil else { return nil }
    let seconds = reset.flatMap { $0.isFinite && $0 <= 86_400 ? max(0, $0) : nil }
    return RateLimits.Window(limit: limit, remaining: remaining, reset: seconds.map { .seconds($0) })
  }

  /// Of two limits of tokens, the one of which a smaller part is left.
  private static func tighter(_ left: RateLimits.Window?, _ right: RateLimits.Window?) -> RateLimits.Window? {
    guard let left, let right else { return left ?? right }
    func share(_ window: RateLimits.Window) -> Double {
      guard let limit = window.limit, let remaining = window.remaining else { return 1 }
      return Double(remaining) / Double(limit)
    }
    return share(left) <= share(right) ? left : right
  }
}
