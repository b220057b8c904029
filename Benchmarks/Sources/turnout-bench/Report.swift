import TurnoutCore

/// A row with both sides' figures.
struct Result: Sendable {
  let row: Row
  let turnout: Measurement
  let floor: Measurement

  static let processorTarget = 1.3
  static let memoryTarget = 1.5

  var processorRatio: Double { turnout.processor / floor.processor }
  var memoryRatio: Double { turnout.memory / floor.memory }
  var isMet: Bool { processorRatio <= Self.processorTarget && memoryRatio <= Self.memoryTarget }

  var value: Value {
    [
      "row": .string(row.name), "title": .string(row.title), "unit": .string(row.unit),
      "turnout": turnout.value, "floor": floor.value, "cpu_ratio": .double(processorRatio),
      "memory_ratio": .double(memoryRatio), "met": .bool(isMet),
    ]
  }
}

extension Measurement {
  var value: Value {
    ["cpu_us": .double(processor), "wall_s": .double(wall), "peak_mib": .double(memory)]
  }
}

/// The table for people.
enum Table {
  static let width = 40

  static func head(runs: Int) -> String {
    """
    Medians of \(runs); CPU in microseconds for one unit, wall in seconds, peak memory in MiB.
    Targets: CPU at most \(Result.processorTarget)× the floor's, memory at most \(Result.memoryTarget)×.

    \(pad("", width))\(pad("Turnout", 26))\(pad("floor", 26))Turnout / floor
    \(pad("", width))CPU          wall    MiB   CPU          wall    MiB   CPU          memory
    """
  }

  static func line(_ result: Result) -> String {
    let unit = "/\(result.row.unit)"
    func side(_ side: Measurement) -> String {
      pad("\(fixed(side.processor, 1, 7))\(unit)", 13) + fixed(side.wall, 2, 5) + fixed(side.memory, 0, 6) + "  "
    }
    return pad(result.row.title, width) + side(result.turnout) + side(result.floor)
      + ratio(result.processorRatio, Result.processorTarget) + ratio(result.memoryRatio, Result.memoryTarget)
  }

  private static func ratio(_ ratio: Double, _ target: Double) -> String {
    pad("\(fixed(ratio, 2, 5)) \(ratio <= target ? "met" : "missed")", 14)
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func fixed(_ number: Double, _ places: Int, _ width: Int) -> String {
    let scale = places == 0 ? 1 : places == 1 ? 10 : 100
    let scaled = Int((number * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let digits = places == 0 ? "" : "." + String(repeating: "0", count: places - fraction.count) + fraction
    let text = String(scaled / scale) + digits
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
