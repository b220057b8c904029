import Synchronization
import TurnoutCore

/// An encoder that knows the vectors of most texts already and answers at once; the rest it asks another one.
final class KnownVectors: EmbeddingModel {
  let name: String
  let maxTokens: Int
  private let known: [String: [Float]]
  private let others: any EmbeddingModel
  private let learned = Mutex<[String: [Float]]>([:])

  init(_ known: [String: [Float]], others: any EmbeddingModel) {
    name = others.name
    maxTokens = others.maxTokens
    self.known = known
    self.others = others
  }

  /// Asks for all texts now, a piece at a time.
  convenience init(of texts: [String], from model: any EmbeddingModel) async throws {
    var known: [String: [Float]] = [:]
    let texts = Set(texts).sorted()
    let piece = 4_000
    for start in stride(from: 0, to: texts.count, by: piece) {
      Progress.say("vectors of texts: \(start) of \(texts.count)")
      let part = Array(texts[start..<min(start + piece, texts.count)])
      for (text, vector) in zip(part, try await model.embedExamples(part, in: Run())) { known[text] = vector }
    }
    self.init(known, others: model)
  }

  func vector(_ text: String) -> [Float]? { known[text] ?? learned.withLock { $0[text] } }

  func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    var vectors: [[Float]] = []
    vectors.reserveCapacity(texts.count)
    for text in texts {
      guard let vector = vector(text) else { return try await learn(texts, in: run) }
      vectors.append(vector)
    }
    return vectors
  }

  private func learn(_ texts: [String], in run: Run) async throws -> [[Float]] {
    let missing = texts.filter { vector($0) == nil }
    let made = try await others.embedExamples(missing, in: run)
    learned.withLock { learned in for (text, vector) in zip(missing, made) { learned[text] = vector } }
    return texts.compactMap(vector)
  }
}
