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

    init(
      name: String, model: any LanguageModel, instructions: @escaping @Sendable (Input, Run) throws -> String,
      prompt: @escaping @Sendable (Input, Run) throws -> String, output: OutputFormat<Output>, tools: [Tool],
      validators: [OutputValidator<Output>], opening: String?, settings: ModelSettings, limits: AgentLimits
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
    }
  }

  /// An agent that makes its instructions and prompt from an input of any type.
  /// - Parameters:
  ///   - opening: how the answer must begin; a model that can continue a text is made to begin so, every other one is
  ///     told, and the answer is checked either way.
  public init(
    _ name: String, model: any LanguageModel, output: OutputFormat<Output>,
    instructions: @escaping @Sendable (Input, Run) throws -> String, tools: [Tool] = [],
    validators: [OutputValidator<Output>] = [], opening: String? = nil, settings: ModelSettings = .init(),
    limits: AgentLimits = .init(), prompt: @escaping @Sendable (Input, Run) throws -> String
  ) {
    parts = Parts(
      name: name, model: model, instructions: instructions, prompt: prompt, output: output, tools: tools,
      validators: validators, opening: output.schema == nil ? opening : nil, settings: settings, limits: limits)
  }

  public var identity: StepIdentity { StepIdentity(.agent, parts.name) }

  public var outline: StepOutline {
    StepOutline(
      identity, model: parts.model.name, tools: parts.tools.map(\.name), output: parts.output.schema ?? .string())
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
      opening: opening, settings: settings, limits: limits, prompt: { input, _ in input })
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
      validators: validators, settings: settings, limits: limits, prompt: { input, _ in input })
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
