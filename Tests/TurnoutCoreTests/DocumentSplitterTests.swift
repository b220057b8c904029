import Testing

@testable import TurnoutCore

@Suite struct DocumentSplitterTests {
  private func texts(_ document: String, limit: Int = 2_000, headings: Bool = true) -> [String] {
    let sections = DocumentSplitter(limit: limit, breaksAtHeadings: headings).sections(of: document)
    #expect(sections.map { $0.text + $0.separator }.joined() == document)
    return sections.map(\.text)
  }

  @Test func eachHeadingBeginsASection() {
    let document = "Intro.\n\n# A\n\nOne. Two.\n\n# B\nThree.\n"
    #expect(texts(document) == ["Intro.", "# A\n\nOne. Two.", "# B\nThree."])
    #expect(texts(document, headings: false) == ["Intro.\n\n# A\n\nOne. Two.\n\n# B\nThree."])
  }

  @Test func aHeadingBelongsToWhatFollowsIt() {
    #expect(texts("# A\n\n## B\n\ntext\n\n## C\ntext") == ["# A\n\n## B\n\ntext", "## C\ntext"])
    #expect(texts("\n\n# A\n\ntext") == ["\n\n# A\n\ntext"])
  }

  @Test(arguments: ["#hashtag", "####### seven", "a # b", "    code"]) func notEverySharpIsAHeading(line: String) {
    #expect(texts("one\n\n\(line)\n\ntwo").count == 1)
  }

  @Test func separatorsAreKeptAsTheyWere() {
    let sections = DocumentSplitter().sections(of: "a \n \n\n# B\r\n\r\nb\t\n\n")
    #expect(
      sections == [Section(text: "a", separator: " \n \n\n"), Section(text: "# B\r\n\r\nb", separator: "\t\n\n")])
  }

  @Test func paragraphsFillASectionUpToTheLimit() {
    #expect(texts("aaaa\n\nbbbb\n\ncccc", limit: 12) == ["aaaa\n\nbbbb", "cccc"])
    #expect(texts("aaaa\n\nbbbb\n\ncccc", limit: 11) == ["aaaa", "bbbb\n\ncccc"])
    #expect(texts("aaaa\n\nbbbb", limit: 0) == ["aaaa", "bbbb"])
  }

  @Test(arguments: [
    "```swift\nlet a = 1\n\n# no heading\n```", "~~~\na\n\n```\nb\n~~~", "````\n```\n\n# no\n```\n````",
    "```\na\n~~~\n\nb\n```~~~\n\n# no\n```", "  ```\n\n# no\n  ```", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "- one\n- two\n  more\n* three\n+ four", "1. one\n2) two\n10. ten", "- [ ] one. two.\n- [x] three",
  ])
  func aBlockIsNeverCut(block: String) {
    #expect(texts("Before it.\n\n\(block)\n\nAfter it.", limit: 12) == ["Before it.", block, "After it."])
  }

  @Test func aFenceThatDoesNotEndGoesToTheEnd() {
    #expect(texts("a\n\n```\nb\n\n# c\n\nd", limit: 3) == ["a", "```\nb\n\n# c\n\nd"])
  }

  /// Three backticks that close in their own line are code inside a paragraph, not the beginning of a block.
  @Test func codeInALineIsNoFence() {
    #expect(texts("```a``` is code.\n\n# B\n\ntext") == ["```a``` is code.", "# B\n\ntext"])
  }

  @Test func aLongParagraphIsCutBetweenSentences() {
    let document = "First one. Second one! Third?\nA fourth without an end"
    #expect(texts(document, limit: 12) == ["First one.", "Second one!", "Third?", "A fourth without an end"])
    #expect(texts("今天下雨。明天呢？后天！", limit: 6) == ["今天下雨。", "明天呢？", "后天！"])
  }

  @Test func nothingHasNoSections() {
    #expect(DocumentSplitter().sections(of: "") == [])
    #expect(texts(" \n\n") == [""])
  }

  @Test(arguments: [
    ("", []), ("no end", ["no end"]), ("A. B? C!", ["A. ", "B? ", "C!"]),
    ("Pi is 3.14. Yes.", ["Pi is 3.14. ", "Yes."]),
    ("你好。再见！", ["你好。", "再见！"]), ("他说：“走。”然后走了。", ["他说：“走。”", "然后走了。"]),
    ("Wait... what?", ["Wait... ", "what?"]),
    ("He said \"go.\" Then (no.) No.", ["He said \"go.\" ", "Then (no.) ", "No."]),
    ("Line one.\r\nLine two.", ["Line one.\r\n", "Line two."]), ("a；b", ["a；", "b"]),
  ])
  func sentences(text: String, expected: [String]) {
    #expect(DocumentSplitter.sentences(text).map(String.init) == expected)
  }
}
