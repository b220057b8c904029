/// What the beginning of a line says it is; all take what follows the line's white space.
enum BlockMarks {
  typealias Text = ArraySlice<UInt8>

  struct Fence {
    let mark: UInt8
    let length: Int
    /// Whether nothing follows the marks.
    let isBare: Bool

    func isClosed(by other: Fence) -> Bool { other.mark == mark && other.length >= length && other.isBare }
  }

  static func fence(_ text: Text) -> Fence? {
    guard let mark = text.first, mark == ASCII.backtick || mark == ASCII.tilde else { return nil }
    let length = text.prefix { $0 == mark }.count
    let rest = text.dropFirst(length)
    // Three backticks that close again in their line are code inside a paragraph.
    guard length >= 3, mark == ASCII.tilde || !rest.contains(ASCII.backtick) else { return nil }
    return Fence(mark: mark, length: length, isBare: rest.allSatisfy(ASCII.isBlank))
  }

  /// The level of a heading that begins with number signs.
  static func heading(_ text: Text) -> Int? {
    let level = text.prefix { $0 == ASCII.hash }.count
    guard (1...6).contains(level), text.dropFirst(level).first.map(ASCII.isBlank) ?? true else { return nil }
    return level
  }

  /// The level of the heading that a line makes of the paragraph above it.
  static func underline(_ text: Text) -> Int? {
    guard let mark = text.first, mark == ASCII.equals || mark == ASCII.dash else { return nil }
    guard text.drop(while: { $0 == mark }).allSatisfy(ASCII.isBlank) else { return nil }
    return mark == ASCII.equals ? 1 : 2
  }

  static func isRule(_ text: Text) -> Bool {
    guard let mark = text.first, [ASCII.dash, ASCII.star, ASCII.underscore].contains(mark) else { return false }
    return text.count { $0 == mark } >= 3 && text.allSatisfy { $0 == mark || ASCII.isBlank($0) }
  }

  /// The marker of a list item: its length, and whether a paragraph may end at it.
  static func item(_ text: Text) -> (length: Int, interrupts: Bool)? {
    guard let first = text.first else { return nil }
    var length = 1
    var interrupts = true
    if ASCII.isDigit(first) {
      let digits = text.prefix(while: ASCII.isDigit)
      guard digits.count <= 9, let mark = text.dropFirst(digits.count).first,
        mark == ASCII.dot || mark == ASCII.parenthesis
      else { return nil }
      length = digits.count + 1
      interrupts = digits.elementsEqual([UInt8(ascii: "1")])
    } else if first != ASCII.dash, first != ASCII.plus, first != ASCII.star {
      return nil
    }
    let rest = text.dropFirst(length)
    guard rest.first.map(ASCII.isBlank) ?? true else { return nil }
    return (length, interrupts && !rest.allSatisfy(ASCII.isBlank))
  }

  /// Whether nothing but the marks of quotes and list items is in a line.
  static func isOnlyMarks(_ text: Text) -> Bool {
    let rest = text.drop { ASCII.isBlank($0) || $0 == ASCII.greater || $0 == ASCII.newline || $0 == ASCII.return }
    if rest.isEmpty { return true }
    let line = rest.prefix { $0 != ASCII.newline && $0 != ASCII.return }
    return item(line).map { isOnlyMarks(rest.dropFirst($0.length)) } ?? false
  }

  /// What ends the HTML that a line begins: a comment, or one of the elements whose text is taken as it is.
  static func html(_ text: Text) -> [UInt8]? {
    guard text.first == UInt8(ascii: "<") else { return nil }
    if text.starts(with: Array("<!--".utf8)) { return Array("-->".utf8) }
    if text.starts(with: Array("<?".utf8)) { return Array("?>".utf8) }
    if text.starts(with: Array("<![CDATA[".utf8)) { return Array("]]>".utf8) }
    let name = text.dropFirst().prefix { (0x41...0x5A).contains($0 & 0xDF) }.map { $0 | 0x20 }
    guard ["pre", "script", "style", "textarea"].contains(String(decoding: name, as: UTF8.self)) else { return nil }
    let next = text.dropFirst(1 + name.count).first
    guard next.map({ ASCII.isBlank($0) || $0 == ASCII.greater }) ?? true else { return nil }
    return Array("</".utf8) + name + [ASCII.greater]
  }

  /// Whether the end of HTML is in a line, whatever the case of its letters.
  static func contains(_ end: [UInt8], in text: Text) -> Bool {
    guard text.count >= end.count, let first = end.first else { return false }
    let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return lower.indices.dropLast(end.count - 1).contains {
      lower[$0] == first && lower[$0...].starts(with: end)
    }
  }
}

/// What makes a line a row of a table.
enum TableMarks {
  /// The number of cells between the lines of a row; nil when there is no line in it.
  static func cells(_ text: ArraySlice<UInt8>) -> Int? {
    var bars: [Int] = []
    var isEscaped = false
    for index in text.indices {
      if text[index] == ASCII.pipe, !isEscaped { bars.append(index) }
      isEscaped = text[index] == ASCII.backslash && !isEscaped
    }
    guard let first = bars.first, let last = bars.last else { return nil }
    let isOuter = (text[..<first].allSatisfy(ASCII.isBlank), text[(last + 1)...].allSatisfy(ASCII.isBlank))
    return max(1, bars.count + 1 - (isOuter.0 ? 1 : 0) - (isOuter.1 && (bars.count > 1 || !isOuter.0) ? 1 : 0))
  }

  /// Whether it is the line under the head of a table, such as `|---|:-:|`.
  static func isRule(_ text: ArraySlice<UInt8>) -> Bool {
    let marks = text.filter { !ASCII.isBlank($0) }
    guard marks.contains(ASCII.pipe), marks.contains(ASCII.dash) else { return false }
    let cells = marks.split(separator: ASCII.pipe)
    return cells.allSatisfy { cell in
      let dashes = cell.first == ASCII.colon ? cell.dropFirst() : cell
      let inner = dashes.last == ASCII.colon ? dashes.dropLast() : dashes
      return !inner.isEmpty && inner.allSatisfy { $0 == ASCII.dash }
    }
  }
}
