import Synchronization

/// Answers of models that are given again to the same request, letter for letter, without asking. In memory, and no more
/// than so many; the one that was not asked for longest goes first.
///
/// ```swift
/// let cache = ResponseCache(limit: 10_000)
/// let model = hosted.cached(in: cache)
/// ```
/// An answer out of the cache uses no calls, tokens or money.
public final class ResponseCache: Sendable {
  private struct Key: Hashable {
    let model: String
    let request: ModelRequest
  }

  private struct State {
    var answers: [Key: (response: ModelResponse, used: Int)] = [:]
    var uses = 0
  }

  private let limit: Int
  private let state = Mutex(State())

  /// An empty cache of at most so many answers.
  public init(limit: Int = 1_000) { self.limit = max(1, limit) }

  /// How many answers there are.
  public var count: Int { state.withLock { $0.answers.count } }

  func answer(to request: ModelRequest, by model: String) -> ModelResponse? {
    state.withLock { state in
      let key = Key(model: model, request: request)
      guard let found = state.answers[key]?.response else { return nil }
      state.uses += 1
      state.answers[key]?.used = state.uses
      return found
    }
  }

  func keep(_ response: ModelResponse, to request: ModelRequest, by model: String) {
    state.withLock { state in
      state.uses += 1
      state.answers[Key(model: model, request: request)] = (response, state.uses)
      guard state.answers.count > limit else { return }
      // Half of a tenth more than needed goes at once, so that not every answer has to look for the oldest.
      let oldest = state.answers.sorted { $0.value.used < $1.value.used }.prefix(1 + limit / 20).map(\.key)
      for key in oldest { state.answers[key] = nil }
    }
  }
}

/// A model with a cache before it.
struct CachedModel: LanguageModel {
  let model: any LanguageModel
  let cache: ResponseCache

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  var attempts: [ModelAttempts] { model.attempts }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    if var kept = cache.answer(to: request, by: name) {
      kept.origin = .kept
      kept.usage = .none
      if let onDelta, !kept.text.isEmpty { try await onDelta(.text(kept.text)) }
      return kept
    }
    let response = try await model.respond(to: request, in: run, onDelta: onDelta)
    cache.keep(response, to: request, by: name)
    return response
  }
}

extension LanguageModel {
  /// This model, with answers to requests that were made before taken from a cache.
  public func cached(in cache: ResponseCache) -> some LanguageModel { CachedModel(model: self, cache: cache) }
}
