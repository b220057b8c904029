/// A few lines that can be searched by words.
struct Notes: Sendable {
  private let lines: [String]

  init(_ lines: [String]) { self.lines = lines }

  /// The line that shares the most words with a question.
  func find(_ question: String) -> String {
    let words = Self.words(question)
    let best = lines.map { ($0, Self.words($0).intersection(words).count) }.max { $0.1 < $1.1 }
    guard let best, best.1 > 0 else { return "nothing found" }
    return best.0
  }

  private static func words(_ text: String) -> Set<String> {
    Set(text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init).filter { $0.count > 2 })
  }
}

/// Requests that belong to each route: what the encoder compares with.
enum Requests {
  static let consult = [
    "How much is the new tablet?", "When will the next watch be released?", "Which laptop would you recommend?",
    "Do you have the headphones in red?", "Is there a discount if I buy two?", "Is it still in stock?",
  ]
  static let service = [
    "My tablet won't turn on any more", "The screen is cracked, can you repair it?", "The battery drains in two hours",
    "My watch freezes and then reboots", "How do I set up my new watch?", "I dropped my phone in water",
  ]
}
