public import TurnoutCore

/// What every language model should do, as checks that anybody's can be put through, against a ``ModelServer``.
///
/// ```swift
/// @Test(arguments: ModelConformance.checks) func conforms(check: ModelConformance.Check) async throws {
///   try await check.run { server in
///     OpenAIChatModel("test", at: OpenAIEndpoint(baseURL: server.url + "/v1"))
///   }
/// }
/// ```
/// Which wire the model speaks shows in the paths that it asks for. It must not try again by itself: each check says what
/// a single call comes to.
public enum ModelConformance {
  /// Makes the model that is checked, so that it asks a server.
  public typealias Maker = @Sendable (ModelServer) async throws -> any LanguageModel

  /// All checks.
  public static let checks: [Check] = answers + tools + refusals + brokenAnswers + cancellations

  /// One thing that a model should do.
  public struct Check: Sendable, CustomStringConvertible {
    /// What should be, in words.
    public let name: String
    private let body: @Sendable (Maker) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (Maker) async throws -> Void) {
      self.name = name
      self.body = body
    }

    public var description: String { name }

    /// Checks a model.
    /// - Parameter limit: how long that may take.
    /// - Throws: ``ConformanceFailure`` when the model does something else, or cannot be made.
    public func run(within limit: Duration = .seconds(60), _ make: Maker) async throws {
      do {
        try await withoutActuallyEscaping(make) { make in
          try await RunClock().timeout(after: limit) { try await body(make) }
        }
      } catch let error as TurnoutError where error.label == "timed_out" {
        throw ConformanceFailure("\(name): it did not end in time")
      } catch is CancellationError where Task.isCancelled {
        throw CancellationError()
      } catch {
        throw ConformanceFailure("\(name): \(RunFailure(error).message)")
      }
    }
  }
}

/// A model does not do what a check asks for.
public struct ConformanceFailure: LabelledError, Hashable {
  public let label = "conformance"
  public let description: String

  init(_ description: String) { self.description = description }
}

/// A model that is being checked.
struct Probe: Sendable {
  let server: ModelServer
  let model: any LanguageModel
  /// Whether answers are asked for in pieces.
  let streams: Bool

  /// Asks once, and gives the answer with the pieces it came in.
  func ask(_ request: ModelRequest = .probing) async throws -> (response: ModelResponse, pieces: [String]) {
    let pieces = PieceList()
    let response = try await model.respond(to: request, in: Run(), onDelta: streams ? pieces.handler : nil)
    return (response, pieces.all)
  }

  /// The error of a call, which has to be one.
  func failure(_ request: ModelRequest = .probing) async throws -> ModelError {
    do {
      let text = try await ask(request).response.text
      throw ConformanceFailure("\(kind): no error was thrown, but \"\(text.prefix(40))\" was answered")
    } catch let error as ModelError {
      try expect(!error.description.contains("\n"), "the error is more than one line")
      return error
    } catch let error as ConformanceFailure { throw error } catch {
      throw ConformanceFailure("\(kind): \(type(of: error)) was thrown, not a ModelError")
    }
  }

  /// - Throws: ``ConformanceFailure`` unless the condition holds.
  func expect(_ condition: Bool, _ complaint: @autoclosure () -> String) throws {
    if !condition { throw ConformanceFailure("\(kind): \(complaint())") }
  }

  /// - Throws: ``ConformanceFailure`` unless two values are equal.
  func expect<T: Equatable>(_ found: T, is wanted: T, _ what: String) throws {
    try expect(found == wanted, "\(what) is \(found), not \(wanted)")
  }

  var kind: String { streams ? "streamed" : "whole" }

  /// The request that the server got.
  func sent() throws -> ServedRequest {
    guard let request = server.requests.last else { throw ConformanceFailure("\(kind): nothing was asked") }
    return request
  }
}

extension ModelConformance {
  /// A check of a model against a server with a script, whole and in pieces.
  static func check(
    _ name: String, _ script: @escaping ModelServer.Script, limit: RequestLimit? = nil,
    _ body: @escaping @Sendable (Probe) async throws -> Void
  ) -> Check {
    Check(name) { make in
      for streams in [false, true] {
        try await ModelServer.serve(answering: script, limit: limit) { server in
          try await body(Probe(server: server, model: try await make(server), streams: streams))
        }
      }
    }
  }

  /// A check against a server that always gives the same answer.
  static func check(
    _ name: String, _ answer: ServedAnswer, _ body: @escaping @Sendable (Probe) async throws -> Void
  ) -> Check {
    check(name, { _, _ in answer }, body)
  }
}

extension ModelRequest {
  static let probing = ModelRequest(messages: [
    .system("Answer in one sentence."), .user("What does the Aurora cost, in € or 円?"),
  ])
}
