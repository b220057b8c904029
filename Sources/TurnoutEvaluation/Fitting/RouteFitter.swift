public import TurnoutCore

/// Fits the routing by examples to labelled requests: a head, its temperature and its bars.
///
/// ```swift
/// let fitted = try await RouteFitter().fit(table, cases: requests, embeddings: encoder, in: run)
/// print(fitted.fit.expectation.accuracy)
/// // Where labelled requests are few, those that came in help without any label.
/// let better = try await RouteFitter().fit(table, cases: requests, unlabelled: logged, embeddings: encoder, in: run)
/// ```
/// Nothing is scored on what it was fitted on: accuracy, temperature and bars come from heads that had not seen the
/// requests they are asked about.
public struct RouteFitter: Sendable {
  /// The share of out-of-scope requests that *none* should catch, from 0 to 1.
  public var catching: Double
  /// The share of requests in scope that may be lost to *none* at most while that share is sought, from 0 to 1; counts
  /// only without labelled requests that are out of scope, since left-out routes are harder to tell than strangers.
  public var losing: Double
  /// The share of sure decisions that should be right, from 0 to 1.
  public var sureness: Double
  /// In how many parts the requests are cut for cross-validation: two at least.
  public var folds: Int
  var trainer = HeadTrainer()

  /// A fitter.
  public init(catching: Double = 0.8, losing: Double = 0.1, sureness: Double = 0.95, folds: Int = 4) {
    self.catching = catching
    self.losing = losing
    self.sureness = sureness
    self.folds = folds
  }

  /// What was fitted, and how the bars came about.
  public struct Fitted: Sendable {
    /// What an ``ExamplesSelector`` takes.
    public let fit: RouteFit
    /// Where the bar of *none* comes from, in words.
    public let noneFrom: String
    /// The share of requests that are decided surely, by cross-validation.
    public let coverage: Double
    /// What should be looked at: texts that stand under two labels, of which the first counts, and requests without labels
    /// that were left out.
    public let warnings: [String]
  }

  /// What is being done, for whoever waits.
  public enum Progress: Sendable, Hashable {
    /// So many texts have their vectors.
    case embedding(done: Int, of: Int)
    /// So many of all heads have been trained.
    case training(done: Int, of: Int)
  }

  /// - Parameters:
  ///   - table: the routes with their examples, which count as labelled requests too.
  ///   - cases: requests with a route of the table, or nil for none of them.
  ///   - unlabelled: requests as they came in, of which nobody said where they belong; 10,000 of them are looked at.
  ///     With few labelled requests of each route they make the head better; they count as what it takes them for. They are
  ///     left out, with a warning, where cross-validation says that they make it worse.
  ///   - embeddings: the encoder.
  /// - Throws: ``TurnoutError`` for a label that is no route, too few requests, or a share that is none; what the encoder
  ///   throws.
  public func fit(
    _ table: RouteTable, cases: [(input: String, route: String?)], unlabelled: [String] = [],
    embeddings: any EmbeddingModel, in run: Run = Run(),
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> Fitted {
    for (name, share) in [("catching", catching), ("losing", losing), ("sureness", sureness)]
    where !(0...1).contains(share) {
      throw TurnoutError.invalidInput("\(name) is \(share), not a share from 0 to 1")
    }
    let set = try await FittingSet(table, cases, unlabelled: unlabelled, embeddings, in: run) {
      progress(.embedding(done: $0, of: $1))
    }
    // More parts than requests would be empty.
    let plan = FoldPlan(set, folds: min(max(2, folds), set.rows.count))
    let total = (plan.count + 1) * (set.unlabelled.isEmpty ? 1 : 2)
    progress(.training(done: 0, of: total))
    var warnings = set.conflicts
    var results = try await heads(set, plan) { progress(.training(done: $0, of: total)) }
    var used = 0
    if !set.unlabelled.isEmpty {
      let taught = try await heads(set, plan, after: results) {
        progress(.training(done: plan.count + 1 + $0, of: total))
      }
      let (without, with) = (Self.right(results), Self.right(taught))
      if with >= without {
        (results, used) = (taught, set.unlabelled.count)
      } else {
        warnings.append(
          "the requests without labels were left out, since \(with) labelled ones of \(set.rows.count) are right with them "
            + "and \(without) without; are they requests of these routes?")
      }
    }
    guard let last = results.popLast(), let head = last.head else {
      throw TurnoutError.invalidInput("there is nothing to fit")
    }
    let bars = BarChooser(catching: catching, losing: losing, sureness: sureness).bars(
      results.flatMap(\.inScope), inside: results.flatMap(\.inside), outside: results.flatMap(\.outside),
      strangers: last.outside, source: set.strangerSource)
    let fit = RouteFit(
      encoder: embeddings.name, dimension: set.dimension, table: table,
      size: .init(inScope: set.rows.count, outOfScope: set.nulls.count, unlabelled: used),
      expectation: bars.expectation, head: head,
      scale: bars.scale, bar: bars.sure)
    return Fitted(fit: fit, noneFrom: bars.noneFrom, coverage: bars.coverage, warnings: warnings)
  }

  /// What the heads of all folds make of what they have not seen, and at the end the head of everything.
  ///
  /// - Parameter first: what this gave for labelled requests alone; the others count as what those heads take them for.
  private func heads(
    _ set: FittingSet, _ plan: FoldPlan, after first: [FoldResult] = [], announce: (_ done: Int) -> Void
  ) async throws -> [FoldResult] {
    let final = plan.count
    return try await withThrowingTaskGroup(of: (Int, FoldResult).self) { group in
      for index in 0...final {
        group.addTask {
          try Task.checkCancellation()
          let teacher = first.isEmpty ? nil : first[plan.teacher(of: index)].head
          let guesses = teacher.map { trainer.selfTraining.guesses(set.unlabelled, by: $0) } ?? []
          return (
            index, index == final ? whole(set, guesses) : plan.result(of: index, set, trainer, guesses: guesses)
          )
        }
      }
      var results: [Int: FoldResult] = [:]
      for try await (index, result) in group {
        results[index] = result
        announce(results.count)
      }
      return results.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  /// How many requests the heads that had not seen them take for what they are, none not offered.
  private static func right(_ results: [FoldResult]) -> Int {
    results.flatMap(\.inScope).count { $0.best == $0.route }
  }

  /// The head that is kept, from everything, and how it sees each request that is out of scope without knowing it.
  private func whole(_ set: FittingSet, _ guesses: [SelfTraining.Guess]) -> FoldResult {
    let head = trainer.head(
      set.rows, names: set.names, routes: set.routes, background: set.background,
      strangers: set.strangers.map(\.vector), guesses: guesses)
    let index = FittedIndex(
      head: head, scale: .unfitted, examples: set.examples.map { $0.map(\.vector) }, background: set.background.all)
    let everyday = set.background.all.count
    var outside = set.strangers.enumerated().map { index.signs($1.vector, $1.text, without: [everyday + $0]).belonging }
    if set.isSmall {
      outside += set.everyday.enumerated().map { place, request in
        index.signs(request.vector, request.text, without: set.background.twins(of: place)).belonging
      }
    }
    return FoldResult(head: head, outside: outside)
  }
}

extension RouteScale {
  /// For heads whose bars are not known yet.
  static let unfitted = RouteScale(temperature: 1, bar: 0, slope: 1)
}

/// What the head of a fold makes of requests it has not seen.
struct FoldResult: Sendable {
  /// A request in scope.
  struct Seen: Sendable {
    let logits: [Float]
    let route: Int
    let best: Int
    let belonging: Float
  }

  /// The head, when it knows all routes.
  var head: RouteHead?
  /// Requests in scope, for a head of all routes.
  var inScope: [Seen] = []
  /// How surely requests of the routes that were left belong.
  var inside: [Float] = []
  /// How surely strangers seem to belong.
  var outside: [Float] = []
}
