/// A check between the steps of a chain: what passes goes on unchanged, what does not ends the chain there.
///
/// ```swift
/// let post = outliner
///   .gate("short enough") { $0.count <= 400 ? nil : "the outline has \($0.count) characters" }
///   .then(writer)
///   .whenStopped { stop in "No post: \(stop.reason)." }
/// ```
/// Without ``Step/whenStopped(_:)`` the chain fails with ``GateStop``. A gate is a step with its own events: whoever
/// reads them sees which gate stopped what, and why.
public struct Gate<Input: Sendable>: Step {
  public typealias Output = Input

  private let name: String
  private let check: any Step<Input, GateVerdict>

  /// A gate whose verdict a step makes, such as an agent with a typed answer.
  public init(_ name: String, by check: any Step<Input, GateVerdict>) {
    self.name = name
    self.check = check
  }

  /// A gate that is a closure: nil lets the input pass, a text is the reason to stop.
  public init(_ name: String, _ check: @escaping @Sendable (Input) async throws -> String?) {
    self.init(
      name,
      by: FunctionStep("check", hasSideEffects: false) { (input: Input) -> GateVerdict in
        try await check(input).map { .stop($0) } ?? .pass
      })
  }

  public var identity: StepIdentity { StepIdentity(.gate, name) }
  public var outline: StepOutline { StepOutline(identity, children: [check.outline]) }

  public func run(_ input: Input, in run: Run) async throws -> Input {
    let verdict = try await Branch("check", check).run(input, in: run)
    guard verdict.passed else { throw GateStop(gate: name, reason: verdict.reason) }
    return input
  }
}

/// What a gate's check says.
public struct GateVerdict: Sendable, Hashable, ValueConvertible {
  /// Whether the chain goes on.
  public let passed: Bool
  /// Why not, or why; may be empty.
  public let reason: String

  /// A verdict.
  public init(passed: Bool, reason: String = "") {
    self.passed = passed
    self.reason = reason
  }

  /// The chain goes on.
  public static let pass = GateVerdict(passed: true)
  /// The chain ends, for this reason.
  public static func stop(_ reason: String) -> GateVerdict { GateVerdict(passed: false, reason: reason) }

  /// `passed` and `reason`.
  public var value: Value { ["passed": .bool(passed), "reason": .string(reason)] }
}

/// A gate did not let something pass.
public struct GateStop: LabelledError, Hashable {
  /// The gate's name.
  public let gate: String
  /// Why; may be empty.
  public let reason: String

  /// A stop.
  public init(gate: String, reason: String) {
    self.gate = gate
    self.reason = reason
  }

  public var label: String { "stopped" }
  public var description: String {
    reason.isEmpty ? "the gate \(gate) stopped it" : "the gate \(gate) stopped it: \(reason)"
  }
}

/// A step that answers otherwise when a gate inside of it stops; see ``Step/whenStopped(_:)``.
public struct StoppableStep<Inner: Step>: Step {
  private let inner: Inner
  private let answer: any Step<GateStop, Inner.Output>

  init(_ inner: Inner, answer: any Step<GateStop, Inner.Output>) {
    self.inner = inner
    self.answer = answer
  }

  public var identity: StepIdentity { inner.identity }
  public var outline: StepOutline {
    StepOutline(identity, output: inner.outline.output, children: [inner.outline, answer.outline])
  }

  public func run(_ input: Inner.Input, in run: Run) async throws -> Inner.Output {
    do { return try await inner.run(input, in: run) } catch let stop as GateStop {
      return try await Branch("stopped", answer).run(stop, in: run)
    }
  }
}

extension Step {
  /// This step, then a gate: nil lets its output pass, a text is the reason to stop.
  public func gate(
    _ name: String, _ check: @escaping @Sendable (Output) async throws -> String?
  ) -> Chain<Self, Gate<Output>> { then(Gate(name, check)) }

  /// This step, with an answer of its own for when a gate inside of it stops.
  public func whenStopped(_ answer: any Step<GateStop, Output>) -> StoppableStep<Self> {
    StoppableStep(self, answer: answer)
  }

  /// This step, with code that answers when a gate inside of it stops.
  public func whenStopped(_ answer: @escaping @Sendable (GateStop) async throws -> Output) -> StoppableStep<Self> {
    whenStopped(FunctionStep("stopped", hasSideEffects: false, answer))
  }
}

extension Gate where Input: ValueConvertible {
  /// A gate that lets pass what meets conditions, as the rules of a router have them, of its text.
  /// - Parameter reason: why it stops what does not.
  public init(_ name: String, when conditions: [RuleCondition], reason: String = "its conditions do not hold") {
    self.init(name) { conditions.allHold(for: $0.value.text) ? nil : reason }
  }
}

extension [RuleCondition] {
  /// Whether all of them hold for a text.
  package func allHold(for text: String) -> Bool {
    var input = RuleInput(RouteRequest(text))
    return allSatisfy { $0.holds(for: &input) != nil }
  }
}
