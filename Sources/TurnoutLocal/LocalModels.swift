public import TurnoutCore
import TurnoutProviders

/// The models of this machine as models like any other: started when they are first asked, ended with the process.
///
/// ```swift
/// let local = LocalModels()
/// let agent = Agent("brief", model: local.chat, instructions: "Answer in one sentence.")
/// let vectors = try await local.embeddings.embed(["hello"], in: run)
/// ```
public struct LocalModels: Sendable {
  private let servers: LocalServers

  /// Models over servers; by default those of the installation that is found.
  public init(servers: LocalServers = LocalServers()) { self.servers = servers }

  /// The small chat model: it continues a given beginning and keeps to schemas, and is too small to call tools.
  public var chat: some LanguageModel { LocalChatModel(name: "local", model: .chat, servers: servers, tools: false) }

  /// A chat model of the user's own.
  /// - Parameter path: a GGUF file.
  public func chat(gguf path: String) -> some LanguageModel {
    LocalChatModel(name: "local:\(path)", model: .chat(gguf: path), servers: servers, tools: true)
  }

  /// Multilingual sentence embeddings of 384 numbers.
  public var embeddings: some EmbeddingModel { LocalEmbeddings(servers: servers) }

  /// What tells these embeddings from those of another version.
  public var embeddingsIdentity: String {
    "local " + PinList.embedded.packages.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
  }

  /// Ends the servers.
  public func shutdown() async { await servers.shutdown() }
}

private struct LocalChatModel: LanguageModel {
  let name: String
  let model: LocalModel
  let servers: LocalServers
  let tools: Bool

  var capabilities: ModelCapabilities { ModelCapabilities(schemas: true, tools: tools, continuation: true) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let endpoint = try await servers.openAIEndpoint(for: model)
    return try await OpenAIChatModel("local", at: endpoint).respond(to: request, in: run, onDelta: onDelta)
  }
}

private struct LocalEmbeddings: EmbeddingModel {
  let servers: LocalServers
  var name: String { "local" }

  func prepare() async throws { _ = try await servers.openAIEndpoint(for: .embeddings) }

  func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
    let endpoint = try await servers.openAIEndpoint(for: .embeddings)
    return try await OpenAIEmbeddings("multilingual-e5-small", at: endpoint).embed(texts, in: run)
  }
}

extension LocalServers {
  fileprivate func openAIEndpoint(for model: LocalModel) async throws -> OpenAIEndpoint {
    do {
      let endpoint = try await endpoint(for: model)
      return OpenAIEndpoint(
        provider: "local", baseURL: endpoint.baseURL, key: try APIKey(endpoint.token, provider: "local"),
        profile: OpenAIProfile(continuation: true))
    } catch let error as LocalModelError {
      throw ModelError.notInstalled("local", error.description)
    }
  }
}
