/// Where a running local model answers, in OpenAI's wire format.
public struct LocalEndpoint: Hashable, Sendable {
  /// The address that request paths are added to, such as `http://127.0.0.1:40123/v1`.
  public let baseURL: String

  /// What every request must carry as `Authorization: Bearer …`; made anew for each start of a server.
  public let token: String

  init(port: Int, token: String) {
    baseURL = "http://127.0.0.1:\(port)/v1"
    self.token = token
  }
}

// The token lets anybody use the server, so printing an endpoint does not print it.
extension LocalEndpoint: CustomStringConvertible, CustomDebugStringConvertible {
  /// The address alone.
  public var description: String { baseURL }
  /// The address alone.
  public var debugDescription: String { baseURL }
}
