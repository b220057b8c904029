import AsyncHTTPClient
import NIOSSL
import TurnoutCore

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How this machine gets to the network: proxies and certificates of its own, from the environment.
///
/// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` as other programs read them, in capital or small letters (but `HTTP_PROXY`
/// only in small ones where a web server runs this, see CVE-2016-5385); `TURNOUT_CA_FILE`, or else `SSL_CERT_FILE`, a PEM
/// file of authorities that are trusted beside the system's.
struct NetworkSettings: Sendable {
  /// A proxy's address.
  struct Proxy: Sendable, Hashable {
    let host: String
    let port: Int
    let user: String?
    let password: String?

    /// `http://user:password@host:port`, the scheme and what stands before the host left out where there is none.
    init?(_ text: String) {
      var rest = text[...]
      if let scheme = rest.firstRange(of: "://") {
        guard rest[..<scheme.lowerBound].lowercased() == "http" else { return nil }
        rest = rest[scheme.upperBound...]
      }
      rest = rest.prefix { $0 != "/" && $0 != "?" }
      var credentials: [String] = []
      if let at = rest.lastIndex(of: "@") {
        credentials = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        rest = rest[rest.index(after: at)...]
      }
      var port = 80
      if let colon = rest.lastIndex(of: ":"), !rest.hasSuffix("]") {
        guard let number = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(number) else { return nil }
        port = number
        rest = rest[..<colon]
      }
      guard !rest.isEmpty else { return nil }
      (host, self.port) = (String(rest), port)
      user = credentials.first
      password = credentials.count > 1 ? credentials[1] : nil
    }

    var configuration: HTTPClient.Configuration.Proxy {
      guard let user else { return .server(host: host, port: port) }
      return .server(host: host, port: port, authorization: .basic(username: user, password: password ?? ""))
    }
  }

  let http: Proxy?
  let https: Proxy?
  private let direct: [String]
  let authorities: String?
  /// The variable that names them.
  private let authoritiesVariable: String
  /// What is wrong with the proxies; whoever wants to go to the network is told.
  let problem: String?

  /// Those of this process. Nothing is looked up that is not needed: a call over plain HTTP reads no certificates.
  static let current = NetworkSettings { name in getenv(name).map { String(cString: $0) } }

  init(_ environment: [String: String]) { self.init { environment[$0] } }

  init(_ environment: (String) -> String?) {
    func value(_ name: String) -> String? {
      let value = environment(name.lowercased()) ?? environment(name)
      return value.flatMap { $0.isEmpty ? nil : $0 }
    }
    var problems: [String] = []
    func proxy(_ name: String, _ text: String?) -> Proxy? {
      guard let text else { return nil }
      let proxy = Proxy(text)
      // The value may hold a password.
      if proxy == nil { problems.append("\(name) is not the address of an HTTP proxy, such as http://proxy:3128") }
      return proxy
    }
    let isCGI = environment("REQUEST_METHOD") != nil
    http = proxy("HTTP_PROXY", isCGI ? environment("http_proxy") : value("HTTP_PROXY"))
    https = proxy("HTTPS_PROXY", value("HTTPS_PROXY"))
    direct = (value("NO_PROXY") ?? "").split(separator: ",").map {
      $0.filter { !$0.isWhitespace }.lowercased()
    }
    let own = environment("TURNOUT_CA_FILE")
    authoritiesVariable = own == nil ? "SSL_CERT_FILE" : "TURNOUT_CA_FILE"
    authorities = (own ?? environment("SSL_CERT_FILE")).flatMap { $0.isEmpty ? nil : $0 }
    problem = problems.first
  }

  /// What is wrong with the file of authorities.
  var authoritiesProblem: String? {
    guard let authorities, (try? NIOSSLCertificate.fromPEMFile(authorities))?.isEmpty != false else { return nil }
    return "\(authoritiesVariable) names no readable file of certificates: \(authorities)"
  }
  static let currentAuthoritiesProblem = current.authoritiesProblem

  /// The proxy on the way to an address; nil for the direct way. This machine is always reached directly.
  func proxy(to url: String) -> Proxy? {
    if http == nil, https == nil { return nil }
    let address = HTTPTransport.address(url).lowercased()
    guard let proxy = address.hasPrefix("https:") ? https : http else { return nil }
    var host = address.firstRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
    var port: Substring?
    if !host.hasSuffix("]"), let colon = host.lastIndex(of: ":") {
      port = host[host.index(after: colon)...]
      host = host[..<colon]
    }
    if host == "localhost" || host.hasPrefix("127.") || host == "[::1]" { return nil }
    let isDirect = direct.contains { pattern in
      if pattern == "*" { return true }
      var name = pattern[...]
      if let colon = name.lastIndex(of: ":"), !name.hasSuffix("]") {
        guard name[name.index(after: colon)...] == port else { return false }
        name = name[..<colon]
      }
      if name.hasPrefix("*") { name = name.dropFirst() }
      if name.hasPrefix(".") { name = name.dropFirst() }
      return !name.isEmpty && (host == name || host.hasSuffix("." + name))
    }
    return isDirect ? nil : proxy
  }
}
