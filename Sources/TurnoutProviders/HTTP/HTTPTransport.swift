import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import TurnoutCore

/// The one way to the network: JSON requests over a shared client, answers whole or in pieces.
///
/// Connections are as many as callers need at once (the client's own default of eight a host would turn a fan-out into
/// a queue). A call's time covers its body too, which the client's own timeout does not: each piece is held against the
/// deadline, and a body of which nothing arrives ends after the idle time.
struct HTTPTransport: Sendable {
  let limits: HTTPLimits

  static let shared = client(nil)
  private static let throughHTTPProxy = client(NetworkSettings.current.http)
  private static let throughHTTPSProxy = client(NetworkSettings.current.https)

  /// How long nothing may arrive.
  private static let idle = TimeAmount.seconds(300)

  private static func client(_ proxy: NetworkSettings.Proxy?) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.proxy = proxy?.configuration
    if let file = NetworkSettings.current.authorities {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.additionalTrustRoots = [.file(file)]
      configuration.tlsConfiguration = tls
    }
    configuration.timeout.connect = .seconds(10)
    configuration.timeout.read = idle
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16_384
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.redirectConfiguration = .disallow
    // Spans are made from a run's events; the client's own hold whole addresses, in which there may be keys.
    configuration.tracing.tracer = nil
    return HTTPClient(eventLoopGroup: EventLoops.forThisProcess, configuration: configuration)
  }

  /// Sends a request and waits for the whole answer, of at most `limits.body` bytes.
  /// - Throws: ``ModelError`` for everything that goes wrong between here and the server.
  func fetch(_ request: HTTPClientRequest, from provider: String) async throws -> HTTPAnswer {
    try await stream(request, from: provider) { try await $0.collect() }
  }

  /// Sends a request and hands the answer to the closure while it arrives.
  /// - Throws: ``ModelError`` for everything that goes wrong between here and the server.
  func stream<Result: Sendable>(
    _ request: HTTPClientRequest, from provider: String, _ body: @escaping @Sendable (HTTPStream) async throws -> Result
  ) async throws -> Result {
    let client = try client(for: request, of: provider)
    do {
      // The idle time ends a body that stands still, so that only a shorter limit is worth a task of its own.
      if limits.total <= Self.idle {
        // The client's own deadline stands behind ours, so that the two do not end a call at the same moment.
        let deadline = NIODeadline.now() + limits.total + .seconds(60)
        return try await RunClock().timeout(after: .nanoseconds(limits.total.nanoseconds)) {
          try await body(begin(request, by: deadline, client, provider))
        }
      }
      return try await body(begin(request, by: .now() + limits.total, client, provider))
    } catch {
      throw Self.thrown(error, provider, request.url)
    }
  }

  /// The client whose way to an address is the right one.
  /// - Throws: ``ModelError`` where the settings of this machine do not let it go there; `CancellationError`.
  private func client(for request: HTTPClientRequest, of provider: String) throws -> HTTPClient {
    try NetworkGuard.check(Self.address(request.url))
    let settings = NetworkSettings.current
    if let problem = settings.problem { throw ModelError.connection(provider, problem) }
    if request.url.hasPrefix("https"), let problem = NetworkSettings.currentAuthoritiesProblem {
      throw ModelError.connection(provider, problem)
    }
    // The client may send a request although its task was cancelled before.
    try Task.checkCancellation()
    guard let proxy = settings.proxy(to: request.url) else { return Self.shared }
    return proxy == settings.https ? Self.throughHTTPSProxy : Self.throughHTTPProxy
  }

  private func begin(
    _ request: HTTPClientRequest, by deadline: NIODeadline, _ client: HTTPClient, _ provider: String
  ) async throws -> HTTPStream {
    HTTPStream(
      try await client.execute(request, deadline: deadline), from: provider, by: deadline, limit: limits.body)
  }

  /// Reads past what is left of a body, so that the connection serves the next request too; a server that does not end
  /// the body soon loses the connection instead.
  func finish(_ pieces: HTTPStream.Pieces) async {
    // Only the first child uses it from here on, and the group ends before this returns.
    nonisolated(unsafe) var pieces = pieces
    await withTaskGroup(of: Void.self) { group in
      group.addTask { while (try? await pieces.next()) != nil {} }
      group.addTask { try? await Task.sleep(for: .milliseconds(200)) }
      await group.next()
      group.cancelAll()
    }
  }

  /// An error that comes from whoever receives the answer, not from the server; it is thrown as it is.
  struct ReceiverError: Error {
    let error: any Error
  }

  /// What is thrown in place of an error.
  @inline(never)
  private static func thrown(_ error: any Error, _ provider: String, _ url: String) -> any Error {
    switch error {
    case is ModelError, is CancellationError: error
    case let error as ReceiverError: error.error
    default: Task.isCancelled ? CancellationError() : modelError(error, provider, url)
    }
  }

  private static func modelError(_ error: any Error, _ provider: String, _ url: String) -> ModelError {
    let address = Self.address(url)
    switch error {
    case let error as HTTPClientError where error == .connectTimeout:
      return .connection(provider, "\(address) did not answer within 10 s; is the server running?")
    case is TurnoutError: return .timeout(provider, "\(address) took longer than it may")
    case let error as HTTPClientError where error == .deadlineExceeded:
      return .timeout(provider, "\(address) took longer than it may")
    case let error as HTTPClientError where error == .readTimeout:
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
    case let error as NIOSSLError where "\(error)".contains("CERTIFICATE"):
      return .connection(
        provider, "\(address) has a certificate that is not trusted; name your authority's file in TURNOUT_CA_FILE")
    case is NIOConnectionError, is IOError:
      return .connection(provider, "nothing answers at \(address); is the server running?")
    case NIOHTTPDecompression.DecompressionError.limit, is NIOTooManyBytesError:
      return .malformed(provider, "the answer is larger than 64 MiB")
    case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
      return .malformed(provider, "the answer is compressed in a way that cannot be read")
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
  /// From the request to the end of the response.
  var total: TimeAmount = .seconds(600)
  /// The most bytes of a body that is read whole.
  var body = 64 << 20
}
