import Synchronization

/// A model that is also asked how likely its tokens were, and remembers those of its last answer.
///
/// A server that refuses to be asked so is asked again without; that it does is remembered for all later requests.
final class TokenWitness: LanguageModel {
  /// Whether a model has refused to say how likely its tokens were; shared by all decisions of a selector.
  final class Memory: Sendable {
    private let refusal = Mutex(false)
    var hasRefused: Bool { refusal.withLock { $0 } }
    func refused() { refusal.withLock { $0 = true } }
  }

  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }
  var attempts: [ModelAttempts] { model.attempts }
  private let model: any LanguageModel
  private let memory: Memory
  private let last = Mutex<ModelResponse?>(nil)

  init(_ model: any LanguageModel, _ memory: Memory) {
    self.model = model
    self.memory = memory
  }

  func prepare(in run: Run) async throws { try await model.prepare(in: run) }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    let response = try await ask(request, in: run, onDelta)
    last.withLock { $0 = response }
    return response
  }

  private func ask(
    _ request: ModelRequest, in run: Run, _ onDelta: ModelDeltaHandler?
  ) async throws -> ModelResponse {
    guard !memory.hasRefused else { return try await model.respond(to: request, in: run, onDelta: onDelta) }
    var asking = request
    asking.logProbabilities = true
    do {
      return try await model.respond(to: asking, in: run, onDelta: onDelta)
    } catch let error as ModelError where error.code == .refused {
      // Only when it goes well without was it the asking that was refused.
      let response = try await model.respond(to: request, in: run, onDelta: onDelta)
      memory.refused()
      return response
    }
  }

  /// How likely the last answer was to name this one of the names as the member of its object; nil where that cannot
  /// be told.
  func confidence(in chosen: String, among names: [String], member: StaticString) -> Double? {
    guard let response = last.withLock({ $0 }), !response.tokens.isEmpty else { return nil }
    let text = Array(response.text.utf8)
    guard let offset = Self.offset(of: text, in: response.tokens), let place = Self.place(of: member, in: text) else {
      return nil
    }
    return BranchingConfidence(chosen: chosen, others: names).probability(in: response.tokens, at: offset + place)
  }

  /// Where the text begins in the tokens, which may have a mark after it, or thoughts before it.
  private static func offset(of text: [UInt8], in tokens: [TokenChoice]) -> Int? {
    let whole = tokens.flatMap(\.written.bytes)
    if whole.starts(with: text) { return 0 }
    return whole.count > text.count && whole.suffix(text.count) == text[...] ? whole.count - text.count : nil
  }

  /// The place of the first byte of an object's member that is a string.
  private static func place(of member: StaticString, in text: [UInt8]) -> Int? {
    guard let open = text.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    var place: Int?
    text[open...].withUnsafeBytes { bytes in
      // What follows the object, such as the end of a fence, is an error that does not matter here.
      try? JSONScanner.scan(bytes) { scanner in
        try scanner.members { scanner, key in
          if key == member {
            let value = bytes[scanner.position...].firstIndex { $0 > 0x20 }
            if let value, bytes[value] == UInt8(ascii: "\"") { place = open + value + 1 }
          }
          try scanner.skip()
        }
      }
    }
    return place
  }
}
