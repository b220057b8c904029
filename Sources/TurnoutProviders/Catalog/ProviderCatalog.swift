public import TurnoutCore

/// The providers that are known by name: where they are, which variable holds their key, what they do differently.
///
/// Each base URL can be replaced by a variable: `OPENAI_BASE_URL`, `DEEPSEEK_BASE_URL` and so on.
public enum ProviderCatalog {
  /// What is spoken between a program and a server of models.
  public enum Wire: Sendable, Hashable {
    /// OpenAI's Chat Completions, and what the server does differently.
    case chat(OpenAIProfile)
    /// OpenAI's Responses.
    case responses(OpenAIProfile)
    /// Anthropic's Messages.
    case anthropic
    /// Google's Gemini.
    case gemini

    /// A server that speaks it, with the key where the wire has it.
    public func server(provider: String, baseURL: String, key: APIKey? = nil) -> ModelEndpoint {
      switch self {
      case .chat, .responses: ModelEndpoint(provider: provider, baseURL: baseURL, key: key)
      case .anthropic: .anthropic(provider: provider, baseURL: baseURL, key: key)
      case .gemini: .gemini(provider: provider, baseURL: baseURL, key: key)
      }
    }

    /// A model of a server that speaks it.
    public func model(_ model: String, at server: ModelEndpoint) -> any LanguageModel {
      switch self {
      case .chat(let profile): OpenAIChatModel(model, at: OpenAIEndpoint(server, profile: profile))
      case .responses(let profile): OpenAIResponsesModel(model, at: OpenAIEndpoint(server, profile: profile))
      case .anthropic: AnthropicModel(model, at: server)
      case .gemini: GeminiModel(model, at: server)
      }
    }

    /// Makes embeddings of a model's name and a server that speaks it; nil for a wire that has none.
    public var embeddings: (@Sendable (_ model: String, _ server: ModelEndpoint) -> any EmbeddingModel)? {
      switch self {
      case .chat(let profile), .responses(let profile):
        { OpenAIEmbeddings($0, at: OpenAIEndpoint($1, profile: profile)) }
      case .gemini: { GeminiEmbeddings($0, at: $1) }
      case .anthropic: nil
      }
    }

    /// What an OpenAI server does differently; nil for the wires of others.
    public var profile: OpenAIProfile? {
      switch self {
      case .chat(let profile), .responses(let profile): profile
      case .anthropic, .gemini: nil
      }
    }
  }

  /// One provider.
  public struct Entry: Sendable, Hashable {
    /// The word before the colon of a model's name.
    public let name: String
    /// Where it is.
    public let baseURL: String
    /// The variable that holds its key; nil for servers that need none.
    public let keyVariable: String?
    /// The wire it speaks.
    public let wire: Wire
    /// The variable that replaces its base URL.
    public let baseURLVariable: String

    init(_ name: String, _ baseURL: String, key: String?, _ wire: Wire = .chat(.init()), baseURLVariable: String? = nil)
    {
      self.name = name
      self.baseURL = baseURL
      keyVariable = key
      self.wire = wire
      self.baseURLVariable = baseURLVariable ?? "\(name.uppercased())_BASE_URL"
    }
  }

  /// All providers, hosted ones first.
  public static let entries: [Entry] = [
    Entry("openai", "https://api.openai.com/v1", key: "OPENAI_API_KEY", .chat(.openAI)),
    Entry(
      "openai-responses", "https://api.openai.com/v1", key: "OPENAI_API_KEY", .responses(.openAI),
      baseURLVariable: "OPENAI_BASE_URL"),
    Entry("anthropic", "https://api.anthropic.com", key: "ANTHROPIC_API_KEY", .anthropic),
    Entry("gemini", "https://generativelanguage.googleapis.com/v1beta", key: "GEMINI_API_KEY", .gemini),
    Entry(
      "deepseek", "https://api.deepseek.com/v1", key: "DEEPSEEK_API_KEY",
      .chat(OpenAIProfile(schemas: false))),
    Entry(
      "qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", key: "DASHSCOPE_API_KEY",
      .chat(OpenAIProfile(schemas: false))),
    Entry(
      "groq", "https://api.groq.com/openai/v1", key: "GROQ_API_KEY",
      .chat(OpenAIProfile(schemas: false, logProbabilities: 0))),
    Entry("mistral", "https://api.mistral.ai/v1", key: "MISTRAL_API_KEY", .chat(.mistral)),
    Entry("openrouter", "https://openrouter.ai/api/v1", key: "OPENROUTER_API_KEY"),
    Entry("ollama", "http://127.0.0.1:11434/v1", key: nil),
    Entry("llama", "http://127.0.0.1:8080/v1", key: nil, .chat(OpenAIProfile(continuation: true))),
    Entry("vllm", "http://127.0.0.1:8000/v1", key: nil),
  ]

  /// The names, hosted ones first.
  public static let names = entries.map(\.name)

  /// The provider with a name.
  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
