public import TurnoutCore

/// A model whose server is probed before it is asked for a typed answer the first time.
///
/// ```swift
/// let model = ProbedModel(OpenAIChatModel("qwen3", at: endpoint))
/// let selector = ModelSelector(model, bar: 0.7)
/// ```
/// What the probe finds is remembered by this value and its copies; make one for each model of a program. A probe that
/// fails, such as for want of a connection, is not remembered: the request fails with its error and the next one tries
/// again. Until it is known, ``capabilities`` are what the model claims, afterwards what the probe found;
/// `prepare(in:)`, which a router's `prepare` calls, probes at once.
///
/// A request always gets what can be had: a schema that the server would not keep to stands in the instructions
/// instead, and probabilities that it does not give are not asked for. Whoever asks checks the answer, as agents do.
public struct ProbedModel: LanguageModel {
  private let model: any LanguageModel
  private let found = AsyncOnce<ModelCapabilities>()

  /// A model with a probe before it.
  public init(_ model: any LanguageModel) { self.model = model }

  public var name: String { model.name }

  public var capabilities: ModelCapabilities { found.current ?? model.capabilities }

  public var attempts: [ModelAttempts] { model.attempts }

  public func prepare(in run: Run) async throws {
    try await model.prepare(in: run)
    _ = try await known(in: run)
  }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    guard request.output != nil || request.logProbabilities else {
      return try await model.respond(to: request, in: run, onDelta: onDelta)
    }
    let known = try await known(in: run)
    var request = request
    if !known.logProbabilities { request.logProbabilities = false }
    request = request.describingShape(unless: known.schemas)
    return try await model.respond(to: request, in: run, onDelta: onDelta)
  }

  private func known(in run: Run) async throws -> ModelCapabilities {
    try await found.get { try await model.probe(in: run) }
  }
}
