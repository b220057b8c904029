public import TurnoutCore

/// An embedding model whose calls are written into a folder.
public struct RecordingEmbeddings: EmbeddingModel {
  private let model: any EmbeddingModel
  private let folder: RecordingFolder
  private let reference: String

  /// A model that is recorded.
  /// - Parameter reference: what it will be called when it is replayed; its own name unless it is given.
  public init(_ model: any EmbeddingModel, in folder: RecordingFolder, as reference: String? = nil) {
    self.model = model
    self.folder = folder
    self.reference = reference ?? model.name
  }

  public var name: String { model.name }
  public var maxTokens: Int { model.maxTokens }

  public func prepare() async throws { try await model.prepare() }

  public func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await record(.embeddings, texts, run) { try await model.embed(texts, in: $0) }
  }

  public func embedExamples(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await record(.exampleEmbeddings, texts, run) { try await model.embedExamples(texts, in: $0) }
  }

  private func record(
    _ kind: RecordedCall.Kind, _ texts: [String], _ run: Run, _ body: (Run) async throws -> [[Float]]
  ) async throws -> [[Float]] {
    let begun = folder.begin(
      kind, model: reference, name: name, traits: ["max_tokens": .int(maxTokens)], request: texts.recorded)
    return try await folder.record(begun, in: run, RecordedVectors.value, body)
  }
}

/// An embedding model that answers from a recording.
public struct ReplayingEmbeddings: EmbeddingModel {
  public let name: String
  public let maxTokens: Int
  private let reference: String
  private let folder: ReplayFolder

  /// The model that was recorded under a name; one that was never asked has that name.
  public init(_ reference: String, from folder: ReplayFolder) {
    self.reference = reference
    self.folder = folder
    let sample = folder.sample(of: reference, .embeddings, .exampleEmbeddings)
    name = sample?.name ?? reference
    maxTokens = sample?.traits["max_tokens"]?.int ?? 400
  }

  public func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await replay(.embeddings, texts, run)
  }

  public func embedExamples(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await replay(.exampleEmbeddings, texts, run)
  }

  private func replay(_ kind: RecordedCall.Kind, _ texts: [String], _ run: Run) async throws -> [[Float]] {
    let call = try folder.take(kind, model: reference, request: texts.recorded)
    return try await call.end(in: run, RecordedVectors.vectors)
  }
}

extension EmbeddingModel {
  /// This model, with every call written into a folder.
  /// - Parameter reference: what it will be called when it is replayed; its own name unless it is given.
  public func recorded(in folder: RecordingFolder, as reference: String? = nil) -> RecordingEmbeddings {
    RecordingEmbeddings(self, in: folder, as: reference)
  }
}

extension [String] {
  fileprivate var recorded: Value { ["texts": .array(map { .string($0) })] }
}
