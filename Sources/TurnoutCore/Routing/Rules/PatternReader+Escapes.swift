extension PatternReader {
  /// Reads what follows a backslash.
  mutating func escape() throws(Refusal) -> PatternNode {
    guard let scalar = next() else { return .place }
    switch scalar {
    case "b", "B", "A", "z", "Z", "G": return .place
    case "1"..."9", "k", "g": throw Refusal(reason: "references back to a group are not allowed")
    case "K", "y", "Y": throw Refusal(reason: "\\\(scalar) is not allowed")
    case "Q":
      var letters: [PatternNode] = []
      while let letter = peek, !(letter == "\\" && after(1) == "E") {
        letters.append(.set(ScalarSet(letter)))
        place += 1
      }
      place = min(place + 2, scalars.count)
      return .sequence(letters)
    default: return .set(escapedSet(scalar))
    }
  }

  private mutating func escapedSet(_ scalar: Unicode.Scalar) -> ScalarSet {
    switch scalar {
    case "d": return .digits
    case "D": return .digits.inverted(isWhole: false)
    case "w": return .letters
    case "W": return .letters.inverted(isWhole: true)
    case "s", "h", "v", "R": return .spaces
    case "S": return .spaces.inverted(isWhole: true)
    case "n", "t", "r", "f": return .spaces
    case "p", "P", "N", "x", "u", "U", "o":
      if take("{") { while let letter = next(), letter != "}" {} }
      return .all
    case "a"..."z", "A"..."Z", "0"..."9": return .all
    default: return ScalarSet(scalar)
    }
  }

  /// Reads a class up to its end; one with classes or set operations inside stands for all characters.
  mutating func characterClass() -> ScalarSet {
    let isInverted = take("^")
    var set = ScalarSet.empty
    var isWhole = true
    var depth = 1
    var isFirst = true
    while depth > 0, let scalar = next() {
      defer { isFirst = false }
      switch scalar {
      case "]" where !isFirst: depth -= 1
      case "[":
        depth += 1
        set = .all
      case "\\":
        let escaped = next().map { escapedSet($0) } ?? .all
        // `\D` covers a kind outside ASCII in part only, and so does a range that begins with an escape.
        if peek == "-", after(1) != "]" { set = .all }
        if escaped != .letters, escaped != .spaces { isWhole = false }
        set = set.union(escaped)
      case _ where peek == "-" && after(1) != "]" && after(1) != nil && after(1) != "[" && after(1) != "\\":
        place += 1
        if let last = next() { set = set.union(ScalarSet(from: scalar, through: last)) }
        isWhole = false
      default:
        if scalar == "&" || scalar == "~" || scalar == "-", peek == scalar { set = .all }
        if !scalar.isASCII { isWhole = false }
        set = set.union(ScalarSet(scalar))
      }
    }
    guard isInverted else { return set }
    return set == .all ? .all : set.inverted(isWhole: isWhole)
  }
}
