/// What goes wrong between a program and a model: one type for all providers, without keys, prompts or answers.
public struct ModelError: LabelledError, Hashable {
  /// The kinds; new ones may come.
  enum Code: String, Sendable {
    case missingKey = "missing_key", authentication, notFound = "not_found", quotaExhausted = "quota_exhausted",
      rateLimited = "rate_limited", overloaded, server, connection, timeout, contextWindow = "context_window",
      contentFiltered = "content_filtered", malformed, refused, notInstalled = "not_installed",
      unavailable
  }

  let code: Code
  /// Who: a provider's or a model's name.
  public let provider: String
  /// One line: what happened and what to do.
  public let message: String
  /// The provider's name for the request.
  public var requestID: String?
  /// How long the provider asks to wait.
  public var retryAfter: Duration?
  /// Whether the provider itself says that asking again helps; nil when it does not say.
  public var shouldRetry: Bool?
  /// Where the provider's limits stand, where it says so.
  public var limits: RateLimits?
  /// How often the request was made before this was thrown.
  public internal(set) var attempts = 1

  /// Whether the request never left, so that nobody can have been paid for it.
  var wasNotSent: Bool {
    attempts == 1 && (code == .missingKey || code == .notInstalled || code == .unavailable)
  }

  public var label: String { code.rawValue }
  public var description: String { "\(provider): \(message)" }

  init(_ code: Code, _ provider: String, _ message: String) {
    self.code = code
    self.provider = provider
    self.message = String(message.prefix(500))
  }

  /// An error by its label, as it was written down before; nil for a label that no error has.
  package init?(label: String, provider: String, message: String) {
    guard let code = Code(rawValue: label) else { return nil }
    self.init(code, provider, message)
  }

  /// No key is set.
  public static func missingKey(_ provider: String, variable: String) -> ModelError {
    ModelError(.missingKey, provider, "no API key: set \(variable), or name another model with --model")
  }
  /// The key was refused.
  public static func authentication(_ provider: String, _ message: String) -> ModelError {
    ModelError(.authentication, provider, message)
  }
  /// There is no such model or address.
  public static func notFound(_ provider: String, _ message: String) -> ModelError {
    ModelError(.notFound, provider, message)
  }
  /// The account is used up; waiting does not help.
  public static func quotaExhausted(_ provider: String, _ message: String) -> ModelError {
    ModelError(.quotaExhausted, provider, message)
  }
  /// Too many requests; waiting helps.
  public static func rateLimited(_ provider: String, _ message: String) -> ModelError {
    ModelError(.rateLimited, provider, message)
  }
  /// The provider has too much to do.
  public static func overloaded(_ provider: String, _ message: String) -> ModelError {
    ModelError(.overloaded, provider, message)
  }
  /// The provider failed.
  public static func server(_ provider: String, _ message: String) -> ModelError {
    ModelError(.server, provider, message)
  }
  /// The provider could not be reached, or the connection broke.
  public static func connection(_ provider: String, _ message: String) -> ModelError {
    ModelError(.connection, provider, message)
  }
  /// No answer in time.
  public static func timeout(_ provider: String, _ message: String) -> ModelError {
    ModelError(.timeout, provider, message)
  }
  /// The request is longer than the model can read.
  public static func contextWindow(_ provider: String, _ message: String) -> ModelError {
    ModelError(.contextWindow, provider, message)
  }
  /// The provider held the answer back.
  public static func contentFiltered(_ provider: String, _ message: String) -> ModelError {
    ModelError(.contentFiltered, provider, message)
  }
  /// The answer is not what the wire promises.
  public static func malformed(_ provider: String, _ message: String) -> ModelError {
    ModelError(.malformed, provider, message)
  }
  /// The provider refused the request for another reason.
  public static func refused(_ provider: String, _ message: String) -> ModelError {
    ModelError(.refused, provider, message)
  }
  /// What runs on this machine is not installed or does not start.
  public static func notInstalled(_ provider: String, _ message: String) -> ModelError {
    ModelError(.notInstalled, provider, message)
  }
  /// The provider has failed again and again and is not asked for a while.
  public static func unavailable(_ provider: String, _ message: String) -> ModelError {
    ModelError(.unavailable, provider, message)
  }

  /// The circuit of a provider is open for so long.
  static func unavailable(_ provider: String, wait: Duration) -> ModelError {
    let after = wait > .zero ? "; it is tried again in \(wait.inSeconds.rounded(.up)) s" : "; it is being tried"
    var error = unavailable(provider, "it has failed several times in a row and is not asked for now\(after)")
    error.retryAfter = wait
    return error
  }
}
