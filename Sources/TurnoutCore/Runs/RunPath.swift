/// Where in the tree of steps something happens: `support/consult/model`.
///
/// Paths are for people and for grouping; a branch of a fan-out is named by its name or its index. The same path can
/// occur more than once in a run (an agent asks its model in turns); ``RunEvent/span`` tells those apart.
public struct RunPath: Sendable, Hashable, CustomStringConvertible {
  /// The names from the outside in.
  public let components: [String]

  /// The run itself.
  public static let root = RunPath(components: [])

  /// The path of a child.
  public func appending(_ name: String) -> RunPath { RunPath(components: components + [name]) }

  public var description: String { components.joined(separator: "/") }
}

/// What kind of work a step does; new kinds are new values, not new cases.
public struct StepKind: Sendable, Hashable, CustomStringConvertible {
  /// The kind's name in events, outlines and workflow files.
  public let name: String

  /// A kind with a name.
  public init(_ name: String) { self.name = name }

  public var description: String { name }

  /// Plain code.
  public static let function = StepKind("function")
  /// A model with instructions and tools.
  public static let agent = StepKind("agent")
  /// One call of a model.
  public static let model = StepKind("model")
  /// One call of a tool.
  public static let tool = StepKind("tool")
  /// A choice between branches.
  public static let route = StepKind("route")
  /// Several steps over one input.
  public static let parallel = StepKind("parallel")
  /// One step over several inputs.
  public static let each = StepKind("each")
  /// One step over the sections of a document.
  public static let split = StepKind("split")
  /// Several steps over one input, of which the first answer counts.
  public static let race = StepKind("race")
  /// A step of which a second attempt begins when the first takes long.
  public static let hedge = StepKind("hedge")
  /// A step, and another for when it fails.
  public static let fallback = StepKind("fallback")
  /// Steps one after another.
  public static let chain = StepKind("chain")
  /// What most of several answers say.
  public static let vote = StepKind("vote")
  /// A model that compares answers.
  public static let judge = StepKind("judge")
  /// The answer that is most like the others.
  public static let medoid = StepKind("medoid")
  /// The best of several attempts, by a verifier.
  public static let bestOf = StepKind("best_of")
  /// Layers of steps that read what the layer before answered.
  public static let mixture = StepKind("mixture")
  /// A check between the steps of a chain.
  public static let gate = StepKind("gate")
  /// Writing, evaluating and revising until it passes.
  public static let refine = StepKind("refine")
  /// Subtasks that a planner makes, workers that do them, and a step that combines what they found.
  public static let orchestrate = StepKind("orchestrate")
}
