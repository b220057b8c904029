/// One line of the table: so much work of one kind.
struct Row: Sendable {
  enum Work: Sendable {
    /// Calls, each answered whole.
    case calls
    /// Two calls one after the other: a typed decision, then the answer.
    case routes
    /// Streams, so many pieces each.
    case streams(pieces: Int)
    /// A process that makes one call and ends.
    case cold
  }

  let name: String
  let title: String
  let work: Work
  var count: Int
  let inFlight: Int
  /// The first part of the path: how the server answers.
  let plan: String

  /// What the processor time is divided by.
  var units: Int { if case .streams(let pieces) = work { count * pieces } else { count } }

  /// How many requests the server must have counted.
  var requests: Int { if case .routes = work { count * 2 } else { count } }

  /// The word for one unit.
  var unit: String {
    switch work {
    case .calls: "call"
    case .routes: "route"
    case .streams: "chunk"
    case .cold: "start"
    }
  }

  static let all = [
    Row(name: "burst", title: "1,000 calls at once, 100 ms", work: .calls, count: 1_000, inFlight: 1_000, plan: "d100"),
    Row(
      name: "steady", title: "2,000 calls, 100 in flight, 100 ms", work: .calls, count: 2_000, inFlight: 100,
      plan: "d100"),
    Row(
      name: "busy", title: "5,000 calls, 64 in flight, no wait", work: .calls, count: 5_000, inFlight: 64, plan: "d0"),
    Row(
      name: "route", title: "1,000 routes of two calls, 64 in flight", work: .routes, count: 1_000, inFlight: 64,
      plan: "d0"),
    Row(
      name: "stream", title: "50 streams of 200 chunks, no gaps", work: .streams(pieces: 200), count: 50, inFlight: 50,
      plan: "d0-n200-g0"),
    Row(
      name: "drip", title: "50 streams of 200 chunks, 5 ms gaps", work: .streams(pieces: 200), count: 50, inFlight: 50,
      plan: "d0-n200-g5"),
    Row(name: "cold", title: "cold start to the first answer", work: .cold, count: 1, inFlight: 1, plan: "d0"),
  ]
}

/// What the server's answers say, so that each can be checked.
enum Expected {
  static let text = "The Aurora costs 499 and ships in two days. \"Good choice\", 您好."
  static func stream(_ pieces: Int) -> String { String(repeating: " token", count: pieces) }
}

/// What both sides ask.
enum Asked {
  static let instructions = "You are a helpful assistant of a shop. Answer the customer's question in two sentences."
  static func prompt(_ index: Int) -> String {
    "Question \(index): what does the \"Aurora\" cost, and when does it ship?"
  }
}

/// An answer was not what the server sent.
struct WrongAnswer: Error {
  let row: String
}
