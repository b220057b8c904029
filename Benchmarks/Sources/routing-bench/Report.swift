import TurnoutCore
import TurnoutEvaluation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What is being done, for whoever waits.
enum Progress {
  /// On standard error, so that the tables can be kept alone.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(2, bytes, bytes.count)
  }
}

/// Figures that belong together.
struct Section {
  let title: String
  let lines: [Line]

  var text: String { ([title] + lines.map(\.text)).joined(separator: "\n") + "\n" }
  var value: Value { ["title": .string(title), "lines": .array(lines.map(\.value))] }
}

/// A figure with its target, where there is one.
struct Line {
  let name: String
  let figure: Figure
  var target: Target?

  init(_ name: String, _ figure: Figure, _ target: Target? = nil) {
    self.name = name
    self.figure = figure
    self.target = target
  }

  var text: String {
    let verdict = target.map { "   target \($0.text): \($0.isMet(figure.number) ? "met" : "missed")" } ?? ""
    return "  " + Text.pad(name, 66) + Text.pad(figure.text, verdict.isEmpty ? 0 : 34) + verdict
  }

  var value: Value {
    var object: ValueObject = ["name": .string(name), "figure": figure.value]
    if let target {
      object["target"] = .string(target.text)
      object["met"] = .bool(target.isMet(figure.number))
    }
    return .object(object)
  }
}

/// A number with what is known of its error.
enum Figure {
  /// A mean over draws, of shares or differences of shares.
  case mean(MeanInterval)
  /// A mean over draws of anything from 0 to 1.
  case score(MeanInterval)
  /// So many of so many.
  case share(Proportion)
  /// Anything else, with its unit and decimals.
  case plain(Double, unit: String = "", places: Int)

  /// The number that a target is compared with: shares in per cent.
  var number: Double? {
    switch self {
    case .mean(let mean): mean.mean.map { $0 * 100 }
    case .score(let mean): mean.mean
    case .share(let share): share.share.map { $0 * 100 }
    case .plain(let number, _, _): number
    }
  }

  var text: String {
    let number = number.map { Text.fixed($0, places) } ?? "–"
    switch self {
    case .mean(let mean):
      let spread = mean.interval.map { " ± " + Text.fixed(($0.upperBound - $0.lowerBound) * 50, places) } ?? ""
      return "\(number)\(spread) %"
    case .score(let mean):
      return number + (mean.interval.map { " ± " + Text.fixed(($0.upperBound - $0.lowerBound) / 2, places) } ?? "")
    case .share(let share):
      let range = share.interval.map {
        " (\(Text.fixed($0.lowerBound * 100, places)) to \(Text.fixed($0.upperBound * 100, places)))"
      }
      return "\(number) %, \(share.count) of \(share.total)\(range ?? "")"
    case .plain(_, let unit, _): return unit.isEmpty ? number : "\(number) \(unit)"
    }
  }

  private var places: Int {
    switch self {
    case .plain(_, _, let places): places
    case .score: 3
    case .mean, .share: 1
    }
  }

  var value: Value {
    switch self {
    case .mean(let mean), .score(let mean): mean.value
    case .share(let share): share.value
    case .plain(let number, let unit, _): ["number": .double(number), "unit": .string(unit)]
    }
  }
}

/// What a figure should reach.
enum Target {
  case atLeast(Double)
  case above(Double)
  case atMost(Double)

  var text: String {
    switch self {
    case .atLeast(let number): "≥ \(Text.short(number))"
    case .above(let number): "> \(Text.short(number))"
    case .atMost(let number): "≤ \(Text.short(number))"
    }
  }

  func isMet(_ number: Double?) -> Bool {
    guard let number else { return false }
    switch self {
    case .atLeast(let target): return number >= target
    case .above(let target): return number > target
    case .atMost(let target): return number <= target
    }
  }
}

enum Text {
  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func fixed(_ number: Double, _ places: Int) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "–" }
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let digits = String(scaled % scale)
    let fraction = places == 0 ? "" : "." + String(repeating: "0", count: places - digits.count) + digits
    return (number < 0 && scaled > 0 ? "-" : "") + String(scaled / scale) + fraction
  }

  static func short(_ number: Double) -> String { number == number.rounded() ? fixed(number, 0) : "\(number)" }
}
