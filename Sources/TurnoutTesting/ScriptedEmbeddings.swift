import Synchronization
public import TurnoutCore

/// Vectors that a script gives by text, and for every other text vectors made from its letters: no model, no network.
///
/// Texts that share words get vectors near each other, so that routing can be tested without an encoder.
public final class ScriptedEmbeddings: EmbeddingModel {
  public let name: String
  private let vectors: [String: [Float]]
  private let dimension: Int
  private let asked = Mutex<[[String]]>([])

  /// Embeddings with given vectors for some texts.
  public init(_ vectors: [String: [Float]] = [:], name: String = "scripted-embeddings", dimension: Int = 64) {
    self.vectors = vectors
    self.name = name
    self.dimension = vectors.values.first?.count ?? max(1, dimension)
  }

  /// The batches of texts it has been asked for, in order.
  public var requests: [[String]] { asked.withLock { $0 } }

  public func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    asked.withLock { $0.append(texts) }
    run.record(Usage(embeddings: texts.count))
    return texts.map { vectors[$0] ?? Self.vector($0, dimension) }
  }

  private static func vector(_ text: String, _ dimension: Int) -> [Float] {
    var vector = [Float](repeating: 0, count: dimension)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      vector[Int(StableHash(word.utf8).value % UInt64(dimension))] += 1
    }
    return vector
  }
}
