import Testing
import TurnoutCore

@testable import TurnoutEvaluation

@Suite struct HeadTrainerTests {
  private typealias Example = HeadTrainer.Example

  private func background(_ random: inout SplitMix64, _ dimension: Int) -> Background {
    Background(
      first: (0..<8).map { _ in Vectors.unit(random.vector(dimension)) },
      second: (0..<8).map { _ in Vectors.unit(random.vector(dimension)) })
  }

  private func best(_ head: RouteHead, _ vector: [Float], _ text: String = "") -> Int? {
    let logits = head.read(vector, text).logits
    return logits.firstIndex(of: logits.max() ?? 0)
  }

  @Test func namesHelp() {
    var random = SplitMix64(seed: 31)
    let (dimension, routes) = (64, 6)
    let middles = (0..<routes).map { _ in Vectors.unit(random.vector(dimension)) }
    func near(_ route: Int, _ spread: Float) -> [Float] {
      Vectors.unit(zip(middles[route], random.vector(dimension)).map { $0 + spread * $1 })
    }
    let around = background(&random, dimension)
    // Two vague examples each; the names stand in the middle.
    let examples = (0..<2 * routes).map { Example(text: "", vector: near($0 % routes, 0.35), route: $0 % routes) }
    let good = middles.enumerated().map { Example(text: "", vector: $1, route: $0) }
    let vague = (0..<routes).map { Example(text: "", vector: near($0, 0.35), route: $0) }
    let asked = (0..<600).map { ($0 % routes, near($0 % routes, 0.2)) }
    func right(_ names: [HeadTrainer.Example]) -> Int {
      let head = HeadTrainer().head(examples, names: names, routes: routes, background: around)
      return asked.count { best(head, $0.1) == $0.0 }
    }
    let (with, without) = (right(good), right(vague))
    #expect(with > without + 20, "\(with) and \(without) of 600")
  }

  @Test func routesOnBothSidesOfEachOtherAreToldApart() {
    var random = SplitMix64(seed: 37)
    let around = background(&random, 24)
    // A route has two corners of a square that lie across from each other; no plane has both on one side.
    let axes = [Vectors.unit(random.vector(24)), Vectors.unit(random.vector(24))]
    func corner(_ number: Int) -> (route: Int, vector: [Float]) {
      let (x, y): (Float, Float) = (number % 2 == 0 ? 1 : -1, number % 4 < 2 ? 1 : -1)
      let noise = random.vector(24)
      return (x * y > 0 ? 0 : 1, Vectors.unit((0..<24).map { x * axes[0][$0] + y * axes[1][$0] + 0.1 * noise[$0] }))
    }
    let examples = (0..<24).map { number in
      let (route, vector) = corner(number)
      return Example(text: "", vector: vector, route: route)
    }
    let names = (0..<2).map { Example(text: "", vector: Vectors.unit(random.vector(24)), route: $0) }
    let asked = (0..<200).map { corner($0) }
    func right(_ trainer: HeadTrainer) -> Int {
      let head = trainer.head(examples, names: names, routes: 2, background: around)
      return asked.count { best(head, $0.vector) == $0.route }
    }
    var curve = HeadTrainer()
    // Of requests without known words, centroids would decide, which lie in the middle here.
    curve.centroidWeight = 0
    var plane = curve
    plane.multipliedDirections = 0
    let (with, without) = (right(curve), right(plane))
    #expect(with > 190 && without < 150, "\(with) and \(without) of 200")
  }

  @Test func twoFitsAreEqual() {
    var random = SplitMix64(seed: 32)
    let around = background(&random, 20)
    let examples = (0..<40).map {
      Example(text: "word\($0 % 7) other\($0 % 3) \($0)", vector: Vectors.unit(random.vector(20)), route: $0 % 4)
    }
    let names = (0..<4).map { Example(text: "name \($0)", vector: Vectors.unit(random.vector(20)), route: $0) }
    func fit() -> RouteHead { HeadTrainer().head(examples, names: names, routes: 4, background: around) }
    let (one, other) = (fit(), fit())
    #expect(one.weights == other.weights && one.centroids == other.centroids && one.removed == other.removed)
    #expect(one.directions == other.directions && one.directions.count == 7)
    #expect(one.words.hashes == other.words.hashes && one.words.weights == other.words.weights)
    #expect(one.mean == other.mean && one.names == other.names)
    #expect(one.weights.count == 4 && one.words.weights.count == 4 * one.words.hashes.count)
  }

  @Test func wordsAloneTellRoutesApart() {
    var random = SplitMix64(seed: 33)
    let vector = Vectors.unit(random.vector(12))
    let texts = [("refund money", 0), ("money back refund", 0), ("parcel late", 1), ("late parcel today", 1)]
    let head = HeadTrainer().head(
      texts.map { Example(text: $0.0, vector: vector, route: $0.1) },
      names: [Example(text: "returns", vector: vector, route: 0), Example(text: "delivery", vector: vector, route: 1)],
      routes: 2, background: background(&random, 12))
    #expect(best(head, vector, "a refund please") == 0)
    #expect(best(head, vector, "the parcel") == 1)
    #expect(best(head, vector, "returns") == 0)
    #expect(head.read(vector, "refund").logits.allSatisfy { $0.isFinite })
  }

  @Test func onlyTheMostCommonWordsAreKept() {
    var random = SplitMix64(seed: 34)
    let examples = (0..<20).map {
      Example(text: "common only\($0)", vector: Vectors.unit(random.vector(8)), route: $0 % 2)
    }
    let names = (0..<2).map { Example(text: "", vector: Vectors.unit(random.vector(8)), route: $0) }
    var trainer = HeadTrainer()
    trainer.words = 1
    let head = trainer.head(examples, names: names, routes: 2, background: background(&random, 8))
    #expect(head.words.hashes == TextFeatures.counts("common").map(\.key))
    // 1 + ln(23/21), since 20 of 22 texts have it.
    #expect(abs(head.words.rarities[0] - 1.090_972) < 1e-5)
    trainer.words = 0
    let without = trainer.head(examples, names: names, routes: 2, background: background(&random, 8))
    #expect(without.words.hashes.isEmpty && without.words.weights.isEmpty)
  }

  @Test func rareRoutesAreNotDrowned() {
    var random = SplitMix64(seed: 35)
    let vector = Vectors.unit(random.vector(6))
    let around = background(&random, 6)
    // One text under two labels, twenty times and twice: the words alone decide, by how much each route counts.
    let examples = (0..<22).map { Example(text: "thing", vector: vector, route: $0 < 20 ? 0 : 1) }
    let names = (0..<2).map { Example(text: "", vector: vector, route: $0) }
    func lead(_ balance: Float) -> Float {
      var trainer = HeadTrainer()
      trainer.balance = balance
      let logits = trainer.head(examples, names: names, routes: 2, background: around).read(vector, "thing").bare
      return logits[0] - logits[1]
    }
    let (plain, balanced, even) = (lead(0), lead(0.5), lead(1))
    #expect(plain > balanced + 0.2 && balanced > even + 0.2, "\(plain) \(balanced) \(even)")
    #expect(even > -1)
  }

  @Test func centroidsAndNamesArePlaced() {
    var random = SplitMix64(seed: 36)
    let vectors = (0..<12).map { _ in Vectors.unit(random.vector(10)) }
    let examples = vectors.enumerated().map { Example(text: "", vector: $1, route: $0 % 3) }
    let names = (0..<3).map { Example(text: "", vector: vectors[$0], route: $0) }
    let strangers = [Vectors.unit(random.vector(10))]
    let head = HeadTrainer().head(
      examples, names: names, routes: 3, background: background(&random, 10), strangers: strangers)
    #expect(head.names.rows == names.map { head.place($0.vector) })
    #expect(head.strangers.rows == strangers.map(head.place))
    for row in head.centroids.rows { #expect(abs(Vectors.dot(row, row) - 1) < 1e-4) }
    #expect(head.removed.count == 4)
    for row in head.removed.rows { #expect(abs(Vectors.dot(row, head.place(vectors[5]))) < 1e-4) }
  }

  /// What must not stop it: one route, one number, vectors that are all alike or nothing.
  @Test(arguments: [(1, 1), (1, 5), (2, 1), (3, 2), (17, 3)])
  func smallAndEqualInputIsFitted(routes: Int, dimension: Int) {
    for vector in [[Float](repeating: 0, count: dimension), Vectors.unit([Float](repeating: 1, count: dimension))] {
      let examples = (0..<2 * routes).map { Example(text: "same", vector: vector, route: $0 % routes) }
      let names = (0..<routes).map { Example(text: "", vector: vector, route: $0) }
      let head = HeadTrainer().head(
        examples, names: names, routes: routes,
        background: Background(first: [vector, vector], second: [vector, vector]))
      let reading = head.read(vector, "same")
      #expect(reading.logits.count == routes)
      #expect(reading.logits.allSatisfy { $0.isFinite })
      let index = FittedIndex(
        head: head, scale: .unfitted, examples: (0..<routes).map { _ in [vector] }, background: [vector])
      #expect(index.signs(vector, "same").belonging.isFinite)
    }
  }

  @Test func extremeVectorsAreFitted() {
    for scale in [1e-30, 1e-12, 1e18] as [Float] {
      var random = SplitMix64(seed: 37)
      let vectors = (0..<8).map { _ in random.vector(4).map { $0 * scale } }
      let examples = vectors.enumerated().map { Example(text: "", vector: $1, route: $0 % 2) }
      let head = HeadTrainer().head(
        examples, names: Array(examples.prefix(2)), routes: 2,
        background: Background(first: [vectors[0]], second: [vectors[1]]))
      _ = head.read(vectors[0], "").logits
      #expect(head.weights.count == 2)
    }
  }
}
