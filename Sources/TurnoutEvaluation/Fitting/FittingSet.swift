import TurnoutCore

/// The labelled requests of a fit with their vectors, each text once.
struct FittingSet: Sendable {
  /// Requests in scope: the table's examples and the cases.
  let rows: [HeadTrainer.Example]
  /// Requests out of scope.
  let nulls: [(text: String, vector: [Float])]
  /// Requests that nobody labelled.
  let unlabelled: [HeadTrainer.Unlabelled]
  /// Each route's name as an example.
  let names: [HeadTrainer.Example]
  /// Each route's examples in the table.
  let examples: [[HeadTrainer.Example]]
  let background: Background
  let dimension: Int
  /// Texts that stand under two labels.
  let conflicts: [String]
  var routes: Int { names.count }
  /// The requests out of scope that heads know. More than this say nothing new, and each is compared with every request.
  var strangers: ArraySlice<(text: String, vector: [Float])> { nulls.prefix(500) }
  /// Whether the bar of *none* can be set on requests out of scope alone.
  var hasEnoughNulls: Bool { nulls.count >= 20 }
  /// Whether there are too few routes to leave some out, and too few requests out of scope.
  var isSmall: Bool { !hasEnoughNulls && routes < FoldPlan.fewestRoutes }
  /// What plays the stranger.
  var strangerSource: StrangerSource { hasEnoughNulls ? .nulls : isSmall ? .everyday : .routes }
  /// The background with its texts.
  var everyday: [(text: String, vector: [Float])] {
    zip(RoutingBackground.english + RoutingBackground.chinese, background.all).map { ($0, $1) }
  }

  /// The most requests without a label that are looked at: more of them say little.
  static let mostUnlabelled = 10_000

  init(
    _ table: RouteTable, _ cases: [(input: String, route: String?)], unlabelled: [String] = [],
    _ embeddings: any EmbeddingModel, in run: Run, announce: (_ done: Int, _ of: Int) -> Void
  ) async throws {
    let limit = embeddings.maxTokens
    func cut(_ text: String) -> String { TokenEstimate.cut(text, to: limit) ?? text }
    let places = Dictionary(uniqueKeysWithValues: table.routes.enumerated().map { ($1.name, $0) })
    var labelled: [(text: String, route: Int)] = []
    var strangers: [String] = []
    var known: [String: Int?] = [:]
    var conflicts: [String] = []
    func label(_ route: Int?) -> String { route.map { "\"\(table.routes[$0].name)\"" } ?? RouteTable.none }
    func add(_ text: String, _ route: Int?) {
      // What stands under two labels stays with the first: the table's examples come first.
      if let first = known[text] {
        if first != route {
          conflicts.append("\"\(text.prefix(60))\" stands under \(label(first)) and \(label(route)); the first counts")
        }
        return
      }
      known[text] = .some(route)
      if let route { labelled.append((text, route)) } else { strangers.append(text) }
    }
    for (place, route) in table.routes.enumerated() { for example in route.examples { add(cut(example), place) } }
    for item in cases {
      guard let name = item.route else {
        add(cut(item.input), nil)
        continue
      }
      guard let place = places[name] else { throw TurnoutError.invalidInput("there is no route \"\(name)\"") }
      add(cut(item.input), place)
    }
    self.conflicts = conflicts
    // So that the order of the cases says nothing.
    labelled.sort { ($0.route, $0.text) < ($1.route, $1.text) }
    strangers.sort()
    var generator = SplitMix64(seed: 2)
    strangers.shuffle(using: &generator)
    var silent = Set(unlabelled.map(cut)).filter { known[$0] == nil }.sorted()
    silent.shuffle(using: &generator)
    silent = Array(silent.prefix(Self.mostUnlabelled))
    var counts = [Int](repeating: 0, count: table.routes.count)
    for row in labelled { counts[row.route] += 1 }
    if let poor = counts.firstIndex(where: { $0 < 2 }) {
      throw TurnoutError.invalidInput(
        "the route \"\(table.routes[poor].name)\" has \(counts[poor] == 0 ? "no" : "only one") labelled request; "
          + "fitting needs two or more of each route")
    }

    let names = table.routes.map { RouteName.words($0.name) }
    let background = RoutingBackground.english + RoutingBackground.chinese
    let texts = background + names + labelled.map(\.text) + strangers + silent
    let vectors = try await Self.vectors(texts, embeddings, in: run, announce)
    var rest = vectors[...]
    func take(_ count: Int) -> [[Float]] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    self.background = Background(
      first: take(RoutingBackground.english.count), second: take(RoutingBackground.chinese.count))
    self.names = zip(names, take(names.count)).enumerated().map { .init(text: $1.0, vector: $1.1, route: $0) }
    let rows = zip(labelled, take(labelled.count)).map {
      HeadTrainer.Example(text: $0.text, vector: $1, route: $0.route)
    }
    nulls = zip(strangers, take(strangers.count)).map { ($0, $1) }
    self.unlabelled = zip(silent, take(silent.count)).map { .init(text: $0, vector: $1) }
    self.rows = rows
    dimension = vectors.first?.count ?? 0
    let byText = Dictionary(rows.map { ($0.text, $0) }, uniquingKeysWith: { first, _ in first })
    examples = table.routes.map { route in route.examples.compactMap { byText[cut($0)] } }
  }

  /// In pieces, so that who waits sees how far it is, and what is done stays done when it is interrupted.
  private static let piece = 1_024

  private static func vectors(
    _ texts: [String], _ embeddings: any EmbeddingModel, in run: Run, _ announce: (_ done: Int, _ of: Int) -> Void
  ) async throws -> [[Float]] {
    var vectors: [[Float]] = []
    for start in Swift.stride(from: 0, to: texts.count, by: piece) {
      announce(start, texts.count)
      try Task.checkCancellation()
      let part = Array(texts[start..<min(start + piece, texts.count)])
      let made = try await embeddings.embedExamples(part, in: run)
      let dimension = (vectors.first ?? made.first)?.count ?? 0
      guard made.count == part.count, dimension > 0,
        made.allSatisfy({ $0.count == dimension && $0.allSatisfy(\.isFinite) })
      else {
        throw ModelError.malformed(
          embeddings.name, "the embeddings are not \(part.count) vectors of one length with finite numbers")
      }
      vectors += made.map(Vectors.unit)
    }
    announce(texts.count, texts.count)
    return vectors
  }
}

/// Whose requests set the bar of *none*.
enum StrangerSource: Sendable {
  /// Labelled requests of no route.
  case nulls
  /// Routes that were left out in turn.
  case routes
  /// The built-in everyday requests, where there are too few routes.
  case everyday
}

/// A route's name as people would say it: `card_arrival` and `cardArrival` are "card arrival".
enum RouteName {
  static func words(_ name: String) -> String {
    var words = ""
    var last: Character?
    for character in name {
      if "_-/.".contains(character) {
        words.append(" ")
      } else {
        if character.isUppercase, last?.isLowercase ?? false { words.append(" ") }
        words.append(contentsOf: character.lowercased())
      }
      last = character
    }
    let parts = words.split(separator: " ")
    return parts.isEmpty ? name : parts.joined(separator: " ")
  }
}
