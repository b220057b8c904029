/// A regular expression as far as it matters to how long a search may take.
///
/// A backtracking search tries, from each start, every way in which repeats and alternatives can share out the text. The
/// bound is the product of those ways and the work along each, for the text that is worst. An element has one way where
/// what follows it tells at once how far it goes: in `\w+\s` only one length of `\w+` can be right.
indirect enum PatternNode {
  case set(ScalarSet)
  /// A place, such as `^` or `\b`.
  case place
  case sequence([PatternNode])
  case choice([PatternNode])
  case many(PatternNode, atLeast: Int, atMost: Int?)

  /// The work of a search: in how many ways an element can match from one start, and how many steps trying all takes.
  struct Work {
    var ways = 1.0
    var steps = 1.0
  }

  /// The work in a text of so many characters.
  /// - Parameter next: what may follow; nil for the end of the pattern, where the first way is taken.
  func work(in length: Double, next: ScalarSet?) -> Work {
    switch self {
    case .set, .place: Work()
    case .sequence(let elements): Self.work(of: elements, in: length, next: next)
    case .choice(let choices): Self.work(choosing: choices, in: length, next: next)
    case .many(let body, let least, let most): repeated(body, least, most, in: length, next: next)
    }
  }

  private static func work(of elements: [PatternNode], in length: Double, next: ScalarSet?) -> Work {
    var rest = Work(ways: 1, steps: 0)
    var next = next
    for (place, element) in elements.enumerated().reversed() {
      let own = element.work(in: length, next: next)
      // Letters in a row fail at the first that differs, unless the row is like itself some places on.
      let isInRow = place > 0 && element.isLetter && elements[place - 1].isLetter
      rest.steps = isInRow ? max(rest.steps, own.steps) : own.steps + own.ways * rest.steps
      rest.ways *= own.ways
      next = element.first(before: next)
    }
    rest.steps *= Self.period(of: elements)
    return rest
  }

  private static func work(choosing choices: [PatternNode], in length: Double, next: ScalarSet?) -> Work {
    let works = choices.map { $0.work(in: length, next: next) }
    let prefixes = choices.map(\.prefix)
    var areExclusive = true
    for (place, prefix) in prefixes.enumerated() where areExclusive {
      areExclusive = prefixes[..<place].allSatisfy { zip($0, prefix).contains { !$0.overlaps($1) } }
    }
    let ways = areExclusive ? works.map(\.ways).max() ?? 1 : works.reduce(0) { $0 + $1.ways }
    return Work(ways: ways, steps: works.reduce(0) { $0 + $1.steps })
  }

  private func repeated(
    _ body: PatternNode, _ least: Int, _ most: Int?, in length: Double, next: ScalarSet?
  ) -> Work {
    let count = min(most.map(Double.init) ?? length, length)
    let first = body.first(before: nil) ?? .all
    var once = body.work(in: length, next: count > 1 ? (next ?? .all).union(first) : next)
    // A body that may match nothing can also be left out, which is one way more.
    if body.canBeEmpty, count > 1 { once.ways += 1 }
    if once.ways > 1, count > 1 {
      let ways = (0..<Int(min(count, 64))).reduce(1.0) { ways, _ in ways * once.ways }
      return Work(ways: ways * 2, steps: once.steps * ways * 2)
    }
    let isOpen = most != least && (next.map { $0.overlaps(first) } ?? false)
    return Work(ways: (isOpen ? max(1, count - Double(least)) + 1 : 1) * once.ways, steps: max(1, count) * once.steps)
  }
}

extension PatternNode {
  /// What the element may begin with, with what follows where it may be empty; nil when the pattern may end.
  func first(before next: ScalarSet?) -> ScalarSet? {
    switch self {
    case .set(let set): set
    case .place: next
    case .sequence(let elements): elements.reversed().reduce(next) { $1.first(before: $0) }
    case .choice(let choices):
      choices.reduce(ScalarSet?.some(.empty)) { sum, choice in
        choice.first(before: next).flatMap { own in sum.map { $0.union(own) } }
      }
    case .many(let body, let least, _):
      least > 0 ? body.first(before: next) : next.map { $0.union(body.first(before: next) ?? .all) }
    }
  }

  var canBeEmpty: Bool {
    switch self {
    case .set: false
    case .place: true
    case .sequence(let elements): elements.allSatisfy(\.canBeEmpty)
    case .choice(let choices): choices.contains(where: \.canBeEmpty)
    case .many(let body, let least, _): least == 0 || body.canBeEmpty
    }
  }

  /// What it always begins with, character by character, as far as that is fixed.
  fileprivate var prefix: [ScalarSet] {
    switch self {
    case .set(let set): return [set]
    case .sequence(let elements):
      var prefix: [ScalarSet] = []
      for element in elements {
        prefix += element.prefix
        guard element.isLetter else { break }
      }
      return prefix
    case .many(let body, let least, _): return least > 0 ? body.prefix : []
    case .place, .choice: return []
    }
  }

  fileprivate var isLetter: Bool { if case .set = self { true } else { false } }

  /// How many characters in a row of letters a search can read for nothing at each start, on average, at most.
  fileprivate static func period(of elements: [PatternNode]) -> Double {
    var worst = 1.0
    for row in elements.split(whereSeparator: { !$0.isLetter }) where row.count > 1 {
      let sets = row.flatMap(\.prefix)
      let period = (1..<sets.count).first { period in
        (period..<sets.count).allSatisfy { sets[$0].overlaps(sets[$0 - period]) }
      }
      worst = max(worst, Double(sets.count) / Double(period ?? sets.count))
    }
    return worst
  }
}
