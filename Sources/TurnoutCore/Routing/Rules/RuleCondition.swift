/// What a rule asks of a request.
public struct RuleCondition: Sendable, Hashable {
  private enum Kind: Hashable {
    case words(WordList)
    case pattern(TextPattern)
    case script(TextScript, Double)
    case length(ClosedRange<Int>)
    case metadata(String, [String])
  }

  private let kind: Kind

  /// One of these words or phrases occurs.
  ///
  /// Case, the width of letters, and how much white space there is make no difference; accents do. Whole words count,
  /// except that scripts written without spaces (Han, kana, Hangul, Thai) are found inside longer texts.
  public static func words(_ words: [String]) -> RuleCondition { RuleCondition(kind: .words(WordList(words))) }

  /// A regular expression occurs in the beginning of the text.
  ///
  /// At most ``RulesSelector/patternLimit`` characters are searched, since a search cannot be interrupted. A pattern
  /// with several open repeats, whose time grows with a power of the length, is searched in 1,000, 500 or 250.
  /// - Throws: ``TurnoutError`` when it is no regular expression, is longer than 1,000 bytes, refers back to a group,
  ///   repeats a group that holds an unbounded repeat, or could take too long in other ways.
  public static func pattern(_ pattern: String) throws -> RuleCondition {
    RuleCondition(kind: .pattern(try TextPattern(pattern)))
  }

  /// At least this share of the letters, from 0 to 1, is of a script; never holds for a text without letters.
  public static func script(_ script: TextScript, atLeast share: Double = 0.5) -> RuleCondition {
    RuleCondition(kind: .script(script, share))
  }

  /// The text has so many characters.
  public static func length(_ range: ClosedRange<Int>) -> RuleCondition { RuleCondition(kind: .length(range)) }

  /// The text has at least so many characters.
  public static func length(atLeast count: Int) -> RuleCondition { length(count...Int.max) }

  /// The text has at most so many characters.
  public static func length(atMost count: Int) -> RuleCondition { length(min(0, count)...count) }

  /// The request's metadata has one of these values for a key. Decisions name the key and never the value.
  public static func metadata(_ key: String, _ values: [String]) -> RuleCondition {
    RuleCondition(kind: .metadata(key, values))
  }

  /// How the condition holds, in words; nil when it does not.
  func holds(for input: inout RuleInput) -> String? {
    switch kind {
    case .words(let list): list.first(in: input.folded).map { "the word \"\($0)\"" }
    case .pattern(let pattern): input.place(of: pattern)
    case .script(let script, let share): input.share(of: script, atLeast: share)
    case .length(let range): range.contains(input.length) ? "\(input.length) characters" : nil
    case .metadata(let key, let values):
      input.request.metadata[key].flatMap { values.contains($0) ? "the metadata \"\(key)\"" : nil }
    }
  }
}

/// A request while rules read it: what several of them need is made once.
struct RuleInput {
  let request: RouteRequest
  lazy var folded = FoldedText(request.text)
  lazy var length = request.text.count
  /// The fewest characters of the request that a pattern searched; nil when each searched all.
  private(set) var searched: Int?

  init(_ request: RouteRequest) { self.request = request }

  /// Says where, not what: decisions go into events, which hold nothing of the request.
  mutating func place(of pattern: TextPattern) -> String? {
    let found = pattern.search(request.text)
    if found.isCut { searched = min(searched ?? .max, pattern.limit) }
    guard let place = found.place else { return nil }
    return "the pattern \"\(pattern.text)\" at character \(place + 1)"
  }

  func share(of script: TextScript, atLeast least: Double) -> String? {
    guard let share = script.share(of: request.text), share >= least else { return nil }
    return "\(Int((share * 100).rounded())) % \(script.rawValue) letters"
  }
}
