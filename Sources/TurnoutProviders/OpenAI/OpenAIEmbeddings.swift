import NIOHTTP1
public import TurnoutCore

/// Embeddings behind OpenAI's wire.
///
/// ```swift
/// let embeddings = OpenAIEmbeddings("text-embedding-3-small", at: OpenAIEndpoint(key: key, profile: .openAI))
/// let vectors = try await embeddings.embed(["hello", "你好"], in: run)
/// ```
public struct OpenAIEmbeddings: EmbeddingModel {
  public let name: String
  public let maxTokens: Int
  private let model: String
  private let endpoint: OpenAIEndpoint
  private let batch: Int
  private let transport: HTTPTransport

  /// Embeddings of a server's model.
  /// - Parameters:
  ///   - maxTokens: the most tokens of one text, by estimate; callers cut longer texts.
  ///   - batch: the most texts in one request.
  public init(_ model: String, at endpoint: OpenAIEndpoint, maxTokens: Int = 400, batch: Int = 64) {
    name = "\(endpoint.provider):\(model)"
    self.model = model
    self.endpoint = endpoint
    transport = HTTPTransport(limits: endpoint.limits)
    self.maxTokens = max(1, maxTokens)
    self.batch = max(1, batch)
  }

  public func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await EmbeddingBatches(batch, endpoint.provider).vectors(of: texts) { try await request($0, run) }
  }

  private func request(_ texts: [String], _ run: Run) async throws -> [[Float]] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("model", text: model)
      writer.key("input")
      writer.array { for text in texts { $0.text(text) } }
    }
    let answer = try await transport.fetch(
      endpoint.post("/embeddings").carrying(writer.bytes), from: endpoint.provider)
    guard answer.status == .ok else { throw OpenAIError.error(answer, endpoint) }
    let value = try answer.value()
    run.record(Usage(inputTokens: max(0, value["usage"]?["prompt_tokens"]?.int ?? 0), embeddings: texts.count))
    return Self.vectors(value, count: texts.count)
  }

  /// The vectors in the order of the texts; empty where one is missing.
  private static func vectors(_ value: Value, count: Int) -> [[Float]] {
    let data = value["data"]?.array ?? []
    guard data.count == count else { return [] }
    var vectors = [[Float]](repeating: [], count: count)
    for (position, item) in data.enumerated() {
      let index = item["index"]?.int ?? position
      guard vectors.indices.contains(index), let numbers = item["embedding"]?.array else { continue }
      vectors[index] = EmbeddingBatches.vector(numbers)
    }
    return vectors
  }
}
