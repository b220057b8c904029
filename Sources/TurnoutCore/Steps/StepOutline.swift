/// What a step is, with its children: what `check`, plans, worst cases and drawings are made from.
public struct StepOutline: Sendable {
  /// The kind of work.
  public let kind: StepKind
  /// The step's name.
  public let name: String
  /// The model it asks.
  public let model: String?
  /// The tools it may call.
  public let tools: [String]
  /// The shape of what it takes, where that is known.
  public let input: Schema?
  /// The shape of what it produces, where that is known.
  public let output: Schema?
  /// What its calls of a model take at most, for a step that asks one itself.
  public let asking: AskingBound?
  /// How long what it produces gets, for a step that asks no model itself and has none inside; nil where nobody knows.
  public let written: PromptBound?
  /// Whether it may change something outside of the run by itself, so that running it twice does it twice.
  public let hasSideEffects: Bool
  /// The steps inside, in the order in which they run where there is one.
  public let children: [StepOutline]
  /// How many of the children that are a choice run at most.
  public let choices: Int
  /// How often one run of the parent runs this at most.
  public private(set) var repetition = StepRepetition.times(1)
  /// Whether its input holds the outputs of all children before it: a judge, a synthesis, a merge.
  public private(set) var gathers = false
  /// Whether its input may also hold what its own other times produced: subtasks that build on one another.
  public private(set) var gathersItself = false

  /// An outline.
  /// - Parameter hasSideEffects: whether it may act on the world by itself; unless it is said, what has tools may, and
  ///   so may what has neither a model nor steps inside, such as plain code.
  public init(
    _ identity: StepIdentity, model: String? = nil, tools: [String] = [], input: Schema? = nil, output: Schema? = nil,
    asking: AskingBound? = nil, written: PromptBound? = nil, hasSideEffects: Bool? = nil,
    children: [StepOutline] = [], choices: Int = 1
  ) {
    kind = identity.kind
    name = identity.name
    self.model = model
    self.tools = tools
    self.input = input
    self.output = output
    self.asking = asking
    self.written = written
    self.hasSideEffects = hasSideEffects ?? (!tools.isEmpty || model == nil && children.isEmpty)
    self.children = children
    self.choices = choices
  }

  /// The first step in it, itself included, that may change something outside of the run.
  public var firstWithSideEffects: StepOutline? {
    if hasSideEffects { return self }
    for child in children { if let found = child.firstWithSideEffects { return found } }
    return nil
  }

  /// The most that one run may use, whatever it would use without a limit.
  public private(set) var budget: Budget?

  /// This outline with a budget.
  public func limited(to budget: Budget) -> StepOutline {
    var outline = self
    outline.budget = budget
    return outline
  }

  /// This outline as a child that runs so often.
  public func repeated(_ repetition: StepRepetition) -> StepOutline {
    var outline = self
    outline.repetition = repetition
    return outline
  }

  /// This outline as a child whose input holds the outputs of all children before it.
  /// - Parameter itself: whether it may also hold what its own other times produced.
  public func gathering(itself: Bool = false) -> StepOutline {
    var outline = self
    outline.gathers = true
    outline.gathersItself = itself
    return outline
  }
}

/// How often one run of a step runs a step inside it, at most.
public enum StepRepetition: Sendable {
  /// So often.
  case times(Int)
  /// Once for each item that the closure finds in what the parent is given; nil where that cannot be told before.
  case perItem(@Sendable (InputBound) -> ItemBound?)
  /// Once, if it is chosen among its siblings that are a choice too.
  case choice

  /// Once for each element of the parent's input.
  public static var perElement: StepRepetition {
    .perItem { $0.value?.array.map { ItemBound(count: $0.count, largest: InputBound(largest: $0)) } }
  }
}

/// What is known of a step's input before it runs.
public struct InputBound: Sendable {
  /// The most bytes of it as text; nil where nobody knows.
  public let bytes: Int?
  /// The input itself, where it is known.
  public let value: Value?

  /// An input of which at most the size is known.
  public init(bytes: Int?) {
    self.bytes = bytes
    value = nil
  }

  /// An input that is known.
  public init(_ value: Value) {
    bytes = value.text.utf8.count
    self.value = value
  }

  /// One of several inputs, of which only the largest size counts.
  public init(largest values: [Value]) { self.init(bytes: values.map { $0.text.utf8.count }.max() ?? 0) }

  /// An input of a Swift type: known when it is a text or can be written as a value.
  public init(of input: some Sendable) {
    switch input {
    case let text as String: self.init(.string(text))
    case let value as any ValueConvertible: self.init(value.value)
    default: self.init(bytes: nil)
    }
  }
}

/// How many items a step finds in its input.
public struct ItemBound: Sendable {
  /// How many.
  public let count: Int
  /// What is known of the largest.
  public let largest: InputBound

  /// So many items.
  public init(count: Int, largest: InputBound) {
    self.count = count
    self.largest = largest
  }
}

/// What the calls of a model take at most that one run of a step makes.
///
/// A request has at most as many tokens as its messages have bytes, and ``messageTokens`` more for each message; an
/// answer at most as many as its output limit. Each further call of a conversation reads what was said before.
public struct AskingBound: Sendable, Hashable {
  /// The most calls: turns with tools, else one and how often an answer is sent back.
  public var calls: Int
  /// The bytes of what every request holds: instructions, descriptions of tools, the shape; nil where a closure makes them.
  public var fixedBytes: Int?
  /// How many things of its input, or of earlier steps, a request holds; nil where a closure makes the prompt.
  public var insertions: Int?
  /// The most tokens of an answer; nil where nothing limits them.
  public var outputTokens: Int?
  /// The most tokens between two calls that are no answer: results of tools, complaints.
  public var resultTokens: Int
  /// The calls that each request makes at most, where it is more than one of the step's model: attempts and fallbacks.
  public var attempts: [ModelAttempts]

  /// Tokens that a message takes beside its text, at most: role, name and separators.
  public static let messageTokens = 16
  /// What the results of one turn's tools are taken for in a plan. A budget counts what they really are.
  public static let toolResultTokens = 4_096
  /// What a complaint about an answer takes, at most.
  public static let complaintTokens = 600

  /// A bound.
  public init(
    calls: Int, fixedBytes: Int?, insertions: Int?, outputTokens: Int?, resultTokens: Int = complaintTokens,
    attempts: [ModelAttempts] = []
  ) {
    self.attempts = attempts
    self.calls = max(0, calls)
    self.fixedBytes = fixedBytes
    self.insertions = insertions
    self.outputTokens = outputTokens
    self.resultTokens = resultTokens
  }
}
