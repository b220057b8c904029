import Testing
import TurnoutCore

@Suite struct DocumentSplitterTests {
  private func sections(
    _ document: String, _ splitter: DocumentSplitter, location: SourceLocation = #_sourceLocation
  ) async throws -> [Section] {
    let sections = try await splitter.sections(of: document)
    #expect(
      Array(sections.map { $0.text + $0.separator }.joined().utf8) == Array(document.utf8), sourceLocation: location)
    return sections
  }

  private func texts(
    _ document: String, limit: Int = 2_000, by border: DocumentSplitter.Border = .headings,
    keeping: Set<DocumentSplitter.KeptBlock> = [], location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let splitter = DocumentSplitter(by: border, limit: .characters(limit), keeping: keeping)
    return try await sections(document, splitter, location: location).map(\.text)
  }

  @Test func eachHeadingBeginsASection() async throws {
    let document = "Intro.\n\n# A\n\nOne. Two.\n\n# B\nThree.\n"
    #expect(try await texts(document) == ["Intro.", "# A\n\nOne. Two.", "# B\nThree."])
    #expect(try await texts(document, by: .paragraphs) == ["Intro.\n\n# A\n\nOne. Two.\n\n# B\nThree."])
    let underlined = "Intro.\n\nA\n===\n\nOne.\n\nB\nand C\n---\nThree."
    #expect(try await texts(underlined) == ["Intro.", "A\n===\n\nOne.", "B\nand C\n---\nThree."])
  }

  @Test func aHeadingBelongsToWhatFollowsIt() async throws {
    #expect(try await texts("# A\n\n## B\n\ntext\n\n## C\ntext") == ["# A\n\n## B\n\ntext", "## C\ntext"])
    #expect(try await texts("\n\n# A\n\ntext") == ["\n\n# A\n\ntext"])
    #expect(try await texts("one\n\n# A\n\ntwo two", limit: 12, by: .paragraphs) == ["one", "# A\n\ntwo two"])
    #expect(try await texts("# A\n\ntwelve chars", limit: 12) == ["# A", "twelve chars"])
  }

  @Test(arguments: ["#hashtag", "####### seven", "a # b", "    # code", "```# a```", "<!--\n\n# b\n\n-->", "> # c"])
  func notEverySharpBeginsASection(line: String) async throws {
    #expect(try await texts("one\n\n\(line)\n\ntwo").count == 1)
  }

  @Test func separatorsAreKeptAsTheyWere() async throws {
    let sections = try await DocumentSplitter().sections(of: "a \n \n\n# B\r\n\r\nb\t\n\n")
    #expect(sections.map(\.text) == ["a", "# B\r\n\r\nb"])
    #expect(sections.map(\.separator) == [" \n \n\n", "\t\n\n"])
    #expect(sections.map(\.line) == [1, 4])
  }

  @Test func linesAreCountedWhateverEndsThem() async throws {
    let sections = try await DocumentSplitter().sections(of: "a\r\n\r\n# B\rb\n\n# C")
    #expect(sections.map(\.line) == [1, 3, 6])
  }

  @Test func paragraphsFillASectionUpToTheLimit() async throws {
    #expect(try await texts("aaaa\n\nbbbb\n\ncccc", limit: 10) == ["aaaa\n\nbbbb", "cccc"])
    #expect(try await texts("aaaa\n\nbbbb\n\ncccc", limit: 9) == ["aaaa", "bbbb", "cccc"])
    #expect(try await texts("aaaa\n\nbbbb\n\ncccc", limit: 16) == ["aaaa\n\nbbbb\n\ncccc"])
    #expect(try await texts("aaaa\n\nbbbb", limit: 0) == ["aaaa", "bbbb"])
  }

  @Test(arguments: [
    "```swift\nlet a = 1\n\n# no heading\n```", "~~~\na\n\n```\nb\n~~~", "````\n```\n\n# no\n```\n````",
    "```\na\n~~~\n\nb\n```~~~\n\n# no\n```", "  ```\n\n# no\n  ```", "    one. two.\n\n    # three\n\n\tfour",
    "<!-- one. two.\n\n# three\n```\n-->", "<pre>\none.\n\ntwo.\n</PRE>", "| a longer row. | of. two. cells. |",
    "| Name | Price |\n|---|---|\n| first row | 1 |", "name | price\n---|---:\nfirst row | 1",
    "# a long heading. It ends.",
    "[a link. Its text.](https://a.example/b?c=d)", "`some code. More code`", "\u{627}\u{644}\u{639}-longwordlongword",
  ])
  func whatCannotBeCutIsWhole(block: String) async throws {
    for border in DocumentSplitter.Border.allCases {
      #expect(
        try await texts("Before it.\n\n\(block)\n\nAfter it.", limit: 12, by: border) == [
          "Before it.", block, "After it.",
        ])
    }
  }

  @Test func aFenceThatDoesNotEndGoesToTheEnd() async throws {
    #expect(try await texts("a\n\n```\nb\n\n# c\n\nd", limit: 3) == ["a", "```\nb\n\n# c\n\nd"])
  }

  @Test func aFenceEndsWithItsListOrQuote() async throws {
    #expect(try await texts("> ```\n> # a\n\n# B\n\ntext") == ["> ```\n> # a", "# B\n\ntext"])
    #expect(try await texts("- ```\n  # a\n\n# B\n\ntext") == ["- ```\n  # a", "# B\n\ntext"])
  }

  /// Three backticks that close in their own line are code inside a paragraph, not the beginning of a block.
  @Test func codeInALineIsNoFence() async throws {
    #expect(try await texts("```a``` is code.\n\n# B\n\ntext") == ["```a``` is code.", "# B\n\ntext"])
  }

  @Test func aLongListIsCutBetweenItsItems() async throws {
    let list = "- one\n  more\n- two\n\n  ```\n  code\n\n  # more\n  ```\n\n  after\n- three"
    let parts = ["- one\n  more", "- two\n\n  ```\n  code\n\n  # more\n  ```\n\n  after", "- three"]
    #expect(try await texts(list, limit: 50) == parts)
    let finer = ["- one\n  more\n- two", "  ```\n  code\n\n  # more\n  ```", "  after\n- three"]
    #expect(try await texts(list, limit: 20) == finer)
    #expect(try await texts("1. aa\n2. bb\n10) cc", limit: 11) == ["1. aa\n2. bb", "10) cc"])
    #expect(try await texts("- a\n  - b\n  - c\n- d", limit: 15) == ["- a\n  - b\n  - c", "- d"])
  }

  @Test func aLongTableIsCutBetweenItsRows() async throws {
    let table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |"
    #expect(
      try await texts(table, limit: 30) == ["| a | b |\n|---|---|\n| 1 | 2 |", "| 3 | 4 |\n| 5 | 6 |"])
  }

  @Test func aLongQuoteIsCutBetweenItsBlocks() async throws {
    let quote = "> One two.\n>\n> ```\n> a. b.\n> # c\n> ```\n> Three."
    #expect(
      try await texts(quote, limit: 26) == ["> One two.\n>", "> ```\n> a. b.\n> # c\n> ```", "> Three."])
  }

  @Test func aLongParagraphIsCutBetweenSentences() async throws {
    let document = "First one. Second one! Third?\nA fourth without an end"
    #expect(try await texts(document, limit: 23) == ["First one. Second one!", "Third?", "A fourth without an end"])
    #expect(try await texts("今天下雨。明天呢？后天！", limit: 6) == ["今天下雨。", "明天呢？", "后天！"])
  }

  @Test func aLongSentenceIsCutBetweenWords() async throws {
    #expect(try await texts("one two three four", limit: 9) == ["one two", "three", "four"])
    #expect(try await texts("一二三四五，六七", limit: 4) == ["一二三四", "五，六七"])
    #expect(try await texts("a `b c d e` f", limit: 6) == ["a", "`b c d e`", "f"])
  }

  /// A word that would be the mark of a block at the beginning of a section stays with the word before it.
  @Test(arguments: ["word # word", "word - word", "word 1. word", "word > word", "word | word", "word ``` word"])
  func noCutMakesABlock(text: String) async throws {
    let words = text.split(separator: " ").map(String.init)
    #expect(try await texts(text, limit: 1) == ["\(words[0]) \(words[1])", words[2]])
  }

  @Test func sentencesFillASection() async throws {
    let document = "One one. Two two.\n\nThree. Four four four."
    #expect(try await texts(document, limit: 26) == ["One one. Two two.", "Three. Four four four."])
    #expect(try await texts(document, limit: 26, by: .sentences) == ["One one. Two two.\n\nThree.", "Four four four."])
    #expect(try await texts(document, limit: 27, by: .tokens) == ["One one. Two two.\n\nThree.", "Four four four."])
    #expect(try await texts(document, limit: 30, by: .tokens) == ["One one. Two two.\n\nThree. Four", "four four."])
  }

  @Test func nothingHasNoSections() async throws {
    for border in DocumentSplitter.Border.allCases {
      #expect(try await DocumentSplitter(by: border).sections(of: "") == [])
      let blank = try await DocumentSplitter(by: border).sections(of: " \n\n")
      #expect(blank.map(\.text) == [""])
      #expect(blank.map(\.separator) == [" \n\n"])
      #expect(blank.map(\.isSent) == [false])
    }
  }

  @Test func keptBlocksAreSectionsOfTheirOwn() async throws {
    let document = "# A\n\nOne.\n\n```\ncode\n```\n\n| a |\n|---|\n| b |\n| c |\n\nTwo.\n\n## B\n## C\n"
    let all = DocumentSplitter(keeping: Set(DocumentSplitter.KeptBlock.allCases))
    let sections = try await sections(document, all)
    #expect(sections.filter(\.isSent).map(\.text) == ["One.", "Two."])
    #expect(
      sections.filter(\.isKept).map(\.text) == ["# A", "```\ncode\n```\n\n| a |\n|---|\n| b |\n| c |", "## B\n## C"])
    #expect(try await texts(document, keeping: [.code]).count == 4)
    #expect(try await texts("- a\n\n  ```\n  b\n  ```\n  c", keeping: [.code]) == ["- a", "  ```\n  b\n  ```", "  c"])
    #expect(try await texts("    code\n\ntext", keeping: [.code]) == ["    code", "text"])
    #expect(try await texts("A\n---\ntext", keeping: [.headings]) == ["A\n---", "text"])
  }

  @Test func whatIsKeptHasNoLimit() async throws {
    let splitter = DocumentSplitter(limit: .characters(5), keeping: [.code], oversized: .fails)
    #expect(try await sections("a\n\n```\nlong long\n```\n", splitter).map(\.isKept) == [false, true])
  }

  @Test(arguments: [
    ("one\n\n```\nlong long\n```", "the section from line 3, a code block of 17 characters"),
    ("| long | row |", "the section from line 1, a table row of 14 characters"),
    ("a\nlonglonglong", "the section from line 2, a word of 12 characters"),
    ("a\n\n<!-- b -->", "the section from line 3, HTML of 10 characters"),
    ("# long heading", "the section from line 1, a heading of 14 characters"),
  ])
  func whatCannotBeCutIsAnErrorWhereThatIsWanted(document: String, message: String) async throws {
    let error = await #expect(throws: TurnoutError.self) {
      try await DocumentSplitter(limit: .characters(9), oversized: .fails).sections(of: document)
    }
    #expect(error?.label == "invalid_input")
    #expect(
      error?.description.hasPrefix("\(message), cannot be cut, and the limit is 9: ") == true,
      "\(error?.description ?? "")")
    #expect(
      try await DocumentSplitter(limit: .characters(17), oversized: .fails).sections(of: document).isEmpty == false)
  }

  @Test func tokensAreEstimatedOrCounted() async throws {
    let document = "one two three.\n\nfour five six."
    let estimate = TokenEstimate.upperBound("one two three.")
    #expect(try await sections(document, DocumentSplitter(limit: .tokens(estimate))).count == 2)
    #expect(try await sections(document, DocumentSplitter(limit: .tokens(2 * estimate))).count == 1)
    // A counter of words.
    let counted = DocumentSplitter(limit: .tokens(3) { $0.split(whereSeparator: \.isWhitespace).count })
    #expect(try await sections(document, counted).map(\.text) == ["one two three.", "four five six."])
    let finer = DocumentSplitter(limit: .tokens(2) { $0.split(whereSeparator: \.isWhitespace).count })
    #expect(try await sections(document, finer).map(\.text) == ["one two", "three.\n\nfour", "five six."])
  }

  @Test func aCounterThatFailsIsTheErrorOfAll() async throws {
    await #expect(throws: Broken.self) {
      try await DocumentSplitter(limit: .tokens(5) { _ in throw Broken() }).sections(of: "text")
    }
  }

  @Test func noTextIsCountedTwice() async throws {
    let gauge = Gauge()
    let document = Array(repeating: "Same words.", count: 20).joined(separator: "\n\n")
    let splitter = DocumentSplitter(
      limit: .tokens(10) { text in
        gauge.enter()
        return TokenEstimate.upperBound(text)
      })
    _ = try await splitter.sections(of: document)
    #expect(gauge.total == 2)
  }

  private func contexts(_ document: String, limit: Int, overlap: Int) async throws -> [String] {
    let splitter = DocumentSplitter(limit: .characters(limit), overlap: overlap)
    let plain = try await sections(document, DocumentSplitter(limit: .characters(limit)))
    let sections = try await sections(document, splitter)
    #expect(sections.map(\.text) == plain.map(\.text))
    return sections.map(\.context)
  }

  @Test func theContextIsTheEndOfWhatComesBefore() async throws {
    let document = "One. Two two.\n\nThree.\n\n# B\n\nFour."
    #expect(try await contexts(document, limit: 22, overlap: 0) == ["", ""])
    #expect(try await contexts(document, limit: 22, overlap: 6) == ["", "Three."])
    #expect(try await contexts(document, limit: 22, overlap: 16) == ["", "Two two.\n\nThree."])
    #expect(try await contexts(document, limit: 22, overlap: 100) == ["", "One. Two two.\n\nThree."])
    #expect(try await contexts(document, limit: 22, overlap: 5) == ["", ""])
    #expect(try await contexts("One two three.\n\n# B\n\nFour.", limit: 99, overlap: 6) == ["", "three."])
    #expect(try await contexts("One.\n\n```\ncode\n```\n\n# B\n\nFour.", limit: 99, overlap: 6) == ["", ""])
    #expect(try await contexts("一二三。四五六。七。", limit: 4, overlap: 4) == ["", "一二三。", "四五六。"])
  }

  @Test func keptBlocksAreContextToo() async throws {
    let splitter = DocumentSplitter(overlap: 20, keeping: [.headings])
    let sections = try await sections("# A title\n\nText.", splitter)
    #expect(sections.map(\.context) == ["", "# A title"])
  }

  @Test func aLargeDocumentIsQuick() async throws {
    let document = (1...2_000).map { "# Part \($0)\n\nSome text about it. And more.\n\n- a\n- b\n\n" }.joined()
    #expect(try await DocumentSplitter().sections(of: document).count == 2_000)
  }

  /// Texts that make a reader look for an end again and again.
  @Test(arguments: ["[", "`a ``", "<!-", "> ", "- ", "| ", "**", "<", "(", "\\`", "# ", "1. ", "\t", "~~~ "])
  func hostileTextsAreQuick(part: String) async throws {
    let document = String(repeating: part, count: 20_000)
    let start = ContinuousClock.now
    _ = try await sections(document, DocumentSplitter(by: .sentences, limit: .characters(500)))
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
