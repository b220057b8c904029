import Synchronization

/// Spares a provider that does not answer, and those who would wait for it: after failures in a row, calls fail at once,
/// so that a fallback answers; now and then one call tries whether it is back. For all branches and runs that share it.
///
/// ```swift
/// let circuit = Circuit()
/// let model = primary.guarded(by: circuit).retrying().falling(back: [other])
/// ```
public final class Circuit: Sendable {
  private let state: Mutex<CircuitState>
  private let clock: RunClock

  /// A circuit that is closed.
  /// - Parameter clock: the time by which it waits; it is its own, since runs share it.
  public init(_ settings: CircuitSettings = CircuitSettings(), clock: RunClock = RunClock()) {
    state = Mutex(CircuitState(settings))
    self.clock = clock
  }

  func admit() -> CircuitState.Admission {
    let now = clock.now
    return state.withLock { $0.admit(now) }
  }

  func end(_ ending: CircuitState.Ending, wasProbe: Bool) {
    let now = clock.now
    state.withLock { $0.end(ending, wasProbe: wasProbe, at: now) }
  }
}

/// A model behind a circuit.
struct GuardedModel: LanguageModel {
  let model: any LanguageModel
  let circuit: Circuit

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  var attempts: [ModelAttempts] { model.attempts }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let admission = circuit.admit()
    if case .refused(let wait) = admission { throw ModelError.unavailable(name, wait: wait) }
    var ending = CircuitState.Ending.unknown
    defer { circuit.end(ending, wasProbe: admission == .probe) }
    do {
      let response = try await model.respond(to: request, in: run, onDelta: onDelta)
      ending = .succeeded
      return response
    } catch let error as ModelError {
      ending = error.isTheProviders ? .failed : .unknown
      throw error
    }
  }
}

extension ModelError {
  /// Whether it says that the provider does not answer, rather than that it refuses this request.
  fileprivate var isTheProviders: Bool {
    switch code {
    case .connection, .server, .overloaded, .timeout: true
    default: false
    }
  }
}

extension LanguageModel {
  /// This model, with calls that fail at once while its provider does not answer.
  public func guarded(by circuit: Circuit) -> some LanguageModel { GuardedModel(model: self, circuit: circuit) }
}
