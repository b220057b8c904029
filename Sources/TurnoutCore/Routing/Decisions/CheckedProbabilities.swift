/// The probabilities of a decision, looked at before anyone relies on them.
///
/// They count only when they are one for each choice that was offered and for nothing else, lie within 0 and 1, and sum
/// to 1 within 0.02, or 0.0005 for each choice where that is more: each was rounded when it was written.
struct CheckedProbabilities: Sendable {
  private let values: [String: Double]

  /// The probabilities by choice.
  /// - Throws: ``Complaint`` with what is wrong with them.
  init(_ probabilities: [DecisionProbability], offered choices: [DecisionRequest.Choice]) throws(Complaint) {
    guard !probabilities.isEmpty else { throw Complaint(text: "the model gave no probabilities") }
    var values: [String: Double] = [:]
    for entry in probabilities where values.updateValue(entry.probability, forKey: entry.value) != nil {
      throw Complaint(text: "the model's probabilities name an answer twice and were not used")
    }
    guard Set(values.keys) == Set(choices.map(\.value)) else {
      throw Complaint(text: "the model's probabilities are not for the answers that were offered and were not used")
    }
    guard values.values.allSatisfy({ (0...1).contains($0) }) else {
      throw Complaint(text: "the model's probabilities are not between 0 and 1 and were not used")
    }
    let tolerance = max(0.02, 0.0005 * Double(choices.count))
    guard abs(values.values.reduce(0, +) - 1) <= tolerance + 1e-9 else {
      throw Complaint(text: "the model's probabilities do not sum to 1 and were not used")
    }
    self.values = values
  }

  /// The probability of a choice that was offered.
  subscript(choice: String) -> Double { values[choice] ?? 0 }

  struct Complaint: Error {
    let text: String
  }
}
