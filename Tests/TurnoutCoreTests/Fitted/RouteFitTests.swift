import Testing
import TurnoutCore

@Suite struct RouteFitTests {
  private func refusal(_ routes: [RouteDescription], encoder: String = "scripted-embeddings") throws -> String? {
    let table = try RouteTable(routes)
    let fit = try FitSample.fit()
    do {
      try fit.check(table, encoder: encoder)
      return nil
    } catch let error as TurnoutError {
      #expect(error.label == "invalid_input")
      return error.description
    }
  }

  @Test func itFitsWhatItWasMadeFor() throws {
    #expect(try refusal(FitSample.routes) == nil)
    #expect(try FitSample.fit().routes == ["price", "repair", "delivery"])
  }

  @Test func theOrderOfRoutesAndExamplesDoesNotMatter() throws {
    let others = FitSample.routes.reversed().map { RouteDescription($0.name, examples: $0.examples.reversed()) }
    #expect(try refusal(others) == nil)
    let (one, other) = (try RouteTable(others), try RouteTable(FitSample.routes))
    #expect(RouteFit.fingerprint(one) == RouteFit.fingerprint(other))
  }

  @Test func aPurposeMayChange() throws {
    let others = FitSample.routes.map { RouteDescription($0.name, "new words", title: "T", examples: $0.examples) }
    #expect(try refusal(others) == nil)
  }

  @Test func anotherEncoderIsRefused() throws {
    #expect(
      try refusal(FitSample.routes, encoder: "ollama:bge-m3") == "the fitted routing is out of date: it was made for "
        + "the encoder scripted-embeddings, not for ollama:bge-m3; fit again, or remove the fitted file")
  }

  @Test func aNewRouteIsRefused() throws {
    let message = try refusal(FitSample.routes + [RouteDescription("returns", examples: ["send it back"])])
    #expect(
      message == "the fitted routing is out of date: the route \"returns\" is new; fit again, or remove the fitted file"
    )
  }

  @Test func aGoneRouteIsRefused() throws {
    let message = try refusal(Array(FitSample.routes.dropLast()))
    #expect(message?.contains("the route \"delivery\" is gone") ?? false)
  }

  @Test func aRenamedRouteIsNewFirst() throws {
    let last = RouteDescription("shipping", examples: FitSample.routes[2].examples)
    #expect(try refusal(FitSample.routes.dropLast() + [last])?.contains("\"shipping\" is new") ?? false)
  }

  @Test(arguments: [
    ["what does it cost"], ["what does it cost", "any discounts"], ["what does it cost", "any discount", "sale"],
    ["what does it costany discount"], ["any discount", "what does it cost", "any discount"], [],
  ])
  func changedExamplesAreRefused(examples: [String]) throws {
    let first = RouteDescription("price", examples: examples)
    #expect(try refusal([first] + FitSample.routes.dropFirst())?.contains("the examples changed since") ?? false)
  }

  @Test func anExampleThatMovesIsAChange() throws {
    let before = try RouteTable([RouteDescription("a", examples: ["x", "y"]), RouteDescription("b", examples: ["z"])])
    let after = try RouteTable([RouteDescription("a", examples: ["x"]), RouteDescription("b", examples: ["y", "z"])])
    #expect(RouteFit.fingerprint(before) != RouteFit.fingerprint(after))
  }

  @Test func aFingerprintIsSixteenDigits() throws {
    var random = SplitMix64(seed: 9)
    var seen = Set<String>()
    for index in 0..<300 {
      let table = try RouteTable([RouteDescription("r\(index)", examples: ["\(random.next())"])])
      let print = RouteFit.fingerprint(table)
      #expect(print.utf8.count == 16)
      #expect(print.allSatisfy { $0.isHexDigit })
      seen.insert(print)
    }
    #expect(seen.count == 300)
  }

  @Test func textsThatOnlyDifferInTheirBytesHaveOneOrder() throws {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    let one = try RouteTable([RouteDescription("a", examples: [composed, decomposed])])
    let other = try RouteTable([RouteDescription("a", examples: [decomposed, composed])])
    #expect(RouteFit.fingerprint(one) == RouteFit.fingerprint(other))
  }
}
