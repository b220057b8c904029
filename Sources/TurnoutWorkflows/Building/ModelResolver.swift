public import TurnoutCore
public import TurnoutLocal
public import TurnoutProviders

/// Finds the models that a workflow names.
public protocol ModelResolver: Sendable {
  /// The language model behind a reference such as `openai:gpt-4o-mini`.
  func languageModel(_ reference: String, in workflow: Workflow) throws -> any LanguageModel
  /// The language model behind a reference, taken care of as the file says.
  func languageModel(_ reference: String, with care: ModelCare, in workflow: Workflow) throws -> any LanguageModel
  /// The embedding model behind a reference.
  func embeddingModel(_ reference: String, in workflow: Workflow) throws -> any EmbeddingModel
  /// The decision model behind a reference.
  func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel
}

extension ModelResolver {
  public func languageModel(
    _ reference: String, with care: ModelCare, in workflow: Workflow
  ) throws -> any LanguageModel { care.applied(to: try languageModel(reference, in: workflow)) }

  public func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel {
    throw ModelError.notFound(reference, "there are no decision models here")
  }
}

/// The models of known providers, of servers the file declares, of this machine, and of schemes a program adds.
///
/// ```swift
/// let models = StandardModels(keys: KeyRing.standard(), overriding: "ollama:qwen3")
/// let step = try workflow.step(models: models)
/// ```
public struct StandardModels: ModelResolver {
  private let keys: KeyRing
  private let local: LocalModels
  private let override: String?
  private let embeddingsOverride: String?
  private let vectors: String?
  private let schemes: [String: @Sendable (String) throws -> any LanguageModel]

  /// A resolver.
  /// - Parameters:
  ///   - keys: where API keys and base URLs come from.
  ///   - override: a language model to use instead of every one the file names.
  ///   - embeddings: an embedding model to use instead of the file's.
  ///   - local: the models of this machine.
  ///   - vectors: the folder in which vectors of examples are kept; nil keeps none.
  ///   - schemes: makers of models for other words before the colon.
  public init(
    keys: KeyRing = .standard(), overriding override: String? = nil, embeddings: String? = nil,
    local: LocalModels = LocalModels(), vectors: String? = nil,
    schemes: [String: @Sendable (String) throws -> any LanguageModel] = [:]
  ) {
    self.keys = keys
    self.override = override
    embeddingsOverride = embeddings
    self.local = local
    self.vectors = vectors
    self.schemes = schemes
  }

  public func languageModel(_ reference: String, in workflow: Workflow) throws -> any LanguageModel {
    try languageModel(reference, with: ModelCare(), in: workflow)
  }

  /// Models of servers wait for their turn at the gate of their key, fail at once while the server does not answer, and
  /// are asked again, twice unless the file says otherwise.
  public func languageModel(
    _ reference: String, with care: ModelCare, in workflow: Workflow
  ) throws -> any LanguageModel {
    let (provider, model) = try Self.parts(override ?? reference)
    if let make = schemes[provider] { return care.applied(to: try make(model)) }
    if provider == "local" { return care.applied(to: model.isEmpty ? local.chat : local.chat(gguf: model)) }
    let wire = try wire(provider, workflow)
    let server = try server(provider, workflow)
    let timed = ModelCare(timeouts: care.timeouts).applied(to: wire.model(model, at: server))
    let policy = care.retries.map { RetryPolicy(retries: $0) } ?? .standard
    return ProviderGuards.shared.guarding(timed, at: server).retrying(policy)
  }

  public func embeddingModel(_ reference: String, in workflow: Workflow) throws -> any EmbeddingModel {
    let (provider, model) = try Self.parts(embeddingsOverride ?? reference)
    if provider == "local" { return cached(local.embeddings, as: local.embeddingsIdentity) }
    guard let make = try wire(provider, workflow).embeddings else { throw Self.unable(provider, "makes vectors") }
    let server = try server(provider, workflow)
    return cached(make(model, server), as: "\(server.baseURL) \(model)")
  }

  /// OpenAI's own decide over its Decisions wire, all others over System One.
  public func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel {
    let (provider, model) = try Self.parts(reference)
    if provider == "local" { throw ModelError.notFound("local", "no local model decides; name a provider:model") }
    guard let profile = try wire(provider, workflow).profile else { throw Self.unable(provider, "decides") }
    let endpoint = OpenAIEndpoint(try server(provider, workflow), profile: profile)
    return provider == "openai" ? OpenAIDecisionModel(model, at: endpoint) : SystemOneModel(model, at: endpoint)
  }

  private func cached(_ model: any EmbeddingModel, as identity: String) -> any EmbeddingModel {
    guard let vectors else { return model }
    return CachedEmbeddings(model, identity: identity, folder: vectors)
  }

  private static func unable(_ provider: String, _ purpose: String) -> ModelError {
    .notFound(provider, "no model of this provider \(purpose) here; name one of another provider")
  }

  /// What a provider's server speaks, whether the file declares it or the catalogue knows it.
  private func wire(_ provider: String, _ workflow: Workflow) throws -> ProviderCatalog.Wire {
    try workflow.providers[provider]?.wire ?? entry(provider).wire
  }

  private func server(_ provider: String, _ workflow: Workflow) throws -> ModelEndpoint {
    guard let declared = workflow.providers[provider] else { return try keys.server(entry(provider)) }
    return try server(declared, provider)
  }

  private func server(_ declared: ProviderDefinition, _ provider: String) throws -> ModelEndpoint {
    let key = try declared.keyVariable.map { try keys.key($0, for: provider) }
    var server = declared.wire.server(provider: provider, baseURL: declared.baseURL, key: key)
    if let header = declared.keyHeader { server.keyHeader = header }
    server.headers.merge(declared.headers) { _, own in own }
    server.query = declared.query
    return server
  }

  private func entry(_ provider: String) throws -> ProviderCatalog.Entry {
    guard let entry = ProviderCatalog.entry(provider) else {
      throw ModelError.notFound(provider, "there is no such provider; declare it under providers: in the file")
    }
    return entry
  }

  private static func parts(_ reference: String) throws -> (provider: String, model: String) {
    guard let colon = reference.firstIndex(of: ":") else {
      guard ProviderNames.alone.contains(reference) else {
        throw ModelError.notFound(reference, "a model's name is provider:model, or local")
      }
      return (reference, "")
    }
    return (String(reference[..<colon]), String(reference[reference.index(after: colon)...]))
  }
}
