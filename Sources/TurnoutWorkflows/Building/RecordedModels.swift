public import TurnoutCore
public import TurnoutProviders

/// The models of a workflow, with every call written into a folder under the name that the file has for the model.
///
/// ```swift
/// let folder = try RecordingFolder("recording")
/// let step = try workflow.step(models: RecordingModels(StandardModels(), in: folder))
/// ```
public struct RecordingModels: ModelResolver {
  private let models: any ModelResolver
  private let folder: RecordingFolder

  /// The models of a resolver, recorded.
  public init(_ models: any ModelResolver, in folder: RecordingFolder) {
    self.models = models
    self.folder = folder
  }

  public func languageModel(_ reference: String, in workflow: Workflow) throws -> any LanguageModel {
    try models.languageModel(reference, in: workflow).recorded(in: folder, as: reference)
  }

  public func languageModel(
    _ reference: String, with care: ModelCare, in workflow: Workflow
  ) throws -> any LanguageModel {
    try models.languageModel(reference, with: care, in: workflow).recorded(in: folder, as: reference)
  }

  public func embeddingModel(_ reference: String, in workflow: Workflow) throws -> any EmbeddingModel {
    try models.embeddingModel(reference, in: workflow).recorded(in: folder, as: reference)
  }

  public func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel {
    try models.decisionModel(reference, in: workflow).recorded(in: folder, as: reference)
  }
}

/// The models of a workflow as a recording has them: no key is looked for, and nobody is asked.
public struct ReplayingModels: ModelResolver {
  private let folder: ReplayFolder

  /// The models of a recording.
  public init(from folder: ReplayFolder) { self.folder = folder }

  public func languageModel(_ reference: String, in workflow: Workflow) throws -> any LanguageModel {
    ReplayingModel(reference, from: folder)
  }

  /// What was recorded came within its times, after its retries.
  public func languageModel(
    _ reference: String, with care: ModelCare, in workflow: Workflow
  ) throws -> any LanguageModel { try languageModel(reference, in: workflow) }

  public func embeddingModel(_ reference: String, in workflow: Workflow) throws -> any EmbeddingModel {
    ReplayingEmbeddings(reference, from: folder)
  }

  public func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel {
    ReplayingDecisions(reference, from: folder)
  }
}

extension Workflow {
  /// The variables that may hold keys: those of known providers, and those that the file names.
  package var keyVariables: [String] {
    (ProviderCatalog.entries.compactMap(\.keyVariable) + providers.values.compactMap(\.keyVariable)).sorted()
  }
}
