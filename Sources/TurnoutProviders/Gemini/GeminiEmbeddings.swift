import NIOHTTP1
public import TurnoutCore

/// Embeddings behind Google's Gemini wire.
///
/// ```swift
/// let embeddings = GeminiEmbeddings("gemini-embedding-001", at: .gemini(key: try APIKey(secret)))
/// let vectors = try await embeddings.embed(["hello", "你好"], in: run)
/// ```
public struct GeminiEmbeddings: EmbeddingModel {
  public let name: String
  public let maxTokens: Int
  private let model: String
  private let endpoint: ModelEndpoint
  private let batch: Int

  /// Embeddings of a server's model.
  /// - Parameters:
  ///   - maxTokens: the most tokens of one text, by estimate; callers cut longer texts.
  ///   - batch: the most texts in one request, of which the wire takes 100.
  public init(_ model: String, at endpoint: ModelEndpoint, maxTokens: Int = 400, batch: Int = 64) {
    name = "\(endpoint.provider):\(model)"
    self.model = model
    self.endpoint = endpoint
    self.maxTokens = max(1, maxTokens)
    self.batch = max(1, min(100, batch))
  }

  public func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await EmbeddingBatches(batch, endpoint.provider).vectors(of: texts) { try await request($0, run) }
  }

  private func request(_ texts: [String], _ run: Run) async throws -> [[Float]] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("requests")
      writer.array { writer in
        for text in texts {
          writer.value(["model": .string("models/\(model)"), "content": ["parts": [["text": .string(text)]]]])
        }
      }
    }
    let wire = endpoint.post("/models/\(model):batchEmbedContents").carrying(writer.bytes)
    let answer = try await HTTPTransport(limits: endpoint.limits).fetch(wire, from: endpoint.provider)
    guard answer.status == .ok else { throw GeminiError.error(answer, endpoint) }
    let value = try answer.value()
    let tokens = value["usageMetadata"]?["promptTokenCount"]?.int ?? 0
    run.record(Usage(inputTokens: max(0, tokens), embeddings: texts.count))
    return (value["embeddings"]?.array ?? []).map { EmbeddingBatches.vector($0["values"]?.array ?? []) }
  }
}
