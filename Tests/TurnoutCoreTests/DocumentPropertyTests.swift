import Testing
import TurnoutCore

/// Random Markdown: whatever it holds, its sections are the document again, and nothing is cut that belongs together.
@Suite struct DocumentPropertyTests {
  struct RandomDocument {
    var text = ""
    /// Blocks that may not be cut, without the white space after them.
    var whole: [String] = []
    /// Sentences, which are cut apart but not in themselves.
    var sentences: Set<String> = []
    private var random: SplitMix64
    private let newline: String
    private var number = 0

    init(seed: Int) {
      random = SplitMix64(seed: seed)
      newline = random.chance(30) ? "\r\n" : "\n"
      if random.chance(20) { text += newline }
      for _ in 0..<random.int(1...14) { block() }
    }

    private mutating func block() {
      number += 1
      switch random.int(0...6) {
      case 0: add("\(random.pick(["#", "##", "######"])) Heading \(number)", keep: true)
      case 1: fence()
      case 2: add((0..<random.int(2...6)).map { "| \(number).\($0) | 中文 |" }.joined(separator: newline), keep: true)
      case 3:
        let mark = random.pick(["-", "*", "+", "1.", "2)"])
        add(
          (0..<random.int(1...6)).map { "\(mark) item \(number).\($0). More." }.joined(separator: newline), keep: true)
      case 4: paragraph(sentences: random.int(5...20))
      default: paragraph(sentences: random.int(1...3))
      }
    }

    private mutating func fence() {
      let mark = random.pick(["```", "~~~", "````", "~~~~~"])
      let inside = mark.hasPrefix("`") ? "~~~" : "```"
      let lines = ["let a = \(number)", "", "# no heading", inside, String(mark.dropLast()), "| a |", "One. Two."]
      var text = mark + random.pick(["", "swift", " json"]) + newline
      for _ in 0..<random.int(1...8) { text += random.pick(lines) + newline }
      add(text + "# \(number)" + newline + mark, keep: true)
    }

    private mutating func paragraph(sentences count: Int) {
      var text = ""
      for index in 0..<count {
        let chinese = random.chance(40)
        var words = ["S\(number)x\(index)"]
        for _ in 0..<random.int(1...8) {
          words.append(random.pick(["alpha", "v1.2", "中文字", "naïve", "😀", "(a)", "e\u{301}"]))
        }
        let space = chinese ? "" : random.chance(20) ? newline : " "
        let sentence =
          words.joined(separator: space) + (chinese ? random.pick(["。", "！", "？"]) : random.pick([".", "!", "?"]))
        sentences.insert(sentence)
        text += sentence + (index == count - 1 ? "" : chinese ? "" : " ")
      }
      add(text, keep: false)
    }

    private mutating func add(_ block: String, keep: Bool) {
      if keep { whole.append(block) }
      text += block + random.pick([newline + newline, newline + " \t" + newline, newline + newline + newline])
    }
  }

  @Test(arguments: 1...300) func sectionsAreTheDocument(seed: Int) {
    let document = RandomDocument(seed: seed)
    var random = SplitMix64(seed: seed &* 7_919)
    let splitter = DocumentSplitter(limit: random.int(1...300), breaksAtHeadings: random.chance(60))
    let sections = splitter.sections(of: document.text)

    let joined = sections.map { $0.text + $0.separator }.joined()
    #expect(Array(joined.utf8) == Array(document.text.utf8))
    #expect(sections.allSatisfy { $0.separator.allSatisfy(\.isWhitespace) && $0.text.last?.isWhitespace != true })
    for block in document.whole {
      #expect(sections.contains { $0.text.contains(block) }, "a block was cut: \(block)")
    }
    for section in sections where section.text.count > splitter.limit {
      let text = String(section.text.drop(while: \.isWhitespace))
      #expect(document.whole.contains(text) || document.sentences.contains(text), "too long: \(section.text)")
    }
    #expect(splitter.sections(of: document.text) == sections)
  }

  @Test func aLargeDocumentIsQuick() {
    let document = (1...2_000).map { "# Part \($0)\n\nSome text about it. And more.\n\n- a\n- b\n\n" }.joined()
    #expect(DocumentSplitter().sections(of: document).count == 2_000)
  }
}
