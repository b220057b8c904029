import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutEvaluation

@Suite struct SelfTrainingTests {
  private typealias Unlabelled = HeadTrainer.Unlabelled

  /// A head whose logits for a vector are the vector, as long as it is.
  private func head(_ routes: Int) -> RouteHead {
    let axes = (0..<routes).map { route in (0..<routes).map { $0 == route ? Float(1) : 0 } }
    return RouteHead(
      mean: [Float](repeating: 0, count: routes), removed: VectorMatrix([]), directions: VectorMatrix([]),
      weights: VectorMatrix(axes), centroids: VectorMatrix(axes), names: VectorMatrix([]), strangers: VectorMatrix([]),
      words: WordWeights(hashes: [], rarities: [], weights: [], routes: routes), centroidWeight: 0)
  }

  @Test func aGuessCountsByTheSquareOfItsProbability() throws {
    let guess = try #require(SelfTraining().guess(Unlabelled(text: "", vector: [0.6, 0.8]), by: head(2)))
    #expect(guess.example.route == 1)
    // 1 / (1 + e^(2 · (0.6 − 0.8))), squared.
    #expect(abs(guess.weight - 0.358_419) < 1e-4)
    #expect(guess.example.vector == [0.6, 0.8])
  }

  @Test func vectorsThatAreNoNumbersAreNoGuesses() {
    for vector in [[Float.nan, 1], [.infinity, 1]] as [[Float]] {
      #expect(SelfTraining().guess(Unlabelled(text: "", vector: vector), by: head(2)) == nil)
    }
    #expect(SelfTraining().guesses([Unlabelled(text: "", vector: [.nan, 0])], by: head(2)).isEmpty)
  }

  /// Whatever the requests: a route's guesses never count more than its labelled examples.
  @Test(arguments: 0..<20)
  func guessesDoNotOutvoteLabels(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let routes = random.int(1...6)
    let labelled = (0..<routes).map { _ in Float(random.int(1...9)) }
    let requests = (0..<random.int(1...300)).map { _ in Unlabelled(text: "", vector: random.vector(routes)) }
    let alone = SelfTraining().guesses(requests, by: head(routes))
    let limited = SelfTraining().limited(alone, labelled: labelled)
    #expect(alone.count == requests.count && limited.count == requests.count)
    for route in 0..<routes {
      func weights(_ guesses: [SelfTraining.Guess]) -> [Float] {
        guesses.filter { $0.example.route == route }.map(\.weight)
      }
      let (before, after) = (weights(alone), weights(limited))
      #expect(after.reduce(0, +) <= labelled[route] * 1.001)
      // Few of them count as they are, many are made less in proportion.
      let sum = before.reduce(0, +)
      let factor = sum > labelled[route] ? labelled[route] / sum : 1
      for (before, after) in zip(before, after) { #expect(abs(after - factor * before) < 1e-4) }
    }
  }

  @Test func fewExamplesAndManyRequestsAreBetterThanFewExamples() {
    var (with, without) = (0, 0)
    for seed in 1...2 as ClosedRange<UInt64> {
      var random = SplitMix64(seed: seed)
      let (dimension, routes) = (48, 8)
      let middles = (0..<routes).map { _ in Vectors.unit(random.vector(dimension)) }
      func near(_ route: Int) -> [Float] {
        Vectors.unit(zip(middles[route], random.vector(dimension)).map { $0 + 0.3 * $1 })
      }
      func examples(_ each: Int) -> [HeadTrainer.Example] {
        (0..<each * routes).map { .init(text: "", vector: near($0 % routes), route: $0 % routes) }
      }
      let (labelled, names, asked) = (examples(2), examples(1), examples(100))
      let unlabelled = examples(20).map { Unlabelled(text: $0.text, vector: $0.vector) }
      let background = Background(
        first: (0..<8).map { _ in Vectors.unit(random.vector(dimension)) },
        second: (0..<8).map { _ in Vectors.unit(random.vector(dimension)) })
      func head(_ guesses: [SelfTraining.Guess] = []) -> RouteHead {
        HeadTrainer().head(labelled, names: names, routes: routes, background: background, guesses: guesses)
      }
      func right(_ head: RouteHead) -> Int {
        asked.count { row in
          let logits = head.read(row.vector, row.text).logits
          return logits.firstIndex(of: logits.max() ?? 0) == row.route
        }
      }
      let first = head()
      with += right(head(SelfTraining().guesses(unlabelled, by: first)))
      without += right(first)
    }
    #expect(with > without + 10, "\(with) and \(without) of 1,600")
  }

  /// Routes that are left out play strangers: requests of theirs that nobody labelled must not make them familiar.
  @Test func strangersAreStillStrange() async throws {
    var clusters = Clusters(routes: 6, spread: 0.15, seed: 43)
    let table = try clusters.table(examples: 3)
    let cases = clusters.cases(of: 9)
    let unlabelled = clusters.cases(of: 15).map(\.input)
    let asked = clusters.cases(of: 30)
    let strangers = clusters.strangers(150).map(\.input)
    func shares(_ unlabelled: [String]) async throws -> (caught: Double, kept: Double) {
      let fitted = try await RouteFitter().fit(
        table, cases: cases, unlabelled: unlabelled, embeddings: clusters.embeddings)
      let selector = ExamplesSelector(clusters.embeddings, fit: fitted.fit)
      func none(_ texts: [String]) async throws -> Double {
        var count = 0
        for text in texts {
          if try await selector.select(RouteRequest(text), among: table, in: Run()).kind == .none { count += 1 }
        }
        return Double(count) / Double(texts.count)
      }
      return (try await none(strangers), 1 - (try await none(asked.map(\.input))))
    }
    let (plain, taught) = (try await shares([]), try await shares(unlabelled))
    #expect(taught.caught > plain.caught - 0.12, "\(taught) and \(plain)")
    #expect(taught.kept > plain.kept - 0.05, "\(taught) and \(plain)")
    #expect(plain.caught > 0.3 && plain.kept > 0.7, "\(plain)")
  }

  /// Requests of no route at all make this fit worse: they are left out, and that is said.
  @Test func whatMakesItWorseIsLeftOut() async throws {
    var clusters = Clusters(routes: 8, dimension: 32, spread: 0.4, seed: 2)
    let table = try clusters.table(examples: 4)
    let strangers = clusters.strangers(100).map(\.input)
    var fitter = RouteFitter(folds: 2)
    // Strangers that count as much as labelled requests do harm sooner.
    fitter.trainer.selfTraining = SelfTraining(sharpness: 100, share: 100)
    let fitted = try await fitter.fit(table, cases: [], unlabelled: strangers, embeddings: clusters.embeddings)
    let plain = try await fitter.fit(table, cases: [], embeddings: clusters.embeddings)
    let warning = try #require(fitted.warnings.first)
    let counts = warning.matches(of: /[0-9]+/).compactMap { Int($0.output) }
    #expect(counts.count == 3 && counts[0] < counts[2] && counts[1] == 32, "\(warning)")
    #expect(fitted.fit.size.unlabelled == 0)
    #expect(fitted.fit.value == plain.fit.value, "as if they had not been there")
  }

  @Test func whatIsLabelledIsNotUnlabelledToo() async throws {
    var clusters = Clusters(routes: 3, spread: 0.2, seed: 44)
    let table = try clusters.table(examples: 2)
    let cases = clusters.cases(of: 2) + clusters.strangers(2)
    let fresh = clusters.cases(of: 5).map(\.input)
    let known = cases.map(\.input) + table.routes.flatMap(\.examples)
    let set = try await set(known + fresh + fresh, table, cases, clusters)
    #expect(set.unlabelled.map(\.text).sorted() == fresh.sorted())
    for request in set.unlabelled {
      #expect(request.vector == Vectors.unit(clusters.vectors[request.text] ?? []))
    }
    let other = try await self.set(Array(fresh.reversed()), table, cases, clusters)
    #expect(other.unlabelled.map(\.text) == set.unlabelled.map(\.text), "their order says nothing")
  }

  private func set(
    _ unlabelled: [String], _ table: RouteTable, _ cases: [(input: String, route: String?)], _ clusters: Clusters
  ) async throws -> FittingSet {
    try await FittingSet(table, cases, unlabelled: unlabelled, clusters.embeddings, in: Run()) { _, _ in }
  }

  @Test func noMoreThanTenThousandAreLookedAt() async throws {
    let embeddings = ScriptedEmbeddings(dimension: 4)
    let table = try RouteTable([
      RouteDescription("a", examples: ["one", "two"]), RouteDescription("b", examples: ["three", "four"]),
    ])
    let set = try await FittingSet(table, [], unlabelled: (0..<10_020).map { "r\($0)" }, embeddings, in: Run()) {
      _, _ in
    }
    #expect(set.unlabelled.count == 10_000)
    // Not the first or the last of them.
    let left = Set((0..<10_020).map { "r\($0)" }).subtracting(set.unlabelled.map(\.text))
    #expect(left.count == 20 && left != Set((10_000..<10_020).map { "r\($0)" }))
  }
}
