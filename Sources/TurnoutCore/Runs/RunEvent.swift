/// Something that happened in a run. Progress, logs, metrics, spans and JSON lines are all made from these.
///
/// Events hold what steps produced (decisions, text, outputs), never prompts, inputs or keys.
public struct RunEvent: Sendable {
  /// Counts up by one from 1 within a run, across all its branches.
  public let sequence: Int
  /// The time since the run began.
  public let time: Duration
  /// Which piece of work this belongs to; unique within the run.
  public let span: Int
  /// Where in the tree of steps it happened.
  public let path: RunPath
  /// What happened.
  public let kind: Kind

  /// What can happen.
  @nonexhaustive
  public enum Kind: Sendable {
    /// A piece of work began.
    indirect case started(Started)
    /// It ended well.
    indirect case finished(Finished)
    /// It ended badly or was cancelled.
    indirect case failed(Failed)
    /// A model wrote more of an answer.
    case text(String)
    /// The text that was streamed so far does not count: the model is asked again, with this complaint.
    case reasked(complaint: String)
    /// The text that was streamed so far does not count: the model broke off, and its answer begins anew.
    case discarded
    /// A model failed, and another answers instead.
    indirect case fellBack(FellBack)
    /// A router decided.
    indirect case decided(RouteDecision)
    /// A fan-out begins, with so many branches.
    case branching(count: Int)
    /// A fan-out has what it wanted; this many branches were cancelled or never started.
    case settled(dropped: Int)
    /// A ballot of a vote arrived; this is how the vote stands.
    indirect case voted(VoteTally)
    /// A planner made these subtasks.
    indirect case planned([PlannedTask])
    /// An attempt was evaluated.
    case evaluated(Evaluated)
    /// A branch or a model's call failed and will be tried again after a wait. A branch's comes before the attempt's failed
    /// event, in its span.
    indirect case retrying(Retrying)
    /// What branches used of which nothing is kept: those that failed, and those that were cancelled.
    indirect case wasted(Usage)
  }

  /// What was said of an attempt.
  public struct Evaluated: Sendable {
    /// Which attempt, from 1.
    public let attempt: Int
    /// Whether it is good enough.
    public let passed: Bool
    /// How good it is, where that was said.
    public let score: Double?
  }

  /// A model that answers in the place of another.
  public struct FellBack: Sendable {
    /// The model that failed.
    public let from: String
    /// The model that is asked now.
    public let to: String
    /// Whether it goes on where the other broke off.
    public let continues: Bool
    /// Why the other failed.
    public let failure: RunFailure
  }

  /// A branch or a call of a model that is tried again.
  public struct Retrying: Sendable {
    /// What is tried again: a kind of step, or ``StepKind/model`` for a call.
    public let kind: StepKind
    /// The branch's name, or its index; the model's name.
    public let branch: String
    /// Which attempt comes next; 2 for the second.
    public let attempt: Int
    /// How long is waited before it.
    public let wait: Duration
    /// Why the attempt before failed.
    public let failure: RunFailure
  }

  /// A piece of work that began.
  public struct Started: Sendable {
    /// What kind of work.
    public let kind: StepKind
    /// The name of the step, model or tool.
    public let name: String
    /// The span in which it began; nil for the run's first.
    public let parent: Int?
    /// Which branch of a fan-out it is, by its place among the inputs, from 0; nil for everything else. Branches begin in
    /// any order.
    public let index: Int?
  }

  /// A piece of work that ended well.
  public struct Finished: Sendable {
    /// What kind of work.
    public let kind: StepKind
    /// How long it took.
    public let duration: Duration
    /// What it used, everything inside included.
    public let usage: Usage
    /// What it produced, where that can be written as a value.
    public let output: Value?
  }

  /// A piece of work that ended badly.
  public struct Failed: Sendable {
    /// What kind of work.
    public let kind: StepKind
    /// How long it took.
    public let duration: Duration
    /// What it used, everything inside included.
    public let usage: Usage
    /// Why.
    public let failure: RunFailure
  }
}

/// Receives a run's events, one at a time and in order. A run waits for it: a slow sink slows the run down instead of
/// piling up memory. A sink must not emit events into the run it is called from.
public protocol RunEventSink: Sendable {
  /// Whether pieces of streamed text are wanted; models stream only when some sink wants them.
  var wantsText: Bool { get }

  /// Called with each event.
  func receive(_ event: RunEvent) async
}

extension RunEventSink {
  public var wantsText: Bool { true }
}

/// Calls a closure with each event.
public struct EventHandler: RunEventSink {
  public let wantsText: Bool
  private let handle: @Sendable (RunEvent) async -> Void

  /// A sink that calls a closure.
  public init(wantsText: Bool = true, _ handle: @escaping @Sendable (RunEvent) async -> Void) {
    self.wantsText = wantsText
    self.handle = handle
  }

  public func receive(_ event: RunEvent) async { await handle(event) }
}
