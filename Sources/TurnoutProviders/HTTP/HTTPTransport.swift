import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import TurnoutCore

/// The one way to the network: JSON requests over a shared client, answers whole or in pieces.
///
/// Connections are as many as callers need at once (the client's own default of eight a host would turn a fan-out into
/// a queue); a response that stops arriving ends after the idle time, which the client's request timeout does not do.
struct HTTPTransport: Sendable {
  let limits: HTTPLimits

  static let shared = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

  private static var configuration: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .seconds(10)
    configuration.timeout.read = .seconds(300)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16_384
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.redirectConfiguration = .disallow
    return configuration
  }

  /// Sends a request and hands the response to the closure.
  /// - Throws: ``ModelError`` for everything that goes wrong between here and the server.
  func send<Result: Sendable>(
    _ request: HTTPClientRequest, to provider: String, _ body: (HTTPClientResponse) async throws -> Result
  ) async throws -> Result {
    try NetworkGuard.check(request.url)
    // The client may send a request although its task was cancelled before.
    try Task.checkCancellation()
    do {
      return try await body(try await Self.shared.execute(request, timeout: limits.total))
    } catch let error as ModelError {
      throw error
    } catch let error as ReceiverError {
      throw error.error
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      if Task.isCancelled { throw CancellationError() }
      throw Self.modelError(error, provider, request.url)
    }
  }

  /// Collects a body, at most `limits.body` bytes.
  func collect(_ response: HTTPClientResponse) async throws -> ByteBuffer {
    try await response.body.collect(upTo: limits.body)
  }

  /// Reads past what is left of a body, so that the connection serves the next request too; a server that does not end
  /// the body soon loses the connection instead.
  func finish(_ body: HTTPClientResponse.Body.AsyncIterator) async {
    // Only the first child uses it from here on, and the group ends before this returns.
    nonisolated(unsafe) var body = body
    await withTaskGroup(of: Void.self) { group in
      group.addTask { while (try? await body.next()) != nil {} }
      group.addTask { try? await Task.sleep(for: .milliseconds(200)) }
      await group.next()
      group.cancelAll()
    }
  }

  /// An error that comes from whoever receives the answer, not from the server; it is thrown as it is.
  struct ReceiverError: Error {
    let error: any Error
  }

  private static func modelError(_ error: any Error, _ provider: String, _ url: String) -> ModelError {
    let address = Self.address(url)
    switch error {
    case let error as HTTPClientError where error == .connectTimeout:
      return .connection(provider, "\(address) did not answer within 10 s; is the server running?")
    case let error as HTTPClientError where error == .readTimeout || error == .deadlineExceeded:
      return .timeout(provider, "\(address) stopped answering")
    case let error as HTTPClientError where error == .remoteConnectionClosed:
      return .connection(provider, "\(address) closed the connection before the answer was complete")
    case HTTPParserError.invalidEOFState:
      return .connection(provider, "\(address) closed the connection before the answer was complete")
    case is HTTPParserError: return .connection(provider, "\(address) does not answer in HTTP")
    case let error as HTTPClientError
    where error == .invalidURL || error == .emptyHost || error == .emptyScheme
      || error.shortDescription == HTTPClientError.unsupportedScheme("").shortDescription:
      return .notFound(provider, "\(address) is not a usable address")
    case let error as HTTPClientError: return .connection(provider, "\(address): \(error.shortDescription)")
    case is NIOConnectionError, is IOError:
      return .connection(provider, "nothing answers at \(address); is the server running?")
    case is NIOTooManyBytesError: return .malformed(provider, "the answer is larger than 64 MiB")
    case is ServerSentEvents.TooLong: return .malformed(provider, "one event of the stream is larger than 16 MiB")
    case let error as JSONError: return .malformed(provider, "the answer is \(error.description)")
    default: return .connection(provider, "\(address): \(type(of: error))")
    }
  }

  /// The scheme, host and port alone: a path or query could hold a key.
  static func address(_ url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "the address" }
    let rest = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
    return String(url[..<scheme.upperBound] + host)
  }
}

/// How much and how long a response may be.
struct HTTPLimits: Sendable, Hashable {
  /// Until the response's head has arrived.
  var total: TimeAmount = .seconds(600)
  /// The most bytes of a body that is read whole.
  var body = 64 << 20
}
