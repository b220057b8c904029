import Testing

/// What is wrong with a rule is told at the rule, or at what in it is wrong.
@Suite struct BadRuleTests {
  /// The first rule's braces are at 6:9.
  private static func rule(_ rule: String) -> String { list("\n      - \(rule)") }
  private static func list(_ rules: String, by: String = "[rules, examples]") -> String {
    """
    turnout: 1
    run:
      route:
        by: \(by)
        rules:\(rules)
        routes:
          buy: { examples: [price, cost], text: a }
          fix: { examples: [broken], text: b }
        otherwise: fix

    """
  }

  @Test(
    "rules",
    arguments: [
      BadFile("no list", list(" { route: buy }"), "5:12: rules must be a list"),
      BadFile("empty", list(" []"), "5:12: rules is empty"),
      BadFile("no mapping", rule("buy"), "6:9: a rule must be a mapping with the keys route, name, when, priority"),
      BadFile(
        "an unknown key", rule("{ rute: buy, route: buy, when: { words: a } }"),
        "6:11: unknown key \"rute\" in a rule; did you mean \"route\"?"),
      BadFile(
        "a key like no other", rule("{ colour: red, route: buy, when: { words: a } }"),
        "6:11: unknown key \"colour\" in a rule; known keys: route, name, when, priority"),
      BadFile(
        "a route misspelt", rule("{ route: bui, when: { words: a } }"),
        "6:18: there is no route \"bui\"; did you mean \"buy\"?"),
      BadFile(
        "a route like no other", rule("{ route: human, when: { words: a } }"),
        "6:18: there is no route \"human\"; routes: buy, fix, none"),
      BadFile(
        "none misspelt", rule("{ route: nome, when: { words: a } }"),
        "6:18: there is no route \"nome\"; did you mean \"none\"?"),
      BadFile(
        "no route", rule("{ when: { words: a } }"), "6:9: a rule needs \"route\": the name of a route, or none"),
      BadFile("an empty route", rule("{ route: '', when: { words: a } }"), "6:18: route is empty"),
      BadFile("no when", rule("{ route: buy }"), "6:9: a rule needs \"when\": what must hold"),
      BadFile(
        "neither", rule("{ name: a }"), "6:9: a rule needs \"route\": the name of a route, or none",
        "6:9: a rule needs \"when\": what must hold"),
      BadFile("an empty name", rule("{ route: buy, name: '', when: { words: a } }"), "6:29: name is empty"),
      BadFile(
        "a priority that is no number", rule("{ route: buy, priority: high, when: { words: a } }"),
        "6:33: priority must be a whole number from -1000000 to 1000000"),
    ])
  func isReported(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  /// The braces of `when` are at 6:29.
  private static func when(_ when: String) -> String { rule("{ route: buy,       when: \(when) }") }

  @Test(
    "conditions",
    arguments: [
      BadFile(
        "no mapping", when("words"),
        "6:35: when must be a mapping with the keys words, pattern, script, length, metadata"),
      BadFile(
        "none", when("{}"), "6:35: when names no condition; conditions: words, pattern, script, length, metadata"),
      BadFile(
        "an unknown one", when("{ wrods: a }"), "6:37: unknown key \"wrods\" in when; did you mean \"words\"?"),
      BadFile(
        "one like no other", when("{ mood: bad }"),
        "6:37: unknown key \"mood\" in when; known keys: words, pattern, script, length, metadata"),
      BadFile("no words", when("{ words: [] }"), "6:44: words is empty"),
      BadFile("an empty word", when("{ words: [a, ' '] }"), "6:48: one of words is empty"),
      BadFile("a word that is no text", when("{ words: [a, [b]] }"), "6:48: one of words must be a text"),
      BadFile("words in a mapping", when("{ words: { a: b } }"), "6:44: one of words must be a text"),
      BadFile("an empty pattern", when("{ pattern: '' }"), "6:46: pattern is empty"),
      BadFile(
        "a pattern that repeats a repeat", when("{ pattern: '(a+)+' }"),
        "6:46: the pattern \"(a+)+\" is refused, since a search could take too long or cannot be judged: "
          + "a group that is repeated without bound holds a repeat without bound"),
      BadFile(
        "a script misspelt", when("{ script: latn }"), "6:45: there is no script \"latn\"; did you mean \"latin\"?"),
      BadFile(
        "a script like no other", when("{ script: klingon }"),
        "6:45: there is no script \"klingon\"; scripts: han, latin, cyrillic, arabic, greek, hebrew, kana, hangul, "
          + "thai, devanagari"),
      BadFile("a bare length", when("{ length: 5 }"), "6:45: length must be a mapping with the keys at_least, at_most"),
      BadFile("an empty length", when("{ length: {} }"), "6:45: length names neither at_least nor at_most"),
      BadFile(
        "lengths the wrong way round", when("{ length: { at_least: 9, at_most: 3 } }"),
        "6:45: at_least is more than at_most"),
      BadFile(
        "a length that is none", when("{ length: { at_most: -1 } }"),
        "6:56: at_most must be a whole number from 0 to 1000000"),
      BadFile(
        "an unknown length", when("{ length: { at_lest: 1 } }"),
        "6:47: unknown key \"at_lest\" in length; did you mean \"at_least\"?"),
      BadFile("metadata in a list", when("{ metadata: [plan] }"), "6:47: metadata must be a mapping from names"),
      BadFile(
        "metadata with two keys", when("{ metadata: { plan: gold, site: de } }"),
        "6:47: metadata must name one key with its values, such as plan: [gold, silver]"),
      BadFile(
        "metadata without a key", when("{ metadata: {} }"),
        "6:47: metadata must name one key with its values, such as plan: [gold, silver]"),
      BadFile("metadata without values", when("{ metadata: { plan: [] } }"), "6:55: values is empty"),
      BadFile(
        "two at once", when("{ script: latn, length: { at_least: 2, at_most: 1 } }"),
        "6:45: there is no script \"latn\"; did you mean \"latin\"?", "6:59: at_least is more than at_most"),
    ])
  func conditions(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test("a pattern that is no regular expression") func pattern() throws {
    let found = try complaints(Self.when("{ pattern: '(a' }"))
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("6:46: the pattern \"(a\" is ") == true, "\(found)")
  }

  @Test("every wrong rule is told, not the first alone") func all() throws {
    let text = Self.list(
      "\n      - { route: buy }\n      - { route: bui, when: { words: [] } }\n      - { when: { script: x } }")
    #expect(
      try complaints(text).map { $0.prefix(4) } == ["6:9:", "7:18", "7:38", "8:9:", "8:27"])
  }

  @Test("rules and by go together") func by() throws {
    let rules = "\n      - { route: buy, when: { words: a } }"
    #expect(
      try complaints(Self.list(rules, by: "examples")) == [
        "6:7: rules are given, but by does not name the selector rules"
      ])
    let without = Self.list("").replacing("    rules:\n", with: "")
    #expect(try complaints(without) == ["4:5: the rules selector needs \"rules\", a list of rules"])
    #expect(try complaints(Self.list("")) == ["5:11: rules must be a list"])
    #expect(try complaints(Self.list(rules)) == [])
    #expect(try complaints(Self.list(rules, by: "rules")) == [])
  }
}
