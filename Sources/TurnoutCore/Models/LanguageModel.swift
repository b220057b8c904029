/// A model that answers messages.
///
/// A model streams what it writes into `onDelta` where there is one, and returns the whole answer when it is done.
/// Models that wrap another (retries, limits, fallbacks) are models too. A model throws ``ModelError``.
///
/// ```swift
/// struct Echo: LanguageModel {
///   let name = "echo"
///   func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
///     ModelResponse(text: "You said something.")
///   }
/// }
/// ```
public protocol LanguageModel: Sendable {
  /// The name in events and messages, as `provider:model`.
  var name: String { get }

  /// What this model can do, so that callers need not try.
  var capabilities: ModelCapabilities { get }

  /// The calls that answering one request makes at most: one of this model, unless it wraps others or tries again.
  var attempts: [ModelAttempts] { get }

  /// Makes ready what the first request would wait for, such as finding out what a server can do. Nothing has to be
  /// made ready before asking; models that wrap another pass it on.
  func prepare(in run: Run) async throws

  /// Answers.
  /// - Parameters:
  ///   - request: the messages, tools and settings.
  ///   - run: the run this is part of.
  ///   - onDelta: gets the pieces as they arrive; nil when nobody wants them.
  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
}

extension LanguageModel {
  public var capabilities: ModelCapabilities { ModelCapabilities() }

  public var attempts: [ModelAttempts] { [ModelAttempts(name)] }

  public func prepare(in run: Run) async throws {}
}

/// Gets the pieces of an answer while it is being written; the model waits for it.
public typealias ModelDeltaHandler = @Sendable (ModelDelta) async throws -> Void

/// A piece of an answer.
@nonexhaustive
public enum ModelDelta: Sendable, Hashable {
  /// More text.
  case text(String)
  /// More of what the model thinks before it answers; not a part of the answer.
  case thinking(String)
  /// All text so far does not count: the answer begins anew, since an attempt broke off in the middle.
  case discarded
}

/// What a model can do, as data.
public struct ModelCapabilities: Sendable, Hashable {
  /// Whether it keeps to a JSON Schema that is sent with the request; else the schema is described in the prompt.
  public var schemas: Bool
  /// Whether it can call tools; an agent that has some does not ask a model that cannot.
  public var tools: Bool
  /// Whether it continues an answer whose beginning it is given as the last message.
  public var continuation: Bool
  /// Whether it may be asked how likely its tokens were; one that does not know answers without.
  public var logProbabilities: Bool
  /// The most tokens that a request and its answer may have together; nil where that is not known.
  public var contextWindow: Int?

  /// Capabilities; a model keeps to schemas and calls tools unless it says otherwise.
  public init(
    schemas: Bool = true, tools: Bool = true, continuation: Bool = false, logProbabilities: Bool = true,
    contextWindow: Int? = nil
  ) {
    self.contextWindow = contextWindow
    self.schemas = schemas
    self.tools = tools
    self.continuation = continuation
    self.logProbabilities = logProbabilities
  }
}

/// What a model is asked.
public struct ModelRequest: Sendable, Hashable {
  /// The conversation so far.
  public var messages: [Message]
  /// The tools the model may call.
  public var tools: [ToolDescription]
  /// The shape its answer must have; nil for text.
  public var output: Schema?
  /// Temperature and the like.
  public var settings: ModelSettings
  /// Whether tools have to be called, or must not be.
  public var toolChoice: ToolChoice
  /// Whether the answer should come as the provider wrote it too; see ``ModelResponse/raw``.
  public var keepsRaw = false
  /// Whether the answer should say how likely its tokens were; see ``ModelResponse/tokens``.
  public var logProbabilities: Bool

  /// A request.
  public init(
    messages: [Message], tools: [ToolDescription] = [], output: Schema? = nil, settings: ModelSettings = .init(),
    toolChoice: ToolChoice = .auto, logProbabilities: Bool = false
  ) {
    self.messages = messages
    self.tools = tools
    self.output = output
    self.settings = settings
    self.toolChoice = toolChoice
    self.logProbabilities = logProbabilities
  }
}

/// Whether a model has to call tools.
public enum ToolChoice: Sendable, Hashable {
  /// As it likes.
  case auto
  /// It must not.
  case none
  /// It must call at least one.
  case required
  /// It must call this one.
  case tool(String)
}

/// How much a model should think before it answers, where it can.
public enum Thinking: Sendable, Hashable {
  /// Hardly, more, or a lot.
  case low, medium, high
  /// So many tokens at most.
  case tokens(Int)
}

/// How a model should write; what is nil is left to the model.
public struct ModelSettings: Sendable, Hashable {
  /// Randomness, from 0.
  public var temperature: Double?
  /// The seed of the randomness, where the model has one.
  public var seed: Int?
  /// The most tokens to write.
  public var maxOutputTokens: Int?
  /// Texts at which writing stops.
  public var stop: [String]
  /// How much the model should think before it answers.
  public var thinking: Thinking?

  /// Settings.
  public init(
    temperature: Double? = nil, seed: Int? = nil, maxOutputTokens: Int? = nil, stop: [String] = [],
    thinking: Thinking? = nil
  ) {
    self.temperature = temperature
    self.seed = seed
    self.maxOutputTokens = maxOutputTokens
    self.stop = stop
    self.thinking = thinking
  }

  /// These settings, with another's for what is not set here.
  public func or(_ other: ModelSettings) -> ModelSettings {
    ModelSettings(
      temperature: temperature ?? other.temperature, seed: seed ?? other.seed,
      maxOutputTokens: maxOutputTokens ?? other.maxOutputTokens, stop: stop.isEmpty ? other.stop : stop,
      thinking: thinking ?? other.thinking)
  }
}

/// What a model answered.
public struct ModelResponse: Sendable, Hashable {
  /// The text, empty when there is none.
  public var text: String
  /// The tools it wants called.
  public var toolCalls: [ToolCall]
  /// Why it stopped writing.
  public var finish: FinishReason
  /// What it used.
  public var usage: Usage
  /// The tokens of the answer with their probabilities; empty unless they were asked for and the model gives them.
  public var tokens: [TokenChoice]
  /// The answer as its provider wrote it, when the request asked for that: one JSON text, or the JSON of each event of a
  /// stream on a line of its own. What a vendor adds that has no place in this type can be read there.
  public var raw: String? {
    get { boxedRaw?.text }
    set { boxedRaw = newValue.map(RawAnswerText.init) }
  }
  private var boxedRaw: RawAnswerText?
  /// The answer as its provider wrote it, where that provider wants it back in the next request.
  public var original: OriginalAnswer?
  /// Where the provider's limits stand, where it says so.
  public var limits: RateLimits? {
    get { boxedLimits?.value }
    set { boxedLimits = newValue.map(RateLimits.Box.init) }
  }
  // In a box, since most responses have none and all are handed about.
  private var boxedLimits: RateLimits.Box?
  /// Which call gave it, for the run's books.
  var origin = ModelResponseOrigin.call

  /// A response.
  public init(
    text: String = "", toolCalls: [ToolCall] = [], finish: FinishReason = .stop, usage: Usage = Usage(calls: 1),
    tokens: [TokenChoice] = [], original: OriginalAnswer? = nil
  ) {
    self.text = text
    self.toolCalls = toolCalls
    self.finish = finish
    self.usage = usage
    self.tokens = tokens
    self.original = original
  }
}

/// In a box, since hardly any response has one and all are handed about.
private final class RawAnswerText: Sendable, Hashable {
  let text: String
  init(_ text: String) { self.text = text }
  static func == (left: RawAnswerText, right: RawAnswerText) -> Bool { left.text == right.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// Why a model stopped writing; what a vendor adds tomorrow is kept as it is.
public struct FinishReason: Sendable, Hashable {
  /// The vendor's word.
  public let name: String

  /// A reason by its word.
  public init(_ name: String) { self.name = name }

  /// It was done.
  public static let stop = FinishReason("stop")
  /// It reached the most tokens it may write.
  public static let length = FinishReason("length")
  /// It wants tools called.
  public static let toolCalls = FinishReason("tool_calls")
  /// The vendor held the answer back.
  public static let contentFilter = FinishReason("content_filter")
}
