/// What one run of a row took.
struct Figures {
  /// Seconds by the clock.
  let wall: Double
  /// Seconds of processor time.
  let processor: Double
  /// MiB at the most.
  let memory: Double

  /// The middle of several, each figure by itself.
  static func median(_ all: [Figures]) -> Figures {
    func middle(_ figure: (Figures) -> Double) -> Double { all.map(figure).sorted()[all.count / 2] }
    return Figures(wall: middle { $0.wall }, processor: middle { $0.processor }, memory: middle { $0.memory })
  }

  func meets(_ row: Workload) -> Bool { wall <= row.seconds ?? .infinity && memory <= row.memory ?? .infinity }

  static func head(runs: Int) -> String {
    padded("medians of \(runs)", 48) + [" wall s", "  CPU s", " µs each", "  MiB"].joined(separator: "  ")
  }

  func line(_ row: Workload) -> String {
    let targets = [row.seconds.map { "≤ \($0) s" }, row.memory.map { "≤ \(Int($0)) MiB" }].compactMap { $0 }
    let verdict = targets.isEmpty ? "" : "  \(targets.joined(separator: ", ")): \(meets(row) ? "met" : "missed")"
    let each = processor / Double(row.count) * 1e6
    return Self.padded(row.title, 48)
      + [Self.number(wall, 7), Self.number(processor, 7), Self.number(each, 8), Self.number(memory, 5, digits: 0)]
      .joined(separator: "  ") + verdict
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func number(_ number: Double, _ width: Int, digits: Int = 2) -> String {
    let scale = digits == 0 ? 1.0 : 100.0
    let rounded = Int((number * scale).rounded())
    let cents = rounded % 100
    let text = digits == 0 ? "\(rounded)" : "\(rounded / 100).\(cents < 10 ? "0" : "")\(cents)"
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
