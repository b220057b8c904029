/// The providers that are known by name: where they are, which variable holds their key, what they do differently.
///
/// Each base URL can be replaced by a variable: `OPENAI_BASE_URL`, `DEEPSEEK_BASE_URL` and so on.
public enum ProviderCatalog {
  /// One provider.
  public struct Entry: Sendable, Hashable {
    /// The word before the colon of a model's name.
    public let name: String
    /// Where it is.
    public let baseURL: String
    /// The variable that holds its key; nil for servers that need none.
    public let keyVariable: String?
    /// What it does differently from OpenAI.
    public let profile: OpenAIProfile

    /// The variable that replaces its base URL.
    public var baseURLVariable: String { "\(name.uppercased())_BASE_URL" }

    init(_ name: String, _ baseURL: String, key: String?, _ profile: OpenAIProfile = .init()) {
      self.name = name
      self.baseURL = baseURL
      keyVariable = key
      self.profile = profile
    }
  }

  /// All providers, hosted ones first.
  public static let entries: [Entry] = [
    Entry("openai", "https://api.openai.com/v1", key: "OPENAI_API_KEY", .openAI),
    Entry("deepseek", "https://api.deepseek.com/v1", key: "DEEPSEEK_API_KEY", OpenAIProfile(schemas: false)),
    Entry(
      "qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", key: "DASHSCOPE_API_KEY",
      OpenAIProfile(schemas: false)),
    Entry("groq", "https://api.groq.com/openai/v1", key: "GROQ_API_KEY", OpenAIProfile(schemas: false)),
    Entry("mistral", "https://api.mistral.ai/v1", key: "MISTRAL_API_KEY"),
    Entry("openrouter", "https://openrouter.ai/api/v1", key: "OPENROUTER_API_KEY"),
    Entry("ollama", "http://127.0.0.1:11434/v1", key: nil),
    Entry("llama", "http://127.0.0.1:8080/v1", key: nil, OpenAIProfile(continuation: true)),
    Entry("vllm", "http://127.0.0.1:8000/v1", key: nil),
  ]

  /// The names, hosted ones first.
  public static let names = entries.map(\.name)

  /// The provider with a name.
  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
}
