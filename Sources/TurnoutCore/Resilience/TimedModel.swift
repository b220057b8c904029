import Synchronization

/// How long a model may take for parts of an answer; what is nil is not limited here.
public struct ModelTimeouts: Sendable, Hashable {
  /// From the request to the first piece of the answer.
  public var first: Duration?
  /// From one piece to the next, and to the end.
  public var between: Duration?
  /// From the request to the end.
  public var total: Duration?

  /// Limits.
  public init(first: Duration? = nil, between: Duration? = nil, total: Duration? = nil) {
    self.first = first
    self.between = between
    self.total = total
  }
}

/// A model whose answers must keep to times.
struct TimedModel: LanguageModel {
  let model: any LanguageModel
  let limits: ModelTimeouts

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  var attempts: [ModelAttempts] { model.attempts }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    if limits == ModelTimeouts() { return try await model.respond(to: request, in: run, onDelta: onDelta) }
    let (clock, model) = (run.clock, model)
    let watch = StallWatch(limits, now: clock.now)
    // Pieces are asked for although nobody wants them: without any, nobody could tell whether the model is at work.
    var handler = onDelta
    if limits.first != nil || limits.between != nil {
      handler = { delta in
        watch.receive(clock.now)
        // Time that the receiver takes is not the model's.
        defer { watch.goOn(clock.now) }
        try await onDelta?(delta)
      }
    }
    let receiver = handler
    return try await withThrowingTaskGroup(of: ModelResponse.self) { group in
      group.addTask { try await model.respond(to: request, in: run, onDelta: receiver) }
      group.addTask {
        while let wait = watch.wait(clock.now) {
          if wait <= .zero { throw ModelError.timeout(name, watch.complaint) }
          try await clock.sleep(for: wait)
        }
        throw CancellationError()
      }
      defer { group.cancelAll() }
      guard let response = try await group.next() else { throw CancellationError() }
      return response
    }
  }
}

/// Until when something has to happen.
private final class StallWatch: Sendable {
  private struct State {
    var hasBegun = false
    var isReceiving = false
    var last: Duration
  }

  private let limits: ModelTimeouts
  private let start: Duration
  private let state: Mutex<State>

  init(_ limits: ModelTimeouts, now: Duration) {
    self.limits = limits
    start = now
    state = Mutex(State(last: now))
  }

  func receive(_ now: Duration) {
    state.withLock {
      $0.hasBegun = true
      $0.isReceiving = true
      $0.last = now
    }
  }

  func goOn(_ now: Duration) {
    state.withLock {
      $0.isReceiving = false
      $0.last = now
    }
  }

  /// How long until something is late; nil when nothing is limited.
  func wait(_ now: Duration) -> Duration? {
    state.withLock { state in
      let part = state.hasBegun ? limits.between : limits.first
      // While the receiver works, and before a beginning that may take as long as it likes, there is only another look.
      let next = part.map { state.isReceiving ? $0 : state.last + $0 - now } ?? limits.between
      let end = limits.total.map { start + $0 - now }
      return [next, end].compactMap(\.self).min()
    }
  }

  var complaint: String {
    let hasBegun = state.withLock { $0.hasBegun }
    return hasBegun ? "the answer stopped in the middle or took longer than it may" : "no answer began within its time"
  }
}

extension LanguageModel {
  /// This model, with calls that end with ``ModelError/timeout(_:_:)`` when a part of the answer takes longer than it may.
  public func timed(_ limits: ModelTimeouts) -> some LanguageModel { TimedModel(model: self, limits: limits) }
}
