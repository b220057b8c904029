import Testing

@testable import TurnoutProviders

@Suite struct NetworkSettingsTests {
  @Test(arguments: [
    ("\t0\n", true), (" 17 ", true), ("0-1", false), ("0,4", false), ("", false), ("\n", false), ("0-3,8", false),
  ])
  func `A process that may use one processor has one event loop`(list: String, isOne: Bool) {
    #expect(EventLoops.isOne(list) == isOne)
  }

  private func proxy(_ url: String, _ environment: [String: String]) -> String? {
    NetworkSettings(environment).proxy(to: url).map { "\($0.host):\($0.port)" }
  }

  @Test func `Each scheme has its proxy, and small letters go before capital ones`() {
    let environment = ["HTTPS_PROXY": "http://secure:3128", "https_proxy": "small:99", "HTTP_PROXY": "plain"]
    #expect(proxy("https://api.example.com/v1", environment) == "small:99")
    #expect(proxy("http://api.example.com/v1", environment) == "plain:80")
    #expect(proxy("https://api.example.com/v1", [:]) == nil)
    #expect(proxy("https://api.example.com/v1", ["HTTPS_PROXY": ""]) == nil)
    #expect(
      proxy("http://a.example/", ["HTTP_PROXY": "plain", "REQUEST_METHOD": "GET"]) == nil, "a header may have set it")
  }

  @Test(arguments: [
    ("https://127.0.0.1:8080/v1", true), ("http://localhost/v1", true), ("http://[::1]:1/v1", true),
    ("https://api.example.com", true), ("https://example.com:8443/x", true), ("https://notexample.com", false),
    ("https://inner.corp:444/v1", true), ("https://inner.corp/v1", false), ("https://a.wild.org", true),
    ("https://other.net", false),
  ])
  func `What is reached directly`(url: String, isDirect: Bool) {
    let environment = [
      "http_proxy": "p:1", "https_proxy": "p:1", "NO_PROXY": " example.com , inner.corp:444,*.wild.org,,",
    ]
    #expect((proxy(url, environment) == nil) == isDirect)
    #expect(proxy(url, environment.merging(["no_proxy": "*"]) { $1 }) == nil)
  }

  @Test func `Names and passwords of proxies`() throws {
    let proxy = try #require(NetworkSettings.Proxy("http://us%r:p:w@proxy.example:3128/"))
    #expect(proxy.user == "us%r" && proxy.password == "p:w" && proxy.host == "proxy.example" && proxy.port == 3_128)
    #expect(NetworkSettings.Proxy("[::1]:8080")?.port == 8_080)
    for text in ["socks5://a:1", "a:port", "http://", "a:0", "a:70000", ":80"] {
      #expect(NetworkSettings.Proxy(text) == nil, "\(text)")
    }
  }

  @Test func `What is wrong is told without the password`() {
    let problem = NetworkSettings(["HTTPS_PROXY": "socks5://me:secret@proxy:1"]).problem
    #expect(problem == "HTTPS_PROXY is not the address of an HTTP proxy, such as http://proxy:3128")
    #expect(
      NetworkSettings(["TURNOUT_CA_FILE": "/nowhere.pem"]).authoritiesProblem
        == "TURNOUT_CA_FILE names no readable file of certificates: /nowhere.pem")
    #expect(NetworkSettings([:]).problem == nil && NetworkSettings([:]).authoritiesProblem == nil)
  }
}
