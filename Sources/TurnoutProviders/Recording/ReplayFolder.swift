import Synchronization
import TurnoutCore

/// A recording that answers instead of models: the same answers in the same pieces, and the same errors, without a
/// network, a key or a model.
///
/// ```swift
/// let folder = try ReplayFolder("Tests/Recordings")
/// let model = ReplayingModel("openai:gpt-4o-mini", from: folder)
/// …
/// #expect(folder.unmatched.isEmpty)
/// ```
/// Of requests that were made several times the first gets what the first got, and so on. A request that was not
/// recorded fails with a ``RecordingError``, and is in ``unmatched`` even when a fallback answered instead.
public final class ReplayFolder: Sendable {
  private struct State {
    var taken: [String: Int] = [:]
    var unmatched: [RecordingError] = []
  }

  private struct Entry: Sendable {
    let file: RecordingFile.Name
    let call: RecordedCall
  }

  private let path: String
  private let removal: SecretRemoval
  private let entries: [Entry]
  private let byFingerprint: [String: [Entry]]
  private let state = Mutex(State())

  /// Reads a recording.
  /// - Parameter secrets: what was taken out when it was made, beside what looks like a key.
  /// - Throws: ``RecordingError`` when there is none in the folder, or a file of it cannot be used.
  public init(_ path: String, secrets: [APIKey] = []) throws {
    self.path = path
    removal = SecretRemoval(secrets)
    entries = try RecordingFile.names(in: path).map { name in
      Entry(file: name, call: try RecordedCall(try RecordingFile.read(name, in: path), from: "\(path)/\(name.text)"))
    }
    guard !entries.isEmpty else { throw RecordingError.unusable(path, "there are no recordings in it") }
    // By what stands in a file, so that a request that was corrected by hand is found as it is now.
    byFingerprint = Dictionary(grouping: entries) { $0.call.fingerprint }
  }

  /// The requests that were not recorded, in the order in which they were made.
  public var unmatched: [RecordingError] { state.withLock { $0.unmatched } }

  /// The files whose requests have not been made so far.
  public var unused: [String] {
    let taken = state.withLock { $0.taken }
    return byFingerprint.flatMap { $1.dropFirst(taken[$0] ?? 0).map(\.file.text) }.sorted()
  }

  /// The first call of a model, which tells what the model is like.
  func sample(of model: String, _ kinds: RecordedCall.Kind...) -> RecordedCall? {
    entries.first { $0.call.model == model && kinds.contains($0.call.kind) }?.call
  }

  /// What was recorded for a request.
  /// - Throws: ``RecordingError`` when nothing was.
  func take(_ kind: RecordedCall.Kind, model: String, request: Value) throws -> RecordedCall {
    let call = RecordedCall(kind, model: model, name: model, traits: .null, request: removal.clean(request))
    let fingerprint = call.fingerprint
    let recorded = byFingerprint[fingerprint] ?? []
    let number = state.withLock { state in
      state.taken[fingerprint, default: 0] += 1
      return state.taken[fingerprint] ?? 1
    }
    if recorded.indices.contains(number - 1) { return recorded[number - 1].call }
    let error =
      recorded.isEmpty
      ? unknown(call)
      : RecordingError.unmatched(
        "\(model): a request was recorded \(recorded.count) times and is made another time; record the run anew")
    state.withLock { $0.unmatched.append(error) }
    throw error
  }

  /// How a request differs from the one among the recorded that is nearest to it.
  private func unknown(_ call: RecordedCall) -> RecordingError {
    let same = entries.filter { $0.call.kind == call.kind && $0.call.model == call.model }
    guard !same.isEmpty else {
      let models = Set(entries.filter { $0.call.kind == call.kind }.map(\.call.model)).sorted().prefix(5)
      let others = models.isEmpty ? "" : "; recorded are \(models.joined(separator: ", "))"
      return .unmatched("\(path): nothing was recorded for \(call.model)\(others)")
    }
    let compared = same.map { ($0.file, RecordedDifference(recorded: $0.call.request, asked: call.request)) }
    let nearest = compared.min { ($0.1.count, $0.1.extent, $0.0) < ($1.1.count, $1.1.extent, $1.0) }
    guard let (file, difference) = nearest else { return .unmatched("\(path): nothing was recorded") }
    return .unmatched(
      "\(call.model): this request was not recorded; the nearest is \(path)/\(file.text)", difference.lines)
  }
}

extension RecordedCall {
  /// Ends as the recorded call did.
  func end<Result>(in run: Run, _ read: (Value) throws -> Result?) async throws -> Result {
    try Task.checkCancellation()
    run.record(usage)
    switch ending {
    case .response(let value):
      do { if let result = try read(value) { return result } } catch is TurnoutError {}
      throw RecordingError.unusable("\(fingerprint).json", "its response is not one of \(model)'s")
    case .error(let value): throw RecordedFailure.error(value)
    case .cancelled:
      // Whoever cancelled it then will do so now; a run that was interrupted must not wait for ever.
      try await run.clock.sleep(for: .seconds(10))
      throw RecordingError.unmatched("\(model): this call was cancelled when it was recorded, and is not now")
    }
  }
}
