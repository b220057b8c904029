/// Reads a regular expression that compiles into nodes, and refuses what a search could take exponential time for.
///
/// Possessive and lazy repeats are read like greedy ones. What the reader does not know is refused.
struct PatternReader {
  struct Refusal: Error { let reason: String }

  let scalars: [Unicode.Scalar]
  var place = 0
  private var depth = 0

  /// Groups deeper than this would be a danger to the stack.
  private static let depths = 50

  private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

  static func read(_ pattern: String) throws(Refusal) -> PatternNode {
    var reader = PatternReader(pattern)
    let node = try reader.choice()
    guard reader.place == reader.scalars.count else { throw Refusal(reason: "a group ends that never began") }
    return node.node
  }

  /// A node, and whether an unbounded repeat is anywhere inside.
  private typealias Part = (node: PatternNode, isUnbounded: Bool)

  private mutating func choice() throws(Refusal) -> Part {
    var choices: [PatternNode] = []
    var isUnbounded = false
    repeat {
      let part = try sequence()
      choices.append(part.node)
      isUnbounded = isUnbounded || part.isUnbounded
    } while take("|")
    return (choices.count == 1 ? choices[0] : .choice(choices), isUnbounded)
  }

  private mutating func sequence() throws(Refusal) -> Part {
    var elements: [PatternNode] = []
    var isUnbounded = false
    while let scalar = peek, scalar != "|", scalar != ")" {
      var part = try element()
      while let (least, most) = quantifier() {
        if most == nil, part.isUnbounded {
          throw Refusal(reason: "a group that is repeated without bound holds a repeat without bound")
        }
        part = (.many(part.node, atLeast: least, atMost: most), part.isUnbounded || most == nil)
      }
      elements.append(part.node)
      isUnbounded = isUnbounded || part.isUnbounded
    }
    return (elements.count == 1 ? elements[0] : .sequence(elements), isUnbounded)
  }

  private mutating func element() throws(Refusal) -> Part {
    let scalar = next()
    switch scalar {
    case "(": return try group()
    case "[": return (.set(characterClass()), false)
    case ".": return (.set(.all), false)
    case "^", "$": return (.place, false)
    case "\\": return (try escape(), false)
    default: return (.set(scalar.map(ScalarSet.init) ?? .all), false)
    }
  }

  private mutating func group() throws(Refusal) -> Part {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depths else { throw Refusal(reason: "groups are nested more than \(Self.depths) deep") }
    if peek == "*" { throw Refusal(reason: "instructions such as (*ACCEPT) are not allowed") }
    let isPlain = peek == "?" && after(1) == ":"
    if take("?"), try !opening() { return (.place, false) }
    let part = try choice()
    guard take(")") else { throw Refusal(reason: "a group does not end") }
    // To remember what a group matched takes about as long as four other steps.
    return isPlain ? part : (.sequence([part.node] + Array(repeating: .place, count: 4)), part.isUnbounded)
  }

  /// Reads what follows `(?`; false when it was all, such as `(?i)`.
  private mutating func opening() throws(Refusal) -> Bool {
    if take(":") || take("=") || take("!") || take(">") || take("|") { return true }
    if take("#") {
      while let scalar = next(), scalar != ")" {}
      return false
    }
    if peek == "P", after(1) == "<" { place += 1 }
    if take("<") {
      while let scalar = next(), scalar != ">" {}
      return true
    }
    while let scalar = next() {
      switch scalar {
      case "i", "s", "m", "n", "-": continue
      case ":": return true
      case ")": return false
      default: throw Refusal(reason: "groups that begin with (?\(scalar) are not allowed")
      }
    }
    return true
  }

  /// Reads `*`, `+`, `?` or `{n,m}` with what makes it lazy or possessive.
  private mutating func quantifier() -> (least: Int, most: Int?)? {
    let range: (Int, Int?)
    switch peek {
    case "*": range = (0, nil)
    case "+": range = (1, nil)
    case "?": range = (0, 1)
    case "{":
      guard let bounds = bounds() else { return nil }
      range = bounds
    default: return nil
    }
    place += 1
    _ = take("?") || take("+")
    return range
  }

  /// The numbers of `{n,m}`, with the place at its end; nil when it is text.
  private mutating func bounds() -> (Int, Int?)? {
    guard let end = scalars[place...].firstIndex(of: "}") else { return nil }
    let inside = scalars[(place + 1)..<end].filter { $0 != " " }
    let sides = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
      .map { String(String.UnicodeScalarView($0)) }
    guard inside != [","], let first = sides.first, let least = Int(first.isEmpty && sides.count == 2 ? "0" : first),
      least >= 0
    else { return nil }
    guard sides.count == 2 else { return finish(least, least, end) }
    if sides[1].isEmpty { return finish(least, nil, end) }
    return Int(sides[1]).flatMap { $0 >= 0 ? finish(least, $0, end) : nil }
  }

  private mutating func finish(_ least: Int, _ most: Int?, _ end: Int) -> (Int, Int?) {
    place = end
    return (least, most)
  }

  var peek: Unicode.Scalar? { after(0) }

  func after(_ distance: Int) -> Unicode.Scalar? {
    place + distance < scalars.count ? scalars[place + distance] : nil
  }

  mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek else { return nil }
    place += 1
    return scalar
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == scalar else { return false }
    place += 1
    return true
  }
}
