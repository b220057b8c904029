/// One unit of work: a model call, an agent, a router, a fan-out, a look-up, plain code.
///
/// Whatever takes a step takes any step, so a router's branch can be another router. A type of your own is a step when
/// it says how it runs; run steps inside through the run you are given, and they get their events and paths:
///
/// ```swift
/// struct Twice<S: Step>: Step where S.Input == S.Output {
///   let step: S
///   func run(_ input: S.Input, in run: Run) async throws -> S.Output {
///     let once = try await run.perform(step, input)
///     return try await run.perform(step, once)
///   }
/// }
/// ```
public protocol Step<Input, Output>: Sendable {
  associatedtype Input: Sendable
  associatedtype Output: Sendable

  /// What the step is called and what kind it is, as far as every run needs it; cheap to make.
  var identity: StepIdentity { get }

  /// What the step is, all its children included, for checks, plans and drawings.
  var outline: StepOutline { get }

  /// Does the work. Call ``Run/perform(_:_:as:)`` or ``run(_:sinks:)`` instead, which add the events.
  func run(_ input: Input, in run: Run) async throws -> Output
}

extension Step {
  public var identity: StepIdentity { StepIdentity(.function, "\(Self.self)") }
  public var outline: StepOutline { StepOutline(identity) }

  /// Runs the step in a run of its own.
  public func run(_ input: Input, sinks: [any RunEventSink] = []) async throws -> Output {
    try await Run(sinks: sinks).perform(self, input)
  }
}

/// What a step is called and what kind it is.
public struct StepIdentity: Sendable, Hashable {
  /// The kind of work.
  public let kind: StepKind
  /// The step's name.
  public let name: String

  /// A kind and a name.
  public init(_ kind: StepKind, _ name: String) {
    self.kind = kind
    self.name = name
  }
}

/// A step made of plain code.
///
/// ```swift
/// let trim = FunctionStep("trim") { (text: String) in text.lowercased() }
/// ```
public struct FunctionStep<Input: Sendable, Output: Sendable>: Step {
  public let identity: StepIdentity
  private let hasSideEffects: Bool
  private let body: @Sendable (Input, Run) async throws -> Output

  /// A step that calls a closure.
  /// - Parameter hasSideEffects: false when calling it twice does no more than calling it once.
  public init(
    _ name: String, hasSideEffects: Bool = true, _ body: @escaping @Sendable (Input) async throws -> Output
  ) {
    self.init(name, hasSideEffects: hasSideEffects, in: { input, _ in try await body(input) })
  }

  /// A step that calls a closure which also wants the run.
  /// - Parameter hasSideEffects: false when calling it twice does no more than calling it once.
  public init(
    _ name: String, kind: StepKind = .function, hasSideEffects: Bool = true,
    in body: @escaping @Sendable (Input, Run) async throws -> Output
  ) {
    identity = StepIdentity(kind, name)
    self.hasSideEffects = hasSideEffects
    self.body = body
  }

  public var outline: StepOutline { StepOutline(identity, hasSideEffects: hasSideEffects) }

  public func run(_ input: Input, in run: Run) async throws -> Output { try await body(input, run) }
}
