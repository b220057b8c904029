/// The answer that is most like all the others: a vote for free text, without a model that compares.
///
/// ```swift
/// let typical = Panel("drafts", writer, times: 5).then(Medoid<String, String>(by: embeddings))
/// let result = try await typical.run(question)
/// print(result.winner, result.agreement ?? 1)
/// ```
/// Each answer's score is the mean of its similarities (the cosine of the vectors) to all others; the highest wins, the
/// first of equals. Answers that say the same in other words count as near, and copies count as often as they occur. What
/// an encoder does not read of a long text does not count, see ``EmbeddingModel/maxTokens``.
///
/// A single answer wins without the encoder being asked. Throws ``FanOutError``, which keeps the candidates, when there
/// are none or the encoder fails.
public struct Medoid<Request: Sendable, Answer: Sendable>: Step {
  private let name: String
  private let embeddings: any EmbeddingModel
  private let text: @Sendable (Answer) -> String

  /// A medoid of answers of any type.
  /// - Parameter text: an answer as the encoder reads it.
  public init(
    _ name: String = "medoid", by embeddings: any EmbeddingModel, text: @escaping @Sendable (Answer) -> String
  ) {
    self.name = name
    self.embeddings = embeddings
    self.text = text
  }

  public var identity: StepIdentity { StepIdentity(.medoid, name) }

  public func run(_ candidates: Candidates<Request, Answer>, in run: Run) async throws -> MedoidResult<Answer> {
    try candidates.requireAnswers(for: name)
    let answers = candidates.answers
    let scores: [Double]
    do { scores = answers.count > 1 ? try await self.scores(answers.map(text), in: run) : [] } catch {
      throw candidates.failure(error)
    }
    let winner = highest(1, of: scores).first ?? 0
    return MedoidResult(
      winner: answers[winner], name: candidates.names[winner], agreement: scores.isEmpty ? nil : scores[winner],
      similarities: zip(candidates.names, scores).map { ($0, $1) }, outcomes: candidates.outcomes)
  }

  private func scores(_ texts: [String], in run: Run) async throws -> [Double] {
    let vectors = try await embeddings.embed(texts, in: run)
    let dimension = vectors.first?.count ?? 0
    guard vectors.count == texts.count, dimension > 0,
      vectors.allSatisfy({ $0.count == dimension && $0.allSatisfy(\.isFinite) })
    else {
      throw ModelError.malformed(
        embeddings.name, "it gave no vectors of one length for the \(texts.count) answers")
    }
    let rows = VectorMatrix(vectors.map(Vectors.unit))
    return rows.rows.enumerated().map { place, row in
      let all = rows.similarities(to: row)
      let others = all.indices.reduce(0.0) { $1 == place ? $0 : $0 + Double(all[$1]) }
      return min(1, others / Double(texts.count - 1))
    }
  }
}

extension Medoid where Answer: ValueConvertible {
  /// A medoid of answers that are read as texts, or else as JSON.
  public init(_ name: String = "medoid", by embeddings: any EmbeddingModel) {
    self.init(name, by: embeddings, text: { $0.value.text })
  }
}

/// Which answer is most like the others.
public struct MedoidResult<Answer: Sendable>: Sendable {
  /// The answer.
  public let winner: Answer
  /// Its name: its own, else its number from 1.
  public let name: String
  /// The mean of its similarities to the others, at most 1; nil for a single answer.
  public let agreement: Double?
  /// Every answer's mean similarity to the others by name, in their order; empty for a single answer.
  public let similarities: [(name: String, similarity: Double)]
  /// What became of every candidate, those that failed included.
  public let outcomes: [Outcome<Answer>]
}

extension MedoidResult: ValueConvertible {
  /// `winner`, `name`, `agreement` and `similarities` (of `name` and `similarity`).
  public var value: Value {
    [
      "winner": (winner as? any ValueConvertible)?.value ?? .null, "name": .string(name),
      "agreement": agreement.map { .double($0) } ?? .null,
      "similarities": .array(similarities.map { ["name": .string($0.name), "similarity": .double($0.similarity)] }),
    ]
  }
}
