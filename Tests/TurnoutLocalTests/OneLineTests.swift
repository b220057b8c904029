import Testing

@testable import TurnoutLocal

struct OneLineTests {
  @Test("the last line with anything in it")
  func last() {
    #expect(lastLine(of: "a\nb\n\n  \n") == "b")
    #expect(lastLine(of: "a\r\n b \r\n") == "b")
    #expect(lastLine(of: "") == nil)
    #expect(lastLine(of: " \n\t\n") == nil)
  }

  @Test("control characters become spaces and length is bounded")
  func bounds() {
    #expect(bounded("a\u{1B}[31mb\tc\u{7F}") == "a [31mb c")
    #expect(bounded(String(repeating: "x", count: 300)).count == 300)
    #expect(bounded(String(repeating: "x", count: 301)) == String(repeating: "x", count: 299) + "…")
    #expect(bounded("e" + String(repeating: "\u{301}", count: 1_000_000)).unicodeScalars.count <= 2400)
  }

  @Test("errors are one line and have a label")
  func errors() {
    let errors: [(LocalModelError, LocalModelError.Code, String)] = [
      (.pythonMissing, .pythonMissing, "python_missing"), (.shutDown, .shutDown, "shut_down"),
      (.notInstalled(in: "/x"), .notInstalled, "not_installed"),
      (.installationFailed("a\nb"), .installationFailed, "installation_failed"),
      (.serverFailed(.embeddings, "why\n"), .serverFailed, "server_failed"),
    ]
    for (error, code, label) in errors {
      #expect(error.code == code)
      #expect(code.description == label)
      #expect(!error.description.contains("\n"))
    }
  }
}
