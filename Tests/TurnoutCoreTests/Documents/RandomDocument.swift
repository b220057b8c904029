@testable import TurnoutCore

/// A random Markdown document that knows what is in it.
struct RandomDocument {
  private(set) var text = ""
  /// What may not be cut, without the white space around it.
  private(set) var whole: [String] = []
  private(set) var headings: [Int] = []
  private(set) var code: [String] = []
  /// The number of rows of each table.
  private(set) var tables: [Int] = []
  private var headingTexts: [String] = []
  private var rowTexts: [String] = []

  private var random: SplitMix64
  private let newline: String
  private var number = 0

  init(seed: Int) {
    random = SplitMix64(seed: seed)
    newline = random.chance(30) ? "\r\n" : "\n"
    if random.chance(20) { text += newline }
    for _ in 0..<random.int(1...12) { block() }
    if random.chance(30) { text = String(text.trimmedAtEnd) }
  }

  func blocks(of kinds: Set<DocumentSplitter.KeptBlock>) -> [String] {
    (kinds.contains(.headings) ? headingTexts : []) + (kinds.contains(.code) ? code : [])
      + (kinds.contains(.tables) ? rowTexts : [])
  }

  /// Whether a text is one of the parts that cannot be cut, or a single word with the marks before it, and with those
  /// after it that would begin a block if they came first.
  func isUnbreakable(_ text: String) -> Bool {
    let marks = ">-*+123.) \r\n\n\t"
    var body = text[...].drop(while: \.isWhitespace)
    // The empty line of a quote.
    if let line = body.lastIndex(where: \.isNewline), body[line...].trimmedAtEnd.dropFirst() == ">" {
      body = body[..<line]
    }
    let isWhole = whole.contains { body.hasSuffix($0) && body.dropLast($0.count).allSatisfy(marks.contains) }
    return isWhole || Self.isWord(body.drop(while: marks.contains))
  }

  private static func isWord(_ text: Substring) -> Bool {
    let plain = text.replacing("`a. b`", with: "x").replacing("[c. d](e)", with: "x")
    let more = plain.split(whereSeparator: \.isWhitespace).dropFirst()
    guard more.allSatisfy({ $0.last == "." && $0.dropLast().allSatisfy(\.isWholeNumber) }) else { return false }
    return !["中文", "文字", "。S", "！S", "？S", "”S"].contains { plain.contains($0) }
  }

  private mutating func block() {
    number += 1
    switch random.int(0...10) {
    case 0, 1: heading()
    case 2: add(fence(), after: "")
    case 3: indentedCode()
    case 4: add(table(), after: "")
    case 5: comment()
    case 6: list()
    case 7: quote()
    case 8: add(lines([paragraph(random.int(5...20))]), after: "")
    default: add(lines([paragraph(random.int(1...3))]), after: "")
    }
  }

  /// Adds lines, each after a prefix that blank lines have without the white space at its end, and a blank line.
  private mutating func add(_ lines: [String], after prefix: String, first: String? = nil) {
    for (index, line) in lines.enumerated() {
      let prefix = index == 0 ? first ?? prefix : prefix
      text += line.isEmpty ? String(prefix.trimmedAtEnd) : prefix + line
      text += newline
    }
    if prefix.isEmpty { text += random.pick([newline, " \t" + newline, newline + newline]) }
  }

  private func lines(_ parts: [String]) -> [String] { parts.flatMap { $0.split(separator: "\n").map(String.init) } }

  /// Notes what may not be cut, as it stands in the document: its lines after the first with the prefix.
  private mutating func note(_ lines: [String], _ prefix: String) -> String {
    let rest = lines.dropFirst().map { $0.isEmpty ? String(prefix.trimmedAtEnd) : prefix + $0 }
    let text = ([lines[0]] + rest).joined(separator: newline)
    whole.append(text)
    return text
  }

  private mutating func heading() {
    let level = random.int(1...6)
    headings.append(level)
    if level < 3, random.chance(40) {
      let lines = ["Heading \(number). More", level == 1 ? "===" : "-----"]
      headingTexts.append(note(lines, ""))
      add(lines, after: "")
    } else {
      let line = String(repeating: "#", count: level) + random.pick([" ", "\t"]) + "Heading \(number). More"
      headingTexts.append(note([line], ""))
      add([line], after: "")
    }
  }

  private mutating func fence(_ prefix: String = "") -> [String] {
    let mark = random.pick(["```", "~~~", "````", "~~~~~"])
    let inside = mark.hasPrefix("`") ? "~~~" : "```"
    let choices = [
      "let a = \(number)", "", "# no heading", inside, String(mark.dropLast()), "| a |", "One. Two. 三。", "- x", "> y",
      "<!--", "\tz",
    ]
    var lines = [mark + random.pick(["", "swift", " json"])]
    for _ in 0..<random.int(1...8) { lines.append(random.pick(choices)) }
    lines += ["end \(number).\(code.count)", mark]
    code.append(note(lines, prefix))
    return lines
  }

  private mutating func indentedCode() {
    // After a list it would be a part of it, and after code one with it.
    add(["A paragraph \(number)."], after: "")
    var lines = ["    code \(number). Two."]
    for _ in 0..<random.int(0...4) {
      lines.append(random.pick(["    # no", "\tTab. Two.", "", "      deeper. Three."]))
    }
    if lines.last == "" { lines.append("    end") }
    code.append(lines.joined(separator: newline).trimmedAtStart)
    whole.append(lines.joined(separator: newline).trimmedAtStart)
    add(lines, after: "")
    add(["After \(number)."], after: "")
  }

  private mutating func table(_ prefix: String = "") -> [String] {
    let cells = random.pick(["中文. B.", "b `c`", "e\u{301} 😀"])
    let count = random.int(1...6)
    let isOuter = random.chance(60)
    func row(_ index: Int) -> String { isOuter ? "| \(number).\(index) | \(cells) |" : "\(number).\(index) | \(cells)" }
    let head = [row(0), isOuter ? "|---|:-:|" : "---|---:", row(1)]
    rowTexts.append(note(head, prefix))
    let rows = (2..<count + 2).map(row)
    for line in rows { rowTexts.append(note([line], prefix)) }
    tables.append(2 + count)
    return head + rows
  }

  private mutating func comment() {
    let lines = ["<!-- \(number). One", "", "# no heading", "```", "| a | -->"]
    _ = note(lines, "")
    add(lines, after: "")
  }

  private mutating func list() {
    let mark = random.pick(["- ", "* ", "+ ", "1. ", "-   ", "12) "])
    let prefix = String(repeating: " ", count: mark.count)
    for index in 0..<random.int(1...5) {
      add(
        [paragraph(random.int(1...3))].flatMap { $0.split(separator: "\n").map(String.init) }, after: prefix,
        first: mark)
      switch random.int(0...6) {
      case 0:
        text += newline
        add(fence(prefix), after: prefix)
      case 1:
        text += newline
        add(table(prefix), after: prefix)
      case 2:
        for _ in 0..<random.int(1...3) {
          add(["Nested \(number).\(index). Two."], after: prefix + "  ", first: prefix + "- ")
          if random.chance(40) {
            add(fence(prefix + "  "), after: prefix + "  ")
          } else if random.chance(40) {
            text += newline
            add(["More nested. Text."], after: prefix + "  ")
          }
        }
      case 3:
        text += newline
        add(["More text. Of the item."], after: prefix)
      default: break
      }
      if random.chance(30) { text += newline }
    }
    text += newline
    // What follows must not be read as a part of the list.
    add(["After the list \(number)."], after: "")
  }

  private mutating func quote() {
    for _ in 0..<random.int(1...4) {
      switch random.int(0...3) {
      case 0: add(fence("> "), after: "> ")
      case 1: add(table("> "), after: "> ")
      default: add(paragraph(random.int(1...4)).split(separator: "\n").map(String.init), after: "> ")
      }
      text += ">" + newline
    }
    text += newline
  }

  private mutating func paragraph(_ count: Int) -> String {
    var text = ""
    for index in 0..<count {
      let isChinese = random.chance(40)
      var words = ["S\(number)x\(index)"]
      for _ in 0..<random.int(1...8) {
        let word = random.pick([
          "alpha", "v1.2", "中文字", "naïve", "😀", "(a)", "e\u{301}", "`a. b`", "[c. d](e)", "Dr.", "3.14", "👩‍💻",
        ])
        words.append(word)
        if word.contains(". ") { whole.append(word) }
      }
      let space = isChinese ? "" : random.chance(20) ? "\n" : " "
      let end = isChinese ? random.pick(["。", "！", "？", "。”"]) : random.pick([".", "!", "?", "…", ".)"])
      text += words.joined(separator: space) + end + (index == count - 1 || isChinese ? "" : " ")
    }
    return text
  }
}

extension String {
  fileprivate var trimmedAtStart: String { String(drop(while: \.isWhitespace)) }
}
