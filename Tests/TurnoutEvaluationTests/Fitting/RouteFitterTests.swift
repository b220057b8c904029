import Synchronization
import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutEvaluation

@Suite struct RouteFitterTests {
  private final class Steps: Sendable {
    private let steps = Mutex<[RouteFitter.Progress]>([])
    var all: [RouteFitter.Progress] { steps.withLock { $0 } }
    func add(_ step: RouteFitter.Progress) { steps.withLock { $0.append(step) } }
  }

  /// What a selector with a fit makes of fresh requests: the share in scope decided right, and of strangers caught.
  private func measured(
    _ fit: RouteFit, _ table: RouteTable, _ clusters: inout Clusters, count: Int
  ) async throws -> (accuracy: Double, caught: Double, sureAndRight: Double) {
    let requests = clusters.cases(of: count) + clusters.strangers(count * table.routes.count)
    let selector = ExamplesSelector(clusters.embeddings, fit: fit)
    var (right, caught, sure, sureAndRight) = (0, 0, 0, 0)
    for request in requests {
      let decision = try await selector.select(RouteRequest(request.input), among: table, in: Run())
      if let route = request.route {
        if decision.routes == [route] { right += 1 }
        if decision.isSure, decision.kind == .route {
          sure += 1
          if decision.routes == [route] { sureAndRight += 1 }
        }
      } else if decision.kind == .none {
        caught += 1
      }
    }
    let half = Double(count * table.routes.count)
    return (Double(right) / half, Double(caught) / half, sure == 0 ? 1 : Double(sureAndRight) / Double(sure))
  }

  @Test func whatIsExpectedComesTrue() async throws {
    var clusters = Clusters(routes: 6, spread: 0.28, seed: 41)
    let table = try clusters.table(examples: 4)
    let cases = clusters.cases(of: 26) + clusters.strangers(80)
    let fitted = try await RouteFitter().fit(table, cases: cases, embeddings: clusters.embeddings)
    #expect(fitted.noneFrom == "set on 80 requests that belong to no route")
    #expect(fitted.fit.size == .init(inScope: 180, outOfScope: 80))
    #expect(fitted.fit.dimension == 32 && fitted.fit.encoder == "scripted-embeddings")
    let expected = fitted.fit.expectation
    #expect(expected.interval.contains(expected.accuracy))
    #expect(abs((expected.caught ?? 0) - 0.8) < 0.02)
    let real = try await measured(fitted.fit, table, &clusters, count: 60)
    #expect(abs(real.accuracy - expected.accuracy) < 0.08, "\(expected.accuracy) expected, \(real.accuracy) came")
    #expect(abs(real.caught - 0.8) < 0.12, "\(real.caught)")
    #expect(real.sureAndRight > 0.88, "\(real.sureAndRight)")
    #expect(real.accuracy > 0.5 && expected.accuracy < 0.999, "neither too hard nor too easy to say anything")
  }

  @Test func moreCaughtStrangersCostMoreRequests() async throws {
    var clusters = Clusters(routes: 4, spread: 0.35, seed: 42)
    let table = try clusters.table(examples: 3)
    let cases = clusters.cases(of: 12) + clusters.strangers(60)
    var last: RouteFit.Expectation?
    for catching in [0.2, 0.6, 0.95] {
      let fit = try await RouteFitter(catching: catching).fit(table, cases: cases, embeddings: clusters.embeddings).fit
      #expect(abs((fit.expectation.caught ?? 0) - catching) < 0.03)
      if let last { #expect(fit.expectation.accuracy <= last.accuracy) }
      last = fit.expectation
    }
  }

  @Test func withoutStrangersItSaysSo() async throws {
    var clusters = Clusters(routes: 6, spread: 0.15, seed: 43)
    let table = try clusters.table(examples: 3)
    let cases = clusters.cases(of: 9)
    let fitted = try await RouteFitter().fit(table, cases: cases, embeddings: clusters.embeddings)
    #expect(fitted.noneFrom.hasPrefix("set by leaving whole routes out in turn"))
    #expect(fitted.fit.size.outOfScope == 0)
    let real = try await measured(fitted.fit, table, &clusters, count: 20)
    #expect(real.accuracy > 0.75, "\(real.accuracy)")
    #expect(real.caught > 0.3, "\(real.caught)")
  }

  @Test(arguments: [1, 2])
  func fewRoutesAreFittedToo(routes: Int) async throws {
    var clusters = Clusters(routes: routes, spread: 0.1, seed: 44)
    let table = try clusters.table(examples: 2)
    let cases = clusters.cases(of: 10)
    let fitted = try await RouteFitter().fit(table, cases: cases, embeddings: clusters.embeddings)
    #expect(fitted.noneFrom.hasPrefix("set on everyday requests, since there are too few routes to leave some out"))
    #expect((fitted.fit.expectation.caught ?? 0) > 0.2)
    #expect(fitted.fit.expectation.accuracy >= 0.9)
    let again = try RouteFit(value: Value(json: fitted.fit.value.json()))
    let real = try await measured(again, table, &clusters, count: 20)
    #expect(real.accuracy > 0.6, "\(real.accuracy)")
  }

  @Test func theOrderOfTheCasesDoesNotMatter() async throws {
    var clusters = Clusters(routes: 5, spread: 0.3, seed: 45)
    let table = try clusters.table(examples: 2)
    let cases = clusters.cases(of: 8) + clusters.strangers(12)
    var random = SplitMix64(seed: 46)
    let first = try await RouteFitter().fit(table, cases: cases, embeddings: clusters.embeddings)
    for _ in 0..<2 {
      let other = try await RouteFitter().fit(table, cases: random.permuted(cases), embeddings: clusters.embeddings)
      #expect(other.fit.value == first.fit.value)
      #expect(other.coverage == first.coverage && other.noneFrom == first.noneFrom)
    }
  }

  @Test func aFitIsWrittenAndReadAndDecidesAlike() async throws {
    var clusters = Clusters(routes: 5, spread: 0.25, seed: 47)
    let table = try clusters.table(examples: 3)
    let cases = clusters.cases(of: 8) + clusters.strangers(20)
    let fit = try await RouteFitter().fit(table, cases: cases, embeddings: clusters.embeddings).fit
    let again = try RouteFit(value: Value(json: fit.value.json()))
    let requests = clusters.cases(of: 10) + clusters.strangers(20)
    let (one, other) = (
      ExamplesSelector(clusters.embeddings, fit: fit), ExamplesSelector(clusters.embeddings, fit: again)
    )
    var alike = 0
    for request in requests {
      let before = try await one.select(RouteRequest(request.input), among: table, in: Run())
      let after = try await other.select(RouteRequest(request.input), among: table, in: Run())
      if before.routes == after.routes { alike += 1 }
      #expect(abs((before.confidence ?? 0) - (after.confidence ?? 0)) < 0.01)
    }
    #expect(alike >= requests.count - 1)
  }

  @Test func whatStandsUnderTwoLabelsIsSaid() async throws {
    var clusters = Clusters(routes: 3, spread: 0.1, seed: 45)
    let table = try clusters.table(examples: 2)
    let example = table.routes[0].examples[0]
    let cases = clusters.cases(of: 4) + [(example, table.routes[1].name), (example, nil)]
    let fitted = try await RouteFitter().fit(table, cases: cases, embeddings: clusters.embeddings)
    let first = "\"\(example)\" stands under \"\(table.routes[0].name)\""
    #expect(
      fitted.warnings == [
        "\(first) and \"\(table.routes[1].name)\"; the first counts", "\(first) and none; the first counts",
      ])
  }

  @Test func progressGoesUp() async throws {
    var clusters = Clusters(routes: 4, spread: 0.2, seed: 48)
    let table = try clusters.table(examples: 2)
    let cases = clusters.cases(of: 4)
    let steps = Steps()
    _ = try await RouteFitter(folds: 3).fit(table, cases: cases, embeddings: clusters.embeddings) { steps.add($0) }
    let texts = RoutingBackground.english.count + RoutingBackground.chinese.count + 4 + 24
    #expect(steps.all.prefix(2) == [.embedding(done: 0, of: texts), .embedding(done: texts, of: texts)])
    #expect(steps.all.dropFirst(2) == ArraySlice((0...7).map { .training(done: $0, of: 7) }))
  }

  @Test func cancellationEndsIt() async throws {
    var clusters = Clusters(routes: 4, spread: 0.2, seed: 49)
    let table = try clusters.table(examples: 2)
    let (cases, embeddings) = (clusters.cases(of: 4), clusters.embeddings)
    let steps = Steps()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await RouteFitter().fit(table, cases: cases, embeddings: embeddings) { steps.add($0) }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(!steps.all.contains { if case .training(let done, _) = $0 { done > 0 } else { false } })
  }

  @Test func badSharesAreNamed() async throws {
    var clusters = Clusters(routes: 3, spread: 0.2, seed: 50)
    let table = try clusters.table(examples: 2)
    for value in [-0.1, 1.1, 80, .nan, .infinity] {
      let fitters = [
        ("catching", RouteFitter(catching: value)), ("losing", RouteFitter(losing: value)),
        ("sureness", RouteFitter(sureness: value)),
      ]
      for (name, fitter) in fitters {
        let error = await #expect(throws: TurnoutError.self) {
          try await fitter.fit(table, cases: [], embeddings: clusters.embeddings)
        }
        #expect(error?.description.contains("\(name) is \(value), not a share from 0 to 1") ?? false)
      }
    }
  }

  @Test(arguments: [Int.min, -1, 0, 1, 2, 5, 1_000, .max])
  func anyNumberOfFoldsWillDo(folds: Int) async throws {
    var clusters = Clusters(routes: 2, dimension: 8, spread: 0.1, seed: 51)
    let table = try clusters.table(examples: 3)
    var fitter = RouteFitter()
    fitter.folds = folds
    let fitted = try await fitter.fit(table, cases: [], embeddings: clusters.embeddings)
    #expect(fitted.fit.size.inScope == 6)
    #expect(fitted.fit.expectation.accuracy > 0)
  }

  @Test(arguments: [0.0, 1])
  func sharesAtTheirLimitsWillDo(share: Double) async throws {
    var clusters = Clusters(routes: 3, dimension: 8, spread: 0.3, seed: 52)
    let table = try clusters.table(examples: 4)
    for strangers in [0, 5, 25] {
      let fitted = try await RouteFitter(catching: share, losing: share, sureness: share)
        .fit(table, cases: clusters.strangers(strangers), embeddings: clusters.embeddings)
      #expect((0.3...0.99).contains(fitted.fit.bar))
      #expect(fitted.fit.scale.bar.isFinite && fitted.fit.scale.slope > 0)
    }
  }

  @Test func vectorsThatAreAllAlikeAreFitted() async throws {
    let table = try RouteTable(
      (0..<4).map { route in RouteDescription("r\(route)", examples: (0..<4).map { "example \(route) \($0)" }) })
    struct Same: EmbeddingModel {
      let name = "same"
      let vector: [Float]
      func embed(_ texts: [String], in run: Run) async throws -> [[Float]] { texts.map { _ in vector } }
    }
    for vector in [[0, 0, 0], [1, 1, 1], [5]] as [[Float]] {
      let fitted = try await RouteFitter().fit(table, cases: [("x", nil)], embeddings: Same(vector: vector))
      let again = try RouteFit(value: Value(json: fitted.fit.value.json()))
      let decision = try await ExamplesSelector(Same(vector: vector), fit: again)
        .select(RouteRequest("x"), among: table, in: Run())
      #expect(decision.scores.allSatisfy { (0...1).contains($0.score) })
    }
  }

  @Test func whatTheEncoderThrowsComesThrough() async throws {
    struct Broken: EmbeddingModel {
      let name = "broken"
      func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
        throw ModelError.malformed(name, "out of order")
      }
    }
    let table = try RouteTable([RouteDescription("a", examples: ["1", "2"])])
    let error = await #expect(throws: ModelError.self) {
      try await RouteFitter().fit(table, cases: [], embeddings: Broken())
    }
    #expect(error?.description.contains("out of order") ?? false)
  }
}
