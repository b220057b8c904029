import Synchronization
import TurnoutCore

/// A decision model whose choice a closure makes from the text, with a probability; the rest is shared by the others.
final class ScriptedDecisions: DecisionModel {
  let name = "scripted:decisions"
  private let choose: @Sendable (String) -> (choice: String, probability: Double)
  private let asked = Mutex<[DecisionRequest]>([])

  init(_ choose: @escaping @Sendable (String) -> (choice: String, probability: Double)) { self.choose = choose }

  /// The route whose word is in the text, surely; else none, with this probability.
  convenience init(words: [String: String], none: Double = 0.9) {
    self.init { text in
      let found = words.filter { text.contains($0.key) }.sorted { $0.key < $1.key }
      return found.count == 1 ? (found[0].value, 0.95) : (found.first?.value ?? "none", found.isEmpty ? none : 0.5)
    }
  }

  /// What it has been asked so far, in order.
  var requests: [DecisionRequest] { asked.withLock { $0 } }

  func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
    asked.withLock { $0.append(request) }
    let (choice, probability) = choose(request.text)
    let rest = (1 - probability) / Double(max(1, request.choices.count - 1))
    let probabilities = request.choices.map { DecisionProbability($0.value, $0.value == choice ? probability : rest) }
    return .choice(choice, probabilities: probabilities, usage: Usage(calls: 1))
  }
}
