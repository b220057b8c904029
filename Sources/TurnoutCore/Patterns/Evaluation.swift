/// What an evaluator says of an attempt.
public struct Evaluation: Sendable, Hashable {
  /// Whether the attempt is good enough.
  public let passed: Bool
  /// How good it is, higher is better; nil where only pass and fail are told apart.
  public let score: Double?
  /// What to change, for whoever revises it; may be empty.
  public let feedback: String

  /// An evaluation.
  public init(passed: Bool, score: Double? = nil, feedback: String = "") {
    self.passed = passed
    self.score = score
    self.feedback = feedback
  }

  /// A score that passes when it reaches a bar.
  public init(score: Double, bar: Double, feedback: String = "") {
    self.init(passed: score >= bar, score: score, feedback: feedback)
  }
}

extension Evaluation: ValueConvertible {
  /// `passed`, `score` and `feedback`.
  public var value: Value {
    ["passed": .bool(passed), "score": score.map { .double($0) } ?? .null, "feedback": .string(feedback)]
  }
}

/// What a writer revises from: the request and, after the first attempt, what it wrote before and what was said of it.
public struct Draft<Input: Sendable, Output: Sendable>: Sendable {
  /// What is asked for.
  public let input: Input
  /// The best attempt so far; nil for the first.
  public let previous: Output?
  /// What to change in it.
  public let feedback: String

  /// A draft.
  public init(_ input: Input, previous: Output? = nil, feedback: String = "") {
    self.input = input
    self.previous = previous
    self.feedback = feedback
  }
}

extension Draft: ValueConvertible where Input: ValueConvertible, Output: ValueConvertible {
  /// A prompt for whoever writes: the request, and for a revision the text before and what to change.
  public var text: String {
    guard let previous else { return input.value.text }
    let change = feedback.isEmpty ? "Write a better one." : feedback
    return "Request:\n\(input.value.text)\n\nYour answer so far:\n\(previous.value.text)\n\nWhat to change:\n\(change)"
  }

  /// `request`, `previous` (null at first), `feedback` and `text`.
  public var value: Value {
    [
      "request": input.value, "previous": previous?.value ?? .null, "feedback": .string(feedback),
      "text": .string(text),
    ]
  }
}

/// How far a loop of writing and evaluating has come: a value, so that what it returns can be tested by itself.
struct RefinementState<Output: Sendable>: Sendable {
  /// One attempt; nil when its evaluation failed.
  private(set) var evaluations: [Evaluation?] = []
  private(set) var best: (number: Int, output: Output, evaluation: Evaluation?)?
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Whether another attempt is worth making.
  var goesOn: Bool { evaluations.count < limit && best?.evaluation?.passed != true }

  /// Takes an attempt, which is the best one when it is better than every one before it.
  mutating func record(_ output: Output, _ evaluation: Evaluation?) {
    evaluations.append(evaluation)
    guard let known = best, !Self.isBetter(evaluation, than: known.evaluation) else {
      best = (evaluations.count, output, evaluation)
      return
    }
  }

  /// What passes is better than what does not; then the score decides. A revision that has no score is taken to be
  /// better than what it revises when that has none either.
  static func isBetter(_ new: Evaluation?, than old: Evaluation?) -> Bool {
    guard let new else { return false }
    guard let old else { return true }
    if new.passed != old.passed { return new.passed }
    switch (new.score, old.score) {
    case (let new?, let old?): return new > old
    case (nil, nil): return true
    case (let new, nil): return new != nil
    default: return false
    }
  }
}
