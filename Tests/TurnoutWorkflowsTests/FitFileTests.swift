import Foundation
import Testing
import TurnoutCore
import TurnoutTesting
import TurnoutWorkflows

/// Fitted routing beside a file, or where the file says it is.
@Suite struct FitFileTests {
  private static let strange = "please sing something"

  /// A fit that sends everything to `fix`.
  private static func fit(
    _ table: RouteTable, encoder: String = "scripted-embeddings", routes: Int = 2
  ) -> RouteFit {
    let zeros = [Float](repeating: 0, count: 64)
    let row = [Float](repeating: 1, count: 64)
    let empty = VectorMatrix(values: [], dimension: 64)
    let same = VectorMatrix([zeros, row])
    let head = RouteHead(
      mean: zeros, removed: empty, directions: empty, weights: same, centroids: same, names: same, strangers: empty,
      words: WordWeights(hashes: [], rarities: [], weights: [], routes: 2), centroidWeight: 0)
    return RouteFit(
      encoder: encoder, dimension: 64, table: table, size: .init(inScope: 6, outOfScope: 0),
      expectation: .init(accuracy: 0.9, interval: 0.8...1, caught: nil), head: head,
      scale: RouteScale(temperature: 1, bar: -100, slope: 1), bar: 0.5)
  }

  /// A folder with a router and, under a name, its fit.
  private static func folder(
    _ text: String = Desk.file(), fit name: String? = nil, encoder: String = "scripted-embeddings"
  ) throws -> Folder {
    let folder = try Folder(["flow.yaml": text])
    if let name {
      let table = try #require(try Folder(["flow.yaml": Desk.file()]).workflow().routes)
      try folder.write(name, Data(fit(table, encoder: encoder).value.json().utf8))
    }
    return folder
  }

  private static func answer(_ folder: Folder, _ input: Value = .string(strange)) async throws -> Value {
    try await folder.workflow().run(input, TestModels())
  }

  /// What building the steps is refused with.
  private static func refusal(_ folder: Folder) throws -> String {
    let workflow = try folder.workflow()
    let error = #expect(throws: TurnoutError.self) { _ = try workflow.router(models: TestModels()) }
    return error.map { RunFailure($0).message } ?? ""
  }

  @Test("the fit beside the file is used") func beside() async throws {
    #expect(try await Self.answer(try Self.folder()) == "other")
    #expect(try await Self.answer(try Self.folder(fit: "flow.fit.json")) == "fix")
    #expect(try await Self.answer(try Self.folder(fit: "other.fit.json")) == "other")
  }

  @Test("the fit that the file names, before the one beside it") func named() async throws {
    let folder = try Self.folder(Desk.file("fit: fits/desk.json"), fit: "fits/desk.json")
    try folder.write("flow.fit.json", Data("{}".utf8))
    #expect(try await Self.answer(folder) == "fix")
  }

  @Test("the fit's bar counts unless the file has one") func bar() async throws {
    let model = ScriptedDecisions { _ in ("buy", 0.9) }
    func answer(_ lines: String...) async throws -> Value {
      let lines = ["by: [examples, decision]", "decision: openai:d"] + lines
      let folder = try Self.folder(Desk.file(lines.joined(separator: "\n    ")), fit: "flow.fit.json")
      return try await folder.workflow().run(.string(Self.strange), TestModels(model))
    }
    #expect(try await answer() == "fix")
    #expect(try await answer("bar: 1") == "buy")
  }

  @Test("only the outermost router takes the fit beside the file; a used file has its own") func inner() async throws {
    let folder = try Self.folder(fit: "flow.fit.json")
    try folder.write("outer.yaml", Data("turnout: 1\nrun: { use: flow.yaml }\n".utf8))
    #expect(try await folder.workflow("outer.yaml").run(.string(Self.strange), TestModels()) == "fix")
    let inChain = Desk.file().replacing("run:\n", with: "run:\n chain:\n -\n")
    let chained = try Self.folder(inChain, fit: "flow.fit.json")
    #expect(try await Self.answer(chained) == "other")
  }

  @Test("a fit for other examples, routes or encoders is refused by its name") func stale() throws {
    func refused(_ old: String, _ new: String) throws -> String {
      try Self.refusal(try Self.folder(Desk.file().replacing(old, with: new), fit: "flow.fit.json"))
    }
    let remedy = "; fit again, or remove the fitted file"
    #expect(
      try refused("price of the phone", "the phone's price")
        == "flow.fit.json: the fitted routing is out of date: the examples changed since\(remedy)")
    #expect(
      try refused("      fix:", "      mend:")
        == "flow.fit.json: the fitted routing is out of date: the route \"mend\" is new\(remedy)")
    #expect(
      try Self.refusal(try Self.folder(fit: "flow.fit.json", encoder: "another"))
        == "flow.fit.json: the fitted routing is out of date: "
        + "it was made for the encoder another, not for scripted-embeddings\(remedy)")
    #expect(
      try Self.refusal(
        try Self.folder(
          Desk.file("fit: a/b.json").replacing("price of the phone", with: "the phone's price"), fit: "a/b.json")
      ).hasPrefix("b.json: the fitted routing is out of date"))
  }

  @Test("titles and descriptions may change") func retitled() async throws {
    let text = Desk.file().replacing("Before buying", with: "Advice").replacing("title: Repairs", with: "title: Help")
    #expect(try await Self.answer(try Self.folder(text, fit: "flow.fit.json")) == "fix")
  }

  @Test("a missing file that is named, and how to make it") func missing() throws {
    #expect(
      try Self.refusal(try Self.folder(Desk.file("fit: desk.json")))
        == "there is no fitted routing \"desk.json\"; make it with turnout fit")
    let folder = try Self.folder(Desk.file("fit: desk"))
    try folder.write("desk/a", Data())
    #expect(try Self.refusal(folder) == "there is no fitted routing \"desk\"; make it with turnout fit")
  }

  @Test(
    "a broken file is named",
    arguments: [
      ("{}", "this is no fitted routing: the key \"turnout_fit\" is missing"),
      ("{\"turnout_fit\": 99}", "this is no fitted routing: its version is 99, this program reads 2"),
      ("{\"turnout_fit\": 2}", "this is no fitted routing: routes is missing or no such thing"),
    ])
  func broken(_ text: String, _ message: String) throws {
    let folder = try Self.folder()
    try folder.write("flow.fit.json", Data(text.utf8))
    #expect(try Self.refusal(folder) == "flow.fit.json: \(message)")
  }

  @Test("bytes that are no JSON", arguments: ["", "{", "\u{0}", "[1,2"]) func noJSON(_ text: String) throws {
    let folder = try Self.folder()
    try folder.write("flow.fit.json", Data(text.utf8))
    let message = try Self.refusal(folder)
    #expect(message.hasPrefix("flow.fit.json: ") && message.count > 20, "\(message)")
  }

  @Test("damaged files are refused by name or route without a crash") func damaged() async throws {
    let folder = try Self.folder(fit: "flow.fit.json")
    let original = Array(try Data(contentsOf: URL(filePath: "\(folder.path)/flow.fit.json")))
    let pieces = [
      "", "0", "-1", "1e300", "1e-45", "-1e38", "9223372036854775807", "null", "[]", "{}", "\"\"", "A", "=", "\"",
    ]
    var random = SplitMix64(seed: 11)
    var refused = 0
    for _ in 0..<150 {
      var bytes = original
      let place = Int.random(in: 0..<bytes.count, using: &random)
      // Half of the time a whole number or text is put in another's place, so that the file is JSON still.
      let isDelimiter = { (byte: UInt8) in ":,[]{}".utf8.contains(byte) }
      let start = Bool.random(using: &random) ? (bytes[..<place].lastIndex(where: isDelimiter) ?? 0) + 1 : place
      let end = max(start, bytes[place...].firstIndex(where: isDelimiter) ?? place)
      bytes.replaceSubrange(start..<end, with: (pieces.randomElement(using: &random) ?? "").utf8)
      try folder.write("flow.fit.json", Data(bytes))
      do { _ = try await Self.answer(folder) } catch {
        refused += 1
        let message = RunFailure(error).message
        #expect(message.hasPrefix("flow.fit.json: ") || message.contains("the fitted routing"), "\(message)")
      }
    }
    #expect(refused > 40)
  }

  @Test("a fit is written and read again") func roundTrip() throws {
    let folder = try Self.folder(fit: "flow.fit.json")
    let workflow = try folder.workflow()
    let fit = try RouteFit(contentsOf: workflow.fitFile)
    #expect(fit.routes == ["buy", "fix"])
    #expect(fit.size == .init(inScope: 6, outOfScope: 0))
    try fit.check(try #require(workflow.routes), encoder: "scripted-embeddings")
    let error = #expect(throws: TurnoutError.self) { _ = try RouteFit(contentsOf: "\(folder.path)/no.json") }
    #expect(error.map { RunFailure($0).message } == "no.json: it cannot be read")
  }

  @Test("where a file's fit is, and what can be fitted") func places() throws {
    let folder = try Folder([
      "a.yaml": Desk.file(), "b.yaml": Desk.file("fit: fits/x.json"), "c.yaml": "turnout: 1\nrun: { text: a }\n",
      "d.yaml": Desk.file("by: model"),
    ])
    #expect(try folder.workflow("a.yaml").fitFile == "\(folder.path)/a.fit.json")
    #expect(try folder.workflow("b.yaml").fitFile == "\(folder.path)/fits/x.json")
    #expect(try folder.workflow("c.yaml").fitFile == "\(folder.path)/c.fit.json")
    #expect(try folder.workflow("a.yaml").routesByExamples)
    #expect(try !folder.workflow("c.yaml").routesByExamples)
    #expect(try !folder.workflow("d.yaml").routesByExamples)
    #expect(try folder.workflow("a.yaml").routes?.routes.map(\.name) == ["buy", "fix"])
    #expect(try folder.workflow("a.yaml").routes?.routes.first?.title == "Advice")
    #expect(try folder.workflow("a.yaml").routes?.routes.last?.examples.count == 3)
    #expect(try folder.workflow("c.yaml").routes == nil)
  }
}
