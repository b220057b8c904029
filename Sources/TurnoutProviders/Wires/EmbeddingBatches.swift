import TurnoutCore

/// Texts a few at a time, and the check that every one got a vector like the others.
struct EmbeddingBatches: Sendable {
  private let size: Int
  private let provider: String

  init(_ size: Int, _ provider: String) {
    self.size = max(1, size)
    self.provider = provider
  }

  /// The vectors of the texts, in order.
  /// - Throws: ``ModelError`` when they are not one for each text, of one length, with finite numbers.
  func vectors(
    of texts: [String], _ request: ([String]) async throws -> [[Float]]
  ) async throws -> [[Float]] {
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: texts.count, by: size) {
      let batch = Array(texts[start..<min(start + size, texts.count)])
      let some = try await request(batch)
      let dimension = vectors.first?.count ?? some.first?.count ?? 0
      guard some.count == batch.count, dimension > 0,
        some.allSatisfy({ $0.count == dimension && $0.allSatisfy(\.isFinite) })
      else {
        throw ModelError.malformed(
          provider, "the embeddings are not \(texts.count) vectors of one length with finite numbers")
      }
      vectors += some
    }
    return vectors
  }

  /// A vector as JSON has it; what is no number is not finite.
  static func vector(_ numbers: [Value]) -> [Float] { numbers.map { Float($0.double ?? .nan) } }
}
