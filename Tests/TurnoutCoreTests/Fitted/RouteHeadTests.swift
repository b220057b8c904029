import Testing

@testable import TurnoutCore

@Suite struct RouteHeadTests {
  private func words(_ text: String, rarities: [Float], weights: [Float], routes: Int) -> WordWeights {
    WordWeights(hashes: TextFeatures.words(text), rarities: rarities, weights: weights, routes: routes)
  }

  @Test func aVectorIsPlacedWithoutMeanAndWithoutWhatIsRemoved() {
    let removed = VectorMatrix([[0, 0, 1]])
    let placed = RouteHead.place([4, 5, 9], [1, 1, 1], removed)
    #expect(abs(placed[0] - 0.6) < 1e-6 && abs(placed[1] - 0.8) < 1e-6 && abs(placed[2]) < 1e-6)
  }

  @Test func theMeanItselfHasNoPlace() {
    #expect(RouteHead.place([1, 2], [1, 2], VectorMatrix([])) == [0, 0])
  }

  @Test func aRowOfWordsHasLengthOne() {
    let weights = words("cost broken parcel", rarities: [1, 2, 3], weights: [0, 0, 0], routes: 1)
    let row = weights.row("broken parcel broken")
    #expect(row.entries.map(\.place) == [1, 2], "in the order of the places")
    #expect(abs(row.entries.reduce(0) { $0 + $1.weight * $1.weight } - 1) < 1e-6)
    // (1 + ln 2) · 2 against 1 · 3.
    #expect(abs(row.entries[0].weight / row.entries[1].weight - 3.386_294_4 / 3) < 1e-5)
    #expect(row.known == 1)
  }

  @Test(arguments: [("cost", 1), ("cost what", 0.5), ("what is the cost", 0.25), ("nothing here", 0), ("", 0)])
  func whatIsKnownIsAShareOfTheWords(text: String, share: Double) {
    let weights = words("cost", rarities: [1], weights: [1], routes: 1)
    #expect(Double(weights.row(text).known) == share)
  }

  @Test func wordsAddToTheLogitsOfTheirRoutes() {
    let weights = words("cost broken", rarities: [1, 1], weights: [3, -1, 0, 5], routes: 2)
    var logits: [Float] = [10, 20]
    #expect(weights.add("cost", to: &logits) == 1)
    #expect(logits == [13, 19])
    #expect(weights.add("unheard", to: &logits) == 0)
    #expect(logits == [13, 19])
    _ = weights.add("broken", to: &logits)
    #expect(logits == [13, 24])
  }

  @Test func logitsOfAnotherNumberOfRoutesStay() {
    let weights = words("cost", rarities: [1], weights: [3, -1], routes: 2)
    var logits: [Float] = [1]
    #expect(weights.add("cost", to: &logits) == 1)
    #expect(logits == [1])
  }

  @Test func theFirstOfTwoEqualHashesCounts() {
    let weights = WordWeights(hashes: [7, 7], rarities: [1, 2], weights: [1, 2], routes: 1)
    #expect(weights.places == [7: 0])
  }

  @Test func centroidsCountForRequestsOfUnknownWords() {
    var head = FitSample.head
    head.words = words("cost", rarities: [1], weights: [0, 0, 0], routes: 3)
    head.centroidWeight = 40
    let vector: [Float] = [0.6, 0.8, 0, 0]
    let known = head.read(vector, "cost")
    let half = head.read(vector, "cost combien")
    let unknown = head.read(vector, "combien")
    #expect(known.logits == known.bare)
    #expect(half.bare == known.bare && unknown.bare == known.bare)
    for route in 0..<3 {
      let nearness = unknown.nearness[route]
      #expect(abs(unknown.logits[route] - unknown.bare[route] - 40 * nearness) < 1e-4)
      #expect(abs(half.logits[route] - half.bare[route] - 2.5 * nearness) < 1e-4, "by the fourth power of the share")
    }
  }

  @Test func productsMultiplyToTheSquareOfWhatSharesDo() {
    var random = SplitMix64(seed: 5)
    for count in 0..<8 {
      func vector(_ dimension: Int) -> [Float] { (0..<dimension).map { _ in Float(random.uniform()) - 0.5 } }
      let directions = VectorMatrix((0..<count).map { _ in vector(9) })
      let (left, right) = (vector(9), vector(9))
      let products = (RouteHead.products(left, directions), RouteHead.products(right, directions))
      #expect(products.0.count == RouteHead.productCount(count) && products.1.count == products.0.count)
      let shares = Vectors.dot(directions.similarities(to: left), directions.similarities(to: right))
      #expect(abs(Vectors.dot(products.0, products.1) - shares * shares) < 1e-5)
    }
  }

  @Test func whatIsReadIsThePlacedVector() {
    let reading = FitSample.richHead.read([0.1, 0.8, 0.3, 0.9], "")
    #expect(reading.placed.count == 4)
    #expect(abs(reading.placed[1] - 1) < 1e-6, "the mean is off, the last axis is out, the length is one")
    // -2 of the vector, and half of the square of its share along the second direction, which is 0.6.
    #expect(abs(reading.bare[0] + 1.82) < 5e-4, "weights are whole numbers of 16 bits")
    #expect(reading.nearness.map { ($0 * 1000).rounded() } == [0, 1000, 0])
  }
}
