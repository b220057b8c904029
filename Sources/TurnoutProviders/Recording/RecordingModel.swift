import Synchronization
public import TurnoutCore

/// A language model whose calls are written into a folder.
public struct RecordingModel: LanguageModel {
  private let model: any LanguageModel
  private let folder: RecordingFolder
  private let reference: String

  /// A model that is recorded.
  /// - Parameter reference: what it will be called when it is replayed; its own name unless it is given.
  public init(_ model: any LanguageModel, in folder: RecordingFolder, as reference: String? = nil) {
    self.model = model
    self.folder = folder
    self.reference = reference ?? model.name
  }

  public var name: String { model.name }
  public var capabilities: ModelCapabilities { model.capabilities }

  public func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    let begun = folder.begin(
      .answer, model: reference, name: name, traits: capabilities.recorded, request: request.recorded)
    let pieces = Mutex<[String]>([])
    let passing = onDelta.map { pass -> ModelDeltaHandler in
      { delta in
        if case .text(let text) = delta { pieces.withLock { $0.append(text) } }
        try await pass(delta)
      }
    }
    return try await folder.record(begun, in: run, \.recorded) { run in
      try await model.respond(to: request, in: run, onDelta: passing)
    } pieces: {
      onDelta == nil ? nil : pieces.withLock { $0 }
    }
  }
}

extension RecordingFolder {
  /// Makes a call and writes down how it ends.
  func record<Result>(
    _ begun: (call: RecordedCall, file: RecordingFile.Name), in run: Run, _ value: (Result) -> Value,
    _ body: (Run) async throws -> Result, pieces: () -> [String]? = { nil }
  ) async throws -> Result {
    var call = begun.call
    // What the model counts by itself is part of the recording, and nobody else's work is counted with it.
    let meter = run.metered()
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(meter)) } catch { result = .failure(error) }
    call.usage = meter.usage
    run.record(call.usage)
    call.pieces = pieces()
    switch result {
    case .success(let response): call.ending = .response(value(response))
    case .failure(let error) where error is CancellationError || Task.isCancelled: call.ending = .cancelled
    case .failure(let error): call.ending = .error(RecordedFailure.value(error))
    }
    try write(call, to: begun.file)
    return try result.get()
  }
}

/// A language model that answers from a recording.
public struct ReplayingModel: LanguageModel {
  public let name: String
  public let capabilities: ModelCapabilities
  private let reference: String
  private let folder: ReplayFolder

  /// The model that was recorded under a name; one that was never asked has that name, and what it could do is not
  /// known.
  public init(_ reference: String, from folder: ReplayFolder) {
    self.reference = reference
    self.folder = folder
    let sample = folder.sample(of: reference, .answer)
    name = sample?.name ?? reference
    capabilities = ModelCapabilities(recorded: sample?.traits ?? .null)
  }

  public func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse
  {
    let call = try folder.take(.answer, model: reference, request: request.recorded)
    if let onDelta {
      for piece in call.pieces ?? [] { try await onDelta(.text(piece)) }
    }
    let response = try await call.end(in: run) { try ModelResponse(recorded: $0) }
    // It was recorded when nobody wanted pieces.
    if let onDelta, call.pieces == nil, !response.text.isEmpty { try await onDelta(.text(response.text)) }
    return response
  }
}

extension LanguageModel {
  /// This model, with every call written into a folder.
  /// - Parameter reference: what it will be called when it is replayed; its own name unless it is given.
  public func recorded(in folder: RecordingFolder, as reference: String? = nil) -> RecordingModel {
    RecordingModel(self, in: folder, as: reference)
  }
}

extension ModelCapabilities {
  fileprivate var recorded: Value {
    [
      "schemas": .bool(schemas), "tools": .bool(tools), "continuation": .bool(continuation),
      "log_probabilities": .bool(logProbabilities),
    ]
  }

  fileprivate init(recorded value: Value) {
    self.init(
      schemas: value["schemas"]?.bool ?? true, tools: value["tools"]?.bool ?? true,
      continuation: value["continuation"]?.bool ?? false,
      logProbabilities: value["log_probabilities"]?.bool ?? true)
  }
}
