/// A regular expression whose search is known to end soon.
struct TextPattern: Sendable, Hashable {
  let text: String
  /// How many characters are searched.
  let limit: Int

  // Shared between tasks: it is made from text alone, so that it holds no closures, and it is never changed.
  private nonisolated(unsafe) let regex: Regex<AnyRegexOutput>

  /// How many bytes a pattern may have.
  static let longest = 1_000
  /// How many steps a search may take; a step is 10 to 60 ns.
  private static let steps = 4e7
  private static let limits = [RulesSelector.patternLimit, 1_000, 500, 250]

  init(_ text: String) throws {
    func refusal(_ reason: String) -> TurnoutError {
      .invalidInput("the pattern \"\(text.prefix(80))\(text.count > 80 ? "…" : "")\" \(reason)")
    }
    guard text.utf8.count <= Self.longest else {
      throw refusal("is \(text.utf8.count) bytes long; at most \(Self.longest) are allowed")
    }
    let node: PatternNode
    // Read first: the reader refuses groups so deep that compiling them would be a danger to the stack.
    do { node = try PatternReader.read(text) } catch {
      throw refusal("is refused, since a search could take too long or cannot be judged: \(error.reason)")
    }
    do { regex = try Regex(text) } catch { throw refusal("is no regular expression: \(error)") }
    let limit = Self.limits.first { length in
      node.work(in: Double(length), next: nil).steps * Double(length) <= Self.steps
    }
    guard let limit else {
      throw refusal("is refused, since a search could take too long: use fewer open repeats, such as .*, in a row")
    }
    self.text = text
    self.limit = limit
  }

  /// Where in the beginning of a text the pattern occurs first, and whether there was more text than that.
  func search(_ text: String) -> (place: Int?, isCut: Bool) {
    let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex) ?? text.endIndex
    let beginning = text[..<end]
    // Patterns made from text do not throw while they match.
    let match = try? regex.firstMatch(in: beginning)
    let place = match.map { beginning.distance(from: beginning.startIndex, to: $0.range.lowerBound) }
    return (place, end < text.endIndex)
  }

  static func == (left: TextPattern, right: TextPattern) -> Bool { left.text == right.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
