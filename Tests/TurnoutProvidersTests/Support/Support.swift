import Synchronization
import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer
import TurnoutTesting

extension SplitMix64 {
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// Holds whoever waits until it is opened; waiting ends with the task's cancellation.
struct Gate: Sendable {
  private let clock = ManualClock()
  private let opening: ManualClock.Instant

  init() { opening = clock.now.advanced(by: .seconds(1)) }

  func wait() async throws { try await clock.sleep(until: opening, tolerance: nil) }
  func open() { clock.advance(by: .seconds(1)) }
}

/// Gathers the pieces of a streamed answer.
final class Pieces: Sendable {
  private let list = Mutex<(texts: [String], thinking: String)>(([], ""))
  var all: [String] { list.withLock { $0.texts } }
  var text: String { all.joined() }
  var thinking: String { list.withLock { $0.thinking } }
  var handler: ModelDeltaHandler {
    { delta in
      self.list.withLock {
        switch delta {
        case .text(let text): $0.texts.append(text)
        case .thinking(let text): $0.thinking += text
        default: break
        }
      }
    }
  }
}

extension SplitMix64 {
  /// A text in pieces of 1 to so many bytes, as a network may cut it.
  mutating func cut(_ text: String, atMost most: Int) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = min(rest.count, int(1...most))
      pieces.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return pieces
  }
}

extension LoopbackServer {
  func endpoint(_ profile: OpenAIProfile = .init(), key: String? = Remains.key) throws -> OpenAIEndpoint {
    OpenAIEndpoint(provider: "test", baseURL: url + "/v1", key: try key.map { try APIKey($0) }, profile: profile)
  }

  func model(_ profile: OpenAIProfile = .init(), key: String? = Remains.key) throws -> OpenAIChatModel {
    OpenAIChatModel("small", at: try endpoint(profile, key: key))
  }

  /// Asks a model of this server for a whole answer.
  func ask(_ request: ModelRequest = .hello, _ profile: OpenAIProfile = .init()) async throws -> ModelResponse {
    try await model(profile).respond(to: request, in: Run(), onDelta: nil)
  }

  /// Asks a model of this server for an answer in pieces.
  func stream(_ request: ModelRequest = .hello, into pieces: Pieces = Pieces()) async throws -> ModelResponse {
    try await model().respond(to: request, in: Run(), onDelta: pieces.handler)
  }

  /// The one request so far, as text.
  func sent() throws -> String {
    try #require(requests.count == 1)
    return requests[0].text
  }
}

extension ModelRequest {
  static let hello = ModelRequest(messages: [.user("hello")])
}

/// The model error that a body throws.
func modelError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> some Sendable
) async throws -> ModelError {
  let error = await #expect(throws: ModelError.self, sourceLocation: sourceLocation) { _ = try await body() }
  let found = try #require(error, sourceLocation: sourceLocation)
  Remains.keep("\(found) \(String(reflecting: found)) \(found.label)", from: "error")
  return found
}
