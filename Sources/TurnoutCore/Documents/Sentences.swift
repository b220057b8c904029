/// Cuts a text into sentences.
///
/// A sentence ends after `.` `!` `?` `…` before white space, after `。` `！` `？` `；` and their like in other scripts
/// wherever they stand, with the closing quotes and brackets that follow, and at an empty line. It goes on after common
/// abbreviations (`e.g.`, `Dr.`, `No. 5`), initials (`J. R. R. Tolkien`), the number of a list item, in decimals
/// (`3.14`), after a quoted question (`"Really?" he asked`), and in code, links and comments. Where it is not clear the
/// sentence goes on, so that a part may hold two sentences rather than half of one.
///
/// ```swift
/// Sentences.of("Dr. Who paid 3.14. “真的吗？”他问。")
/// // ["Dr. Who paid 3.14. ", "“真的吗？”", "他问。"]
/// ```
public enum Sentences {
  /// The sentences with the white space after them; together they are the text.
  public static func of(_ text: String) -> [Substring] { of(text[...]) }

  static func of(_ text: Substring) -> [Substring] {
    var reader = SentenceReader(text)
    var sentences: [Substring] = []
    var start = text.startIndex
    while let end = reader.nextEnd() {
      sentences.append(text[start..<end])
      start = end
    }
    if start < text.endIndex { sentences.append(text[start...]) }
    return sentences
  }
}

/// Goes over a text from the end of one sentence to that of the next.
private struct SentenceReader {
  private let text: Substring
  private let scalars: Substring.UnicodeScalarView
  private var spans: ArraySlice<Range<String.Index>>
  private var index: String.Index
  /// How often each mark that opens as well as closes was there.
  private var pairs: [Unicode.Scalar: Int] = [:]

  private static let full = Set("。！？；｡．؟۔।॥።។‼⁇⁈⁉".unicodeScalars)
  private static let stops = Set(".!?…".unicodeScalars)
  private static let closers = Set("”’」』）】》〉〕］｝)]}'\"*_".unicodeScalars)
  private static let paired = Set("*_\"".unicodeScalars)

  init(_ text: Substring) {
    self.text = text
    scalars = text.unicodeScalars
    spans = InlineSpans(text).ranges[...]
    index = scalars.startIndex
  }

  /// The end of the sentence that begins here, before the end of the text; nil when there is none.
  mutating func nextEnd() -> String.Index? {
    while index < scalars.endIndex {
      while let span = spans.first, span.upperBound <= index { spans.removeFirst() }
      if let span = spans.first, span.lowerBound <= index {
        index = span.upperBound
        continue
      }
      let place = index
      let scalar = scalars[place]
      scalars.formIndex(after: &index)
      if Self.paired.contains(scalar), place == scalars.startIndex || scalars[scalars.index(before: place)] != scalar {
        pairs[scalar, default: 0] += 1
      }
      if scalar == "\n" || scalar == "\r" {
        if endsParagraph(place) { return skipSpace() }
      } else if Self.full.contains(scalar), !isInNumber(scalar) {
        _ = skipClosing()
        return skipSpace()
      } else if Self.stops.contains(scalar), ends(at: place) {
        return skipSpace()
      }
    }
    return nil
  }

  /// Goes over more stops and what closes after them; gives back whether something closed.
  private mutating func skipClosing() -> Bool {
    var hasClosed = false
    while index < scalars.endIndex {
      let scalar = scalars[index]
      if Self.paired.contains(scalar) {
        // What was not opened begins the next sentence.
        guard pairs[scalar, default: 0] % 2 == 1 else { break }
        pairs[scalar] = 0
        while index < scalars.endIndex, scalars[index] == scalar { scalars.formIndex(after: &index) }
        hasClosed = hasClosed || scalar == "\""
        continue
      }
      guard Self.closers.contains(scalar) || Self.stops.contains(scalar) || Self.full.contains(scalar) else { break }
      hasClosed = hasClosed || Self.closers.contains(scalar)
      scalars.formIndex(after: &index)
    }
    return hasClosed
  }

  private mutating func ends(at place: String.Index) -> Bool {
    let isStop = scalars[place] == "."
    let isSingle = index == scalars.endIndex || !Self.stops.contains(scalars[index])
    let hasClosed = skipClosing()
    guard index < scalars.endIndex else { return false }
    let next = scalars[index]
    let marks = scalars[place..<index]
    if marks.contains(where: Self.full.contains) { return true }
    guard next.properties.isWhitespace else {
      // Dots are a pause in a script without spaces, such as in `等等……好吧`.
      return TextScripts.isUnspaced(next) && marks.contains { $0 == "!" || $0 == "?" }
    }
    let following = scalars[index...].first { !$0.properties.isWhitespace }
    if hasClosed, following?.properties.isLowercase == true { return false }
    guard isStop, isSingle else { return true }
    let word = word(before: place)
    if word.unicodeScalars.allSatisfy({ $0.properties.numericType != nil }), !word.isEmpty, beginsLine(word) {
      return false
    }
    return !Abbreviations.goesOn(after: word, before: following)
  }

  private func isInNumber(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "．" && index < scalars.endIndex && scalars[index].properties.numericType != nil
  }

  private func word(before place: String.Index) -> Substring {
    var start = place
    while start > scalars.startIndex {
      let previous = scalars.index(before: start)
      let scalar = scalars[previous]
      guard scalar == "." || scalar.properties.isAlphabetic || scalar.properties.numericType != nil else { break }
      start = previous
    }
    return text[start..<place]
  }

  /// Whether nothing but white space and marks of quotes is before a word in its line.
  private func beginsLine(_ word: Substring) -> Bool {
    for scalar in scalars[..<word.startIndex].reversed() {
      if scalar == "\n" || scalar == "\r" { return true }
      guard scalar == " " || scalar == "\t" || scalar == ">" else { return false }
    }
    return true
  }

  private func endsParagraph(_ place: String.Index) -> Bool {
    var rest = scalars[index...]
    if scalars[place] == "\r", rest.first == "\n" { rest = rest.dropFirst() }
    let next = rest.first { $0 != " " && $0 != "\t" }
    return next == "\n" || next == "\r"
  }

  /// Goes over white space; nil when nothing follows, since then this is the last sentence.
  private mutating func skipSpace() -> String.Index? {
    while index < scalars.endIndex, scalars[index].properties.isWhitespace { scalars.formIndex(after: &index) }
    return index < scalars.endIndex ? index : nil
  }
}
