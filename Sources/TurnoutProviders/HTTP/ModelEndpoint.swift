import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import TurnoutCore

/// A server of models: where it is, what it is called, and how it wants its key.
///
/// ```swift
/// let azure = ModelEndpoint(
///   provider: "azure", baseURL: "https://NAME.openai.azure.com/openai/v1", key: try APIKey(secret),
///   keyHeader: "api-key", query: ["api-version": "preview"])
/// let model = OpenAIChatModel("gpt-4o-mini", at: OpenAIEndpoint(azure, profile: .openAI))
/// ```
public struct ModelEndpoint: Sendable, Hashable {
  /// The provider's name in model names and errors.
  public var provider: String
  /// Everything before the paths of the wire.
  public var baseURL: String
  /// The most time of one call, from the request to the end of the answer.
  public var timeout: Duration
  /// The header in which the key goes; `authorization` carries it as a bearer token.
  public var keyHeader: String
  /// Headers that go with every request.
  public var headers: [String: String]
  /// What stands behind the question mark of every address.
  public var query: [String: String]
  private let key: APIKey?

  /// An endpoint.
  public init(
    provider: String, baseURL: String, key: APIKey? = nil, keyHeader: String = "authorization",
    headers: [String: String] = [:], query: [String: String] = [:], timeout: Duration = .seconds(600)
  ) {
    self.provider = provider
    self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
    self.key = key
    self.keyHeader = keyHeader
    self.headers = headers
    self.query = query
    self.timeout = timeout
  }

  var limits: HTTPLimits { HTTPLimits(total: .nanoseconds(Int64(timeout.milliseconds.rounded() * 1e6))) }

  /// Asks for what is at a path.
  func get(_ path: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: address(path))
    request.headers = ownHeaders
    return request
  }

  /// Sends JSON to a path, which ``HTTPClientRequest/carrying(_:)`` puts in; one request can carry many, one after another.
  func post(_ path: String) -> HTTPClientRequest {
    var request = get(path)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    return request
  }

  private var ownHeaders: HTTPHeaders {
    var all: HTTPHeaders = ["accept": "application/json, text/event-stream", "user-agent": "turnout"]
    if let key {
      let isBearer = keyHeader.lowercased() == "authorization"
      all.add(name: keyHeader, value: isBearer ? "Bearer \(key.secret)" : key.secret)
    }
    for (name, value) in headers { all.replaceOrAdd(name: name, value: value) }
    return all
  }

  private func address(_ path: String) -> String {
    if query.isEmpty { return baseURL + path }
    let pairs = query.sorted { $0.key < $1.key }.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
    return baseURL + path + (path.contains("?") ? "&" : "?") + pairs.joined(separator: "&")
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }

  /// A server's own words without the key, which some servers repeat.
  func redacting(_ text: String) -> String {
    guard let key else { return text }
    return text.replacing(key.secret, with: key.description)
  }

  /// What a server says of an error, for the end of a message: one line of at most 200 characters, without the key.
  func words(_ message: String?) -> String {
    guard let message, !message.isEmpty else { return "" }
    let line = redacting(message).split(whereSeparator: \.isNewline).joined(separator: " ").prefix(200)
    return ": \(line)"
  }
}

extension HTTPClientRequest {
  /// The same request with a body.
  func carrying(_ body: [UInt8]) -> HTTPClientRequest {
    var request = self
    request.body = .bytes(ByteBuffer(bytes: body))
    return request
  }
}
