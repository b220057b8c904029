import TurnoutCore

/// What a soak came to.
struct SoakReport: Sendable {
  let soak: Soak
  let endings: [Soak.Ending]
  /// How often each call reached the server.
  let arrivals: [Int]
  let wall: Duration
  let before: Resources
  let after: Resources
  /// How many sockets were open while the server still ran: those of the client's pool, and the server's ends of them.
  let socketsAtOnce: Int
  /// How many calls were made, retries included.
  let made: Int

  /// How much later than its deadline a call may end on a machine that is busy, and how much memory may stay.
  private static let slack = Duration.seconds(2)
  private static let memorySlack = 16.0

  /// What should not be.
  var complaints: [String] {
    var complaints = endings.compactMap(\.complaint)
    if endings.count != soak.calls { complaints.append("\(soak.calls - endings.count) calls were lost") }
    let late = endings.count { $0.duration > soak.limit + Self.slack }
    if late > 0 { complaints.append("\(late) calls ended after their deadline") }
    let twice = arrivals.count { $0 > 1 + soak.retries }
    if twice > 0 { complaints.append("\(twice) calls were made more often than they may") }
    if soak.retries > 0, perAnswer > 1.6 { complaints.append("more than 1.6 calls were made for an answer") }
    let unasked = zip(endings, arrivals).count { $0.label == "answer" && $1 < 1 }
    if unasked > 0 { complaints.append("\(unasked) calls were answered without having been made") }
    if after.sockets > before.sockets { complaints.append("\(after.sockets - before.sockets) sockets stayed open") }
    if after.memory > before.memory + Self.memorySlack {
      complaints.append("\(Int(after.memory - before.memory)) MiB stayed in use")
    }
    return complaints
  }

  /// How many calls were made for each that was answered.
  private var perAnswer: Double {
    let answers = endings.count { $0.label == "answer" }
    return answers > 0 ? Double(made) / Double(answers) : .infinity
  }

  var text: String {
    var counts: [String: Int] = [:]
    for ending in endings { counts[ending.label, default: 0] += 1 }
    let durations = endings.map(\.duration).sorted()
    func at(_ share: Double) -> String {
      let index = min(durations.count - 1, Int(Double(durations.count) * share))
      return durations.indices.contains(index) ? "\(Int(durations[index] / .milliseconds(1))) ms" : "-"
    }
    var lines = [
      "\(soak.calls) calls, \(soak.atOnce) at once, \(Int(soak.share * 100)) % with a fault, seed \(soak.seed), "
        + "deadline \(Int(soak.deadline / .milliseconds(1))) ms",
      "wall \(Int(wall / .milliseconds(1))) ms; a call took \(at(0.5)) in the middle, \(at(0.99)) at the 99th of a hundred, "
        + "\(at(1)) at most",
    ]
    lines += counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.value)  \($0.key)" }
    let made = (perAnswer * 100).rounded() / 100
    if soak.retries > 0 { lines.append("\(soak.retries) retries at most; \(made) calls were made for each answer") }
    lines.append(
      "sockets \(before.sockets) before, \(socketsAtOnce) when the last call had ended, \(after.sockets) after")
    lines.append("memory \(Int(before.memory)) MiB before, \(Int(after.memory)) MiB after")
    let found = complaints
    lines += found.prefix(20).map { "wrong: \($0)" }
    if found.isEmpty {
      lines.append("every call ended once, in time, with its own answer or a typed error; nothing was left behind")
    }
    return lines.joined(separator: "\n")
  }
}
