import Testing
import TurnoutCore

@Suite struct BranchingConfidenceTests {
  /// A token by probabilities: the one that was written first, then what else was likely.
  private func token(
    _ text: String, _ probability: Double, _ others: KeyValuePairs<String, Double> = [:]
  ) -> TokenChoice {
    let all = [(text, probability)] + others.map { ($0.key, $0.value) }
    return TokenChoice(text, log(probability), alternatives: all.map { .init($0.0, log($0.1)) })
  }

  private func forced(_ text: String) -> TokenChoice { TokenChoice(text, 0, alternatives: [.init(text, 0)]) }

  private func probability(
    _ chosen: String, _ others: [String], _ tokens: [TokenChoice], at place: Int = 0
  ) -> Double? {
    BranchingConfidence(chosen: chosen, others: others).probability(in: tokens, at: place)
  }

  private func isNear(_ value: Double?, _ expected: Double) -> Bool { value.map { abs($0 - expected) < 1e-9 } ?? false }

  @Test func `The probability is that of the token where the names part`() {
    let tokens = [token("yes", 0.9, ["no": 0.1]), forced("\"")]
    #expect(isNear(probability("yes", ["no"], tokens), 0.9))
  }

  @Test func `Tokens before and after the name say nothing`() {
    let tokens = [
      token("{\"route\":\"", 0.2, ["{": 0.8]), token("yes", 0.9, ["no": 0.1]), token("\"}", 0.3, ["\"": 0.7]),
    ]
    #expect(isNear(probability("yes", ["no"], tokens, at: 10), 0.9))
  }

  @Test func `What belongs to no name is left out`() {
    let tokens = [token("yes", 0.3, ["perhaps": 0.6, "no": 0.1])]
    #expect(isNear(probability("yes", ["no"], tokens), 0.75))
  }

  @Test func `Forced letters between two branches count as one`() {
    let tokens = [
      token("s", 0.8, ["c": 0.2]), forced("er"), token("vice", 0.5, ["ver": 0.5]), forced("\""),
    ]
    #expect(isNear(probability("service", ["server", "consult"], tokens), 0.4))
  }

  @Test func `A name that begins with another parts from it at the closing quote`() {
    let short = [forced("sales"), token("\"", 0.7, ["_eu": 0.3])]
    #expect(isNear(probability("sales", ["sales_eu"], short), 0.7))
    let long = [forced("sales"), token("_eu", 0.3, ["\"": 0.7]), forced("\"")]
    #expect(isNear(probability("sales_eu", ["sales"], long), 0.3))
    let joined = [forced("sales"), token("\"}", 0.6, ["_eu": 0.3, "\",": 0.1])]
    #expect(isNear(probability("sales", ["sales_eu"], joined), 0.7))
  }

  @Test func `Another way to spell the chosen name speaks for it`() {
    let tokens = [token("service", 0.5, ["serv": 0.2, "consult": 0.3])]
    #expect(isNear(probability("service", ["consult"], tokens), 0.7))
  }

  @Test func `A token that fits several names counts for each of them by halves`() {
    let tokens = [token("serv", 0.6, ["se": 0.2, "sel": 0.2]), forced("ice\"")]
    #expect(isNear(probability("service", ["sell"], tokens), 0.7))
    let three = [token("serv", 0.6, ["s": 0.3, "x": 0.1]), forced("ice\"")]
    #expect(isNear(probability("service", ["sell", "sale", "x"], three), 0.7))
  }

  @Test func `A token that begins before the name is compared with others that begin so`() {
    let tokens = [token(":\"yes", 0.6, [":\"no": 0.2, ":no": 0.1, ":\"": 0.1]), forced("\"")]
    // `:no` is no name at all, and after `:"` either may follow.
    #expect(isNear(probability("yes", ["no"], tokens, at: 2), 0.65 / 0.9))
  }

  @Test func `Names that no token listed fits have a part of what is not listed`() {
    let two = [TokenChoice("a", log(0.6), alternatives: [.init("a", log(0.6)), .init("b", log(0.1))])]
    // `c` and `d` can have 0.1 each at most, and 0.3 is not listed.
    #expect(isNear(probability("a", ["b", "c", "d"], two), 0.6 / 0.9))
    #expect(isNear(probability("a", ["b"], two), 0.6 / 0.7))
    #expect(isNear(probability("a", ["b", "c"], [TokenChoice("a", log(0.6))]), 0.6))
  }

  @Test func `The written token need not be among the likely ones`() {
    let tokens = [TokenChoice("no", log(0.2), alternatives: [.init("yes", log(0.8))])]
    #expect(isNear(probability("no", ["yes"], tokens), 0.2))
  }

  @Test(arguments: [0.0, -0.0, -1e-12]) func `A lone 1 where names part tells nothing`(logarithm: Double) {
    #expect(probability("yes", ["no"], [TokenChoice("yes", logarithm)]) == nil)
    let listed = TokenChoice(
      "yes", logarithm, alternatives: [.init("yes", logarithm), .init("no", -9999), .init("x", -.infinity)])
    #expect(probability("yes", ["no"], [listed]) == nil)
  }

  @Test func `A 1 beside less likely tokens is a 1`() {
    let tokens = [TokenChoice("yes", 0, alternatives: [.init("yes", 0), .init("no", -25)])]
    #expect(probability("yes", ["no"], tokens).map { $0 > 0.999 } == true)
  }

  @Test func `One branch that tells nothing leaves the whole untold`() {
    let tokens = [token("s", 0.8, ["c": 0.2]), forced("ervice"), forced("\"")]
    #expect(probability("service", ["sales", "consult"], tokens) == nil)
  }

  @Test func `Without other names there is nothing to doubt`() {
    #expect(probability("yes", [], [forced("yes")]) == 1)
    #expect(probability("yes", ["yes"], [forced("yes")]) == 1)
  }

  @Test func `What does not stand there cannot be told`() {
    let yes = [token("yes", 0.9, ["no": 0.1])]
    #expect(probability("yes", ["no"], []) == nil)
    #expect(probability("yes", ["no"], yes, at: 1) == nil)
    #expect(probability("yes", ["no"], yes, at: -1) == nil)
    #expect(probability("yes", ["no"], yes, at: .max) == nil)
    #expect(probability("no", ["yes"], yes) == nil)
    #expect(probability("sales", ["sales_eu"], [token("sales", 0.9, ["x": 0.1])]) == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 0.5, 9]) func `A probability that is none tells nothing`(
    logarithm: Double
  ) {
    let tokens = [TokenChoice("yes", logarithm, alternatives: [.init("no", -1)])]
    #expect(probability("yes", ["no"], tokens) == nil)
  }

  @Test func `Characters may be spread over tokens`() {
    // 售前 and 售后: three bytes each, of which the last character's first is the same or not.
    let (before, after) = (Array("售前".utf8), Array("售后".utf8))
    let same = before.indices.prefix { before[$0] == after[$0] }.count
    let written = TokenChoice.Alternative(bytes: Array(before[same...]), log(0.8))
    let other = TokenChoice.Alternative(bytes: Array(after[same...]), log(0.2))
    let tokens = [
      TokenChoice(.init(bytes: Array(before[..<2]), 0)), TokenChoice(.init(bytes: Array(before[2..<same]), 0)),
      TokenChoice(written, alternatives: [written, other]), forced("\""),
    ]
    #expect(isNear(probability("售前", ["售后"], tokens), 0.8))
  }

  @Test func `Names are compared as JSON spells them`() {
    let tokens = [forced("a"), token("\\\"b", 0.6, ["\"": 0.4]), forced("\"")]
    #expect(isNear(probability("a\"b", ["a"], tokens), 0.6))
  }

  /// However names are cut into tokens, the product over the branches is the probability that was put into the tokens.
  @Test(arguments: 0..<200) func `Cut anywhere, the names' probabilities come out`(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let drawn = (0..<random.int(2...8)).map { _ in
      String((0..<random.int(1...5)).map { _ in random.pick(["a", "b", "é"]) })
    }
    let names = Set(drawn).sorted()
    try #require(!names.isEmpty)
    let weights = names.map { _ in Double(random.int(1...20)) }
    let sum = weights.reduce(0, +)
    let chosen = random.int(0...names.count - 1)
    let spelled = names.map { Array($0.utf8) + [UInt8(ascii: "\"")] }

    // At each cut, all names that go on from here are alternatives of the same length, where they have it.
    var tokens = [TokenChoice(.init(bytes: [UInt8(ascii: "{")], log(0.5)))]
    var done = 0
    while done < spelled[chosen].count {
      let length = min(random.int(1...3), spelled[chosen].count - done)
      let possible = names.indices.filter { spelled[$0].starts(with: spelled[chosen][..<done]) }
      let whole = possible.reduce(0) { $0 + weights[$1] }
      var likely: [[UInt8]: Double] = [:]
      for name in possible { likely[Array(spelled[name][done...].prefix(length)), default: 0] += weights[name] / whole }
      let written = Array(spelled[chosen][done..<done + length])
      tokens.append(
        TokenChoice(
          .init(bytes: written, log(likely[written] ?? 0)),
          alternatives: likely.map { .init(bytes: $0.key, log($0.value)) }))
      done += length
    }
    var others = names
    others.remove(at: chosen)
    let found = probability(names[chosen], others, tokens, at: 1)
    #expect(isNear(found, weights[chosen] / sum), "seed \(seed): \(names), \(String(describing: found))")
  }

  /// Tokens of any kind never trap and never give what is no probability.
  @Test(arguments: 0..<200) func `Nonsense gives a probability or none`(seed: Int) {
    var random = SplitMix64(seed: seed)
    let bytes: [UInt8] = [0x61, 0x62, 0x22, 0xC3, 0xA9, 0x5C]
    func alternative() -> TokenChoice.Alternative {
      let logarithms = [0, -0.1, -1, -5, -9999, -Double.infinity, .nan, -Double.greatestFiniteMagnitude, 0.0001]
      return .init(bytes: (0..<random.int(0...3)).map { _ in random.pick(bytes) }, random.pick(logarithms))
    }
    for _ in 0..<50 {
      let tokens = (0..<random.int(0...6)).map { _ in
        TokenChoice(alternative(), alternatives: (0..<random.int(0...4)).map { _ in alternative() })
      }
      let found = probability(random.pick(["a", "ab", "é"]), ["b", "aa", "abb"], tokens, at: random.int(0...4))
      #expect(found.map { (0...1).contains($0) } ?? true, "seed \(seed)")
    }
  }
}
