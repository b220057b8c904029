import Foundation
import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct LabelledRequestsTests {
  let routes = ["sales", "service"]

  func read(_ text: String, allowConflicts: Bool = false) throws -> LabelledRequests {
    try LabelledRequests(Array(text.utf8), name: "f", routes: routes, allowConflicts: allowConflicts)
  }

  /// The inputs of a file of this text.
  func inputs(_ text: String) throws -> [String] {
    let path = FileManager.default.temporaryDirectory.appending(path: "turnout-\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(filePath: path))
    return try LabelledRequests.inputs(of: path)
  }

  @Test func whatCameInIsReadWhateverItsLabel() throws {
    let text = """
      {"input": "a"}
      {"input": "b", "route": "no such route"}
      {"input": "a", "route": 7}
      {"input": "c", "route": null, "time": 3}

      """
    #expect(try inputs(text) == ["a", "b", "c"])
  }

  @Test(arguments: [
    ("{", ".jsonl:1: not valid JSON: "),
    ("{\"input\":\"a\"}\n[]", ".jsonl:2: an object with input was expected, not an array"),
    ("{\"route\":null}", ".jsonl:1: input is missing"), ("{\"input\":\" \"}", ".jsonl:1: input is empty"),
    ("", #".jsonl:1: there are no requests; a line should look like {"input": "..."}"#),
    ("{\"input\":\"a\"}\n\n{\"input\":\"b\"}", ".jsonl:2: the line is empty"),
  ])
  func whatIsNoRequestIsSaid(text: String, message: String) throws {
    let error = try #require(throws: LabelledRequestsError.self) { try inputs(text) }
    #expect("\(error)".contains(message), "\(error)")
  }

  func complaint(_ text: String) throws -> String {
    try #require(throws: LabelledRequestsError.self) { try read(text) }.description
  }

  @Test func routesAndNoneAreRead() throws {
    let labelled = try read(
      """
      {"input": "a", "route": "sales", "lang": "en"}
      {"route": null, "input": " b\\n"}\r


      """)
    #expect(
      labelled.requests
        == [LabelledRequest("a", route: "sales", line: 1), LabelledRequest(" b\n", route: nil, line: 2)])
    #expect(labelled.warnings.isEmpty && labelled.duplicates == 0 && labelled.conflicts == 0)
  }

  @Test(arguments: [
    ("{", "f:1: not valid JSON: "), ("[]", "f:1: an object with input and route was expected, not an array"),
    (#"{"route":null}"#, "f:1: input is missing"), (#"{"input":"","route":null}"#, "f:1: input is empty"),
    (#"{"input":" \n","route":null}"#, "f:1: input is empty"),
    (#"{"input":1,"route":null}"#, "f:1: input: a string was expected, not an integer"),
    (#"{"input":"a"}"#, "f:1: route is missing; write null"),
    (#"{"input":"a","route":["sales"]}"#, "f:1: route: a name or null was expected, not an array"),
    (#"{"input":"a","route":"sale"}"#, #"f:1: route: there is no route "sale" (did you mean "sales"?)"#),
    (#"{"input":"a","route":"zebra"}"#, #"f:1: route: there is no route "zebra"; the routes are sales, service"#),
    (#"{"input":"a","route":"none"}"#, #"f:1: route: "none" is no route; write null"#),
    (#"{"input":"a","route":""}"#, "f:1: route is empty; write null"),
    ("", "f:1: there are no requests"), ("\n\n", "f:1: there are no requests"),
    ("\n{\"input\":\"a\",\"route\":null}", "f:1: the line is empty"),
    ("{\"input\":\"a\",\"input\":\"b\",\"route\":null}", "f:1: not valid JSON: a key occurs twice"),
  ]) func whatIsWrongHasItsLine(text: String, expected: String) throws {
    let found = try complaint(text)
    #expect(found.hasPrefix(expected), "\(found)")
  }

  @Test func allProblemsAreCollectedInOrder() throws {
    let text = "{}\n\n{\"input\":\"a\",\"route\":\"sales\"}\nx\n"
    #expect(try complaint(text).split(separator: "\n").map { $0.prefix(4) } == ["f:1:", "f:2:", "f:4:"])
  }

  @Test func noMoreThanTwentyAreNamed() throws {
    let error = try #require(throws: LabelledRequestsError.self) { try read(String(repeating: "{}\n", count: 27)) }
    #expect(error.problems.count == 20 && error.count == 27)
    #expect(error.description.hasSuffix("\nand 7 more"))
    let empty = String(repeating: "\n", count: 30) + #"{"input":"a","route":null}"#
    let second = try #require(throws: LabelledRequestsError.self) { try read(empty) }
    #expect(second.count == 30)
  }

  @Test func aDuplicateIsLeftOutWithAWarning() throws {
    let labelled = try read(
      """
      {"input": "a", "route": "sales"}
      {"input": "b", "route": null}
      {"input": "a", "route": "sales"}
      """)
    #expect(labelled.requests.map(\.line) == [1, 2])
    #expect(labelled.duplicates == 1)
    #expect(
      labelled.warnings.map(\.description)
        == ["f:3: left out, since line 1 is the same request with the same route"])
  }

  @Test func conflictsAreErrorsUnlessTheyAreAllowed() throws {
    let text = """
      {"input": "a", "route": "sales"}
      {"input": "a", "route": null}
      {"input": "a", "route": null}
      """
    let message = #"f:2: the same request is "sales" in line 1 and null here"#
    #expect(try complaint(text).hasPrefix(message))
    let labelled = try read(text, allowConflicts: true)
    #expect(labelled.requests.map(\.route) == ["sales", nil])
    #expect(labelled.conflicts == 1 && labelled.duplicates == 1)
    #expect(labelled.warnings.first?.description == message)
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let bytes = Array(#"{"input":"a","route":null}"#.utf8) + [0x0A, 0xFF, 0x0A]
    let error = try #require(throws: LabelledRequestsError.self) { try LabelledRequests(bytes, name: "f") }
    #expect(error.description == "f:2: not UTF-8")
  }

  @Test func aMarkAtTheBeginningIsNoText() throws {
    #expect(try read("\u{FEFF}{\"input\":\"a\",\"route\":null}").requests.count == 1)
  }

  @Test func withoutATableEveryNameIsGood() throws {
    let bytes = Array(#"{"input":"a","route":"whatever"}"#.utf8)
    #expect(try LabelledRequests(bytes, name: "f").requests.first?.route == "whatever")
  }

  @Test func aFileIsReadLikeBytes() async throws {
    try await withPath { path in
      // More than one piece of what is read at once, so that lines are cut in the middle.
      let lines = (0..<5000).map { #"{"input":"request \#($0) 请求","route":"sales"}"# }
      try write(lines.joined(separator: "\n"), to: path)
      let labelled = try LabelledRequests(contentsOf: path, routes: routes)
      #expect(labelled.requests.count == 5000)
      #expect(labelled.requests.last == LabelledRequest("request 4999 请求", route: "sales", line: 5000))
    }
  }

  @Test func aFileThatIsNotThereIsNamed() throws {
    let error = try #require(throws: LabelledRequestsError.self) { try LabelledRequests(contentsOf: "/no/file") }
    #expect(error.description == "/no/file:1: there is no such file, or it cannot be read")
    #expect(error.label == "labelled_requests")
    let folder = try #require(throws: LabelledRequestsError.self) { try LabelledRequests(contentsOf: "/") }
    #expect(folder.description.contains("folder"))
  }

  @Test func aLineThatIsTooLongIsAnErrorAndTheNextIsRead() throws {
    let long = #"{"input":""# + String(repeating: "a", count: 1 << 20) + #"","route":null}"#
    #expect(try complaint(long + "\n{}") == "f:1: the line is longer than 1 MiB\nf:2: input is missing")
  }
}
