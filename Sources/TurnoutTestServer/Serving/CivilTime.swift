#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A moment in UTC, as headers write it.
struct CivilTime: Sendable, Hashable {
  /// Seconds since 1970.
  let seconds: Int

  /// A moment ahead of now, up to the next whole second.
  static func inFuture(_ wait: Duration) -> CivilTime { CivilTime(seconds: time(nil) &+ wait.wholeSeconds) }

  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  var httpText: String {
    let (year, month, day) = date
    let weekday = Self.days[dayNumber % 7]
    return "\(weekday), \(Self.two(day)) \(Self.months[month - 1]) \(year) \(clock) GMT"
  }

  /// `1994-11-06T08:49:37Z`
  var internetText: String {
    let (year, month, day) = date
    return "\(year)-\(Self.two(month))-\(Self.two(day))T\(clock)Z"
  }

  private var dayNumber: Int { max(0, seconds) / 86_400 }

  private var clock: String {
    let rest = max(0, seconds) % 86_400
    return "\(Self.two(rest / 3600)):\(Self.two(rest / 60 % 60)):\(Self.two(rest % 60))"
  }

  /// The proleptic Gregorian date (Hinnant 2013, "chrono-compatible low-level date algorithms").
  private var date: (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    return (
      yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

extension Duration {
  /// Up to the next whole second.
  var wholeSeconds: Int {
    let (seconds, rest) = components
    return Int(clamping: seconds) &+ (rest > 0 ? 1 : 0)
  }

  /// Up to the next whole millisecond.
  var wholeMilliseconds: Int { Int((min(max(self / .milliseconds(1), 0), 1e12)).rounded(.up)) }

  /// A relative time as Go writes it, and OpenAI's headers with it: `12ms`, `1.5s`, `6m0s`.
  var goText: String {
    let milliseconds = wholeMilliseconds
    if milliseconds < 1000 { return "\(milliseconds)ms" }
    let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
    let seconds = Self.decimal(rest)
    return minutes == 0 ? "\(seconds)s" : "\(minutes)m\(seconds)s"
  }

  /// Seconds as protocol buffers write a duration: `22s`, `0.02s`.
  var secondsText: String { "\(Self.decimal(wholeMilliseconds))s" }

  private static func decimal(_ milliseconds: Int) -> String {
    let text = "\(Double(milliseconds) / 1000)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
