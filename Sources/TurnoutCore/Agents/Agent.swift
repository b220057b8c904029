/// A model with instructions, tools and a typed answer.
///
/// The agent asks its model, calls the tools the model wants (several at once), gives back what they returned or what
/// went wrong, and asks again, until there is an answer that can be read, has the declared shape and passes every
/// validator. An answer that does not is sent back with the exact complaint.
///
/// ```swift
/// let analyst = Agent("analyst", model: model, returning: Impact.self,
///   instructions: "Analyse how the change affects this group.")
/// let impact = try await analyst.run("Customers: they worry about prices.")
/// ```
/// Throws ``ModelError`` when the model fails, ``TurnoutError`` when no acceptable answer came.
public struct Agent<Input: Sendable, Output: Sendable>: Step {
  let parts: Parts

  /// What an agent is made of; shared by its copies, since an agent is handed from step to step.
  final class Parts: Sendable {
    let name: String
    let model: any LanguageModel
    let instructions: @Sendable (Input, Run) throws -> String
    let prompt: @Sendable (Input, Run) throws -> String
    let output: OutputFormat<Output>
    let tools: [Tool]
    let validators: [OutputValidator<Output>]
    let opening: String?
    let settings: ModelSettings
    let limits: AgentLimits
    let promptBound: PromptBound?
    let images: (@Sendable (Input, Run) async throws -> [ImageInput])?

    init(
      name: String, model: any LanguageModel, instructions: @escaping @Sendable (Input, Run) throws -> String,
      prompt: @escaping @Sendable (Input, Run) throws -> String, output: OutputFormat<Output>, tools: [Tool],
      validators: [OutputValidator<Output>], opening: String?, settings: ModelSettings, limits: AgentLimits,
      promptBound: PromptBound?, images: (@Sendable (Input, Run) async throws -> [ImageInput])?
    ) {
      self.name = name
      self.model = model
      self.instructions = instructions
      self.prompt = prompt
      self.output = output
      self.tools = tools
      self.validators = validators
      self.opening = opening
      self.settings = settings
      self.limits = limits
      self.promptBound = promptBound
      self.images = images
    }
  }

  /// An agent that makes its instructions and prompt from an input of any type.
  /// - Parameters:
  ///   - opening: how the answer must begin; a model that can continue a text is made to begin so, every other one is
  ///     told, and the answer is checked either way.
  ///   - promptBound: how long instructions and prompt get, for plans; without it nobody knows before it runs.
  ///   - images: what the model is shown behind the prompt; see ``ImageInput/tokenBound`` for plans.
  public init(
    _ name: String, model: any LanguageModel, output: OutputFormat<Output>,
    instructions: @escaping @Sendable (Input, Run) throws -> String, tools: [Tool] = [],
    validators: [OutputValidator<Output>] = [], opening: String? = nil, settings: ModelSettings = .init(),
    limits: AgentLimits = .init(), promptBound: PromptBound? = nil,
    images: (@Sendable (Input, Run) async throws -> [ImageInput])? = nil,
    prompt: @escaping @Sendable (Input, Run) throws -> String
  ) {
    parts = Parts(
      name: name, model: model, instructions: instructions, prompt: prompt, output: output, tools: tools,
      validators: validators, opening: output.schema == nil ? opening : nil, settings: settings, limits: limits,
      promptBound: promptBound, images: images)
  }

  public var identity: StepIdentity { StepIdentity(.agent, parts.name) }

  public var outline: StepOutline {
    StepOutline(
      identity, model: parts.model.name, tools: parts.tools.map(\.name), output: parts.output.schema ?? .string(),
      asking: asking, hasSideEffects: parts.tools.contains(where: \.hasSideEffects))
  }

  private var asking: AskingBound {
    let limits = parts.limits
    // What the wire puts around a shape or a tool is no longer than the names that are here already.
    let shape = parts.output.schema.map { 2 * $0.jsonSchema.json().utf8.count } ?? 0
    let tools = parts.tools.map(\.description).reduce(0) {
      $0 + 2 * ($1.parameters.jsonSchema.json().utf8.count + $1.name.utf8.count + $1.description.utf8.count)
    }
    let opening = parts.opening.map { 64 + 2 * $0.utf8.count } ?? 0
    return AskingBound(
      calls: parts.tools.isEmpty ? min(limits.turns, 1 + limits.reasks) : limits.turns,
      fixedBytes: parts.promptBound.map { $0.bytes + shape + tools + opening },
      insertions: parts.promptBound?.insertions, outputTokens: parts.settings.maxOutputTokens,
      resultTokens: parts.tools.isEmpty ? AskingBound.complaintTokens : AskingBound.toolResultTokens,
      attempts: parts.model.attempts)
  }

  public func run(_ input: Input, in run: Run) async throws -> Output {
    try await AgentLoop(agent: parts, run: run).answer(input)
  }
}

extension Agent where Input == String, Output == String {
  /// An agent that answers a text with a text.
  public init(
    _ name: String, model: any LanguageModel, instructions: String, tools: [Tool] = [],
    validators: [OutputValidator<String>] = [], opening: String? = nil, settings: ModelSettings = .init(),
    limits: AgentLimits = .init()
  ) {
    self.init(
      name, model: model, output: .text, instructions: { _, _ in instructions }, tools: tools, validators: validators,
      opening: opening, settings: settings, limits: limits,
      promptBound: PromptBound(bytes: instructions.utf8.count, insertions: 1), prompt: { input, _ in input })
  }
}

extension Agent where Input == String, Output: Generable {
  /// An agent that answers a text with a value of a Swift type.
  public init(
    _ name: String, model: any LanguageModel, returning type: Output.Type, instructions: String, tools: [Tool] = [],
    validators: [OutputValidator<Output>] = [], settings: ModelSettings = .init(), limits: AgentLimits = .init()
  ) {
    self.init(
      name, model: model, output: .typed(type), instructions: { _, _ in instructions }, tools: tools,
      validators: validators, settings: settings, limits: limits,
      promptBound: PromptBound(bytes: instructions.utf8.count, insertions: 1), prompt: { input, _ in input })
  }
}

extension Agent where Output: Generable {
  /// An agent that makes its prompt from an input of any type and answers with a value of a Swift type.
  public init(
    _ name: String, model: any LanguageModel, returning type: Output.Type, instructions: String, tools: [Tool] = [],
    validators: [OutputValidator<Output>] = [], settings: ModelSettings = .init(), limits: AgentLimits = .init(),
    prompt: @escaping @Sendable (Input) throws -> String
  ) {
    self.init(
      name, model: model, output: .typed(type), instructions: { _, _ in instructions }, tools: tools,
      validators: validators, settings: settings, limits: limits, prompt: { input, _ in try prompt(input) })
  }
}

/// How far an agent may go for one answer.
public struct AgentLimits: Sendable, Hashable {
  /// The most turns: calls of the model.
  public var turns: Int
  /// How often an answer that is not acceptable is sent back.
  public var reasks: Int
  /// How many tool calls of one turn run at once.
  public var concurrentTools: Int

  /// Limits.
  public init(turns: Int = 10, reasks: Int = 2, concurrentTools: Int = 8) {
    self.turns = max(1, turns)
    self.reasks = max(0, reasks)
    self.concurrentTools = max(1, concurrentTools)
  }
}

/// How long a text gets, such as an agent's instructions and prompt: so many bytes, and so many things of its input put
/// into them.
public struct PromptBound: Sendable, Hashable {
  /// The bytes that are always there.
  public let bytes: Int
  /// How often the input, or a part of what came before, is put in.
  public let insertions: Int

  /// A bound.
  public init(bytes: Int, insertions: Int) {
    self.bytes = bytes
    self.insertions = insertions
  }

  /// The bytes when what is put in has at most so many.
  func size(_ input: Int?) -> Int? {
    insertions == 0 ? bytes : input.map { bytes.addingClamped($0.multipliedClamped(by: insertions)) }
  }
}
