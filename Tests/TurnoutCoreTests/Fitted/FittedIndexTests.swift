import Testing

@testable import TurnoutCore

@Suite struct FittedIndexTests {
  private func index(
    head: RouteHead = FitSample.head, scale: RouteScale = RouteScale(temperature: 1, bar: 5, slope: 1),
    background: [[Float]] = [[0, 0, 0, 1]]
  ) -> FittedIndex {
    FittedIndex(
      head: head, scale: scale,
      examples: FitSample.routes.map { $0.examples.compactMap { FitSample.vectors[$0] } }, background: background)
  }

  @Test func belongingWeighsItsFourSigns() {
    #expect(Belonging.sum(lead: 1, centroid: 2, examples: 3, background: 4) == -14)
  }

  @Test func aRequestNearARouteBelongsToIt() {
    let signs = index().signs([0, 1, 0, 0], "")
    #expect(signs.best == 1)
    #expect(signs.logits == [0, 12, 0])
    #expect(signs.ranked.first == 1)
    // lead 12 − 4; centroid 1; examples: the route's own example, its name and the second example; background none.
    let second = Vectors.unit([0.1, 0.9, 0.1, 0])[1]
    #expect(abs(signs.belonging - (8 + 5 + 5 * (2 + second) / 3)) < 2e-3, "examples are whole numbers of 8 bits")
    #expect(index().signs([0, 0, 0, 1], "").belonging < 0)
  }

  @Test func aStrangerOfTheHeadDoesNotSpeakOfItself() {
    let near = index(background: []).signs([0, 0, 0, 1], "")
    let own = index(background: []).signs([0, 0, 0, 1], "", without: [0])
    #expect(abs(own.belonging - near.belonging - 20) < 1e-4, "from 1 to −1, ten times")
  }

  @Test func aStrangerStandsBehindTheBackground() {
    var head = FitSample.head
    head.strangers = VectorMatrix([FitSample.axis(3), FitSample.axis(0)])
    let all = index(head: head, background: [[0, 0, 1, 0], [0, 1, 0, 0]])
    let first = all.signs([0, 0, 0, 1], "", without: [2])
    let second = all.signs([0, 0, 0, 1], "", without: [3])
    #expect(first.belonging > second.belonging, "the first stranger is the request itself")
  }

  @Test func scoresAreProbabilities() {
    var random = SplitMix64(seed: 3)
    let index = index()
    for _ in 0..<200 {
      let vector = (0..<4).map { _ in Float(random.int(-100...100)) / 100 }
      let score = index.score(Vectors.unit(vector), "parcel")
      #expect((0...1).contains(score.none))
      #expect(score.routes.allSatisfy { (0...1).contains($0) })
      #expect(abs(score.routes.reduce(score.none, +) - 1) < 1e-9)
      #expect(score.isNone == (score.none > 0.5))
    }
  }

  @Test func noVectorStopsIt() {
    let index = index()
    for vector in [[], [0, 0, 0, 0], [1], [.nan, 0, 0, 0], [.infinity, 0, 0, 0], [1, 2, 3, 4, 5]] as [[Float]] {
      let score = index.score(vector, "a b")
      #expect(score.routes.count == 3)
      #expect(score.routes.allSatisfy { (0...1).contains($0) }, "\(vector)")
      #expect((0...1).contains(score.none), "\(vector)")
    }
  }

  @Test func theBestThreeShowTheirExamples() {
    let count = 9
    let rows = (0..<count).map { route in (0..<count).map { Float($0 == route ? 1 : 0) } }
    let head = RouteHead(
      mean: [Float](repeating: 0, count: count), removed: VectorMatrix([]), directions: VectorMatrix([]),
      weights: VectorMatrix(rows),
      centroids: VectorMatrix(rows), names: VectorMatrix(rows), strangers: VectorMatrix([]),
      words: WordWeights(hashes: [], rarities: [], weights: [], routes: count), centroidWeight: 0)
    let index = FittedIndex(
      head: head, scale: RouteScale(temperature: 1, bar: 0, slope: 1), examples: rows.map { [$0] }, background: [])
    let vector: [Float] = [3, 9, 1, 8, 2, 7, 4, 6, 5]
    let signs = index.signs(vector, "")
    #expect(signs.ranked == [1, 3, 5])
    #expect(signs.nearest.map(\.route) == [1, 3, 5], "the nearest example of the best three")
    let same = index.signs([Float](repeating: 1, count: count), "")
    #expect(same.ranked == [0, 1, 2], "equal ones in their order")
  }

  @Test func oneRouteAndNoExamplesAreEnough() {
    let head = RouteHead(
      mean: [0], removed: VectorMatrix([]), directions: VectorMatrix([]), weights: VectorMatrix([[1]]),
      centroids: VectorMatrix([[1]]),
      names: VectorMatrix([[1]]), strangers: VectorMatrix([]),
      words: WordWeights(hashes: [], rarities: [], weights: [], routes: 1), centroidWeight: 40)
    let index = FittedIndex(
      head: head, scale: RouteScale(temperature: 1, bar: 10, slope: 1), examples: [[]], background: [])
    // lead 0, centroid 1, the name as the one example, no background.
    #expect(index.signs([1], "").belonging == 10)
    #expect(index.score([1], "").routes == [0.5])
  }
}

@Suite struct RouteScaleTests {
  @Test func atTheBarBothAreAsLikely() {
    let scale = RouteScale(temperature: 1, bar: 3, slope: 2)
    #expect(scale.probabilityOfAny(3) == 0.5)
    #expect(abs(scale.probabilityOfAny(4) - 0.880_797) < 1e-6)
    #expect(abs(scale.probabilityOfAny(2) - 0.119_203) < 1e-6)
    #expect(scale.probabilityOfAny(.infinity) == 1)
    #expect(scale.probabilityOfAny(-.infinity) == 0)
    #expect(scale.probabilityOfAny(.nan) == 0)
  }

  @Test func theTemperatureFlattens() {
    let logits: [Float] = [2, 0]
    let cool = RouteScale(temperature: 1, bar: 0, slope: 1).probabilities(logits)
    let warm = RouteScale(temperature: 2, bar: 0, slope: 1).probabilities(logits)
    #expect(abs(cool[0] - 0.880_797) < 1e-6)
    #expect(abs(warm[0] - 0.731_059) < 1e-6)
  }

  @Test(arguments: [[], [5], [1e30, -1e30], [-1e30, -1e30, -1e30], [.nan, 1], [.infinity, .infinity]] as [[Float]])
  func anyLogitsGiveShares(logits: [Float]) {
    let shares = RouteScale(temperature: 1e-3, bar: 0, slope: 1).probabilities(logits)
    #expect(shares.count == logits.count)
    #expect(shares.allSatisfy { (0...1).contains($0) })
    #expect(logits.isEmpty || abs(shares.reduce(0, +) - 1) < 1e-9)
  }
}
