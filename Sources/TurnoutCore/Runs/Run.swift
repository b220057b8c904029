import Synchronization

/// What crosses the steps of one run: where it is, its events, its clock, what it used, and values for whoever asks.
///
/// A run is passed down; every step gets one of its own, with its own path. Steps reach for nothing global.
///
/// ```swift
/// let run = Run(sinks: [EventHandler { print($0.path, $0.kind) }])
/// let reply = try await run.perform(support, "my phone keeps restarting")
/// print(run.usage.outputTokens)
/// ```
public struct Run: Sendable {
  /// A name for the whole run, unique among runs.
  public var id: String { shared.id }
  /// Where in the tree of steps this is.
  public var path: RunPath { place.path }
  /// The number of this piece of work within the run; 0 for the run itself.
  public var span: Int { place.span }
  /// The time the run lives by.
  public var clock: RunClock { shared.clock }
  /// Values that steps below can read; see ``RunKey``.
  public var values: RunValues

  /// The prices of models, where somebody wants to know what they cost.
  var prices: PriceTable? { shared.prices }
  /// The part of the budget that this piece of work draws on, where there is one.
  var account: BudgetAccount? { place.account }

  private let place: Place
  private var shared: Shared { place.shared }

  private final class Shared: Sendable {
    let id: String
    let clock: RunClock
    let events: EventStream?
    let prices: PriceTable?
    let spans = Atomic<Int>(0)

    init(id: String, clock: RunClock, sinks: [any RunEventSink], prices: PriceTable?) {
      self.id = id
      self.clock = clock
      self.prices = prices
      events = sinks.isEmpty ? nil : EventStream(sinks)
    }
  }

  /// One piece of work: where it is and what it used. One object, since runs are handed from step to step.
  private final class Place: Sendable {
    let shared: Shared
    let span: Int
    let account: BudgetAccount?
    /// Which branch of a fan-out this is, from 0.
    let branch: Int?
    private let parent: Place?
    private let name: String?
    private let known: RunPath?
    private let sum = Mutex(Usage.none)

    init(_ shared: Shared, _ account: BudgetAccount?) {
      self.shared = shared
      self.account = account
      branch = nil
      span = 0
      parent = nil
      name = nil
      known = .root
    }

    /// A place below another, or, without a name, the same place with a meter of its own.
    init(in parent: Place, name: String?, account: BudgetAccount?, branch: Int?) {
      shared = parent.shared
      self.account = account
      self.branch = branch
      span = name == nil ? parent.span : shared.spans.add(1, ordering: .relaxed).newValue
      self.parent = parent
      self.name = name
      // Events want the path again and again; a run that nobody observes is hardly ever asked for it.
      known = shared.events == nil ? nil : name.map(parent.path.appending) ?? parent.path
    }

    var path: RunPath {
      if let known { return known }
      let above = parent?.path ?? .root
      return name.map(above.appending) ?? above
    }

    /// What was used here, added up from many tasks.
    var usage: Usage { sum.withLock { $0 } }
    func add(_ usage: Usage) { if usage != .none { sum.withLock { $0 += usage } } }
  }

  /// A new run.
  /// - Parameters:
  ///   - id: a name for it; a random one unless it is given.
  ///   - clock: the time it lives by.
  ///   - sinks: who receives its events.
  ///   - budget: the most that it may use; nothing is limited without one.
  ///   - prices: what models cost; without them ``Usage/cost`` stays zero, and a budget of money refuses every call.
  public init(
    id: String? = nil, clock: RunClock = RunClock(), sinks: [any RunEventSink] = [], budget: Budget? = nil,
    prices: PriceTable? = nil
  ) {
    place = Place(
      Shared(id: id ?? Self.randomID(), clock: clock, sinks: sinks, prices: prices), budget.map { BudgetAccount($0) })
    values = RunValues()
  }

  private init(in parent: Run, name: String?, account: BudgetAccount?, branch: Int? = nil) {
    place = Place(in: parent.place, name: name, account: account, branch: branch)
    values = parent.values
  }

  /// The same place in the run, with a meter of its own; as a branch of a fan-out, where it is one, and with another part
  /// of the budget, where there is one.
  func metered(drawingOn account: BudgetAccount? = nil, branch: Int? = nil) -> Run {
    Run(in: self, name: nil, account: account ?? self.account, branch: branch)
  }

  /// The same place in the run, with a meter of its own, whose usage has to be recorded here.
  package func metered() -> Run { metered(drawingOn: nil) }

  private static func randomID() -> String {
    let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
    return String((0..<12).map { _ in letters[Int.random(in: letters.indices)] })
  }

  /// Whether anyone receives events; when nobody does, nothing needs to be made for them.
  public var isObserved: Bool { shared.events != nil }

  /// Whether anyone wants text while it is being written.
  public var wantsText: Bool { shared.events?.wantsText ?? false }

  /// Sends an event and returns when every sink has received it.
  public func emit(_ kind: @autoclosure () -> RunEvent.Kind) async {
    guard let events = shared.events else { return }
    await events.emit(kind(), span: span, path: path, clock: clock)
  }

  /// What has been used here so far, everything inside included.
  public var usage: Usage { place.usage }

  /// Counts what a model call used.
  public func record(_ usage: Usage) { place.add(usage) }

  /// Runs a step as part of this run: on a path of its own, between its started and its finished or failed event.
  /// - Parameter name: the name in the path, unless the step's own is to be used.
  /// - Throws: what the step throws; `CancellationError` when the task was already cancelled.
  public func perform<S: Step>(_ step: S, _ input: S.Input, as name: String? = nil) async throws -> S.Output {
    let identity = step.identity
    return try await scope(identity.kind, name ?? identity.name) { try await step.run(input, in: $0) }
  }

  /// Runs a piece of work that is no step of its own (a model call, a tool call) between started and finished events.
  public func scope<R: Sendable>(
    _ kind: StepKind, _ name: String, _ body: (Run) async throws -> R
  ) async throws -> R {
    try Task.checkCancellation()
    let child = Run(in: self, name: name, account: account)
    defer { record(child.usage) }
    // What nobody sees need not be made: a call that is not observed costs neither times nor events.
    guard isObserved else { return try await body(child) }
    return try await child.reported(kind, name, parent: span == 0 ? nil : span, branch: place.branch, body)
  }

  /// Not inlined, so that what events need is no part of every task's memory.
  @inline(never)
  private func reported<R: Sendable>(
    _ kind: StepKind, _ name: String, parent: Int?, branch: Int?, _ body: (Run) async throws -> R
  ) async throws -> R {
    let start = clock.now
    await emit(.started(.init(kind: kind, name: name, parent: parent, index: branch)))
    do {
      let result = try await body(self)
      let output = (result as? any ValueConvertible)?.value
      await emit(.finished(.init(kind: kind, duration: clock.now - start, usage: usage, output: output)))
      return result
    } catch {
      await emit(.failed(.init(kind: kind, duration: clock.now - start, usage: usage, failure: RunFailure(error))))
      throw error
    }
  }
}
