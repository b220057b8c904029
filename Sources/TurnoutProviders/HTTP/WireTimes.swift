#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The time of day, which headers with dates are held against.
enum WallClock {
  /// Seconds since 1970.
  static var seconds: Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}

/// Dates as headers have them: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
enum HTTPDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Seconds since 1970; nil for what is no such date.
  static func seconds(_ text: String) -> Double? {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT", let day = Int(parts[1]),
      let month = months.firstIndex(of: parts[2]), let year = Int(parts[3])
    else { return nil }
    return CalendarTime(year: year, month: month + 1, day: day, time: parts[4])?.seconds
  }
}

/// Dates as RFC 3339 has them: `2026-11-26T08:49:37Z`, with a fraction and an offset where they are.
enum InternetDate {
  /// Seconds since 1970; nil for what is no such date.
  static func seconds(_ text: String) -> Double? {
    guard text.utf8.count <= 40, let border = text.firstIndex(where: { $0 == "T" || $0 == "t" || $0 == " " }) else {
      return nil
    }
    let date = text[..<border].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    var time = text[text.index(after: border)...]
    guard date.count == 3, let year = Int(date[0]), let month = Int(date[1]), let day = Int(date[2]) else { return nil }
    var offset = 0.0
    if time.last == "Z" || time.last == "z" {
      time.removeLast()
    } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let hours = time[time.index(after: sign)...].split(separator: ":").compactMap { Double($0) }
      guard hours.count == 2, hours.allSatisfy({ (0...59).contains($0) }) else { return nil }
      offset = (time[sign] == "-" ? -1 : 1) * (hours[0] * 3_600 + hours[1] * 60)
      time = time[..<sign]
    } else {
      return nil
    }
    return CalendarTime(year: year, month: month, day: day, time: String(time)).map { $0.seconds - offset }
  }
}

/// A day of the calendar with a time such as `08:49:37.5`.
private struct CalendarTime {
  let seconds: Double

  init?(year: Int, month: Int, day: Int, time: String) {
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]), let second = Double(parts[2]),
      (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
      (0...59).contains(minute), second >= 0, second < 61
    else { return nil }
    // Days since 1970 by the civil calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    seconds = Double(days) * 86_400 + Double(hour * 3_600 + minute * 60) + second
  }
}

/// Lengths of time as Go writes them: `12ms`, `1s`, `6m0s`, `1h2m3.5s`.
enum GoDuration {
  private static let units: [(name: String, seconds: Double)] = [
    ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3_600),
  ]

  /// Seconds; nil for what is no such length, a bare number included.
  static func seconds(_ text: String) -> Double? {
    var rest = Substring(text)
    guard !rest.isEmpty, rest.utf8.count <= 40 else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let word = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
      rest = rest.dropFirst(word.count)
      guard let number = Double(digits), let unit = units.first(where: { $0.name == word }) else { return nil }
      total += number * unit.seconds
    }
    return total.isFinite && total <= 1e9 ? total : nil
  }
}
