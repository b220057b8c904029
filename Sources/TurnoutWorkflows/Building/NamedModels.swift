public import TurnoutCore

/// Models as far as their names go, for plans: one whose key is not set is there too, and cannot be asked.
///
/// ```swift
/// let outline = try workflow.step(models: NamedModels(StandardModels())).outline
/// print(Plan(outline, prices: .standard.merging(workflow.prices)).worst)
/// ```
public struct NamedModels: ModelResolver {
  private let models: any ModelResolver
  private let override: String?

  /// The models of a resolver, and the names of those that it has no key for.
  /// - Parameter override: the language model that the resolver uses in the place of every other.
  public init(_ models: any ModelResolver, overriding override: String? = nil) {
    self.models = models
    self.override = override
  }

  public func languageModel(_ reference: String, in workflow: Workflow) throws -> any LanguageModel {
    try named(override ?? reference) { try models.languageModel(reference, in: workflow) }
  }

  public func languageModel(
    _ reference: String, with care: ModelCare, in workflow: Workflow
  ) throws -> any LanguageModel {
    try named(override ?? reference) { try models.languageModel(reference, with: care, in: workflow) }
  }

  public func embeddingModel(_ reference: String, in workflow: Workflow) throws -> any EmbeddingModel {
    try named(reference) { try models.embeddingModel(reference, in: workflow) }
  }

  public func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel {
    try named(reference) { try models.decisionModel(reference, in: workflow) }
  }

  /// - Throws: what finding the model throws, but for a key that is not set.
  private func named<Model>(_ reference: String, _ find: () throws -> Model) throws -> Model {
    do { return try find() } catch let error as ModelError where error.label == "missing_key" {
      guard let model = NamedModel(name: reference, reason: error) as? Model else { throw error }
      return model
    }
  }

  /// A name, and why what it stands for cannot be asked.
  private struct NamedModel: LanguageModel, EmbeddingModel, DecisionModel {
    let name: String
    let reason: ModelError

    func respond(
      to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?
    ) async throws -> ModelResponse { throw reason }
    func embed(_ texts: [String], in run: Run) async throws -> [[Float]] { throw reason }
    func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer { throw reason }
  }
}
