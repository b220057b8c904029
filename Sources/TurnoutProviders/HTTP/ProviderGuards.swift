import Synchronization
public import TurnoutCore

/// What keeps the calls of a process to a provider within its limits, and spares it while it does not answer: one gate and
/// one circuit for each server and key, shared by every model, branch and run that asks there.
///
/// ```swift
/// let model = ProviderGuards.shared.guarding(AnthropicModel("claude-sonnet-4-5", at: server), at: server).retrying()
/// ```
public final class ProviderGuards: Sendable {
  /// Those of this process.
  public static let shared = ProviderGuards()

  private struct Guards {
    let gate: RateGate
    let circuit: Circuit
  }

  private let settings: GateSettings
  private let circuits: CircuitSettings
  private let clock: RunClock
  private let known = Mutex<[ModelEndpoint: Guards]>([:])

  /// Guards of one's own, for tests and for programs that want other settings.
  public init(
    _ settings: GateSettings = GateSettings(), circuits: CircuitSettings = CircuitSettings(),
    clock: RunClock = RunClock()
  ) {
    self.settings = settings
    self.circuits = circuits
    self.clock = clock
  }

  /// A model of a server, behind that server's gate and circuit.
  public func guarding(_ model: any LanguageModel, at server: ModelEndpoint) -> any LanguageModel {
    // How long a call may take is no part of who is asked.
    var identity = server
    identity.timeout = .zero
    let guards = known.withLock { known in
      if let guards = known[identity] { return guards }
      let guards = Guards(gate: RateGate(settings, clock: clock), circuit: Circuit(circuits, clock: clock))
      known[identity] = guards
      return guards
    }
    return model.gated(by: guards.gate).guarded(by: guards.circuit)
  }
}
