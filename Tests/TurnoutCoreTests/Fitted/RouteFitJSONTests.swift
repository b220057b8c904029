import Testing
import TurnoutCore

@Suite struct RouteFitJSONTests {
  private func rich() throws -> RouteFit { try FitSample.fit(head: FitSample.richHead, bar: 0.7) }

  /// What a reader says to a value; nil when it takes it.
  private func refusal(_ value: Value) -> String? {
    do {
      _ = try RouteFit(value: value)
      return nil
    } catch let error as TurnoutError {
      #expect(error.label == "invalid_input")
      return error.description
    } catch {
      Issue.record("another error: \(error)")
      return nil
    }
  }

  @Test func aFitComesBack() throws {
    let fit = try rich()
    let again = try RouteFit(value: Value(json: fit.value.json()))
    #expect(again.encoder == fit.encoder)
    #expect(again.dimension == 4)
    #expect(again.routes == fit.routes)
    #expect(again.examples == fit.examples)
    #expect(again.size == .init(inScope: 60, outOfScope: 7, unlabelled: 5))
    #expect(again.expectation == .init(accuracy: 0.9, interval: 0.82...0.95, caught: 0.8), "to the last digit")
    #expect(again.bar == 0.7)
    #expect(again.scale == RouteScale(temperature: 1.5, bar: 2.25, slope: 0.75))
    #expect(again.head.mean == fit.head.mean)
    #expect(again.head.centroidWeight == 40)
    #expect(again.head.words.hashes == fit.head.words.hashes)
    #expect(again.head.words.rarities == fit.head.words.rarities)
    #expect(again.head.words.places == fit.head.words.places)
  }

  @Test func itsMatricesComeBackWithinRounding() throws {
    let fit = try rich()
    let again = try RouteFit(value: Value(json: fit.value.json(pretty: true)))
    let parts: [KeyPath<RouteHead, VectorMatrix>] = [\.removed, \.weights, \.centroids, \.names, \.strangers]
    for part in parts {
      let (before, after) = (fit.head[keyPath: part], again.head[keyPath: part])
      #expect(after.count == before.count)
      for (row, other) in zip(before.rows, after.rows) {
        let step = (row.map(abs).max() ?? 0) / 32_767
        #expect(zip(row, other).allSatisfy { abs($0 - $1) <= step })
      }
    }
    #expect(zip(fit.head.words.weights, again.head.words.weights).allSatisfy { abs($0 - $1) < 2e-4 })
  }

  @Test func whatWasReadDecidesAlike() throws {
    let fit = try rich()
    let again = try RouteFit(value: fit.value)
    for (text, vector) in FitSample.vectors {
      let (one, other) = (fit.head.read(vector, text), again.head.read(vector, text))
      #expect(zip(one.logits, other.logits).allSatisfy { abs($0 - $1) < 0.01 }, "\(text)")
    }
  }

  @Test func aFileOfBeforeThereWereRequestsWithoutLabelsIsRead() throws {
    var before = try #require(rich().value.object)
    before["requests"] = ["in_scope": 60, "out_of_scope": 7]
    #expect(try RouteFit(value: .object(before)).size == .init(inScope: 60, outOfScope: 7, unlabelled: 0))
    before["requests"] = ["in_scope": 60, "out_of_scope": 7, "unlabelled": -1]
    #expect(refusal(.object(before)) == "this is no fitted routing: requests.unlabelled is less than none")
  }

  @Test func aSecondTripChangesNothing() throws {
    let once = try RouteFit(value: rich().value)
    #expect(try RouteFit(value: once.value).value.json() == once.value.json())
  }

  @Test(arguments: [.null, true, 3, "turnout_fit", [], [1], [:], ["encoder": "x"]] as [Value])
  func whatIsNoFitIsRefused(value: Value) {
    #expect(refusal(value) == #"this is no fitted routing: the key "turnout_fit" is missing"#)
  }

  @Test(arguments: [0, 1, -1, 1_000_000])
  func anotherVersionIsRefused(version: Int) throws {
    let other = changed(try rich().value, ["turnout_fit"], to: .int(version))
    #expect(refusal(other) == "this is no fitted routing: its version is \(version), this program reads 2")
  }

  static let paths: [[String]] =
    [["encoder"], ["dimension"], ["examples"], ["routes"], ["requests"], ["expected"], ["bars"], ["head"]]
    + ["in_scope", "out_of_scope"].map { ["requests", $0] }
    + ["accuracy", "interval", "caught"].map { ["expected", $0] }
    + ["temperature", "none", "slope", "sure"].map { ["bars", $0] }
    + [
      "centroid_weight", "mean", "removed", "directions", "weights", "centroids", "names", "strangers", "words",
      "rarities",
      "word_weights",
    ].map { ["head", $0] }
    + ["scales", "rows"].map { ["head", "weights", $0] }

  @Test(arguments: paths)
  func everyKeyIsNeeded(path: [String]) throws {
    let value = try rich().value
    // What share is caught may be unknown, which is null.
    let others: [Value?] = path.last == "caught" ? [] : [.null]
    for other in others + [nil, .bool(true), ["a": 1]] as [Value?] {
      let message = try #require(refusal(changed(value, path, to: other)), "\(path)")
      #expect(message.hasPrefix("this is no fitted routing: "))
      #expect(message.contains(path[min(1, path.count - 1)]) || path.count == 1, "\(message)")
    }
  }

  @Test(
    arguments: [
      (["dimension"], 0), (["dimension"], -4), (["dimension"], 5), (["dimension"], 65_537), (["dimension"], 4.5),
      (["dimension"], .int(.max)), (["dimension"], .double(1e300)), (["routes"], []), (["routes"], ["a", "b"]),
      (["routes"], ["a", "a", "b"]), (["routes"], ["a", 1, "b", "c"]), (["routes"], ["a", "b", "c", "d"]),
      (["bars", "temperature"], 0), (["bars", "temperature"], -1), (["bars", "temperature"], .double(1e-300)),
      (["bars", "temperature"], .double(1e300)), (["bars", "temperature"], .double(.nan)), (["bars", "slope"], 0),
      (["bars", "slope"], -2), (["bars", "none"], .double(.infinity)), (["bars", "none"], .double(-1e39)),
      (["bars", "sure"], .double(.nan)), (["bars", "sure"], "high"), (["requests", "in_scope"], -1),
      (["requests", "out_of_scope"], 0.5), (["expected", "interval"], [0.9, 0.8]), (["expected", "interval"], [0.9]),
      (["expected", "interval"], [0.1, 0.2, 0.3]), (["expected", "interval"], [0.1, "x", 0.3]),
      (["expected", "interval"], [-1, 2]), (["expected", "interval"], [.double(.nan), .double(.nan)]),
      (["expected", "accuracy"], 1.5), (["expected", "accuracy"], .double(.nan)), (["expected", "caught"], -0.1),
      (["head", "centroid_weight"], .double(1e39)), (["head", "mean"], ""), (["head", "mean"], "AACAPw=="),
      (["head", "mean"], "AACAPw="), (["head", "mean"], "AADAfwAAwH8AAMB/AADAfw=="), (["head", "rarities"], ""),
      (["head", "words"], "AAAA"), (["head", "words"], ""), (["head", "removed"], ["scales": "AACAPw==", "rows": ""]),
      (["head", "centroids"], ["scales": "", "rows": ""]), (["head", "weights", "scales"], "AACAPw=="),
      (["head", "weights", "rows"], "AACAPw=="), (["head", "names", "rows"], "!"),
      (["head", "word_weights"], ["scales": "", "rows": ""]),
    ] as [([String], Value)])
  func whatMakesNoSenseIsRefused(path: [String], other: Value) throws {
    let message = try #require(refusal(changed(try rich().value, path, to: other)), "\(path) \(other)")
    #expect(message.hasPrefix("this is no fitted routing: "))
  }

  @Test func numbersThatAreNoneAreNotWritten() throws {
    var head = FitSample.head
    head.mean = [0, .nan, 0, 0]
    #expect(try refusal(FitSample.fit(head: head).value) != nil)
    head = FitSample.head
    head.weights = VectorMatrix([[.infinity, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    #expect(try refusal(FitSample.fit(head: head).value) != nil)
  }

  @Test func aTruncatedFileIsRefused() throws {
    let text = Array(try rich().value.json().utf8)
    for count in stride(from: 0, to: text.count - 1, by: 7) {
      #expect(throws: (any Error).self) { try RouteFit(value: Value(json: Array(text[..<count]))) }
    }
  }

  @Test func aBrokenFileIsRefusedOrReadButNeverWorse() throws {
    let text = Array(try rich().value.json().utf8)
    var random = SplitMix64(seed: 11)
    let table = try RouteTable(FitSample.routes)
    var (refused, readable) = (0, 0)
    for _ in 0..<4_000 {
      var broken = text
      for _ in 0..<random.int(1...4) {
        let place = random.int(0...broken.count - 1)
        switch random.int(0...3) {
        case 0: broken[place] = UInt8(random.int(32...126))
        case 1: broken.remove(at: place)
        case 2: broken.insert(random.pick(Array("0192-.eE\"[]{},:ABC=/+".utf8)), at: place)
        default:
          let end = min(broken.count, place + random.int(1...30))
          broken.replaceSubrange(place..<end, with: broken[random.int(0...place)...].prefix(random.int(0...30)))
        }
      }
      do {
        let fit = try RouteFit(value: Value(json: broken))
        try fit.check(table, encoder: "scripted-embeddings")
        readable += 1
        let index = FittedIndex(head: fit.head, scale: fit.scale, examples: [[], [], []], background: [])
        let signs = index.signs([0.1, 0.2, 0.3, 0.4], "cost")
        let shares = fit.scale.probabilities(signs.logits)
        #expect(shares.count == 3 && shares.allSatisfy { (0...1).contains($0) })
        #expect((0...1).contains(fit.scale.probabilityOfAny(signs.belonging)))
        _ = fit.value.json()
      } catch is TurnoutError {
        refused += 1
      } catch is any LabelledError {
        refused += 1
      }
    }
    #expect(refused > 1_000 && readable > 20, "\(refused) refused, \(readable) read")
  }

  @Test func numbersAtTheEdgeDoNotStopIt() throws {
    var random = SplitMix64(seed: 12)
    let edges: [Float] = [0, 1e-38, 1, -1, 1e38, -1e38, .leastNonzeroMagnitude]
    for _ in 0..<300 {
      func rows(_ count: Int) -> VectorMatrix {
        VectorMatrix((0..<count).map { _ in (0..<4).map { _ in random.pick(edges) } })
      }
      var head = FitSample.richHead
      head.mean = (0..<4).map { _ in random.pick(edges) }
      (head.removed, head.weights, head.centroids) = (rows(2), rows(3), rows(3))
      (head.names, head.strangers, head.centroidWeight) = (rows(3), rows(2), random.pick(edges))
      let index = FittedIndex(
        head: head, scale: RouteScale(temperature: 1e-30, bar: 1e38, slope: 1e38),
        examples: [[], [[1, 0, 0, 0]], []], background: [])
      let signs = index.signs((0..<4).map { _ in random.pick(edges) }, "cost broken")
      #expect((0..<3).contains(signs.best))
      #expect(RouteScale(temperature: 1e-30, bar: 0, slope: 1).probabilities(signs.logits).allSatisfy { $0 <= 1 })
      _ = try? RouteFit(value: FitSample.fit(head: head).value)
    }
  }
}
