import NIOHTTP1
import TurnoutCore

/// How long a server asks to wait before the next request, in every form that is in use.
///
/// `retry-after-ms` in milliseconds; `retry-after` in seconds or as a date (RFC 9110, section 10.2.3). A wait of more than
/// a day, or a header that says something else, is no wait.
enum WaitHeaders {
  static let longest = Duration.seconds(86_400)

  /// - Parameter now: seconds since 1970, against which dates are held.
  static func wait(_ headers: HTTPHeaders, now: Double = WallClock.seconds) -> Duration? {
    number(headers.first(name: "retry-after-ms"), 0.001) ?? number(headers.first(name: "retry-after"), 1)
      ?? headers.first(name: "retry-after").flatMap { HTTPDate.seconds($0) }.flatMap { bounded($0 - now) }
  }

  /// Whether a server says itself that a request may, or must not, be made again.
  static func shouldRetry(_ headers: HTTPHeaders) -> Bool? {
    switch headers.first(name: "x-should-retry")?.lowercased() {
    case "true": true
    case "false": false
    default: nil
    }
  }

  private static func number(_ header: String?, _ unit: Double) -> Duration? {
    header.flatMap { Double($0) }.flatMap { $0 >= 0 ? bounded($0 * unit) : nil }
  }

  /// A date that has passed asks for no wait.
  private static func bounded(_ seconds: Double) -> Duration? {
    guard seconds.isFinite, seconds > -1e9, seconds <= longest.inSeconds else { return nil }
    return .seconds(max(0, seconds))
  }
}
