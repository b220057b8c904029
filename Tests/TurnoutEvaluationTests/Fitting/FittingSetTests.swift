import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutEvaluation

/// An encoder that answers something else than it should.
private struct WrongEmbeddings: EmbeddingModel {
  let name = "wrong"
  let answer: @Sendable ([String]) -> [[Float]]

  func embed(_ texts: [String], in run: Run) async throws -> [[Float]] { answer(texts) }
}

@Suite struct FittingSetTests {
  private let embeddings = ScriptedEmbeddings(dimension: 16)

  private func table(_ routes: [String: [String]]) throws -> RouteTable {
    try RouteTable(routes.sorted { $0.key < $1.key }.map { RouteDescription($0.key, examples: $0.value) })
  }

  private func set(
    _ routes: [String: [String]], _ cases: [(input: String, route: String?)] = [], by model: (any EmbeddingModel)? = nil
  ) async throws -> FittingSet {
    try await FittingSet(table(routes), cases, model ?? embeddings, in: Run()) { _, _ in }
  }

  private func refusal(
    _ routes: [String: [String]], _ cases: [(input: String, route: String?)] = [], by model: (any EmbeddingModel)? = nil
  ) async throws -> String {
    do {
      _ = try await set(routes, cases, by: model)
      return ""
    } catch let error as any LabelledError {
      return "\(error)"
    }
  }

  @Test func everyTextStandsOnceWithItsVector() async throws {
    let set = try await set(
      ["a": ["one", "two"], "b": ["three", "four"]],
      [("five", "a"), ("two", "a"), ("five", "a"), ("sky", nil), ("sky", nil)])
    #expect(set.rows.map(\.text).sorted() == ["five", "four", "one", "three", "two"])
    #expect(set.rows.count { $0.route == 0 } == 3)
    #expect(set.nulls.map(\.text) == ["sky"])
    #expect(set.examples.map { $0.map(\.text) } == [["one", "two"], ["three", "four"]])
    #expect(set.dimension == 16 && set.routes == 2)
    for row in set.rows + set.names {
      let own = try await embeddings.embed([row.text], in: Run())
      #expect(row.vector == Vectors.unit(own[0]))
    }
    #expect(set.background.first.count == RoutingBackground.english.count)
    #expect(set.background.second.count == RoutingBackground.chinese.count)
  }

  @Test func theFirstLabelOfATextStays() async throws {
    let set = try await set(
      ["a": ["one", "two"], "b": ["three", "four"]], [("one", "b"), ("two", nil), ("x", nil), ("x", "a")])
    #expect(set.rows.first { $0.text == "one" }?.route == 0)
    #expect(set.nulls.map(\.text) == ["x"])
    #expect(set.rows.count == 4)
  }

  @Test func namesAreReadAsWords() async throws {
    let set = try await set(["card_arrival": ["one", "two"], "lostPhone": ["three", "four"]])
    #expect(set.names.map(\.text) == ["card arrival", "lost phone"])
    #expect(set.names.map(\.route) == [0, 1])
  }

  @Test(arguments: [
    ("card_arrival", "card arrival"), ("cardArrival", "card arrival"), ("a/b.c-d", "a b c d"), ("FAQ", "faq"),
    ("订单", "订单"), ("__", "__"), ("-x-", "x"), ("iPhone15Pro", "i phone15pro"),
  ])
  func aNameAsPeopleSayIt(name: String, words: String) { #expect(RouteName.words(name) == words) }

  @Test func anUnknownLabelIsNamed() async throws {
    let message = try await refusal(["a": ["one", "two"]], [("x", "returns")])
    #expect(message.contains("there is no route \"returns\""))
  }

  @Test func aRouteNeedsTwoRequests() async throws {
    let one = try await refusal(["a": ["one", "two"], "b": ["three"]])
    #expect(one.contains("the route \"b\" has only one labelled request; fitting needs two or more of each route"))
    let none = try await refusal(["a": ["one", "two"], "b": []])
    #expect(none.contains("the route \"b\" has no labelled request"))
    let twice = try await refusal(["a": ["one", "two"], "b": ["three", "three"]], [("three", "b")])
    #expect(twice.contains("the route \"b\" has only one"))
    #expect(try await set(["a": ["one", "two"], "b": ["three"]], [("four", "b")]).rows.count == 4)
    #expect(try await set(["a": [], "b": []], [("1", "a"), ("2", "a"), ("3", "b"), ("4", "b")]).rows.count == 4)
  }

  @Test func nothingIsAskedForABadLabel() async throws {
    _ = try await refusal(["a": ["one", "two"]], [("x", "returns")])
    _ = try await refusal(["a": ["one"]])
    #expect(embeddings.requests.isEmpty)
  }

  @Test func wrongVectorsAreRefused() async throws {
    let answers: [@Sendable ([String]) -> [[Float]]] = [
      { _ in [] }, { texts in texts.map { _ in [] } }, { texts in texts.dropLast().map { _ in [1, 2] } },
      { texts in texts.map { _ in [1, 2] } + [[1, 2]] },
      { texts in texts.map { $0 == "two" ? [1] : [1, 2] } },
      { texts in texts.map { $0 == "two" ? [1, .nan] : [1, 2] } },
      { texts in texts.map { $0 == "two" ? [.infinity, 2] : [1, 2] } },
    ]
    for answer in answers {
      let message = try await refusal(["a": ["one", "two"]], by: WrongEmbeddings(answer: answer))
      #expect(message.contains("vectors of one length with finite numbers"), "\(message)")
    }
  }

  @Test func longTextsAreCutAndThenCompared() async throws {
    let long = String(repeating: "word ", count: 2_000)
    let set = try await set(["a": [long + "one", long + "two", "three"]])
    #expect(set.rows.count == 2, "the same beginning is the same text")
    #expect(set.rows.allSatisfy { $0.text.utf8.count < 8_000 })
    #expect(set.examples[0].count == 3)
  }

  @Test func theOrderOfTheCasesSaysNothing() async throws {
    var random = SplitMix64(seed: 3)
    let cases = (0..<40).map { index in ("case \(index)", index % 4 == 0 ? nil : index % 2 == 0 ? "a" : "b") }
    let routes = ["a": ["one", "two"], "b": ["three", "four"]]
    let first = try await set(routes, cases)
    for _ in 0..<3 {
      let other = try await set(routes, random.permuted(cases))
      #expect(other.rows.map(\.text) == first.rows.map(\.text))
      #expect(other.nulls.map(\.text) == first.nulls.map(\.text))
    }
  }

  @Test func enoughStrangersAreTwenty() async throws {
    for (count, enough) in [(0, false), (19, false), (20, true)] {
      let set = try await set(["a": ["one", "two"]], (0..<count).map { ("stranger \($0)", nil) })
      #expect(set.hasEnoughNulls == enough)
    }
  }
}
